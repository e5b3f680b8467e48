// Tables as CSVLogger writes them: Python's `csv` module in its "excel" dialect, and what
// spreadsheets make of them. RFC 4180, with any separator.

#include "model/analysis/history_readers.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace layerscope::analysis {
namespace {

constexpr double missingNumber = std::numeric_limits<double>::quiet_NaN();

using Row = std::vector<std::string>;

struct Table
{
    std::vector<Row> rows;
    bool lastIsCut = false; ///< no line end after the last row
};

char separatorOf(std::string_view header)
{
    char best = ',';
    std::size_t most = 0;
    for (const char candidate : { ',', ';', '\t', '|' }) {
        std::size_t found = 0;
        bool isQuoted = false;
        for (const char character : header) {
            isQuoted ^= character == '"';
            found += !isQuoted && character == candidate;
        }
        if (found > most) {
            most = found;
            best = candidate;
        }
    }
    return best;
}

Table splitTable(std::string_view text, char separator)
{
    Table table;
    Row row;
    std::string field;
    bool isQuoted = false;
    const auto endRow = [&] {
        row.push_back(std::move(field));
        field.clear();
        if (row.size() > 1 || !row[0].empty()) // blank lines mean nothing
            table.rows.push_back(std::move(row));
        row.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char character = text[i];
        if (isQuoted) {
            if (character != '"')
                field += character;
            else if (i + 1 < text.size() && text[i + 1] == '"')
                field += text[++i];
            else
                isQuoted = false;
        } else if (character == '"' && field.empty()) {
            isQuoted = true;
        } else if (character == separator) {
            row.push_back(std::move(field));
            field.clear();
        } else if (character == '\n' || character == '\r') {
            endRow(); // CR LF ends a blank line as well
        } else {
            field += character;
        }
    }
    table.lastIsCut = !field.empty() || !row.empty();
    if (table.lastIsCut)
        endRow();
    return table;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t start = text.find_first_not_of(" \t\"'");
    if (start == std::string_view::npos)
        return {};
    return text.substr(start, text.find_last_not_of(" \t\"'") - start + 1);
}

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    for (char& character : lower)
        character
            = 'A' <= character && character <= 'Z' ? static_cast<char>(character + 32) : character;
    return lower;
}

/// A cell's number; "nan", "inf" and "infinity" are numbers, with or without a sign.
std::optional<double> numberOf(std::string_view cell, bool hasDecimalComma)
{
    std::string text(trimmed(cell));
    if (hasDecimalComma)
        std::replace(text.begin(), text.end(), ',', '.');
    const char* start = text.data() + (text.starts_with('+') ? 1 : 0);
    const char* end = text.data() + text.size();
    double number = 0;
    const auto [stop, failure] = std::from_chars(start, end, number);
    if (stop != end || start == end)
        return std::nullopt;
    if (failure == std::errc::result_out_of_range) // "1e-400", "1e400"
        return std::strtod(text.c_str(), nullptr);
    return failure == std::errc() ? std::optional(number) : std::nullopt;
}

bool isMissing(std::string_view cell)
{
    const std::string text = lowerCase(trimmed(cell));
    return text.empty() || text == "na" || text == "n/a" || text == "none" || text == "null"
        || text == "-";
}

/// The numbers of a cell that holds an array, "[0.5, 0.25]"; none for any other.
std::vector<double> arrayOf(std::string_view cell)
{
    cell = trimmed(cell);
    if (!cell.starts_with('[') || !cell.ends_with(']'))
        return {};
    std::string text(cell.substr(1, cell.size() - 2));
    std::replace(text.begin(), text.end(), ',', ' ');
    std::vector<double> numbers;
    for (std::size_t at = 0; (at = text.find_first_not_of(' ', at)) != std::string::npos;) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        numbers.push_back(
            numberOf(std::string_view(text).substr(at, end - at), false).value_or(missingNumber));
        at = end;
    }
    return numbers;
}

/// Whether the last row, which no line end follows, looks as if its writer was interrupted.
/// CSVLogger ends every line, people and editors often do not.
bool looksCutOff(const std::vector<Row>& rows)
{
    const Row& last = rows.back();
    if (last.size() < rows.front().size())
        return true;
    const std::string& cell = last.back();
    const bool endsWell
        = !cell.empty() && std::string_view(".eE+-").find(cell.back()) == std::string::npos;
    // "12" where all others read "12.345"
    const auto hasFraction = [&](const Row& row) {
        return row.size() == last.size() && row.back().find('.') != std::string::npos;
    };
    const bool othersHaveFractions
        = rows.size() > 2 && std::all_of(rows.begin() + 1, rows.end() - 1, hasFraction);
    return !endsWell || (othersHaveFractions && !hasFraction(last));
}

class TableReader
{
public:
    TableReader(std::vector<Row> rows, bool hasDecimalComma)
        : m_names(std::move(rows.front()))
        , m_hasDecimalComma(hasDecimalComma)
    {
        for (std::string& columnName : m_names)
            columnName = std::string(trimmed(columnName));
        for (std::size_t i = 1; i < rows.size(); ++i) {
            if (rows[i] != m_names) // two logs written one after the other
                m_rows.push_back(std::move(rows[i]));
        }
    }

    History read()
    {
        findSteps();
        History history;
        for (std::size_t column = 0; column < m_names.size(); ++column) {
            const std::string lower = lowerCase(m_names[column]);
            if (column != m_stepColumn && lower != "wall time" && lower != "wall_time")
                addColumn(history, column);
        }
        return history;
    }

private:
    std::string_view cell(std::size_t row, std::size_t column) const
    {
        return column < m_rows[row].size() ? std::string_view(m_rows[row][column])
                                           : std::string_view();
    }

    void findSteps()
    {
        for (const char* wanted : { "epoch", "step" }) {
            for (std::size_t i = 0; i < m_names.size() && m_stepColumn == none; ++i) {
                if (lowerCase(m_names[i]) == wanted)
                    m_stepColumn = i;
            }
        }
        for (std::size_t row = 0; row < m_rows.size(); ++row) {
            const auto step = m_stepColumn == none
                ? std::nullopt
                : numberOf(cell(row, m_stepColumn), m_hasDecimalComma);
            m_steps.push_back(step.value_or(static_cast<double>(row)));
        }
    }

    void addColumn(History& history, std::size_t column) const
    {
        Series series{ m_names[column], m_steps, {} };
        std::vector<Series> parts; // of array cells
        bool hasNumber = m_rows.empty();
        for (std::size_t row = 0; row < m_rows.size(); ++row) {
            const auto number = numberOf(cell(row, column), m_hasDecimalComma);
            hasNumber |= number.has_value();
            series.values.push_back(number.value_or(missingNumber));
            const auto numbers = arrayOf(cell(row, column));
            while (parts.size() < numbers.size())
                parts.push_back({ m_names[column] + '[' + std::to_string(parts.size()) + ']',
                    m_steps, std::vector<double>(row, missingNumber) });
            for (std::size_t i = 0; i < parts.size(); ++i)
                parts[i].values.push_back(i < numbers.size() ? numbers[i] : missingNumber);
        }
        if (hasNumber)
            history.push_back(std::move(series));
        for (Series& part : parts)
            history.push_back(std::move(part));
    }

    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    Row m_names;
    std::vector<Row> m_rows;
    bool m_hasDecimalComma;
    std::size_t m_stepColumn = none;
    std::vector<double> m_steps;
};

} // namespace

Result<History> readHistoryTable(std::string_view text)
{
    const char separator = separatorOf(text.substr(0, text.find_first_of("\r\n")));
    Table table = splitTable(text, separator);
    if (table.lastIsCut && table.rows.size() > 1 && looksCutOff(table.rows))
        table.rows.pop_back();
    if (table.rows.empty())
        return Error(ErrorKind::WrongFormat, "the file is empty: nothing has been logged yet");
    const bool isHeaderText = std::any_of(table.rows.front().begin(), table.rows.front().end(),
        [](const std::string& cell) { return !numberOf(cell, true) && !isMissing(cell); });
    if (!isHeaderText)
        return Error(ErrorKind::WrongFormat,
            "the table has no header: its first line should name the columns, as in "
            "\"epoch,loss,val_loss\"");
    const bool isNarrow = table.rows.front().size() < 2;
    History history = TableReader(std::move(table.rows), separator != ',').read();
    const bool hasValues = std::any_of(history.begin(), history.end(),
        [](const Series& series) { return !series.values.empty(); });
    if (history.empty() || (isNarrow && !hasValues))
        return Error(ErrorKind::WrongFormat,
            "the file is not a training log: it is text, but no table with columns of numbers");
    return history;
}

} // namespace layerscope::analysis
