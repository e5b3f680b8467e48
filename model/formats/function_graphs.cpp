#include "model/formats/function_graphs.h"

#include "model/containers/tensor_bundle.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "proto/tensorflow.pb.h"

namespace layerscope::formats {

namespace {

constexpr std::size_t mostNodesOfFunction = 20'000;
constexpr std::size_t mostNodes = 100'000;
constexpr std::size_t mostFunctions = 200;
constexpr int deepestWrapping = 16;
constexpr int resourceHandle = 20;

std::string typeName(int type)
{
    if (type == resourceHandle)
        return "resource";
    const auto known = containers::dtypeFromTensorflow(type);
    return known ? std::string(name(*known)) : "type " + std::to_string(type);
}

std::optional<PartialShape> shapeOf(const tensorflow::TensorShape& message)
{
    if (message.unknown_rank())
        return std::nullopt;
    PartialShape shape;
    for (const auto& dimension : message.dim())
        shape.push_back(dimension.size() < 0 ? openDimension : dimension.size());
    return shape;
}

/// "node:output:0" and "node:0" without what stands behind the name.
std::string nodeOf(const std::string& reference)
{
    return reference.substr(0, reference.find(':'));
}

template<class Tensors> std::vector<FunctionTensor> tensorsOf(const Tensors& tensors)
{
    std::map<std::string, FunctionTensor> sorted; // a map of protobuf has no order
    for (const auto& [name, info] : tensors)
        sorted.emplace(
            name, FunctionTensor{ name, typeName(info.dtype()), shapeOf(info.tensor_shape()) });
    std::vector<FunctionTensor> list;
    for (auto& [name, tensor] : sorted)
        list.push_back(std::move(tensor));
    return list;
}

bool isCall(const std::string& op)
{
    return op == "StatefulPartitionedCall" || op == "PartitionedCall";
}

class FunctionReader
{
public:
    explicit FunctionReader(const tensorflow::MetaGraphDef& meta)
        : m_meta(meta)
    {
        for (const auto& function : meta.graph_def().library().function())
            m_functions.emplace(function.signature().name(), &function);
        for (const auto& node : meta.graph_def().node())
            m_nodes.emplace(node.name(), &node);
    }

    std::vector<FunctionGraph> run()
    {
        std::vector<std::string> signatures;
        for (const auto& [name, signature] : m_meta.signature_def())
            if (!name.starts_with("__"))
                signatures.push_back(name);
        std::sort(signatures.begin(), signatures.end());
        for (const std::string& name : signatures)
            addSignature(name, m_meta.signature_def().at(name));
        addAttributes();
        while (!m_waiting.empty() && m_found.size() < mostFunctions) {
            const std::string function = m_waiting.front();
            m_waiting.pop_front();
            addFunction(function, function);
        }
        return std::move(m_found);
    }

private:
    using FunctionDef = tensorflow::FunctionDef;

    void addSignature(const std::string& name, const tensorflow::SignatureDef& signature)
    {
        if (m_found.size() >= mostFunctions)
            return;
        FunctionGraph graph;
        graph.name = name;
        graph.isSignature = true;
        graph.inputs = tensorsOf(signature.inputs());
        graph.outputs = tensorsOf(signature.outputs());
        // TensorFlow 2 calls a function for it; TensorFlow 1 has the ops in the graph itself.
        std::vector<std::string> ends;
        const FunctionDef* called = nullptr;
        for (const auto& [output, info] : signature.outputs()) {
            ends.push_back(nodeOf(info.name()));
            const auto node = m_nodes.find(ends.back());
            if (node != m_nodes.end() && isCall(node->second->op()))
                called = functionOf(*node->second);
        }
        if (called != nullptr) {
            called = unwrapped(called);
            graph.function = called->signature().name();
            fill(graph, *called);
        } else {
            fillReachable(graph, std::move(ends));
        }
        m_found.push_back(std::move(graph));
    }

    /// The functions that are attributes of the objects: those of a tf.Module.
    void addAttributes()
    {
        const auto& objects = m_meta.object_graph_def();
        for (int i = 0; i < objects.nodes_size(); ++i)
            for (const auto& child : objects.nodes(i).children()) {
                if (child.node_id() < 0 || child.node_id() >= objects.nodes_size()
                    || !objects.nodes(child.node_id()).has_function())
                    continue;
                for (const auto& name :
                    objects.nodes(child.node_id()).function().concrete_functions())
                    addFunction(name, child.local_name());
            }
    }

    void addFunction(const std::string& function, const std::string& name)
    {
        const auto found = m_functions.find(function);
        if (found == m_functions.end() || m_found.size() >= mostFunctions)
            return;
        const FunctionDef* definition = unwrapped(found->second);
        if (!m_read.insert(definition->signature().name()).second)
            return;
        FunctionGraph graph;
        graph.name = name;
        graph.function = definition->signature().name();
        for (const auto& argument : definition->signature().input_arg())
            graph.inputs.push_back({ argument.name(), typeName(argument.type()), std::nullopt });
        for (const auto& argument : definition->signature().output_arg())
            graph.outputs.push_back({ argument.name(), typeName(argument.type()), std::nullopt });
        fill(graph, *definition);
        m_found.push_back(std::move(graph));
    }

    const FunctionDef* functionOf(const tensorflow::NodeDef& call) const
    {
        const auto attribute = call.attr().find("f");
        if (attribute == call.attr().end())
            return nullptr;
        const auto found = m_functions.find(attribute->second.func().name());
        return found == m_functions.end() ? nullptr : found->second;
    }

    /// The function that `function` does nothing but call.
    const FunctionDef* unwrapped(const FunctionDef* function) const
    {
        for (int depth = 0; depth < deepestWrapping; ++depth) {
            const FunctionDef* only = nullptr;
            for (const auto& node : function->node_def()) {
                if (node.op() == "Identity" || node.op() == "NoOp")
                    continue;
                if (!isCall(node.op()) || only != nullptr)
                    return function;
                only = functionOf(node);
                if (only == nullptr)
                    return function;
            }
            if (only == nullptr)
                return function;
            function = only;
        }
        return function;
    }

    void add(FunctionGraph& graph, const tensorflow::NodeDef& node)
    {
        ++graph.nodeCount;
        if (isCall(node.op()))
            if (const FunctionDef* called = functionOf(node))
                m_waiting.push_back(called->signature().name());
        if (graph.nodes.size() >= mostNodesOfFunction || m_nodeCount >= mostNodes)
            return;
        ++m_nodeCount;
        FunctionNode added{ node.name(), node.op(), {} };
        for (const auto& input : node.input())
            added.inputs.push_back(nodeOf(input));
        graph.nodes.push_back(std::move(added));
    }

    void fill(FunctionGraph& graph, const FunctionDef& function)
    {
        m_read.insert(function.signature().name());
        for (const auto& node : function.node_def())
            add(graph, node);
    }

    /// The nodes of the graph that `ends` need, in the graph's order.
    void fillReachable(FunctionGraph& graph, std::vector<std::string> ends)
    {
        std::unordered_set<std::string> needed;
        while (!ends.empty()) {
            std::string name = std::move(ends.back());
            ends.pop_back();
            if (name.starts_with('^'))
                name.erase(0, 1);
            const auto node = m_nodes.find(name);
            if (node == m_nodes.end() || !needed.insert(name).second)
                continue;
            for (const auto& input : node->second->input())
                ends.push_back(nodeOf(input));
        }
        for (const auto& node : m_meta.graph_def().node())
            if (needed.contains(node.name()))
                add(graph, node);
    }

    const tensorflow::MetaGraphDef& m_meta;
    std::unordered_map<std::string, const FunctionDef*> m_functions;
    std::unordered_map<std::string, const tensorflow::NodeDef*> m_nodes;
    std::set<std::string> m_read; ///< names of functions that are in m_found
    std::deque<std::string> m_waiting; ///< functions that others call
    std::vector<FunctionGraph> m_found;
    std::size_t m_nodeCount = 0;
};

} // namespace

std::vector<FunctionGraph> readFunctions(const tensorflow::MetaGraphDef& meta)
{
    return FunctionReader(meta).run();
}

} // namespace layerscope::formats
