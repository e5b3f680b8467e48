#pragma once

#include "model/core/job_context.h"
#include "model/core/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace layerscope::training {

/// The cells of a CSV file: comma, semicolon or tab between them, quotes where needed ("" for a
/// quote), any line ends, a byte order mark or none. With semicolons or tabs the decimal sign may
/// be a comma.
struct CsvTable
{
    std::vector<std::string> titles; ///< of the first line, or "column 1" …
    std::vector<std::vector<std::string>> rows;
    std::vector<std::size_t> lines; ///< of the file, counted from 1, where each row begins
    bool decimalComma = false;

    /// Errors  NotFound, NotReadable, Corrupt (a line with another number of cells; an open quote)
    static Result<CsvTable> read(const std::filesystem::path& path, const JobContext& job = {});
    static Result<CsvTable> parse(std::string_view text, const JobContext& job = {});

    /// The number in a cell; nothing if it is none.
    std::optional<double> number(const std::string& cell) const;
};

} // namespace layerscope::training
