#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using ops::Binary;
using ops::Builder;
using ops::Value;

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

/// The tensors that are merged, each with as many axes as the one that has most: Keras puts ones
/// behind the batch axis.
std::vector<Value> mergedInputs(LayerLowering& call)
{
    Builder& b = call.builder;
    std::vector<Value> values;
    std::size_t rank = 0;
    for (const std::size_t number : call.call.positionalTensors()) {
        values.push_back(call.floating(number));
        rank = std::max(rank, b.shape(values.back()).size());
    }
    for (Value& value : values)
        while (value && b.shape(value).size() < rank && !b.shape(value).empty())
            value = b.expandDims(value, 1);
    if (values.empty())
        call.fail("has no inputs to merge");
    return values;
}

/// Keras 3 takes a step as masked where all inputs mask it, and drops masks unless all inputs have
/// one; Keras 2 takes it as masked where any masks it.
void mergeMasks(LayerLowering& call)
{
    Value mask;
    bool all = true;
    for (const std::size_t number : call.call.positionalTensors()) {
        const Value next = call.mask(number);
        all = all && next;
        if (next)
            mask = mask ? call.builder.binary(
                       call.isKeras3() ? Binary::LogicalOr : Binary::LogicalAnd, mask, next)
                        : next;
    }
    if (mask && (all || !call.isKeras3()))
        call.maskOutput(0, mask);
}

/// A mask with the axes of what it masks.
Value spreadMask(Builder& b, Value mask, Value like)
{
    while (mask && b.rank(mask) < b.rank(like))
        mask = b.expandDims(mask, b.rank(mask));
    return mask;
}

/// Keras 3 multiplies masked elements as ones; where all inputs mask an element, it is zero.
std::vector<Value> multiplyMasked(LayerLowering& call, std::vector<Value> values)
{
    Builder& b = call.builder;
    const auto numbers = call.call.positionalTensors();
    Value everywhere;
    bool all = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Value mask = spreadMask(b, call.mask(numbers[i]), values[i]);
        all = all && mask;
        if (!mask)
            continue;
        values[i] = b.select(mask, values[i], b.scalar(1, b.dtype(values[i])));
        everywhere = everywhere ? b.binary(Binary::LogicalOr, everywhere, mask) : mask;
    }
    Value result = values[0];
    for (std::size_t i = 1; i < values.size(); ++i)
        result = b.multiply(result, values[i]);
    if (all && everywhere)
        result = b.select(everywhere, result, b.scalar(0, b.dtype(result)));
    return { result };
}

/// Keras 3 takes a masked element from the other input.
std::vector<Value> chooseMasked(
    LayerLowering& call, const std::vector<Value>& values, Binary function)
{
    Builder& b = call.builder;
    const auto numbers = call.call.positionalTensors();
    Value result = values[0];
    Value resultMask = spreadMask(b, call.mask(numbers[0]), result);
    for (std::size_t i = 1; i < values.size(); ++i) {
        Value value = values[i];
        const Value mask = spreadMask(b, call.mask(numbers[i]), value);
        if (mask)
            value = b.select(mask, value, result);
        if (resultMask)
            result = b.select(resultMask, result, value);
        resultMask = mask && resultMask ? b.binary(Binary::LogicalOr, resultMask, mask) : Value{};
        result = b.binary(function, result, value);
    }
    return { result };
}

template<Binary function> std::vector<Value> lowerElementwise(LayerLowering& call)
{
    if (call.isKeras3() && function != Binary::Add && function != Binary::Subtract) {
        const std::vector<Value> masked = mergedInputs(call);
        mergeMasks(call);
        if (masked.empty())
            return {};
        return function == Binary::Multiply ? multiplyMasked(call, masked)
                                            : chooseMasked(call, masked, function);
    }
    const std::vector<Value> values = mergedInputs(call);
    Value result = values.empty() ? Value{} : values[0];
    for (std::size_t i = 1; i < values.size(); ++i)
        result = call.builder.binary(function, result, values[i]);
    mergeMasks(call);
    return { result };
}

std::vector<Value> lowerAverage(LayerLowering& call)
{
    const auto sum = lowerElementwise<Binary::Add>(call);
    const auto count = call.call.positionalTensors().size();
    return { call.builder.divide(sum[0], static_cast<double>(std::max<std::size_t>(count, 1))) };
}

std::vector<Value> concatenate(LayerLowering& call, std::int64_t axis)
{
    std::vector<Value> values;
    for (const std::size_t number : call.call.positionalTensors())
        values.push_back(call.input(number));
    if (values.empty()) {
        call.fail("has no inputs to join");
        return {};
    }
    // Inputs of several types (a lookup's integers beside floats) meet in the compute type.
    for (Value& value : values)
        if (call.builder.dtype(value) != call.builder.dtype(values[0]))
            for (Value& each : values)
                each = call.builder.cast(each, call.computeType);
    return { call.builder.concat(values, axis) };
}

/// Joined masks: along time they follow one another; along any other axis a step counts where all
/// inputs have it.
void concatenateMasks(LayerLowering& call, Value joined, std::int64_t axisNumber)
{
    Builder& b = call.builder;
    const auto numbers = call.call.positionalTensors();
    const bool any = std::any_of(numbers.begin(), numbers.end(),
        [&](std::size_t number) { return bool(call.mask(number)); });
    const auto axis = axisOf(axisNumber, b.shape(joined).size());
    if (!any || !axis || b.shape(joined).size() < 2)
        return;
    std::vector<Value> parts;
    for (const std::size_t number : numbers) {
        Value mask = call.mask(number);
        const Shape shape = b.shape(call.input(number));
        if (!mask)
            mask = b.cast(b.filled(1, shape), DType::Bool);
        else
            while (mask && b.shape(mask).size() < shape.size())
                mask = b.expandDims(mask, b.rank(mask));
        parts.push_back(b.broadcastTo(mask, shape));
    }
    // Keras joins the masks as the inputs and asks, along the last axis, for all (Keras 3: for
    // any).
    call.maskOutput(0,
        b.reduce(call.isKeras3() ? ops::Reduction::Any : ops::Reduction::All,
            b.concat(parts, static_cast<std::int64_t>(*axis)), { -1 }));
}

std::vector<Value> lowerConcatenate(LayerLowering& call)
{
    const std::int64_t axis = call.config.integer("axis", -1);
    auto result = concatenate(call, axis);
    if (!result.empty())
        concatenateMasks(call, result[0], axis);
    return result;
}

/// Sums over one axis of each: a batch of products of all other axes.
Value batchDot(LayerLowering& call, Value x, Value y, const std::vector<std::int64_t>& axes)
{
    Builder& b = call.builder;
    const Shape shapeX = b.shape(x);
    const Shape shapeY = b.shape(y);
    const auto axisX = axisOf(axes[0], shapeX.size());
    const auto axisY = axisOf(axes[1], shapeY.size());
    if (!axisX || !axisY || *axisX == 0 || *axisY == 0) {
        call.fail("its axes do not fit inputs of " + toString(shapeX) + " and " + toString(shapeY));
        return {};
    }
    // Letters: a the batch, z the axis that goes; the others in order.
    std::string left = "a";
    std::string right = "a";
    std::string out = "a";
    char letter = 'b';
    for (std::size_t i = 1; i < shapeX.size(); ++i)
        left += i == *axisX ? 'z' : letter++;
    for (std::size_t i = 1; i < shapeY.size(); ++i)
        right += i == *axisY ? 'z' : letter++;
    for (const char each : left.substr(1) + right.substr(1))
        if (each != 'z')
            out += each;
    const Value result = b.einsum(left + "," + right + "->" + out, x, y);
    return out.size() == 1 ? b.expandDims(result, 1) : result;
}

std::vector<Value> dotWith(LayerLowering& call, std::string_view key, bool normalize)
{
    Builder& b = call.builder;
    const auto numbers = call.call.positionalTensors();
    if (numbers.size() != 2) {
        call.fail("takes two inputs");
        return {};
    }
    Value x = call.floating(numbers[0]);
    Value y = call.floating(numbers[1]);
    const auto axes = call.config.integers(key, 2, -1);
    const auto unit = [&](Value value, std::int64_t axis) {
        const Value squares = b.sum(b.square(value), { axis }, ops::KeepAxes::Yes);
        return b.multiply(
            value, b.unary(ops::Unary::Rsqrt, b.maximum(squares, b.scalar(1e-12, b.dtype(value)))));
    };
    if (normalize && axisOf(axes[0], b.shape(x).size()) && axisOf(axes[1], b.shape(y).size())) {
        x = unit(x, axes[0]);
        y = unit(y, axes[1]);
    }
    return { batchDot(call, x, y, axes) };
}

std::vector<Value> lowerDot(LayerLowering& call)
{
    return dotWith(call, "axes", call.config.flag("normalize", false));
}

std::vector<Value> lowerMerge(LayerLowering& call)
{
    const std::string mode = call.config.text("mode", "sum");
    if (mode == "concat")
        return concatenate(call, call.config.integer("concat_axis", -1));
    if (mode == "dot" || mode == "cos")
        return dotWith(call, "dot_axes", mode == "cos");
    if (mode == "mul")
        return lowerElementwise<Binary::Multiply>(call);
    if (mode == "max")
        return lowerElementwise<Binary::Maximum>(call);
    if (mode == "ave")
        return lowerAverage(call);
    if (mode == "sum")
        return lowerElementwise<Binary::Add>(call);
    call.fail("its mode is code or is not known", ErrorKind::Unsupported);
    return {};
}

Clauses mergeWords(const ExplanationRequest& about)
{
    const LayerConfig& config = about.config;
    const std::string& name = about.layer.className;
    if (name == "Subtract")
        return withoutParameters(
            WORDS("layers", "Subtracts its second input from its first, element by element"));
    if (name == "Multiply")
        return withoutParameters(WORDS("layers", "Multiplies its inputs, element by element"));
    if (name == "Average")
        return withoutParameters(
            WORDS("layers", "Takes the mean of its inputs, element by element"));
    if (name == "Maximum")
        return withoutParameters(
            WORDS("layers", "Takes the largest of its inputs, element by element"));
    if (name == "Minimum")
        return withoutParameters(
            WORDS("layers", "Takes the smallest of its inputs, element by element"));
    if (name == "Concatenate")
        return withoutParameters(
            { WORDS("layers", "Joins its inputs along axis %1"), config.integer("axis", -1) });
    if (name == "Dot")
        return withoutParameters({ config.flag("normalize", false)
                ? WORDS("layers", "Takes the cosine of its two inputs along axes %1")
                : WORDS("layers", "Takes the dot product of its two inputs along axes %1"),
            times(config.integers("axes", 2, -1)) });
    return withoutParameters(WORDS("layers", "Adds its inputs, element by element"));
}

constexpr LayerType mergingTypes[] = {
    { .classNames = "Add",
        .shape = elementwiseShape,
        .lower = lowerElementwise<Binary::Add>,
        .words = mergeWords,
        .masking = Masking::Own },
    { .classNames = "Subtract",
        .shape = elementwiseShape,
        .lower = lowerElementwise<Binary::Subtract>,
        .words = mergeWords,
        .masking = Masking::Own },
    { .classNames = "Multiply",
        .shape = elementwiseShape,
        .lower = lowerElementwise<Binary::Multiply>,
        .words = mergeWords,
        .masking = Masking::Own },
    { .classNames = "Average",
        .shape = elementwiseShape,
        .lower = lowerAverage,
        .words = mergeWords,
        .masking = Masking::Own },
    { .classNames = "Maximum",
        .shape = elementwiseShape,
        .lower = lowerElementwise<Binary::Maximum>,
        .words = mergeWords,
        .masking = Masking::Own },
    { .classNames = "Minimum",
        .shape = elementwiseShape,
        .lower = lowerElementwise<Binary::Minimum>,
        .words = mergeWords,
        .masking = Masking::Own },
    { .classNames = "Concatenate",
        .shape = concatenateShape,
        .lower = lowerConcatenate,
        .words = mergeWords,
        .masking = Masking::Own },
    { .classNames = "Dot", .shape = dotShape, .lower = lowerDot, .words = mergeWords },
    { .classNames = "Merge", .shape = mergeShape, .lower = lowerMerge, .words = mergeWords },
};

} // namespace

extern constinit const LayerFamily merging_layers{ mergingTypes };

} // namespace layerscope::layers
