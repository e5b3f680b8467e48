#include "model/analysis/function_report.h"

#include "model/network/function_graph.h"

namespace layerscope::analysis {

namespace {

constexpr int mostLines = 60; // of one function

Json tensors(const std::vector<FunctionTensor>& list)
{
    Json result = Json::array();
    for (const FunctionTensor& tensor : list) {
        Json shape;
        if (tensor.shape) {
            shape = Json::array();
            for (const std::int64_t length : *tensor.shape)
                shape.push_back(length == openDimension ? Json() : Json(length));
        }
        result.push_back(
            { { "name", tensor.name }, { "dtype", tensor.dtype }, { "shape", std::move(shape) } });
    }
    return result;
}

/// "(x float32 [None, 4])"; variables that a function is given only count.
std::string listText(const std::vector<FunctionTensor>& list)
{
    std::string text;
    std::size_t variables = 0;
    for (const FunctionTensor& tensor : list) {
        if (tensor.dtype == "resource") {
            ++variables;
            continue;
        }
        text += (text.empty() ? "" : ", ") + tensor.name + " " + tensor.dtype;
        if (tensor.shape)
            text += " " + toString(*tensor.shape);
    }
    if (variables > 0)
        text += (text.empty() ? "" : ", ") + std::to_string(variables)
            + (variables == 1 ? " variable" : " variables");
    return "(" + text + ")";
}

void addLines(const Layer& scope, int depth, int& left, std::string& text)
{
    for (const Layer& layer : scope.layers) {
        if (left-- <= 0)
            return;
        text += std::string(2 * static_cast<std::size_t>(depth), ' ') + layer.name;
        if (!layer.className.empty() && layer.className != layer.name)
            text += "  " + layer.className;
        text += "\n";
        addLines(layer, depth + 1, left, text);
    }
}

} // namespace

Json functionReport(const Network& network)
{
    if (!network.functions)
        return {};
    Json list = Json::array();
    for (const FunctionGraph& function : *network.functions) {
        Json nodes = Json::array();
        for (const FunctionNode& node : function.nodes)
            nodes.push_back(
                { { "name", node.name }, { "op", node.op }, { "inputs", node.inputs } });
        list.push_back({ { "name", function.name },
            { "function", function.function.empty() ? Json() : Json(function.function) },
            { "is_signature", function.isSignature }, { "inputs", tensors(function.inputs) },
            { "outputs", tensors(function.outputs) }, { "node_count", function.nodeCount },
            { "nodes", std::move(nodes) } });
    }
    return list;
}

std::string functionText(const Network& network)
{
    std::string text;
    if (!network.functions)
        return text;
    for (const FunctionGraph& function : *network.functions) {
        text += (function.isSignature ? "Signature '" : "Function '") + function.name + "' "
            + listText(function.inputs) + " -> " + listText(function.outputs) + ", "
            + std::to_string(function.nodeCount) + (function.nodeCount == 1 ? " op" : " ops")
            + "\n";
        int left = mostLines;
        addLines(scopesOf(function), 1, left, text);
        if (left < 0)
            text += "  … (all of them: inspect --json)\n";
    }
    return text.empty() ? text : text + "\n";
}

} // namespace layerscope::analysis
