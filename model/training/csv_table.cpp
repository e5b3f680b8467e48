#include "model/training/csv_table.h"

#include "model/containers/system_failure.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>

namespace layerscope::training {
namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// The separator that occurs in the first line, outside of quotes.
char separatorOf(std::string_view text)
{
    std::size_t semicolons = 0;
    std::size_t tabs = 0;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (c == '\n' || c == '\r')
            break;
        semicolons += c == ';' ? 1 : 0;
        tabs += c == '\t' ? 1 : 0;
    }
    if (tabs > 0 && tabs >= semicolons)
        return '\t';
    return semicolons > 0 ? ';' : ',';
}

/// Splits text into records, one call a record.
class Reader
{
public:
    Reader(std::string_view text, char separator)
        : m_text(text)
        , m_separator(separator)
    {
    }
    bool atEnd() const { return m_position >= m_text.size(); }
    std::size_t line() const { return m_line; }
    std::size_t position() const { return m_position; }

    Result<std::vector<std::string>> record()
    {
        std::vector<std::string> cells;
        std::string cell;
        bool wasQuoted = false;
        const std::size_t first = m_line;
        const auto finish = [&] {
            cells.push_back(wasQuoted ? cell : std::string(trimmed(cell)));
            cell.clear();
            wasQuoted = false;
        };
        while (!atEnd()) {
            const char c = m_text[m_position++];
            if (c == '"' && trimmed(cell).empty() && !wasQuoted) {
                cell.clear();
                wasQuoted = true;
                if (!quoted(cell))
                    return Error(ErrorKind::Corrupt,
                        "Line " + std::to_string(first) + " opens a quote that is never closed.");
            } else if (c == m_separator) {
                finish();
            } else if (c == '\n' || c == '\r') {
                if (c == '\r' && !atEnd() && m_text[m_position] == '\n')
                    ++m_position;
                ++m_line;
                break;
            } else {
                cell += c;
            }
        }
        finish();
        return cells;
    }

private:
    /// Reads up to the closing quote; false if there is none.
    bool quoted(std::string& cell)
    {
        while (!atEnd()) {
            const char c = m_text[m_position++];
            if (c == '"') {
                if (atEnd() || m_text[m_position] != '"')
                    return true;
                ++m_position;
            }
            if (c == '\n')
                ++m_line;
            cell += c;
        }
        return false;
    }

    std::string_view m_text;
    char m_separator;
    std::size_t m_position = 0;
    std::size_t m_line = 1;
};

bool isBlank(const std::vector<std::string>& record)
{
    return record.size() == 1 && record[0].empty();
}

/// A first line without a number in it is a line of titles.
bool looksLikeTitles(const CsvTable& table, const std::vector<std::string>& record)
{
    return std::none_of(record.begin(), record.end(),
        [&](const std::string& cell) { return table.number(cell).has_value(); });
}

} // namespace

std::optional<double> CsvTable::number(const std::string& cell) const
{
    std::string text(trimmed(cell));
    if (decimalComma && std::count(text.begin(), text.end(), ',') == 1)
        text[text.find(',')] = '.';
    std::string_view rest = text;
    if (rest.starts_with('+'))
        rest.remove_prefix(1);
    double value = 0;
    const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (problem != std::errc() || end != rest.data() + rest.size() || rest.empty())
        return std::nullopt;
    return value;
}

Result<CsvTable> CsvTable::parse(std::string_view text, const JobContext& job)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    CsvTable table;
    const char separator = separatorOf(text);
    table.decimalComma = separator != ',';
    Reader reader(text, separator);
    bool isFirst = true;
    while (!reader.atEnd()) {
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "Reading the data was stopped.");
        const std::size_t line = reader.line();
        TRY(std::vector<std::string> record, reader.record());
        if (isBlank(record))
            continue;
        if (isFirst) {
            isFirst = false;
            if (looksLikeTitles(table, record)) {
                table.titles = std::move(record);
                continue;
            }
            for (std::size_t i = 0; i < record.size(); ++i)
                table.titles.push_back("column " + std::to_string(i + 1));
        }
        if (record.size() != table.titles.size())
            return Error(ErrorKind::Corrupt,
                "Line " + std::to_string(line) + " has " + std::to_string(record.size())
                    + " cells; the lines before it have " + std::to_string(table.titles.size())
                    + ".");
        table.rows.push_back(std::move(record));
        table.lines.push_back(line);
        if (table.rows.size() % 4096 == 0)
            job.report(static_cast<std::int64_t>(reader.position()),
                static_cast<std::int64_t>(text.size()));
    }
    return table;
}

Result<CsvTable> CsvTable::read(const std::filesystem::path& path, const JobContext& job)
{
    std::error_code problem;
    const auto bytes = std::filesystem::file_size(path, problem);
    if (std::filesystem::is_directory(path))
        return Error(ErrorKind::NotReadable, "This is a folder; choose a file in it.")
            .in(path.string());
    if (problem)
        return containers::readError(problem.value()).in(path.string());
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    if (bytes == 0)
        return Error(ErrorKind::Corrupt, "The file is empty; get it again.").in(path.string());
    if (!file || !(content << file.rdbuf()))
        return containers::readError(EACCES).in(path.string());
    auto table = parse(content.view(), job);
    if (!table)
        return std::move(table).error().in(path.string());
    return table;
}

} // namespace layerscope::training
