// Operations of keras.ops and of TensorFlow that move, cut and join tensors, and products.
#include "model/layers/operation_call.h"
#include "model/layers/resizing.h"
#include "model/layers/shape_rules.h"

#include <algorithm>
#include <numeric>

namespace layerscope::layers {

using ops::Value;

namespace {

using Call = OperationCall;
using Values = std::vector<Value>;

Value firstTensor(Call& call)
{
    return call.tensor(0, { "x", "a", "input", "inputs", "tensor", "images", "value" });
}

Values reshape(Call& call)
{
    const Value x = firstTensor(call);
    Shape shape = call.integers(1, { "newshape", "new_shape", "shape" });
    // A null is the open batch.
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] == -1 && i == 0 && std::count(shape.begin(), shape.end(), -1) > 1)
            shape[i] = call.call.length(x, 0);
    return { call.b.reshape(x, std::move(shape)) };
}

Values transpose(Call& call)
{
    const Value x = firstTensor(call);
    std::vector<std::int64_t> order = call.integers(1, { "axes", "perm" });
    if (order.empty()) {
        order.resize(call.b.shape(x).size());
        std::iota(order.rbegin(), order.rend(), 0);
    }
    return { call.b.transpose(x, std::move(order)) };
}

Values expandDims(Call& call)
{
    Value x = firstTensor(call);
    for (const std::int64_t axis : call.integers(1, { "axis" }))
        x = call.b.expandDims(x, axis);
    return { x };
}

Values squeeze(Call& call)
{
    const Value x = firstTensor(call);
    const auto given = call.integers(1, { "axis" });
    Shape kept;
    const Shape shape = call.b.shape(x);
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool named = std::any_of(given.begin(), given.end(),
            [&](std::int64_t axis) { return axisOf(axis, shape.size()) == i; });
        if (!(given.empty() ? shape[i] == 1 : named))
            kept.push_back(shape[i]);
    }
    return { call.b.reshape(x, kept) };
}

Values swapAxes(Call& call)
{
    const Value x = firstTensor(call);
    const std::size_t rank = call.b.shape(x).size();
    const auto a = axisOf(call.integer(1, { "axis1" }).value_or(0), rank);
    const auto b = axisOf(call.integer(2, { "axis2" }).value_or(1), rank);
    std::vector<std::int64_t> order(rank);
    std::iota(order.begin(), order.end(), 0);
    if (a && b)
        std::swap(order[*a], order[*b]);
    return { call.b.transpose(x, order) };
}

Values moveAxis(Call& call)
{
    const Value x = firstTensor(call);
    const std::size_t rank = call.b.shape(x).size();
    const auto from = axisOf(call.integer(1, { "source" }).value_or(0), rank);
    const auto to = axisOf(call.integer(2, { "destination" }).value_or(0), rank);
    std::vector<std::int64_t> order(rank);
    std::iota(order.begin(), order.end(), 0);
    if (from && to) {
        order.erase(order.begin() + static_cast<std::ptrdiff_t>(*from));
        order.insert(
            order.begin() + static_cast<std::ptrdiff_t>(*to), static_cast<std::int64_t>(*from));
    }
    return { call.b.transpose(x, order) };
}

Values concatenate(Call& call)
{
    const Values values = call.tensors("values");
    const bool isKeras = call.call.layer.kind == LayerKind::Operation;
    const auto axis = call.integer(isKeras ? Call::nowhere : 1, { "axis" });
    return { call.b.concat(values, axis.value_or(isKeras ? -1 : 0)) };
}

/// The lengths of all axes, as numbers: shapes are static here.
Values shapeOfInput(Call& call)
{
    Json lengths = Json::array();
    for (const std::int64_t length : call.b.shape(firstTensor(call)))
        lengths.push_back(length);
    return { call.knownConstant(lengths) };
}

Values stack(Call& call)
{
    const Json numbers = call.literal(0, { "values" });
    const bool areKnown = numbers.is_array() && !numbers.empty()
        && std::all_of(numbers.begin(), numbers.end(),
            [](const Json& number) { return integerOf(number).has_value(); });
    if (areKnown)
        return { call.knownConstant(numbers) };
    const Values values = call.tensors("values");
    return { call.b.stack(values, call.integer(Call::nowhere, { "axis" }).value_or(0)) };
}

Values split(Call& call)
{
    const Value x = firstTensor(call);
    const bool isKeras = call.call.layer.kind == LayerKind::Operation;
    const std::int64_t axis = call.integer(2, { "axis" }).value_or(0);
    const std::int64_t length = call.call.length(x, axis);
    const Json given = call.literal(1, { "indices_or_sections", "num_or_size_splits" });
    std::vector<std::int64_t> lengths;
    if (const auto count = integerOf(given)) {
        if (*count > 0 && *count <= length && length % *count == 0)
            lengths.assign(static_cast<std::size_t>(*count), length / *count);
    } else {
        lengths = call.integers(1, { "indices_or_sections", "num_or_size_splits" });
        if (isKeras) { // the places where Keras cuts, rather than lengths
            lengths.push_back(length);
            std::adjacent_difference(lengths.begin(), lengths.end(), lengths.begin());
        }
    }
    if (lengths.empty()) {
        call.call.fail("cannot be split so");
        return {};
    }
    return call.b.split(x, axis, std::move(lengths));
}

Values broadcastTo(Call& call)
{
    return { call.b.broadcastTo(firstTensor(call), call.integers(1, { "shape" })) };
}

Values repeat(Call& call)
{
    return { call.b.repeat(firstTensor(call), call.integer(1, { "repeats" }).value_or(1),
        call.integer(2, { "axis" }).value_or(0)) };
}

Values tile(Call& call)
{
    return { call.b.tile(firstTensor(call), call.integers(1, { "repeats", "multiples" })) };
}

Values flip(Call& call)
{
    const Value x = firstTensor(call);
    auto axes = call.integers(1, { "axis" });
    if (axes.empty()) {
        axes.resize(call.b.shape(x).size());
        std::iota(axes.begin(), axes.end(), 0);
    }
    return { call.b.reverse(x, axes) };
}

Values pad(Call& call)
{
    const Value x = firstTensor(call);
    const Json widths = call.literal(1, { "pad_width", "paddings" });
    std::string mode = call.text(2, { "mode" }, "constant");
    std::transform(mode.begin(), mode.end(), mode.begin(),
        [](unsigned char letter) { return std::tolower(letter); });
    if (mode != "constant") {
        call.unsupported("the padding mode '" + mode + "' cannot be computed here");
        return {};
    }
    std::vector<std::int64_t> before;
    std::vector<std::int64_t> after;
    for (std::size_t i = 0; i < call.b.shape(x).size(); ++i) {
        const Json entry = widths.is_array() && widths.size() == 1 ? widths[0]
            : widths.is_array() && i < widths.size()               ? widths[i]
                                                                   : widths;
        const bool isPair = entry.is_array() && entry.size() == 2;
        before.push_back(integerOf(isPair ? entry[0] : entry).value_or(0));
        after.push_back(integerOf(isPair ? entry[1] : entry).value_or(0));
    }
    return { call.b.pad(x, before, after, call.number(3, { "constant_values" }, 0)) };
}

Values matmul(Call& call)
{
    const auto [x, y] = call.operands();
    const auto transposed = [&](const char* name) {
        return call.flag(Call::nowhere, { name }) ? ops::Transposed::Yes : ops::Transposed::No;
    };
    return { call.b.matmul(x, y, transposed("transpose_a"), transposed("transpose_b")) };
}

Values einsum(Call& call)
{
    const std::string equation = call.text(0, { "subscripts", "equation" }, "");
    Values values;
    for (const std::size_t number : call.call.call.positionalTensors())
        values.push_back(call.call.input(number));
    if (values.size() != 2 || equation.empty()) {
        call.unsupported("only products of two tensors can be computed here");
        return {};
    }
    return { call.b.einsum(equation, values[0], values[1]) };
}

Values take(Call& call)
{
    Value indices = call.tensor(1, { "indices" });
    if (indices && !isInteger(call.b.dtype(indices)))
        indices = call.b.cast(indices, DType::Int64);
    return { call.b.gather(call.tensor(0, { "x", "params" }), indices,
        call.integer(Call::nowhere, { "axis" }).value_or(0)) };
}

Values oneHot(Call& call)
{
    Value indices = call.tensor(0, { "x", "indices" });
    if (!isInteger(call.b.dtype(indices)))
        indices = call.b.cast(indices, DType::Int64);
    const auto depth = call.integer(1, { "num_classes", "depth" }).value_or(0);
    if (depth <= 0 || depth > (1 << 24)) {
        call.call.fail("makes no sense with " + std::to_string(depth) + " classes");
        return {};
    }
    return { call.b.oneHot(indices, depth, call.call.computeType) };
}

Values resizeImages(Call& call)
{
    const Value images = call.floating(firstTensor(call));
    const Shape size = call.integers(1, { "size" });
    const std::string method = call.text(2, { "interpolation", "method" }, "bilinear");
    if (size.size() != 2 || call.b.rank(images) != 4) {
        call.unsupported("resizes to a size that is not given as two numbers");
        return {};
    }
    return { resized(call.call, images, size, method, call.flag(Call::nowhere, { "antialias" })) };
}

constexpr Operation shapingTable[] = {
    { "Reshape reshape", reshape },
    { "Transpose transpose", transpose },
    { "ExpandDims expand_dims", expandDims },
    { "Squeeze squeeze", squeeze },
    { "Swapaxes", swapAxes },
    { "Moveaxis", moveAxis },
    { "Concatenate concat", concatenate },
    { "Stack stack", stack },
    { "Shape shape", shapeOfInput },
    { "Split split", split },
    { "BroadcastTo broadcast_to", broadcastTo },
    { "Repeat repeat", repeat },
    { "Tile tile", tile },
    { "Flip reverse", flip },
    { "Pad pad", pad },
    { "Matmul linalg.matmul matmul __operators__.matmul", matmul },
    { "Einsum einsum linalg.einsum", einsum },
    { "Take gather", take },
    { "OneHot one_hot", oneHot },
    { "Resize image.resize", resizeImages },
};

} // namespace

std::span<const Operation> shapingOperations()
{
    return shapingTable;
}

} // namespace layerscope::layers
