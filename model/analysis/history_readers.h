#pragma once

#include "model/analysis/history.h"

#include <string_view>

/// The readers behind readHistory(), one for each kind of file.
namespace layerscope::analysis {

/// A table with a header as CSVLogger and spreadsheets write it. The separator (comma, semicolon,
/// tab or bar) and a decimal comma are recognised. The column `epoch` (else `step`, else the row's
/// number) gives the steps; columns of text are left out, missing values are NaN, and a list in a
/// cell becomes the columns `name[0]`, `name[1]` …
/// Errors  WrongFormat when it is not a table
Result<History> readHistoryTable(std::string_view text);

/// History JSON, a list of epochs, or one object a line.
/// Errors  Corrupt; WrongFormat when there are no lists of numbers
Result<History> readHistoryJson(std::string_view text);

/// Whether the first bytes of a file are a TFRecord header, by their checksum.
bool isEventFile(std::string_view firstBytes);

/// The scalars of one event file, in the order of their first appearance.
/// Errors  NotReadable; Corrupt when the very first record is damaged; Stopped
Result<History> readEventFile(const std::filesystem::path& path, const JobContext& job);

/// The same for all event files below a folder, named by run.
/// Errors  NotFound when there are none; Stopped
Result<History> readEventFolder(const std::filesystem::path& folder, const JobContext& job);

/// Adds a point to the series of that name, which is made where it is missing.
void addPoint(History& history, const std::string& name, double step, double value);

} // namespace layerscope::analysis
