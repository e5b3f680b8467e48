#include "model/crossing/operators.h"

#include "model/crossing/json_access.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace layerscope::crossing {

namespace {

using std::string_view;

enum class Form {
    Unary,
    Binary, ///< second argument: keyword `y` in Keras 2
    Product, ///< matmul: keyword `b`
    Axis, ///< softmax, expand_dims
    Reduction,
    Concatenation,
    Reshape,
    Transpose,
    Cast,
    Slice,
};

struct Operation
{
    string_view function; ///< Keras 2: the path below `tf`
    string_view name; ///< Keras 3: the class
    string_view module; ///< below keras.src.ops
    Form form = Form::Unary;
};

/// Where two functions became one operation, the one to go back to comes first.
constexpr std::array operations{
    Operation{ "__operators__.add", "Add", "numpy", Form::Binary },
    Operation{ "math.add", "Add", "numpy", Form::Binary },
    Operation{ "math.subtract", "Subtract", "numpy", Form::Binary },
    Operation{ "math.multiply", "Multiply", "numpy", Form::Binary },
    Operation{ "math.truediv", "TrueDivide", "numpy", Form::Binary },
    Operation{ "math.divide", "Divide", "numpy", Form::Binary },
    Operation{ "math.maximum", "Maximum", "numpy", Form::Binary },
    Operation{ "math.minimum", "Minimum", "numpy", Form::Binary },
    Operation{ "math.pow", "Power", "numpy", Form::Binary },
    Operation{ "math.floordiv", "FloorDivide", "numpy", Form::Binary },
    Operation{ "math.not_equal", "NotEqual", "numpy", Form::Binary },
    Operation{ "math.equal", "Equal", "numpy", Form::Binary },
    Operation{ "math.greater", "Greater", "numpy", Form::Binary },
    Operation{ "math.greater_equal", "GreaterEqual", "numpy", Form::Binary },
    Operation{ "math.less", "Less", "numpy", Form::Binary },
    Operation{ "math.less_equal", "LessEqual", "numpy", Form::Binary },
    Operation{ "math.logical_and", "LogicalAnd", "numpy", Form::Binary },
    Operation{ "math.logical_or", "LogicalOr", "numpy", Form::Binary },
    Operation{ "math.logical_not", "LogicalNot", "numpy" },
    Operation{ "linalg.matmul", "Matmul", "numpy", Form::Product },
    Operation{ "math.tanh", "Tanh", "numpy" },
    Operation{ "math.exp", "Exp", "numpy" },
    Operation{ "math.sqrt", "Sqrt", "numpy" },
    Operation{ "math.square", "Square", "numpy" },
    Operation{ "math.abs", "Absolute", "numpy" },
    Operation{ "math.negative", "Negative", "numpy" },
    Operation{ "math.log", "Log", "numpy" },
    Operation{ "math.log1p", "Log1p", "numpy" },
    Operation{ "math.expm1", "Expm1", "numpy" },
    Operation{ "math.sin", "Sin", "numpy" },
    Operation{ "math.cos", "Cos", "numpy" },
    Operation{ "math.floor", "Floor", "numpy" },
    Operation{ "math.ceil", "Ceil", "numpy" },
    Operation{ "math.sign", "Sign", "numpy" },
    Operation{ "math.rsqrt", "Rsqrt", "math" },
    Operation{ "math.sigmoid", "Sigmoid", "nn" },
    Operation{ "nn.relu", "Relu", "nn" },
    Operation{ "nn.softmax", "Softmax", "nn", Form::Axis },
    Operation{ "concat", "Concatenate", "numpy", Form::Concatenation },
    Operation{ "math.reduce_mean", "Mean", "numpy", Form::Reduction },
    Operation{ "math.reduce_sum", "Sum", "numpy", Form::Reduction },
    Operation{ "math.reduce_max", "Max", "numpy", Form::Reduction },
    Operation{ "math.reduce_any", "Any", "numpy", Form::Reduction },
    Operation{ "math.reduce_all", "All", "numpy", Form::Reduction },
    Operation{ "reshape", "Reshape", "numpy", Form::Reshape },
    Operation{ "expand_dims", "ExpandDims", "numpy", Form::Axis },
    Operation{ "transpose", "Transpose", "numpy", Form::Transpose },
    Operation{ "compat.v1.transpose", "Transpose", "numpy", Form::Transpose },
    Operation{ "cast", "Cast", "core", Form::Cast },
    Operation{ "__operators__.getitem", "GetItem", "numpy", Form::Slice },
};

constexpr string_view operationsModule = "keras.src.ops.";

/// A call taken apart: its inputs, and its parameters by name.
struct Parts
{
    std::vector<Argument> inputs;
    Json parameters = Json::object();
};

Error unknown(const GraphLayer& layer, const std::string& what, const Journey& journey)
{
    return Error(ErrorKind::Unsupported,
        "the operation " + what + " has no counterpart that is known in Keras "
            + (journey.to.keras3() ? "3" : "2"))
        .in(layer.name);
}

const Json* literal(const Argument& argument)
{
    return std::get_if<Json>(&argument.content);
}

// ---- from Keras 2 ----

/// Names of the parameters of a TensorFlow function that come after its first argument.
const char* secondArgument(Form form)
{
    return form == Form::Product ? "b" : "y";
}

Result<Parts> partsOfKeras2(
    const GraphLayer& layer, const Operation& operation, const Call& call, const Journey& journey)
{
    Parts parts;
    parts.inputs = call.arguments;
    const std::string function(operation.function);
    for (const auto& [key, argument] : call.keywords) {
        const Json* value = literal(argument);
        if (key == secondArgument(operation.form)
            && (operation.form == Form::Binary || operation.form == Form::Product)) {
            parts.inputs.push_back(argument);
            continue;
        }
        const bool idle
            = key == "name" || (value != nullptr && (value->is_null() || *value == Json(false)));
        if (value == nullptr)
            return unknown(layer, function + " with a tensor as its " + key, journey);
        static constexpr std::array understood{ "axis", "keepdims", "shape", "perm", "dtype",
            "slice_spec" };
        if (std::ranges::find(understood, key) != understood.end()) {
            if (!value->is_null())
                parts.parameters[key] = *value;
        } else if (!idle) {
            return unknown(layer, function + " with " + key, journey);
        }
    }
    return parts;
}

Json keras3Slice(const Json& spec)
{
    if (spec.is_array()) {
        Json items = Json::array();
        for (const Json& item : spec)
            items.push_back(keras3Slice(item));
        return items;
    }
    if (spec.is_object() && spec.contains("start"))
        return Json{ { "class_name", "__slice__" }, { "config", spec } };
    return spec;
}

Json keras3Config(const GraphLayer& layer, const Operation& operation, const Json& parameters)
{
    Json config{ { "name", layer.name } };
    const auto give = [&](const char* from, const char* to, Json otherwise) {
        config[to] = parameters.contains(from) ? parameters[from] : std::move(otherwise);
    };
    switch (operation.form) {
    case Form::Axis:
    case Form::Concatenation:
        give("axis", "axis", -1);
        break;
    case Form::Reduction:
        give("axis", "axis", nullptr);
        give("keepdims", "keepdims", false);
        if (operation.name == "Max")
            config["initial"] = nullptr;
        break;
    case Form::Reshape:
        give("shape", "newshape", nullptr);
        break;
    case Form::Transpose:
        give("perm", "axes", nullptr);
        break;
    case Form::Cast:
        give("dtype", "dtype", "float32");
        break;
    default:
        break;
    }
    return config;
}

Result<void> callToKeras3(GraphLayer& layer, const Operation& operation, const Journey& journey)
{
    Call& call = layer.calls[0];
    TRY(Parts parts, partsOfKeras2(layer, operation, call, journey));
    if (operation.form == Form::Slice)
        parts.inputs.push_back({ keras3Slice(member(parts.parameters, "slice_spec")) });
    const std::size_t wanted
        = operation.form == Form::Binary || operation.form == Form::Product ? 2 : 1;
    if (operation.form != Form::Slice && parts.inputs.size() != wanted)
        return unknown(layer, std::string(operation.function) + " with other arguments", journey);
    call = { std::move(parts.inputs), {} };
    const std::string name(operation.name);
    layer.entry = Json{ { "module", std::string(operationsModule) + std::string(operation.module) },
        { "class_name", name }, { "config", keras3Config(layer, operation, parts.parameters) },
        { "registered_name", name } };
    layer.className = name;
    layer.kind = LayerKind::Operation;
    layer.keepsStructure = false;
    return {};
}

/// A Keras 2 layer may be called with other parameters each time; Keras 3 needs an operation each.
void separateCalls(Graph& graph, std::size_t index)
{
    const std::size_t count = graph.layers[index].calls.size();
    if (count < 2)
        return;
    std::vector<std::size_t> place{ index };
    for (std::size_t call = 1; call < count; ++call) {
        GraphLayer copy = graph.layers[index];
        copy.calls = { graph.layers[index].calls[call] };
        copy.name = graph.freeName(copy.name);
        place.push_back(graph.layers.size());
        graph.layers.push_back(std::move(copy));
    }
    graph.layers[index].calls.resize(1);
    const auto redirect = [&](TensorReference& reference) {
        if (reference.layer == index && reference.call < count)
            reference = { place[reference.call], 0, reference.tensor };
    };
    for (GraphLayer& layer : graph.layers)
        for (Call& call : layer.calls)
            forEachTensor(call, redirect);
    for (TensorReference& reference : graph.outputs)
        redirect(reference);
}

Result<void> toKeras3(Graph& graph, const Journey& journey)
{
    const std::size_t count = graph.layers.size();
    for (std::size_t i = 0; i < count; ++i)
        if (isKeras2Operation(graph.layers[i].className))
            separateCalls(graph, i);
    for (GraphLayer& layer : graph.layers) {
        if (!isKeras2Operation(layer.className))
            continue;
        const std::string function = textAt(member(layer.entry, "config"), "function");
        const auto known = std::ranges::find(operations, function, &Operation::function);
        if (known == operations.end())
            return unknown(layer, "tf." + function, journey);
        if (layer.calls.empty()) {
            layer.isDropped = true;
            continue;
        }
        TRY_DO(callToKeras3(layer, *known, journey));
    }
    return {};
}

// ---- to Keras 2 ----

Json keras2Slice(const Json& spec)
{
    if (spec.is_array()) {
        Json items = Json::array();
        for (const Json& item : spec)
            items.push_back(keras2Slice(item));
        return items;
    }
    return textAt(spec, "class_name") == "__slice__" ? member(spec, "config") : spec;
}

/// The parameters of a Keras 3 operation as keywords of TensorFlow's function.
std::vector<std::pair<std::string, Argument>> keras2Keywords(
    const Operation& operation, const Json& config)
{
    std::vector<std::pair<std::string, Argument>> keywords;
    const auto give = [&](const char* from, const char* to) {
        if (config.contains(from) && !config[from].is_null())
            keywords.emplace_back(to, Argument{ config[from] });
    };
    switch (operation.form) {
    case Form::Axis:
        give("axis", "axis");
        break;
    case Form::Reduction:
        give("axis", "axis");
        give("keepdims", "keepdims");
        break;
    case Form::Reshape:
        give("newshape", "shape");
        break;
    case Form::Transpose:
        give("axes", "perm");
        break;
    case Form::Cast:
        give("dtype", "dtype");
        break;
    default:
        break;
    }
    return keywords;
}

Result<void> callsToKeras2(GraphLayer& layer, const Operation& operation, const Journey& journey)
{
    const Json config = member(layer.entry, "config");
    const bool two = operation.form == Form::Binary || operation.form == Form::Product;
    for (Call& call : layer.calls) {
        const std::size_t wanted = two || operation.form == Form::Slice ? 2 : 1;
        if (call.arguments.size() != wanted || !call.keywords.empty())
            return unknown(layer, std::string(operation.name) + " with these arguments", journey);
        auto keywords = keras2Keywords(operation, config);
        if (operation.form == Form::Slice) {
            const Json* spec = literal(call.arguments[1]);
            if (spec == nullptr)
                return unknown(layer, "GetItem with a tensor as index", journey);
            keywords.emplace_back("slice_spec", Argument{ keras2Slice(*spec) });
        } else if (two) {
            keywords.emplace_back(secondArgument(operation.form), std::move(call.arguments[1]));
        }
        if (operation.form != Form::Slice)
            keywords.emplace_back("name", Argument{ Json() });
        call.arguments.resize(1);
        call.keywords = std::move(keywords);
    }
    const std::string className = operation.form == Form::Slice ? "SlicingOpLambda" : "TFOpLambda";
    Json own{ { "name", layer.name }, { "trainable", true }, { "dtype", "float32" },
        { "function", operation.function } };
    layer.entry
        = Json{ { "module", "keras.src.layers.core.tf_op_layer" }, { "class_name", className },
              { "config", std::move(own) }, { "registered_name", className } };
    layer.className = className;
    layer.keepsStructure = true;
    return {};
}

void concatenationToKeras2(GraphLayer& layer)
{
    Json config{ { "name", layer.name }, { "trainable", true }, { "dtype", "float32" } };
    config["axis"] = member(layer.entry, "config").value("axis", Json(-1));
    layer.entry = Json{ { "module", "keras.layers" }, { "class_name", "Concatenate" },
        { "config", std::move(config) }, { "registered_name", nullptr } };
}

Result<void> toKeras2(Graph& graph, const Journey& journey)
{
    for (GraphLayer& layer : graph.layers) {
        if (layer.kind != LayerKind::Operation || layer.isDropped)
            continue;
        const auto known = std::ranges::find(operations, layer.className, &Operation::name);
        if (known == operations.end())
            return unknown(layer, layer.className, journey);
        layer.kind = LayerKind::Layer;
        if (known->form == Form::Concatenation)
            concatenationToKeras2(layer);
        else
            TRY_DO(callsToKeras2(layer, *known, journey));
    }
    return {};
}

} // namespace

bool isKeras2Operation(const std::string& className)
{
    return className == "TFOpLambda" || className == "SlicingOpLambda";
}

std::string operationModule(const std::string& className)
{
    static const std::unordered_map<string_view, string_view> others{
        // clang-format off
        { "Cast", "core" }, { "StopGradient", "core" }, { "Slice", "core" },
        { "SliceUpdate", "core" }, { "Scatter", "core" }, { "ScatterUpdate", "core" },
        { "Unstack", "core" }, { "Map", "core" }, { "Scan", "core" }, { "Cond", "core" },
        { "WhileLoop", "core" }, { "ForiLoop", "core" }, { "Switch", "core" },
        { "AssociativeScan", "core" }, { "VectorizedMap", "core" }, { "ConvertToTensor", "core" },
        { "Relu", "nn" }, { "Relu6", "nn" }, { "Sigmoid", "nn" }, { "Softplus", "nn" },
        { "Softsign", "nn" }, { "SoftShrink", "nn" }, { "SparsePlus", "nn" }, { "Silu", "nn" },
        { "Squareplus", "nn" }, { "LogSigmoid", "nn" }, { "LeakyRelu", "nn" },
        { "HardSigmoid", "nn" }, { "HardSilu", "nn" }, { "HardTanh", "nn" },
        { "HardShrink", "nn" }, { "TanhShrink", "nn" }, { "Elu", "nn" }, { "Selu", "nn" },
        { "Gelu", "nn" }, { "Celu", "nn" }, { "Glu", "nn" }, { "Threshold", "nn" },
        { "Softmax", "nn" }, { "LogSoftmax", "nn" }, { "Sparsemax", "nn" }, { "MaxPool", "nn" },
        { "AveragePool", "nn" }, { "Conv", "nn" }, { "DepthwiseConv", "nn" },
        { "SeparableConv", "nn" }, { "ConvTranspose", "nn" }, { "OneHot", "nn" },
        { "MultiHot", "nn" }, { "BinaryCrossentropy", "nn" }, { "CategoricalCrossentropy", "nn" },
        { "SparseCategoricalCrossentropy", "nn" }, { "Moments", "nn" }, { "BatchNorm", "nn" },
        { "LayerNorm", "nn" }, { "RMSNorm", "nn" }, { "CTCLoss", "nn" }, { "CTCDecode", "nn" },
        { "Normalize", "nn" }, { "PSNR", "nn" }, { "DotProductAttention", "nn" },
        { "Polar", "nn" }, { "Rsqrt", "math" }, { "Erf", "math" }, { "Erfinv", "math" },
        { "Logsumexp", "math" }, { "SegmentSum", "math" }, { "SegmentMax", "math" },
        { "TopK", "math" }, { "InTopK", "math" }, { "ExtractSequences", "math" },
        { "FFT", "math" }, { "FFT2", "math" }, { "IFFT2", "math" }, { "RFFT", "math" },
        { "IRFFT", "math" }, { "STFT", "math" }, { "ISTFT", "math" }, { "Cholesky", "linalg" },
        { "Det", "linalg" }, { "Inv", "linalg" }, { "Norm", "linalg" }, { "Solve", "linalg" },
        { "SVD", "linalg" }, { "Qr", "linalg" }, { "Eig", "linalg" }, { "Eigh", "linalg" },
        { "Lstsq", "linalg" }, { "Resize", "image" }, { "AffineTransform", "image" },
        { "ExtractPatches", "image" }, { "MapCoordinates", "image" }, { "PadImages", "image" },
        { "CropImages", "image" }, { "RGBToGrayscale", "image" }, { "RGBToHSV", "image" },
        { "HSVToRGB", "image" },
        // clang-format on
    };
    const auto found = others.find(className);
    return std::string(operationsModule)
        + std::string(found != others.end() ? found->second : string_view("numpy"));
}

Result<void> crossOperations(Graph& graph, const Journey& journey)
{
    return journey.to.keras3() ? toKeras3(graph, journey) : toKeras2(graph, journey);
}

} // namespace layerscope::crossing
