#include "model/analysis/history.h"
#include "model/core/json.h"
#include "model/training/csv_table.h"
#include "model/training/data_set.h"
#include "tests/fuzz/input.h"

using namespace layerscope;

// Text as a log (CSVLogger, History JSON) and as a data set.

extern "C" int FUZZ_ENTRY(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Limits limits;
    const auto path = fuzz::write("table.csv", fuzz::textOf(data, size));
    if (const auto history = analysis::readHistory(path))
        (void)dumpStrictJson(analysis::toJson(*history));
    (void)training::csvColumns(path);
    if (const auto table = training::CsvTable::read(path))
        for (const auto& row : table->rows)
            for (const std::string& cell : row)
                (void)table->number(cell);
    (void)training::loadDataSet({ .source = path.string() });
    return 0;
}
