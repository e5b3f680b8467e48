#pragma once

#include "model/training/trainer.h"

#include <filesystem>
#include <fstream>

namespace layerscope::cli {

/// A training log with the columns of Keras's CSVLogger: `epoch` from 0 on, then the metrics sorted
/// by name; lines end as in Python's csv module (CR LF). Each epoch is on disk as soon as it ends.
class CsvLog
{
public:
    static Result<CsvLog> create(const std::filesystem::path& path);

    /// Errors  NotWritable (a full disk)
    Result<void> add(const training::EpochReport& epoch);

private:
    CsvLog(std::filesystem::path path, std::ofstream file);

    std::filesystem::path m_path;
    std::ofstream m_file;
    bool m_hasTitles = false;
};

} // namespace layerscope::cli
