#include "model/analysis/tensor_report.h"

#include "model/analysis/statistics.h"

#include <array>
#include <cmath>

namespace layerscope::analysis {

namespace {

constexpr std::int64_t fewestForHistogram = 9;
constexpr std::array valueKeys{ "sha256", "first", "nan", "inf", "zeros", "min", "max", "mean",
    "std" };

/// A moment of no values is unknown, not a number.
Json moment(double value, const Statistics& statistics)
{
    return statistics.finite() > 0 ? Json(value) : Json();
}

void reportStatistics(Json& report, const Statistics& statistics)
{
    report["sha256"] = statistics.sha256;
    report["first"] = statistics.first;
    report["nan"] = statistics.nan;
    report["inf"] = statistics.inf;
    report["zeros"] = statistics.zeros;
    report["min"] = moment(statistics.min, statistics);
    report["max"] = moment(statistics.max, statistics);
    report["mean"] = moment(statistics.mean, statistics);
    report["std"] = moment(statistics.std, statistics);
    if (statistics.finite() >= fewestForHistogram)
        report["hist"] = Json{ { "counts", statistics.histogram.counts },
            { "edges", statistics.histogram.edges } };
}

} // namespace

Json shapeReport(const PartialShape& shape)
{
    Json report = Json::array();
    for (const std::int64_t length : shape)
        report.push_back(length == openDimension ? Json() : Json(length));
    return report;
}

Result<void> reportTensor(Json& report, const StoredTensor& stored,
    const InspectionOptions& options, const JobContext& job, std::vector<std::string>& warnings)
{
    report["shape"] = shapeReport(stored.shape());
    report["dtype"] = std::string(name(stored.dtype()));
    report["count"] = stored.count();
    if (!options.statistics)
        return {};
    for (const char* key : valueKeys)
        report[key] = Json();
    const auto tensor = stored.load();
    if (!tensor) {
        warnings.push_back(tensor.error().sentence());
        return {};
    }
    StatisticsOptions wanted;
    wanted.bins = options.bins;
    wanted.threads = 0;
    wanted.hash = true;
    auto statistics = computeStatistics(*tensor, wanted, job);
    if (statistics) {
        reportStatistics(report, *statistics);
        return {};
    }
    if (statistics.error().kind() == ErrorKind::Stopped)
        return std::move(statistics).error();
    report["sha256"] = sha256(*tensor); // texts and complex numbers have no moments
    return {};
}

} // namespace layerscope::analysis
