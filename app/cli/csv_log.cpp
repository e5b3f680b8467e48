#include "app/cli/csv_log.h"

#include "model/core/json.h"

#include <algorithm>
#include <cmath>

namespace layerscope::cli {

namespace {

/// As Python's str(): the shortest digits that read back equal; nan, inf and -inf in words.
std::string pythonNumber(double value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value < 0 ? "-inf" : "inf";
    return dumpJson(Json(value));
}

} // namespace

CsvLog::CsvLog(std::filesystem::path path, std::ofstream file)
    : m_path(std::move(path))
    , m_file(std::move(file))
{
}

Result<CsvLog> CsvLog::create(const std::filesystem::path& path)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    if (!file)
        return Error(ErrorKind::NotWritable, "the training log cannot be created")
            .in(path.string());
    return CsvLog(path, std::move(file));
}

Result<void> CsvLog::add(const training::EpochReport& epoch)
{
    auto metrics = epoch.metrics;
    std::sort(metrics.begin(), metrics.end(),
        [](const auto& a, const auto& b) { return a.first < b.first; });
    if (!m_hasTitles) {
        m_file << "epoch";
        for (const auto& [name, value] : metrics)
            m_file << ',' << name;
        m_file << "\r\n";
        m_hasTitles = true;
    }
    m_file << epoch.epoch;
    for (const auto& [name, value] : metrics)
        m_file << ',' << pythonNumber(value);
    m_file << "\r\n";
    m_file.flush();
    if (!m_file)
        return Error(ErrorKind::NotWritable, "the training log cannot be written")
            .in(m_path.string());
    return {};
}

} // namespace layerscope::cli
