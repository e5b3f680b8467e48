#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

/// Keras broadcasts what lies behind the batch axis, aligned at the last axis.
std::optional<PartialShape> mergedShape(
    const PartialShape& a, const PartialShape& b, KerasGeneration generation)
{
    if (a.empty() || b.empty() || !mayBeEqual(a[0], b[0]))
        return std::nullopt;
    const PartialShape restA(a.begin() + 1, a.end());
    const PartialShape restB(b.begin() + 1, b.end());
    auto rest = broadcast(restA, restB);
    if (!rest)
        return std::nullopt;
    if (generation == KerasGeneration::Keras3) {
        // Keras 3 calls a length open as soon as one side is; TensorFlow takes the known one.
        const std::size_t shorter = std::min(restA.size(), restB.size());
        for (std::size_t i = 1; i <= shorter; ++i)
            if (restA[restA.size() - i] == openDimension
                || restB[restB.size() - i] == openDimension)
                (*rest)[rest->size() - i] = openDimension;
    }
    PartialShape result{ a[0] == openDimension ? b[0] : a[0] };
    result.insert(result.end(), rest->begin(), rest->end());
    return result;
}

OutputShapes elementwiseShape(const ShapeRequest& request)
{
    std::optional<PartialShape> shape = request.input();
    for (std::size_t i = 1; i < request.inputs.size() && shape; ++i)
        shape = mergedShape(*shape, request.inputs[i], request.generation);
    return shape ? one(std::move(*shape)) : std::nullopt;
}

OutputShapes concatenateAlong(const ShapeRequest& request, std::int64_t axisNumber)
{
    PartialShape shape = request.input();
    const auto axis = axisOf(axisNumber, shape.size());
    if (!axis)
        return std::nullopt;
    for (std::size_t i = 1; i < request.inputs.size(); ++i) {
        const PartialShape& other = request.inputs[i];
        if (other.size() != shape.size())
            return std::nullopt;
        for (std::size_t j = 0; j < shape.size(); ++j) {
            if (j == *axis) {
                shape[j] = shape[j] == openDimension || other[j] == openDimension
                    ? openDimension
                    : shape[j] + other[j];
            } else {
                if (!mayBeEqual(shape[j], other[j]))
                    return std::nullopt;
                shape[j] = shape[j] == openDimension ? other[j] : shape[j];
            }
        }
    }
    return one(std::move(shape));
}

OutputShapes concatenateShape(const ShapeRequest& request)
{
    return concatenateAlong(request, request.config.integer("axis", -1));
}

OutputShapes dotAlong(const ShapeRequest& request, std::string_view key)
{
    if (request.inputs.size() != 2)
        return std::nullopt;
    PartialShape a = request.inputs[0];
    PartialShape b = request.inputs[1];
    const auto axes = request.config.integers(key, 2, -1);
    const auto axisA = axisOf(axes[0], a.size());
    const auto axisB = axisOf(axes[1], b.size());
    if (!axisA || !axisB || *axisA == 0 || *axisB == 0 || !mayBeEqual(a[*axisA], b[*axisB]))
        return std::nullopt;
    a.erase(a.begin() + static_cast<std::ptrdiff_t>(*axisA));
    b.erase(b.begin() + static_cast<std::ptrdiff_t>(*axisB));
    a.insert(a.end(), b.begin() + 1, b.end());
    if (a.size() == 1)
        a.push_back(1);
    return one(std::move(a));
}

OutputShapes dotShape(const ShapeRequest& request)
{
    return dotAlong(request, "axes");
}

/// Keras 1's one merging layer.
OutputShapes mergeShape(const ShapeRequest& request)
{
    const std::string mode = request.config.text("mode", "sum");
    if (mode == "concat")
        return concatenateAlong(request, request.config.integer("concat_axis", -1));
    if (mode == "dot" || mode == "cos")
        return dotAlong(request, "dot_axes");
    return elementwiseShape(request);
}

constexpr LayerType types[] = {
    { .classNames = "Add", .shape = elementwiseShape, .masking = Masking::Own },
    { .classNames = "Subtract", .shape = elementwiseShape, .masking = Masking::Own },
    { .classNames = "Multiply", .shape = elementwiseShape, .masking = Masking::Own },
    { .classNames = "Average", .shape = elementwiseShape, .masking = Masking::Own },
    { .classNames = "Maximum", .shape = elementwiseShape, .masking = Masking::Own },
    { .classNames = "Minimum", .shape = elementwiseShape, .masking = Masking::Own },
    { .classNames = "Concatenate", .shape = concatenateShape, .masking = Masking::Own },
    { .classNames = "Dot", .shape = dotShape },
    { .classNames = "Merge", .shape = mergeShape },
};

} // namespace

extern constinit const LayerFamily merging_layers{ types };

} // namespace layerscope::layers
