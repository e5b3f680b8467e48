#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/operation_call.h"

#include <unordered_map>

namespace layerscope::layers {

namespace {

using ops::Value;

/// Keras 2 calls of TensorFlow functions name them in the configuration.
std::string operationName(const Layer& layer)
{
    if (layer.kind == LayerKind::Operation)
        return layer.className;
    const std::string name = LayerConfig(layer.config).text("function", "");
    const auto isVersioned = name.rfind("compat.v1.", 0) == 0 || name.rfind("compat.v2.", 0) == 0;
    return isVersioned ? name.substr(10) : name;
}

const Operation* operationNamed(std::string_view name)
{
    static const auto table = [] {
        std::unordered_map<std::string_view, const Operation*> result;
        for (const auto operations :
            { elementwiseOperations(), shapingOperations(), indexingOperations() })
            for (const Operation& operation : operations) {
                std::string_view names = operation.names;
                while (!names.empty()) {
                    const auto end = std::min(names.find(' '), names.size());
                    if (end > 0)
                        result.emplace(names.substr(0, end), &operation);
                    names.remove_prefix(std::min(end + 1, names.size()));
                }
            }
        return result;
    }();
    const auto found = table.find(name);
    return found == table.end() ? nullptr : found->second;
}

std::vector<Value> lowerOperation(LayerLowering& lowering)
{
    const std::string name = operationName(lowering.layer);
    const Operation* operation = operationNamed(name);
    OperationCall call(lowering);
    if (!operation) {
        call.unsupported("the operation '" + name + "' is not known");
        return {};
    }
    return operation->lower(call);
}

/// Output shapes for given lengths in place of the open ones.
std::vector<Shape> shapesFor(const ShapeRequest& request, std::int64_t length)
{
    ops::Graph graph;
    ops::Builder builder(graph);
    Network network;
    network.generation = request.generation;
    const LoweringOptions options;
    ModelLowering model(builder, network, options);
    LayerLowering lowering(model, request.layer, {});
    lowering.call = request.call;
    for (Shape shape : request.inputs) {
        std::replace(shape.begin(), shape.end(), openDimension, length);
        if (!elementCount(shape))
            return {};
        lowering.inputs.push_back(builder.input("x", { DType::Float32, shape }));
    }
    lowering.masks.resize(lowering.inputs.size());
    const std::vector<Value> outputs = lowerOperation(lowering);
    if (builder.error())
        return {};
    std::vector<Shape> shapes;
    for (const Value output : outputs)
        shapes.push_back(builder.shape(output));
    return shapes;
}

/// Operations have no shape rules of their own: they are built for two lengths of the open axes,
/// and a length that comes out different is open.
OutputShapes operationShape(const ShapeRequest& request)
{
    auto shapes = shapesFor(request, 1021);
    const auto others = shapesFor(request, 2039);
    if (shapes.empty() || shapes.size() != others.size())
        return std::nullopt;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        if (shapes[i].size() != others[i].size())
            return std::nullopt;
        for (std::size_t j = 0; j < shapes[i].size(); ++j)
            if (shapes[i][j] != others[i][j])
                shapes[i][j] = openDimension;
    }
    return shapes;
}

Clauses operationWords(const ExplanationRequest& about)
{
    return withoutParameters(
        { WORDS("layers", "Computes %1 as part of the graph"), operationName(about.layer) });
}

constexpr LayerType operationsTypes[] = {
    { .classNames = "TFOpLambda SlicingOpLambda ClassMethod InstanceMethod InstanceProperty",
        .shape = operationShape,
        .lower = lowerOperation,
        .words = operationWords,
        .castsInputs = false },
};

} // namespace

const LayerType* findOperation(std::string_view className)
{
    return operationNamed(className) ? &operationsTypes[0] : nullptr;
}

extern constinit const LayerFamily operations_layers{ operationsTypes };

} // namespace layerscope::layers
