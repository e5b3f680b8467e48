#include "model/training/model_facts.h"

#include "model/layers/lower_model.h"
#include "model/training/training_plan.h"

namespace layerscope::training {

Result<ModelFacts> modelFacts(const Network& network, const std::vector<Tensor>& inputs,
    const std::vector<std::string>& inputNames)
{
    ModelFacts facts;
    TRY(const std::vector<layers::ModelInput> described, layers::modelInputs(network));
    for (const layers::ModelInput& input : described) {
        facts.inputNames.push_back(input.name);
        facts.inputShapes.push_back(input.shape);
        facts.inputTypes.push_back(input.dtype);
    }
    TRY(const std::vector<Tensor> fitted,
        fitInputs(inputs, inputNames, facts.inputShapes, facts.inputNames));
    std::vector<Shape> shapes;
    for (const Tensor& input : fitted) {
        shapes.push_back(input.shape());
        if (!shapes.back().empty())
            shapes.back()[0] = 1;
    }
    ops::Graph graph;
    ops::Builder builder(graph);
    layers::LoweringOptions options;
    options.noise = layers::Noise::Off;
    TRY(const layers::LoweredModel lowered,
        layers::lowerModel(builder, network, 1, shapes, options));
    if (builder.error())
        return *builder.error();
    facts.inputTypes.clear();
    for (const ops::Value input : lowered.inputs)
        facts.inputTypes.push_back(builder.dtype(input));
    for (std::size_t i = 0; i < lowered.outputs.size(); ++i) {
        PartialShape shape = builder.shape(lowered.outputs[i]);
        if (!shape.empty())
            shape[0] = openDimension;
        facts.outputShapes.push_back(std::move(shape));
        facts.outputNames.push_back(
            i < lowered.outputNames.size() ? lowered.outputNames[i] : std::string());
    }
    return facts;
}

Result<FittedData> fitData(const Network& network, DataSet data, const TrainingOptions& options)
{
    FittedData result;
    TRY(result.facts, modelFacts(network, data.inputs, data.inputNames));
    const TrainingSetup* setup = network.training ? &*network.training : nullptr;
    result.lossNames = lossNamesOf(setup, options, result.facts.outputNames);
    TRY(result.data,
        fitToModel(std::move(data), result.facts.inputShapes, result.facts.outputShapes,
            result.facts.inputNames, result.facts.outputNames, result.lossNames));
    return result;
}

} // namespace layerscope::training
