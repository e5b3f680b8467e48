#include "model/training/data_set.h"

#include "model/containers/npz.h"
#include "model/core/within_memory.h"
#include "model/training/builtin_data.h"
#include "model/training/csv_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

namespace layerscope::training {
namespace {

/// Members x, x_0, x_1 … or x:<name>, in their order.
struct Members
{
    std::map<std::size_t, Tensor> numbered;
    std::vector<std::pair<std::string, Tensor>> named;

    void into(std::vector<Tensor>& tensors, std::vector<std::string>& names) const
    {
        for (const auto& [index, tensor] : numbered)
            tensors.push_back(tensor);
        if (!numbered.empty())
            return; // numbers and names do not mix
        for (const auto& [name, tensor] : named) {
            tensors.push_back(tensor);
            names.push_back(name);
        }
    }
};

/// Takes a member called `letter`, `letter`_N or `letter`:NAME.
bool take(Members& members, char letter, const std::string& name, const Tensor& tensor)
{
    if (name.empty() || name[0] != letter)
        return false;
    if (name.size() == 1) {
        members.numbered.insert_or_assign(0, tensor);
        return true;
    }
    if (name[1] == ':') {
        members.named.emplace_back(name.substr(2), tensor);
        return true;
    }
    std::size_t index = 0;
    const char* last = name.data() + name.size();
    if (name[1] != '_' || std::from_chars(name.data() + 2, last, index).ptr != last
        || name.size() == 2)
        return false;
    members.numbered.insert_or_assign(index, tensor);
    return true;
}

Result<DataSet> npzDataSet(const std::filesystem::path& path)
{
    TRY(const std::vector<containers::NamedTensor> arrays, containers::readNpz(path));
    DataSet data;
    Members inputs;
    Members targets;
    std::string others;
    for (const auto& [name, tensor] : arrays) {
        if (name == "sample_weight" || name == "sample_weights")
            data.sampleWeights = tensor;
        else if (!take(inputs, 'x', name, tensor) && !take(targets, 'y', name, tensor))
            others += (others.empty() ? "" : ", ") + name;
    }
    inputs.into(data.inputs, data.inputNames);
    targets.into(data.targets, data.targetNames);
    if (data.inputs.empty())
        return Error(ErrorKind::WrongFormat,
            "The archive has no inputs; they are members named x, x_0, x_1 … or x:<input name>"
                + (others.empty() ? std::string(".") : " (it has " + others + ")."))
            .in(path.string());
    return data;
}

/// A column of a table as numbers, or as class numbers of its texts.
struct Column
{
    std::vector<double> numbers;
    std::vector<std::string> classes; ///< names, sorted; empty where the column is numbers
    bool isWhole = true;
};

Error badCell(const CsvTable& table, std::size_t row, std::size_t column, const char* what)
{
    const std::string& cell = table.rows[row][column];
    return Error(ErrorKind::Corrupt,
        "Row " + std::to_string(row + 1) + " (line " + std::to_string(table.lines[row])
            + "), column \"" + table.titles[column] + "\" "
            + (cell.empty() ? "is empty" : "holds \"" + cell.substr(0, 60) + "\"") + what);
}

Result<Column> readColumn(const CsvTable& table, std::size_t index, bool mayBeText)
{
    Column column;
    const bool isText = mayBeText
        && std::any_of(table.rows.begin(), table.rows.end(),
            [&](const auto& row) { return !row[index].empty() && !table.number(row[index]); });
    if (isText) {
        for (const auto& row : table.rows)
            column.classes.push_back(row[index]);
        std::sort(column.classes.begin(), column.classes.end());
        column.classes.erase(
            std::unique(column.classes.begin(), column.classes.end()), column.classes.end());
    }
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const std::string& cell = table.rows[row][index];
        if (cell.empty())
            return badCell(table, row, index, "; fill it in or leave the row out.");
        if (isText) {
            const auto found = std::lower_bound(column.classes.begin(), column.classes.end(), cell);
            column.numbers.push_back(static_cast<double>(found - column.classes.begin()));
            continue;
        }
        const auto number = table.number(cell);
        if (!number)
            return badCell(table, row, index, ", which is not a number; features must be numbers.");
        column.isWhole
            = column.isWhole && *number == std::floor(*number) && std::abs(*number) < 1e15;
        column.numbers.push_back(*number);
    }
    return column;
}

Result<std::vector<std::size_t>> targetIndices(
    const CsvTable& table, const std::vector<std::string>& names)
{
    std::vector<std::size_t> result;
    if (names.empty())
        result.push_back(table.titles.size() - 1);
    for (const std::string& name : names) {
        const auto found = std::find(table.titles.begin(), table.titles.end(), name);
        if (found == table.titles.end()) {
            std::string known;
            for (const std::string& title : table.titles)
                known += (known.empty() ? "" : ", ") + title;
            return Error(ErrorKind::NotFound,
                "There is no column \"" + name + "\"; there are " + known.substr(0, 400) + ".");
        }
        result.push_back(static_cast<std::size_t>(found - table.titles.begin()));
    }
    return result;
}

Result<Tensor> targetTensor(const CsvTable& table, const std::vector<std::size_t>& indices,
    std::vector<std::string>& classNames)
{
    const auto rows = static_cast<std::int64_t>(table.rows.size());
    std::vector<Column> columns;
    for (const std::size_t index : indices) {
        TRY(Column column, readColumn(table, index, indices.size() == 1));
        columns.push_back(std::move(column));
    }
    if (columns.size() == 1 && (columns[0].isWhole || !columns[0].classes.empty())) {
        classNames = columns[0].classes;
        const std::vector<std::int64_t> numbers(
            columns[0].numbers.begin(), columns[0].numbers.end());
        return Tensor::of({ rows }, numbers);
    }
    std::vector<float> values;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        for (const Column& column : columns)
            values.push_back(static_cast<float>(column.numbers[row]));
    }
    return Tensor::of({ rows, static_cast<std::int64_t>(columns.size()) }, values);
}

} // namespace

Result<DataSet> csvDataSet(const std::filesystem::path& path,
    const std::vector<std::string>& targetColumns, const JobContext& job)
{
    TRY(const CsvTable table, CsvTable::read(path, job));
    const auto here = [&](Error error) { return std::move(error).in(path.string()); };
    if (table.rows.empty() || table.titles.size() < 2)
        return here(Error(ErrorKind::WrongFormat,
            "The table has " + std::to_string(table.rows.size()) + " rows and "
                + std::to_string(table.titles.size())
                + " columns; at least one row, a feature and a target are needed."));
    auto indices = targetIndices(table, targetColumns);
    if (!indices)
        return here(std::move(indices).error());
    DataSet data;
    data.name = path.filename().string();
    auto target = targetTensor(table, *indices, data.classNames);
    if (!target)
        return here(std::move(target).error());
    data.targets.push_back(*std::move(target));
    std::vector<std::vector<double>> features;
    for (std::size_t i = 0; i < table.titles.size(); ++i) {
        if (std::find(indices->begin(), indices->end(), i) != indices->end())
            continue;
        auto column = readColumn(table, i, false);
        if (!column)
            return here(std::move(column).error());
        features.push_back(std::move(column->numbers));
    }
    if (features.empty())
        return here(Error(ErrorKind::InvalidArgument,
            "All columns are targets; at least one must be a feature."));
    std::vector<float> values;
    values.reserve(features.size() * table.rows.size());
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        for (const auto& column : features)
            values.push_back(static_cast<float>(column[row]));
    }
    data.inputs.push_back(Tensor::of({ static_cast<std::int64_t>(table.rows.size()),
                                         static_cast<std::int64_t>(features.size()) },
        values));
    return data;
}

Result<std::vector<std::string>> csvColumns(const std::filesystem::path& path)
{
    TRY(const CsvTable table, withinMemory([&] { return CsvTable::read(path); }));
    return table.titles;
}

namespace {

Result<DataSet> loadAny(const DataSetRequest& request, const JobContext& job)
{
    if (!request.inputFile.empty()) {
        DataSet data;
        TRY(Tensor input, containers::readNpy(request.inputFile));
        data.inputs.push_back(std::move(input));
        if (!request.targetFile.empty()) {
            TRY(Tensor target, containers::readNpy(request.targetFile));
            data.targets.push_back(std::move(target));
        }
        data.name = request.inputFile.filename().string();
        return data;
    }
    const std::string prefix = "builtin:";
    if (request.source.starts_with(prefix))
        return loadBuiltin(request.source.substr(prefix.size()), job);
    const std::filesystem::path path(request.source);
    const std::string suffix = path.extension().string();
    if (suffix == ".csv" || suffix == ".tsv" || suffix == ".txt")
        return csvDataSet(path, request.targetColumns, job);
    if (suffix == ".npz") {
        TRY(DataSet data, npzDataSet(path));
        data.name = path.filename().string();
        return data;
    }
    return Error(ErrorKind::Unsupported,
        "\"" + request.source
            + "\" is not a data set that can be read: give a .npz or .csv file, or "
              "builtin:NAME.");
}

} // namespace

Result<DataSet> loadDataSet(const DataSetRequest& request, const JobContext& job)
{
    return withinMemory([&] { return loadAny(request, job); });
}

} // namespace layerscope::training
