#pragma once

#include "model/analysis/statistics.h"
#include "model/core/json.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace layerscope::analysis {

/// Symmetric logarithm: linear up to about `threshold` on both sides of 0, logarithmic beyond.
struct SymmetricLog
{
    double threshold = 1;

    double forward(double value) const;
    double inverse(double place) const;

    /// For values between `low` and `high`: the power of ten some two decades below the larger
    /// magnitude.
    static SymmetricLog forRange(double low, double high);
};

/// The same values in fewer, wider bins: each edge is the fine edge nearest to the one wanted, so
/// that counts stay exact. Wanted edges that fall together give one bin.
Histogram regrouped(const Histogram& fine, std::span<const double> wantedEdges);

/// Bins that are equally wide on the scale, from at least as many equal ones.
Histogram regrouped(const Histogram& fine, const SymmetricLog& scale, int bins);

/// How many equal bins regrouped() asks for, so that it resolves the threshold.
inline constexpr int fineBinCount = 8192;

/// A distribution to hold a histogram against.
struct ReferenceDistribution
{
    enum class Kind {
        Normal,
        TruncatedNormal, ///< cut off at two deviations, as Keras's initializers draw it
        Uniform,
    };
    Kind kind = Kind::Normal;
    std::string name = {}; ///< of an initializer: Keras's class name; empty for a fit
    double mean = 0;
    double deviation = 1; ///< of the normal distribution before it is cut off
    double low = 0, high = 0; ///< bounds of Uniform and TruncatedNormal

    /// The share of all values that lies below `value`.
    double below(double value) const;
    bool operator==(const ReferenceDistribution&) const = default;
};

/// The normal distribution of the same mean and deviation; nothing for a constant.
std::optional<ReferenceDistribution> normalFit(const Statistics& statistics);

/// What the initializer in a layer's config draws for a weight of this name and shape: what an
/// untrained weight looks like. Nothing for constants, orthogonal matrices and what is unknown.
/// Source  keras.initializers (variance scaling, compute_fans)
std::optional<ReferenceDistribution> initializerDistribution(
    const Json& layerConfig, std::string_view weightName, const Shape& shape);

} // namespace layerscope::analysis
