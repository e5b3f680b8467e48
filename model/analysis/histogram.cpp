#include "model/analysis/histogram.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace layerscope::analysis {
namespace {

/// The deviation of a standard normal distribution that is cut off at -2 and 2.
constexpr double truncatedDeviation = 0.87962566103423978;

double standardNormalBelow(double z)
{
    return 0.5 * std::erfc(-z * std::numbers::sqrt2 / 2);
}

/// keras.initializers.compute_fans.
std::pair<double, double> fansOf(const Shape& shape)
{
    if (shape.empty())
        return { 1, 1 };
    if (shape.size() == 1)
        return { static_cast<double>(shape[0]), static_cast<double>(shape[0]) };
    double field = 1;
    for (std::size_t axis = 0; axis + 2 < shape.size(); ++axis)
        field *= static_cast<double>(shape[axis]);
    return { field * static_cast<double>(shape[shape.size() - 2]),
        field * static_cast<double>(shape.back()) };
}

double numberAt(const Json& config, const char* key, double fallback)
{
    const auto found = config.find(key);
    return found != config.end() && found->is_number() ? found->get<double>() : fallback;
}

std::string textAt(const Json& config, const char* key, const char* fallback)
{
    const auto found = config.find(key);
    return found != config.end() && found->is_string() ? found->get<std::string>() : fallback;
}

ReferenceDistribution uniform(double low, double high)
{
    return { .kind = ReferenceDistribution::Kind::Uniform, .low = low, .high = high };
}

ReferenceDistribution normal(double mean, double deviation, bool isTruncated)
{
    if (!isTruncated)
        return { .mean = mean, .deviation = deviation };
    return { .kind = ReferenceDistribution::Kind::TruncatedNormal,
        .mean = mean,
        .deviation = deviation,
        .low = mean - 2 * deviation,
        .high = mean + 2 * deviation };
}

ReferenceDistribution varianceScaling(
    double scale, std::string_view mode, std::string_view distribution, const Shape& shape)
{
    const auto [in, out] = fansOf(shape);
    const double fan = mode == "fan_in" ? in : mode == "fan_out" ? out : (in + out) / 2;
    const double variance = scale / std::max(1.0, fan);
    if (distribution == "uniform")
        return uniform(-std::sqrt(3 * variance), std::sqrt(3 * variance));
    if (distribution == "untruncated_normal")
        return normal(0, std::sqrt(variance), false);
    return normal(0, std::sqrt(variance) / truncatedDeviation, true);
}

struct NamedScaling
{
    std::string_view name, oldName;
    double scale;
    std::string_view mode, distribution;
};
constexpr NamedScaling namedScalings[] = {
    { "GlorotUniform", "glorot_uniform", 1, "fan_avg", "uniform" },
    { "GlorotNormal", "glorot_normal", 1, "fan_avg", "truncated_normal" },
    { "HeUniform", "he_uniform", 2, "fan_in", "uniform" },
    { "HeNormal", "he_normal", 2, "fan_in", "truncated_normal" },
    { "LecunUniform", "lecun_uniform", 1, "fan_in", "uniform" },
    { "LecunNormal", "lecun_normal", 1, "fan_in", "truncated_normal" },
};

std::optional<ReferenceDistribution> distributionOf(
    const std::string& className, const Json& config, const Shape& shape)
{
    for (const NamedScaling& named : namedScalings) {
        if (className == named.name || className == named.oldName)
            return varianceScaling(named.scale, named.mode, named.distribution, shape);
    }
    if (className == "VarianceScaling")
        return varianceScaling(numberAt(config, "scale", 1), textAt(config, "mode", "fan_in"),
            textAt(config, "distribution", "truncated_normal"), shape);
    if (className == "RandomUniform" || className == "uniform" || className == "random_uniform")
        return uniform(numberAt(config, "minval", -0.05), numberAt(config, "maxval", 0.05));
    if (className == "RandomNormal" || className == "normal" || className == "random_normal")
        return normal(numberAt(config, "mean", 0), numberAt(config, "stddev", 0.05), false);
    if (className == "TruncatedNormal" || className == "truncated_normal")
        return normal(numberAt(config, "mean", 0), numberAt(config, "stddev", 0.05), true);
    return std::nullopt;
}

/// The entry of a layer's config that initializes a weight: "kernel" → kernel_initializer,
/// "recurrent_kernel" → recurrent_initializer.
const Json* initializerFor(const Json& config, std::string_view weightName)
{
    std::string stem(weightName.substr(weightName.rfind('/') + 1));
    stem = stem.substr(0, stem.find(':'));
    std::string shorter = stem;
    if (shorter.ends_with("_kernel"))
        shorter.resize(shorter.size() - std::string_view("_kernel").size());
    for (const std::string& candidate : { stem, shorter }) {
        const auto found = config.find(candidate + "_initializer");
        if (found != config.end())
            return &*found;
    }
    return nullptr;
}

} // namespace

double SymmetricLog::forward(double value) const
{
    return std::copysign(std::log10(1 + std::abs(value) / threshold), value);
}

double SymmetricLog::inverse(double place) const
{
    return std::copysign((std::pow(10, std::abs(place)) - 1) * threshold, place);
}

SymmetricLog SymmetricLog::forRange(double low, double high)
{
    const double magnitude = std::max(std::abs(low), std::abs(high));
    if (!(magnitude > 0) || !std::isfinite(magnitude))
        return { 1 };
    const double threshold = std::pow(10, std::floor(std::log10(magnitude)) - 2);
    return { threshold > 0 ? threshold : magnitude };
}

Histogram regrouped(const Histogram& fine, std::span<const double> wantedEdges)
{
    Histogram coarse;
    if (fine.counts.empty())
        return coarse;
    std::vector<std::size_t> cuts{ 0 };
    for (const double wanted : wantedEdges) {
        const auto above = std::lower_bound(fine.edges.begin(), fine.edges.end(), wanted);
        auto cut = static_cast<std::size_t>(above - fine.edges.begin());
        if (above == fine.edges.end()
            || (cut > 0 && wanted - fine.edges[cut - 1] < fine.edges[cut] - wanted))
            --cut;
        if (cut > cuts.back())
            cuts.push_back(cut);
    }
    if (cuts.back() != fine.counts.size())
        cuts.push_back(fine.counts.size());
    coarse.edges.push_back(fine.edges.front());
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        std::int64_t count = 0;
        for (std::size_t bin = cuts[i]; bin < cuts[i + 1]; ++bin)
            count += fine.counts[bin];
        coarse.counts.push_back(count);
        coarse.edges.push_back(fine.edges[cuts[i + 1]]);
    }
    return coarse;
}

Histogram regrouped(const Histogram& fine, const SymmetricLog& scale, int bins)
{
    if (fine.counts.empty() || bins < 1)
        return fine;
    const double first = scale.forward(fine.edges.front());
    const double last = scale.forward(fine.edges.back());
    std::vector<double> wanted;
    for (int i = 0; i <= bins; ++i)
        wanted.push_back(scale.inverse(first + (last - first) * i / bins));
    return regrouped(fine, wanted);
}

double ReferenceDistribution::below(double value) const
{
    switch (kind) {
    case Kind::Normal:
        return standardNormalBelow((value - mean) / deviation);
    case Kind::TruncatedNormal: {
        const double z = std::clamp((value - mean) / deviation, -2.0, 2.0);
        const double cut = standardNormalBelow(-2);
        return (standardNormalBelow(z) - cut) / (1 - 2 * cut);
    }
    case Kind::Uniform:
        break;
    }
    return high > low ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 0.0;
}

std::optional<ReferenceDistribution> normalFit(const Statistics& statistics)
{
    if (!(statistics.std > 0) || !std::isfinite(statistics.std))
        return std::nullopt;
    return normal(statistics.mean, statistics.std, false);
}

std::optional<ReferenceDistribution> initializerDistribution(
    const Json& layerConfig, std::string_view weightName, const Shape& shape)
{
    if (!layerConfig.is_object())
        return std::nullopt;
    const Json* initializer = initializerFor(layerConfig, weightName);
    if (initializer == nullptr)
        return std::nullopt;
    const Json none = Json::object();
    const Json* config = &none;
    std::string className;
    if (initializer->is_string()) {
        className = initializer->get<std::string>();
    } else if (initializer->is_object()) {
        className = textAt(*initializer, "class_name", "");
        const auto found = initializer->find("config");
        if (found != initializer->end() && found->is_object())
            config = &*found;
    }
    auto distribution = distributionOf(className, *config, shape);
    if (distribution)
        distribution->name = className;
    return distribution;
}

} // namespace layerscope::analysis
