#pragma once

#include "model/training/data_set.h"

namespace layerscope::training {

/// A built-in set by its name without "builtin:".
/// Errors  NotFound (with the names there are), and those of reading its file
Result<DataSet> loadBuiltin(const std::string& name, const JobContext& job);

/// Where the built-in sets that are files lie: $LAYERSCOPE_DATA, then share/layerscope/data beside
/// the program's folder, then the source tree it was built from.
std::filesystem::path dataFolder();

/// Features and targets out of the columns of a CSV file (DataSetRequest::targetColumns).
Result<DataSet> csvDataSet(const std::filesystem::path& path,
    const std::vector<std::string>& targetColumns, const JobContext& job);

} // namespace layerscope::training
