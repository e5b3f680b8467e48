#include "model/analysis/array_distance.h"

#include <cmath>
#include <limits>

namespace layerscope::analysis {

namespace {

template<class T> ArrayDistance distanceOf(std::span<const T> a, std::span<const T> b)
{
    double squares = 0;
    double squaresOfA = 0;
    double largest = 0;
    constexpr double infinite = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto left = static_cast<double>(a[i]);
        const auto right = static_cast<double>(b[i]);
        const bool isFinite = std::isfinite(left) && std::isfinite(right);
        if (!isFinite && (left == right || (std::isnan(left) && std::isnan(right))))
            continue;
        const double difference = isFinite ? std::abs(left - right) : infinite;
        largest = std::max(largest, difference);
        squares += difference * difference;
        squaresOfA += isFinite ? left * left : 0;
    }
    if (squares == 0)
        return {};
    return { squaresOfA > 0 ? std::sqrt(squares / squaresOfA) : infinite, largest };
}

} // namespace

Result<ArrayDistance> arrayDistance(const Tensor& a, const Tensor& b)
{
    if (a.shape() != b.shape() || a.dtype() == DType::String || b.dtype() == DType::String)
        return Error(ErrorKind::ShapeMismatch, "arrays of different kinds have no distance");
    if (a.dtype() == DType::Float32 && b.dtype() == DType::Float32)
        return distanceOf(a.valuesAs<float>(), b.valuesAs<float>());
    TRY(const auto left, a.converted(DType::Float64));
    TRY(const auto right, b.converted(DType::Float64));
    return distanceOf(left.valuesAs<double>(), right.valuesAs<double>());
}

} // namespace layerscope::analysis
