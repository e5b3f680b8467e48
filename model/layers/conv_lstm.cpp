#include "model/layers/explanations.h"
#include "model/layers/image_layout.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"
#include "model/layers/time_loop.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

/// Sequences of images [batch, time, spatial…, channels].
OutputShapes convLstmShape(const ShapeRequest& request)
{
    const LayerConfig& config = request.config;
    const std::size_t spatial = spatialRank(request.layer.className);
    const bool channelsFirst = isChannelsFirst(config);
    const auto filters = config.integer("filters", 0);
    PartialShape shape = request.input();
    if (shape.size() != spatial + 3 || filters <= 0)
        return std::nullopt;
    const std::int64_t time = shape[1];
    shape.erase(shape.begin() + 1);
    const auto axes = imageAxes(shape, spatial, channelsFirst);
    const auto size = config.integers("kernel_size", spatial, 0);
    const auto strides = config.integers("strides", spatial, 1);
    const auto dilations = config.integers("dilation_rate", spatial, 1);
    for (std::size_t i = 0; i < spatial; ++i) {
        const auto length = windowLength(shape[axes->firstSpatial + i], size[i], strides[i],
            dilations[i], config.text("padding", "valid"));
        if (!length)
            return std::nullopt;
        shape[axes->firstSpatial + i] = *length;
    }
    shape[axes->channels] = filters;
    std::vector<PartialShape> result{ shape };
    if (config.flag("return_sequences", false))
        result[0].insert(result[0].begin() + 1, time);
    if (config.flag("return_state", false))
        result.insert(result.end(), 2, shape);
    return result;
}

ops::Window windowFor(const Shape& kernel, const Shape& lengths, std::vector<std::int64_t> strides,
    std::vector<std::int64_t> dilations, bool same)
{
    ops::Window window;
    window.size.assign(
        kernel.begin(), kernel.begin() + static_cast<std::ptrdiff_t>(lengths.size()));
    window.strides = std::move(strides);
    window.dilations = std::move(dilations);
    if (same)
        ops::setSamePadding(window, lengths);
    else
        ops::setValidPadding(window);
    return window;
}

/// [batch, time, …] with the first two axes as one, and back.
Value withoutTime(Builder& b, Value x)
{
    const Shape shape = b.shape(x);
    Shape flat(shape.begin() + 1, shape.end());
    flat[0] *= shape[0];
    return b.reshape(x, flat);
}

Value withTime(Builder& b, Value x, std::int64_t batch, std::int64_t time)
{
    Shape shape = b.shape(x);
    shape[0] = time;
    shape.insert(shape.begin(), batch);
    return b.reshape(x, shape);
}

/// Input and recurrent convolutions of the cell, channels last.
struct ConvCell
{
    Value recurrent;
    ops::Window window; ///< of the recurrent convolution
    Shape stateShape;
};

/// The input's convolution for all steps at once, [batch, time, …]; absent, with an error, where
/// shapes do not fit.
Value prepareSteps(LayerLowering& call, ConvCell& cell)
{
    Builder& b = call.builder;
    const std::size_t spatial = spatialRank(call.layer.className);
    const Value x = call.floating();
    const Value kernel = call.weight(0, "kernel_regularizer");
    cell.recurrent = call.weight(1, "recurrent_regularizer");
    const auto strides = call.config.integers("strides", spatial, 1);
    const auto dilations = call.config.integers("dilation_rate", spatial, 1);
    const auto isPositive = [](std::int64_t number) { return number > 0; };
    if (b.shape(x).size() != spatial + 3 || b.shape(kernel).size() != spatial + 2
        || b.shape(cell.recurrent).size() != spatial + 2
        || !std::all_of(strides.begin(), strides.end(), isPositive)
        || !std::all_of(dilations.begin(), dilations.end(), isPositive)) {
        call.fail("takes sequences of images, its input has shape " + toString(b.shape(x)));
        return {};
    }
    const Value frames = toChannelsLast(b, withoutTime(b, x), isChannelsFirst(call.config));
    Value prepared = b.convolution(frames, kernel,
        windowFor(b.shape(kernel), spatialLengths(b, frames), strides, dilations,
            call.config.text("padding", "valid") == "same"));
    if (call.config.flag("use_bias", true))
        prepared = b.add(prepared, call.weight(2, "bias_regularizer"));
    if (b.error())
        return {};
    cell.stateShape = b.shape(prepared);
    cell.stateShape[0] = b.shape(x)[0];
    cell.stateShape.back() /= 4;
    const std::vector<std::int64_t> ones(spatial, 1);
    cell.window = windowFor(b.shape(cell.recurrent), spatialLengths(b, prepared), ones, ones, true);
    return withTime(b, prepared, b.shape(x)[0], b.shape(x)[1]);
}

std::vector<Value> stepOf(
    LayerLowering& call, const ConvCell& cell, Value input, const std::vector<Value>& states)
{
    Builder& b = call.builder;
    const Value all = b.add(input, b.convolution(states[0], cell.recurrent, cell.window));
    const auto gates = b.split(all, -1, std::vector<std::int64_t>(4, cell.stateShape.back()));
    if (gates.size() != 4)
        return {};
    const Value in = call.activate(gates[0], "recurrent_activation", "hard_sigmoid");
    const Value forget = call.activate(gates[1], "recurrent_activation", "hard_sigmoid");
    const Value candidate = call.activate(gates[2], "activation", "tanh");
    const Value out = call.activate(gates[3], "recurrent_activation", "hard_sigmoid");
    const Value carry = b.add(b.multiply(forget, states[1]), b.multiply(in, candidate));
    return { b.multiply(out, call.activate(carry, "activation", "tanh")), carry };
}

/// An LSTM whose products are convolutions: of the input with the layer's own strides and padding,
/// of the state with "same" padding.
std::vector<Value> lowerConvLstm(LayerLowering& call)
{
    Builder& b = call.builder;
    const bool channelsFirst = isChannelsFirst(call.config);
    ConvCell cell;
    TimeLoop loop;
    loop.sequence = prepareSteps(call, cell);
    if (b.error())
        return {};
    loop.mask = call.mask();
    for (std::size_t i = 0; i < 2; ++i)
        loop.states.push_back(call.inputs.size() == 3
                ? toChannelsLast(b, call.floating(i + 1), channelsFirst)
                : b.filled(0, cell.stateShape, call.computeType));
    loop.backwards = call.config.flag("go_backwards", false);
    loop.returnsSequence = call.config.flag("return_sequences", false);
    loop.zeroOutputForMask
        = call.isKeras3() && call.config.flag("zero_output_for_mask", false); // Keras 2 ignores it
    std::vector<Value> result
        = runTimeLoop(call, loop, [&](Value input, const std::vector<Value>& states) {
              return stepOf(call, cell, input, states);
          });
    if (result.empty() || b.error())
        return {};
    const Shape sequence = b.shape(loop.sequence);
    for (std::size_t i = loop.returnsSequence ? 1 : 0; i < result.size(); ++i)
        result[i] = fromChannelsLast(b, result[i], channelsFirst);
    if (loop.returnsSequence) {
        call.maskOutput(0, call.mask());
        result[0] = withTime(b, fromChannelsLast(b, withoutTime(b, result[0]), channelsFirst),
            sequence[0], sequence[1]);
    }
    if (!call.config.flag("return_state", false))
        result.resize(1);
    return result;
}

Clauses convLstmWords(const ExplanationRequest& about)
{
    const std::size_t spatial = spatialRank(about.layer.className);
    return withParameters(about,
        { WORDS("layers",
              "Reads a sequence of images step by step, an LSTM whose products are convolutions "
              "with %1 filters of %2"),
            about.config.integer("filters", 0),
            times(about.config.integers("kernel_size", spatial, 0)) });
}

constexpr LayerType convLstmTypes[] = {
    { .classNames = "ConvLSTM1D ConvLSTM2D ConvLSTM3D",
        .shape = convLstmShape,
        .lower = lowerConvLstm,
        .words = convLstmWords,
        .masking = Masking::Own },
};

} // namespace

extern constinit const LayerFamily conv_lstm_layers{ convLstmTypes };

} // namespace layerscope::layers
