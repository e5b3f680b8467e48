#include "model/analysis/history.h"

#include "model/analysis/history_readers.h"
#include "model/core/within_memory.h"

#include <cmath>
#include <fstream>
#include <limits>

namespace layerscope::analysis {
namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

/// No log of numbers is larger; what is would be read in vain.
constexpr std::uintmax_t largestTextFile = 512U << 20U;

/// A number, also as the strings that strict JSON has for what is not finite. Null is missing.
std::optional<double> numberOf(const Json& value)
{
    if (value.is_number())
        return value.get<double>();
    if (value.is_null())
        return notANumber;
    if (!value.is_string())
        return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    if (text == "NaN")
        return notANumber;
    if (text == "Infinity")
        return std::numeric_limits<double>::infinity();
    if (text == "-Infinity")
        return -std::numeric_limits<double>::infinity();
    return std::nullopt;
}

std::optional<std::vector<double>> numbersOf(const Json& list)
{
    if (!list.is_array())
        return std::nullopt;
    std::vector<double> numbers;
    for (const Json& item : list) {
        const auto number = numberOf(item);
        if (!number)
            return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers;
}

/// Steps that are not given: 0, 1, 2 …
std::vector<double> countedSteps(std::size_t count)
{
    std::vector<double> steps(count);
    for (std::size_t i = 0; i < count; ++i)
        steps[i] = static_cast<double>(i);
    return steps;
}

/// One object for each epoch: {"epoch": 0, "loss": 1.2}.
void addEpoch(History& history, const Json& epoch, double number)
{
    if (!epoch.is_object())
        return;
    for (const char* key : { "epoch", "step" }) {
        if (epoch.contains(key) && epoch[key].is_number()) {
            number = epoch[key].get<double>();
            break;
        }
    }
    for (const auto& [key, value] : epoch.items()) {
        if (key == "epoch" || key == "step")
            continue;
        if (const auto found = numberOf(value))
            addPoint(history, key, number, *found);
    }
}

Result<History> readJsonLines(std::string_view text)
{
    History history;
    double number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        // The last line may have been cut off; any other that cannot be read is not an epoch.
        if (const auto object = parseJson(line))
            addEpoch(history, *object, number++);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    if (history.empty())
        return Error(ErrorKind::Corrupt, "the JSON text holds no loss history that can be read");
    return history;
}

Result<std::string> readText(const std::filesystem::path& path)
{
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
    std::ifstream file(path, std::ios::binary);
    if (failure || !file)
        return Error(ErrorKind::NotReadable, "the file cannot be read; check its permissions");
    if (size > largestTextFile)
        return Error(ErrorKind::WrongFormat, "the file is too large for a training log");
    std::string text(static_cast<std::size_t>(size), '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

Result<History> readTextFile(const std::filesystem::path& path)
{
    TRY(const std::string content, readText(path));
    std::string_view text = content;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos)
        return Error(ErrorKind::WrongFormat, "the file is empty: nothing has been logged yet");
    if (text.find('\0') != std::string_view::npos)
        return Error(ErrorKind::WrongFormat,
            "the file is not a training log: neither a CSVLogger table, nor History JSON, nor a "
            "TensorBoard event file");
    if (text[start] == '{' || text[start] == '[')
        return readHistoryJson(text.substr(start));
    return readHistoryTable(text);
}

Result<History> readAny(const std::filesystem::path& path, const JobContext& job)
{
    std::error_code failure;
    const auto status = std::filesystem::status(path, failure);
    if (!std::filesystem::exists(status))
        return Error(ErrorKind::NotFound, "there is no such file or folder");
    if (std::filesystem::is_directory(status))
        return readEventFolder(path, job);
    if (!std::filesystem::is_regular_file(status))
        return Error(ErrorKind::NotReadable, "this is neither a file nor a folder");
    std::array<char, 12> first{};
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error(ErrorKind::NotReadable, "the file cannot be read; check its permissions");
    file.read(first.data(), first.size());
    if (isEventFile({ first.data(), static_cast<std::size_t>(file.gcount()) }))
        return readEventFile(path, job);
    return readTextFile(path);
}

} // namespace

void addPoint(History& history, const std::string& name, double step, double value)
{
    const auto isNamed = [&](const Series& series) { return series.name == name; };
    auto series = std::find_if(history.begin(), history.end(), isNamed);
    if (series == history.end())
        series = history.insert(history.end(), Series{ name, {}, {} });
    series->steps.push_back(step);
    series->values.push_back(value);
}

History historyOf(const Json& object)
{
    History history;
    if (!object.is_object())
        return history;
    if (object.contains("history") && object["history"].is_object()) {
        history = historyOf(object["history"]);
        const auto epochs = object.contains("epoch") ? numbersOf(object["epoch"]) : std::nullopt;
        for (Series& series : history) {
            if (epochs && epochs->size() == series.values.size())
                series.steps = *epochs;
        }
        return history;
    }
    const auto epochs = object.contains("epoch") ? numbersOf(object["epoch"]) : std::nullopt;
    for (const auto& [key, value] : object.items()) {
        if (key == "epoch")
            continue;
        if (auto numbers = numbersOf(value)) {
            auto steps = epochs && epochs->size() == numbers->size()
                ? *epochs
                : countedSteps(numbers->size());
            history.push_back({ key, std::move(steps), *std::move(numbers) });
        }
    }
    return history;
}

Result<History> readHistoryJson(std::string_view text)
{
    const auto json = parseJson(text);
    if (!json)
        return readJsonLines(text);
    History history;
    if (json->is_array()) {
        double number = 0;
        for (const Json& epoch : *json)
            addEpoch(history, epoch, number++);
    } else {
        history = historyOf(*json);
        if (history.empty()) // a single line of one epoch
            addEpoch(history, *json, 0);
    }
    if (history.empty())
        return Error(ErrorKind::WrongFormat,
            "the JSON text holds no loss history: lists of numbers by name, as in History.history");
    return history;
}

Result<History> readHistory(const std::filesystem::path& path, const JobContext& job)
{
    auto history = withinMemory([&] { return readAny(path, job); });
    if (!history)
        return std::move(history).error().in(path.string());
    return history;
}

Json toJson(const History& history)
{
    Json list = Json::array();
    for (const Series& series : history) {
        Json steps = Json::array();
        for (const double step : series.steps) {
            // Steps are counts; beyond 2^53 a double is no count any more.
            if (std::abs(step) < 9e15 && step == std::floor(step))
                steps.push_back(static_cast<std::int64_t>(step));
            else
                steps.push_back(step);
        }
        list.push_back({ { "name", series.name }, { "steps", std::move(steps) },
            { "values", series.values } });
    }
    return { { "series", std::move(list) } };
}

} // namespace layerscope::analysis
