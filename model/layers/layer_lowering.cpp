#include "model/layers/layer_lowering.h"

#include "model/layers/activation_functions.h"
#include "model/layers/layer_type.h"
#include "model/layers/regularizers.h"
#include "model/layers/shape_rules.h"
#include "model/network/variable_layout.h"

namespace layerscope::layers {

using ops::Value;

namespace {

DType computeTypeOf(const std::string& policy)
{
    if (policy.rfind("mixed_", 0) == 0)
        return dtypeFromName(policy.substr(6)).value_or(DType::Float32);
    const auto type = dtypeFromName(policy);
    return type && isFloating(*type) ? *type : DType::Float32;
}

} // namespace

LayerLowering::LayerLowering(
    ModelLowering& model_, const Layer& layer_, std::vector<WeightIndex> weights)
    : model(model_)
    , builder(model_.builder)
    , layer(layer_)
    , config(layer_.className, layer_.config)
    , generation(model_.network.generation)
    , computeType(computeTypeOf(layer_.dtypePolicy))
    , m_weights(std::move(weights))
{
}

bool LayerLowering::isTraining() const
{
    return isTrainingCall() && layer.trainable;
}

Value LayerLowering::input(std::size_t index)
{
    if (index < inputs.size() && inputs[index])
        return inputs[index];
    fail("expects " + std::to_string(index + 1) + " inputs, has " + std::to_string(inputs.size()));
    return {};
}

Value LayerLowering::floating(std::size_t index)
{
    const Value x = input(index);
    return x && builder.dtype(x) != computeType ? builder.cast(x, computeType) : x;
}

Value LayerLowering::mask(std::size_t index) const
{
    return index < masks.size() ? masks[index] : Value{};
}

void LayerLowering::maskOutput(std::size_t output, Value mask)
{
    if (outputMasks.size() <= output)
        outputMasks.resize(output + 1);
    outputMasks[output] = mask;
}

Value LayerLowering::variable(std::size_t index)
{
    if (index < m_weights.size() && m_weights[index] < model.variables.size()
        && model.variables[m_weights[index]])
        return model.variables[m_weights[index]];
    fail("has " + std::to_string(m_weights.size()) + " weights, needs at least "
        + std::to_string(index + 1));
    return {};
}

Value LayerLowering::weight(std::size_t index, std::string_view regularizer)
{
    const Value stored = variable(index);
    if (!stored)
        return {};
    if (!regularizer.empty() && config.has(regularizer)) {
        const WeightIndex number = m_weights[index];
        // Keras 3 penalizes only what is trained.
        const bool counts = !isKeras3() || model.network.weights[number].trainable;
        if (counts && model.penalized.emplace(number, std::string(regularizer)).second)
            if (const Value scalar = penalty(builder, config.get(regularizer), stored))
                model.penalties.push_back(scalar);
    }
    const DType type = builder.dtype(stored);
    return isFloating(type) && type != computeType ? builder.cast(stored, computeType) : stored;
}

Value LayerLowering::weightNamed(std::string_view name, std::string_view regularizer)
{
    for (std::size_t i = 0; i < m_weights.size(); ++i) {
        const std::string& full = model.network.weights[m_weights[i]].name;
        const std::string own = full.substr(full.rfind('/') + 1);
        if (own.substr(0, own.rfind(':')) == name)
            return weight(i, regularizer);
    }
    const auto layout = variableLayout(layer, generation);
    for (std::size_t i = 0; layout && i < layout->size(); ++i)
        if ((*layout)[i].name == name)
            return weight(i, regularizer);
    fail("has no weight '" + std::string(name) + "'");
    return {};
}

Value LayerLowering::state(std::size_t index)
{
    const Value stored = variable(index);
    if (stored)
        for (const StateUpdate& update : model.stateUpdates)
            if (update.weight == m_weights[index])
                return update.newValue;
    return stored;
}

void LayerLowering::update(std::size_t index, Value newValue)
{
    const Value stored = variable(index);
    if (!stored || !newValue)
        return;
    if (builder.dtype(newValue) != builder.dtype(stored))
        newValue = builder.cast(newValue, builder.dtype(stored));
    // A shared layer updates once for each call: the last one holds.
    for (StateUpdate& update : model.stateUpdates)
        if (update.weight == m_weights[index]) {
            update.newValue = newValue;
            return;
        }
    model.stateUpdates.push_back({ m_weights[index], newValue });
}

void LayerLowering::penalizeActivity(const Json& regularizer, Value output)
{
    const Value scalar = penalty(builder, regularizer, output);
    if (!scalar)
        return;
    const Shape shape = builder.shape(output);
    const double batch
        = shape.empty() ? 1 : static_cast<double>(std::max<std::int64_t>(shape[0], 1));
    model.penalties.push_back(builder.divide(scalar, batch));
}

Value LayerLowering::uniform(const Shape& shape)
{
    return builder.randomUniform(shape, model.options.seed, model.randomStreams++, computeType);
}

Value LayerLowering::normal(const Shape& shape)
{
    return builder.randomNormal(shape, model.options.seed, model.randomStreams++, computeType);
}

Value LayerLowering::activate(Value x, std::string_view key, const char* otherwise)
{
    const Json& given = config.get(key);
    if (given.is_object() && findType(innerLayer(given, layer))) {
        // A layer as an activation: activation=keras.layers.LeakyReLU().
        const auto outputs
            = lowerInner(innerLayer(given, layer), { x }, { Value{} }, BoundCall::ofTensors(1), {});
        return outputs.empty() ? Value{} : outputs[0];
    }
    std::string name = otherwise;
    if (given.is_string())
        name = given.get<std::string>();
    else if (given.is_object() && configOf(given).is_string())
        name = configOf(given).get<std::string>();
    else if (given.is_object())
        name = classNameOf(given);
    else if (given.is_null() && config.json().is_object() && config.json().contains(key))
        name = "linear"; // written as null: None, which is no activation
    const auto function = activationNamed(name, generation);
    if (!function) {
        fail("the activation '" + name + "' is not known", ErrorKind::Unsupported);
        return {};
    }
    const Value result = (*function)(builder, x);
    if (name == "softmax" || name == "softmax_v2" || name == "sigmoid")
        rememberLogits(result, x);
    return result;
}

void LayerLowering::rememberLogits(Value output, Value logits)
{
    if (output)
        model.logits[output.id] = logits;
}

std::vector<Value> LayerLowering::lowerInner(const Layer& inner, std::vector<Value> innerInputs,
    std::vector<Value> innerMasks, const BoundCall& innerCall, std::vector<WeightIndex> weights,
    std::vector<Value>* innerOutputMasks)
{
    if (inner.isModel()) {
        Layer owned = inner;
        assignInnerWeights(owned, weights, generation);
        ModelOutputs outputs = lowerNested(
            model, owned, { layer.name }, std::move(innerInputs), std::move(innerMasks), nullptr);
        if (innerOutputMasks)
            *innerOutputMasks = std::move(outputs.masks);
        return std::move(outputs.values);
    }
    LayerLowering lowering(model, inner, std::move(weights));
    lowering.inputs = std::move(innerInputs);
    lowering.masks = std::move(innerMasks);
    lowering.call = innerCall;
    std::vector<Value> outputs = lowerLayer(lowering);
    if (innerOutputMasks)
        *innerOutputMasks = std::move(lowering.outputMasks);
    return outputs;
}

std::int64_t LayerLowering::length(Value x, std::int64_t axis)
{
    const Shape shape = builder.shape(x);
    if (const auto index = axisOf(axis, shape.size()))
        return shape[*index];
    fail("its input has shape " + toString(shape) + ", which has no axis " + std::to_string(axis));
    return 0;
}

bool LayerLowering::mayGrow()
{
    constexpr std::size_t mostNodes = 3'000'000;
    if (builder.graph().nodes.size() > mostNodes)
        fail("the model unfolds into over three million operations", ErrorKind::Unsupported);
    return !builder.error();
}

void LayerLowering::fail(std::string message, ErrorKind kind)
{
    builder.fail(kind, "layer '" + layer.name + "' (" + layer.className + "): " + message);
}

std::vector<Value> lowerLayer(LayerLowering& call)
{
    const LayerType* type = findType(call.layer);
    if (!type || !type->lower) {
        call.fail(type ? "Layerscope cannot run this layer"
                       : "this layer is not known to Layerscope, so it cannot be run",
            ErrorKind::Unsupported);
        return {};
    }
    // An explicit mask argument takes the place of one that came along with the input.
    if (const BoundArgument* mask = call.call.keyword("mask");
        mask && mask->kind == BoundArgument::Kind::Tensor && mask->tensor < call.inputs.size()) {
        call.masks.resize(std::max<std::size_t>(call.masks.size(), 1));
        call.masks[0] = call.inputs[mask->tensor];
    }
    if (type->castsInputs)
        for (Value& value : call.inputs)
            if (value && isFloating(call.builder.dtype(value))
                && call.builder.dtype(value) != call.computeType)
                value = call.builder.cast(value, call.computeType);
    if (!call.mayGrow())
        return {};
    std::vector<Value> outputs = type->lower(call);
    if (type->masking == Masking::Pass
        || (type->masking == Masking::PassInKeras3 && call.isKeras3()))
        call.maskOutput(0, call.mask());
    call.outputMasks.resize(outputs.size());
    if (call.config.has("activity_regularizer"))
        for (const Value output : outputs)
            call.penalizeActivity(call.config.get("activity_regularizer"), output);
    return outputs;
}

} // namespace layerscope::layers
