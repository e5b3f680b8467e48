#include "model/layers/resizing.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace layerscope::layers {

using ops::Builder;
using ops::Value;

namespace {

double sinc(double x)
{
    return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

/// The family of cubic kernels by Mitchell and Netravali (1988); Keys's is (0, 0.5).
double cubic(double x, double b, double c)
{
    if (x < 1)
        return ((12 - 9 * b - 6 * c) * x * x * x + (-18 + 12 * b + 6 * c) * x * x + 6 - 2 * b) / 6;
    if (x < 2)
        return ((-b - 6 * c) * x * x * x + (6 * b + 30 * c) * x * x + (-12 * b - 48 * c) * x + 8 * b
                   + 24 * c)
            / 6;
    return 0;
}

struct Kernel
{
    double radius;
    double (*weight)(double distance);
};

std::optional<Kernel> kernelOf(const std::string& method)
{
    if (method == "bilinear")
        return Kernel{ 1, [](double x) { return std::max(0.0, 1 - x); } };
    if (method == "bicubic")
        return Kernel{ 2, [](double x) { return cubic(x, 0, 0.5); } };
    if (method == "mitchellcubic")
        return Kernel{ 2, [](double x) { return cubic(x, 1.0 / 3, 1.0 / 3); } };
    if (method == "lanczos3")
        return Kernel{ 3, [](double x) { return x < 3 ? sinc(x) * sinc(x / 3) : 0; } };
    if (method == "lanczos5")
        return Kernel{ 5, [](double x) { return x < 5 ? sinc(x) * sinc(x / 5) : 0; } };
    if (method == "gaussian")
        return Kernel{ 1.5, [](double x) { return x < 1.5 ? std::exp(-2 * x * x) : 0; } };
    return std::nullopt;
}

/// How much of each input element goes into each output element: [target, length].
std::vector<double> weightMatrix(
    std::int64_t length, std::int64_t target, const std::string& method, bool antialias)
{
    std::vector<double> matrix(static_cast<std::size_t>(length * target), 0);
    const double scale = static_cast<double>(length) / static_cast<double>(target);
    const auto kernel = kernelOf(method);
    for (std::int64_t i = 0; i < target; ++i) {
        double* row = matrix.data() + i * length;
        const double begin = static_cast<double>(i) * scale;
        if (!kernel) { // area: each output covers a stretch of the input
            for (std::int64_t j = static_cast<std::int64_t>(begin); j < length; ++j) {
                const double overlap = std::min(static_cast<double>(j + 1), begin + scale)
                    - std::max(static_cast<double>(j), begin);
                row[j] = std::max(0.0, overlap) / scale;
            }
            continue;
        }
        const double widening = antialias ? std::max(scale, 1.0) : 1;
        double centre = begin + scale / 2 - 0.5;
        // TensorFlow's bicubic kernel looks its weights up in a table of 1024 places.
        if (method == "bicubic" && !antialias)
            centre
                = std::floor(centre) + std::nearbyint((centre - std::floor(centre)) * 1024) / 1024;
        const double reach = kernel->radius * widening;
        double sum = 0;
        const auto first = std::max<std::int64_t>(0, std::llround(std::floor(centre - reach)));
        const auto last
            = std::min(length - 1, std::int64_t{ std::llround(std::ceil(centre + reach)) });
        for (std::int64_t j = first; j <= last; ++j) {
            row[j] = kernel->weight(std::abs(static_cast<double>(j) - centre) / widening);
            sum += row[j];
        }
        for (std::int64_t j = first; j <= last && sum != 0; ++j)
            row[j] /= sum;
    }
    return matrix;
}

Value constantMatrix(Builder& b, const std::vector<double>& matrix, Shape shape, DType type)
{
    return b.cast(b.constant(Tensor::of<double>(std::move(shape), matrix)), type);
}

Value nearest(Builder& b, Value images, std::int64_t axis, std::int64_t length, std::int64_t target)
{
    std::vector<std::int64_t> indices;
    const double scale = static_cast<double>(length) / static_cast<double>(target);
    for (std::int64_t i = 0; i < target; ++i)
        indices.push_back(std::min(
            length - 1, static_cast<std::int64_t>((static_cast<double>(i) + 0.5) * scale)));
    return b.gather(images, b.constant(Tensor::of<std::int64_t>({ target }, indices)), axis);
}

} // namespace

Value resized(LayerLowering& call, Value images, const Shape& target, const std::string& method,
    bool antialias)
{
    Builder& b = call.builder;
    if (method != "nearest" && method != "area" && !kernelOf(method)) {
        call.fail("the interpolation '" + method + "' is not known", ErrorKind::Unsupported);
        return {};
    }
    // Matrices of a size beyond any image are a sign of a hostile file.
    constexpr std::int64_t mostEntries = std::int64_t{ 1 } << 23;
    constexpr std::size_t mostBytes = std::size_t{ 1 } << 28;
    for (std::size_t i = 0; i < target.size() && !b.error(); ++i) {
        const auto axis = static_cast<std::int64_t>(i) + 1;
        const std::int64_t length = call.length(images, axis);
        if (length == target[i])
            continue;
        if (length <= 0 || target[i] <= 0 || target[i] > mostEntries / length) {
            call.fail("cannot resize an axis of " + std::to_string(length) + " to "
                + std::to_string(target[i]));
            return {};
        }
        if (method == "nearest") {
            images = nearest(b, images, axis, length, target[i]);
            continue;
        }
        // [before, length, behind]: the matrix works on the middle one.
        Shape shape = b.shape(images);
        Shape flat{ 1, length, 1 };
        for (std::size_t j = 0; j < shape.size(); ++j)
            if (j != i + 1)
                flat[j <= i ? 0 : 2] *= shape[j];
        call.model.constantBytes += static_cast<std::size_t>(length * target[i]) * sizeof(double);
        if (call.model.constantBytes > mostBytes) {
            call.fail("the model resizes more than memory holds", ErrorKind::Unsupported);
            return {};
        }
        const Value matrix = constantMatrix(b, weightMatrix(length, target[i], method, antialias),
            { target[i], length }, b.dtype(images));
        shape[i + 1] = target[i];
        images = b.reshape(b.matmul(matrix, b.reshape(images, flat)), shape);
    }
    return images;
}

} // namespace layerscope::layers
