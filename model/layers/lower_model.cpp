#include "model/layers/lower_model.h"

#include "model/layers/layer_lowering.h"
#include "model/layers/layer_type.h"
#include "model/layers/model_inputs.h"

#include <algorithm>
#include <set>

namespace layerscope::layers {

using ops::Value;

namespace {

/// Static shapes of the inputs: given, or declared with `batch` for an open batch axis.
Result<std::vector<Shape>> staticShapes(
    const std::vector<DeclaredInput>& declared, std::int64_t batch, const std::vector<Shape>& given)
{
    if (!given.empty() && given.size() != declared.size())
        return Error(ErrorKind::ShapeMismatch,
            "the model has " + std::to_string(declared.size()) + " inputs, "
                + std::to_string(given.size()) + " are given");
    std::vector<Shape> shapes;
    for (std::size_t i = 0; i < declared.size(); ++i) {
        if (!given.empty()) {
            shapes.push_back(given[i]);
        } else if (!declared[i].shape) {
            return Error(ErrorKind::ShapeMismatch,
                "input '" + declared[i].name + "': the file does not tell its shape");
        } else {
            shapes.push_back(*declared[i].shape);
            if (!shapes.back().empty() && shapes.back()[0] == openDimension)
                shapes.back()[0] = batch;
        }
        if (!elementCount(shapes.back()))
            return Error(ErrorKind::ShapeMismatch,
                "input '" + declared[i].name + "': shape " + toString(shapes.back())
                    + " leaves lengths open or is impossible");
    }
    return shapes;
}

/// Lengths that the model fixes must be met; the batch may differ.
Result<void> checkInput(const DeclaredInput& input, const Shape& shape)
{
    if (!input.shape)
        return {};
    bool fits = shape.size() == input.shape->size();
    for (std::size_t i = 1; fits && i < shape.size(); ++i)
        fits = (*input.shape)[i] == openDimension || (*input.shape)[i] == shape[i];
    if (fits)
        return {};
    return Error(ErrorKind::ShapeMismatch,
        "input '" + input.name + "' takes " + toString(*input.shape) + ", it is given "
            + toString(shape));
}

/// Keras makes the names of outputs unique by a number: out, out_1 …
std::vector<std::string> uniqueNames(const std::vector<std::string>& names)
{
    std::vector<std::string> result;
    std::set<std::string> taken;
    std::map<std::string, int> counts;
    for (const std::string& name : names) {
        std::string proposal = name;
        while (taken.contains(proposal))
            proposal = name + "_" + std::to_string(++counts[name]);
        taken.insert(proposal);
        result.push_back(std::move(proposal));
    }
    return result;
}

std::vector<std::string> outputNamesOf(const Layer& model)
{
    std::vector<std::string> names;
    if (model.kind == LayerKind::Sequential) {
        if (!model.layers.empty())
            names.push_back(model.layers.back().name);
        return names;
    }
    for (std::size_t i = 0; i < model.outputs.size(); ++i) {
        if (i < model.outputNames.size() && !model.outputNames[i].empty())
            names.push_back(model.outputNames[i]);
        else if (model.outputs[i].layer < model.layers.size())
            names.push_back(model.layers[model.outputs[i].layer].name);
        else
            names.emplace_back();
    }
    return uniqueNames(names);
}

std::vector<Value> declareVariables(ops::Builder& builder, const Network& network)
{
    std::vector<Value> variables;
    for (const Weight& weight : network.weights) {
        // Vocabularies are strings: no op reads them.
        if (weight.value.dtype() == DType::String || !elementCount(weight.value.shape()))
            variables.emplace_back();
        else
            variables.push_back(
                builder.variable(weight.path, { weight.value.dtype(), weight.value.shape() }));
    }
    return variables;
}

Value sumOf(ops::Builder& builder, const std::vector<Value>& penalties)
{
    Value sum;
    for (const Value value : penalties) {
        // Half precision would lose the sum of many small penalties.
        const Value wide
            = builder.dtype(value) == DType::Float64 ? value : builder.cast(value, DType::Float32);
        if (sum && builder.dtype(sum) != builder.dtype(wide))
            sum = builder.add(
                builder.cast(sum, DType::Float64), builder.cast(wide, DType::Float64));
        else
            sum = sum ? builder.add(sum, wide) : wide;
    }
    return sum;
}

} // namespace

Result<LoweredModel> lowerModel(ops::Builder& builder, const Network& network, std::int64_t batch,
    const std::vector<Shape>& inputShapes, const LoweringOptions& options)
{
    const Layer& model = network.model;
    LoweredModel result;
    const std::vector<DeclaredInput> declared = declaredInputs(model);
    TRY(const std::vector<Shape> shapes, staticShapes(declared, batch, inputShapes));
    for (std::size_t i = 0; i < declared.size(); ++i) {
        TRY_DO(checkInput(declared[i], shapes[i]));
        if (declared[i].dtype == DType::String)
            return Error(ErrorKind::Unsupported,
                "input '" + declared[i].name
                    + "' takes strings, which Layerscope cannot compute with");
        result.inputs.push_back(builder.input(declared[i].name, { declared[i].dtype, shapes[i] }));
        result.inputNames.push_back(declared[i].name);
    }
    ModelLowering lowering(builder, network, options);
    lowering.variables = declareVariables(builder, network);
    ModelOutputs outputs = lowerNested(lowering, model, {}, result.inputs,
        std::vector<Value>(result.inputs.size()), &result.layerOutputs);
    result.regularization = sumOf(builder, lowering.penalties);
    if (builder.error())
        return *builder.error();
    result.outputs = std::move(outputs.values);
    result.outputMasks = std::move(outputs.masks);
    result.outputMasks.resize(result.outputs.size());
    result.outputNames = outputNamesOf(model);
    result.outputNames.resize(result.outputs.size());
    for (const Value output : result.outputs) {
        const auto logits = lowering.logits.find(output.id);
        result.outputLogits.push_back(logits == lowering.logits.end() ? Value{} : logits->second);
    }
    result.weights = std::move(lowering.variables);
    result.stateUpdates = std::move(lowering.stateUpdates);
    return result;
}

} // namespace layerscope::layers
