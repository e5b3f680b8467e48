#include "model/formats/serving_graph.h"

#include "model/containers/tensor_bundle.h"

#include <algorithm>

#include "proto/tensorflow.pb.h"

namespace layerscope::formats {

namespace {

constexpr const char* functionName = "__inference_serving_default";
constexpr const char* signatureName = "serving_default";
constexpr int resourceType = 20;
constexpr int stringType = 7;

using containers::tensorflowType;

void fillShape(const PartialShape& lengths, tensorflow::TensorShape& shape)
{
    for (const std::int64_t length : lengths)
        shape.add_dim()->set_size(length);
}

void fillTensor(const Tensor& value, tensorflow::TensorProto& message)
{
    message.set_dtype(tensorflowType(value.dtype()));
    fillShape(value.shape(), *message.mutable_tensor_shape());
    const auto bytes = value.bytes();
    message.set_tensor_content(bytes.data(), bytes.size());
}

void fillAttribute(const ServingNode::Attribute& attribute, tensorflow::AttrValue& value)
{
    if (const auto* type = std::get_if<DType>(&attribute)) {
        value.set_type(tensorflowType(*type));
    } else if (const auto* integer = std::get_if<std::int64_t>(&attribute)) {
        value.set_i(*integer);
    } else if (const auto* number = std::get_if<float>(&attribute)) {
        value.set_f(*number);
    } else if (const auto* flag = std::get_if<bool>(&attribute)) {
        value.set_b(*flag);
    } else if (const auto* text = std::get_if<std::string>(&attribute)) {
        value.set_s(*text);
    } else if (const auto* list = std::get_if<std::vector<std::int64_t>>(&attribute)) {
        auto* items = value.mutable_list();
        for (const std::int64_t item : *list)
            items->add_i(item);
    } else if (const auto* tensor = std::get_if<Tensor>(&attribute)) {
        fillTensor(*tensor, *value.mutable_tensor());
    }
}

void fillSpec(const ServingTensor& tensor, tensorflow::StructuredValue& value)
{
    auto* spec = value.mutable_tensor_spec_value();
    spec->set_name(tensor.name);
    fillShape(tensor.shape, *spec->mutable_shape());
    spec->set_dtype(tensorflowType(tensor.dtype));
}

/// In ascending byte order of the names: TensorFlow matches inputs and outputs by that order.
std::vector<ServingTensor> sorted(std::vector<ServingTensor> tensors)
{
    std::sort(tensors.begin(), tensors.end(),
        [](const auto& a, const auto& b) { return a.name < b.name; });
    return tensors;
}

class ServingWriter
{
public:
    ServingWriter(
        const ServingFunction& function, const TrackedTree& tree, tensorflow::MetaGraphDef& meta)
        : m_function(function)
        , m_tree(tree)
        , m_meta(meta)
        , m_inputs(sorted(function.inputs))
        , m_outputs(sorted(function.outputs))
    {
    }

    void write()
    {
        findVariables();
        addFunction();
        addObjects();
        addConcreteFunction();
        addGraph();
        addSaver();
        addSignature();
    }

private:
    /// Objects of the variables that the function is given, in its order.
    void findVariables()
    {
        for (const auto& [name, weight] : m_function.variables)
            m_captured.push_back(m_tree.objectOfWeight[weight]);
    }

    void addFunction();
    void addObjects();
    void addConcreteFunction();
    void addGraph();
    void addSaver();
    void addTransfers(const std::vector<std::size_t>& variables, tensorflow::NodeDef& restoreAll);
    void addSignature();

    tensorflow::NodeDef& addNode(const std::string& name, const std::string& op)
    {
        auto& node = *m_meta.mutable_graph_def()->add_node();
        node.set_name(name);
        node.set_op(op);
        return node;
    }

    static void setType(tensorflow::NodeDef& node, const std::string& name, int type)
    {
        (*node.mutable_attr())[name].set_type(type);
    }

    void addStrings(const std::string& name, const std::vector<std::string>& strings)
    {
        auto& node = addNode(name, "Const");
        setType(node, "dtype", stringType);
        auto* value = (*node.mutable_attr())["value"].mutable_tensor();
        value->set_dtype(stringType);
        value->mutable_tensor_shape()->add_dim()->set_size(
            static_cast<std::int64_t>(strings.size()));
        for (const std::string& text : strings)
            value->add_string_val(text);
    }

    static std::string handleName(std::size_t object)
    {
        return "variable_" + std::to_string(object);
    }

    const ServingFunction& m_function;
    const TrackedTree& m_tree;
    tensorflow::MetaGraphDef& m_meta;
    std::vector<ServingTensor> m_inputs;
    std::vector<ServingTensor> m_outputs;
    std::vector<std::size_t> m_captured;
};

void ServingWriter::addFunction()
{
    auto& function = *m_meta.mutable_graph_def()->mutable_library()->add_function();
    auto& signature = *function.mutable_signature();
    signature.set_name(functionName);
    for (const ServingTensor& input : m_inputs) {
        auto* argument = signature.add_input_arg();
        argument->set_name(input.reference);
        argument->set_type(tensorflowType(input.dtype));
    }
    for (const auto& [name, weight] : m_function.variables) {
        auto* argument = signature.add_input_arg();
        argument->set_name(name);
        argument->set_type(resourceType);
    }
    for (std::size_t i = 0; i < m_outputs.size(); ++i) {
        auto* argument = signature.add_output_arg();
        argument->set_name("output_" + std::to_string(i));
        argument->set_type(tensorflowType(m_outputs[i].dtype));
        (*function.mutable_ret())[argument->name()] = m_outputs[i].reference;
    }
    signature.set_is_stateful(true);
    for (const ServingNode& node : m_function.nodes) {
        auto& added = *function.add_node_def();
        added.set_name(node.name);
        added.set_op(node.op);
        for (const std::string& input : node.inputs)
            added.add_input(input);
        for (const auto& [name, attribute] : node.attributes)
            fillAttribute(attribute, (*added.mutable_attr())[name]);
    }
}

void ServingWriter::addObjects()
{
    auto* bare = m_meta.mutable_object_graph_def()
                     ->mutable_nodes(static_cast<int>(m_tree.signatures) + 1)
                     ->mutable_bare_concrete_function();
    bare->set_concrete_function_name(functionName);
    for (const ServingTensor& input : m_inputs)
        bare->add_argument_keywords(input.name);
    bare->set_allowed_positional_arguments(static_cast<std::int64_t>(m_inputs.size()));
}

void ServingWriter::addConcreteFunction()
{
    auto& function
        = (*m_meta.mutable_object_graph_def()->mutable_concrete_functions())[functionName];
    for (const std::size_t object : m_captured)
        function.add_bound_inputs(static_cast<std::int32_t>(object));
    auto* arguments = function.mutable_canonicalized_input_signature()->mutable_tuple_value();
    arguments->add_values()->mutable_tuple_value();
    auto& keywords = *arguments->add_values()->mutable_dict_value()->mutable_fields();
    for (const ServingTensor& input : m_inputs)
        fillSpec(input, keywords[input.name]);
    auto& results = *function.mutable_output_signature()->mutable_dict_value()->mutable_fields();
    for (const ServingTensor& output : m_outputs)
        fillSpec(output, results[output.name]);
}

/// The call as nodes of the graph proper. Every variable of the model gets a handle there, so that
/// a session restores all of them.
void ServingWriter::addGraph()
{
    for (const ServingTensor& input : m_inputs) {
        auto& node = addNode(std::string(signatureName) + "_" + input.reference, "Placeholder");
        setType(node, "dtype", tensorflowType(input.dtype));
        fillShape(input.shape, *(*node.mutable_attr())["shape"].mutable_shape());
    }
    for (std::size_t i = 0; i < m_tree.checkpointOnly; ++i) {
        const TrackedNode& variable = m_tree.nodes[i];
        if (!variable.isVariable)
            continue;
        auto& node = addNode(handleName(i), "VarHandleOp");
        setType(node, "dtype", tensorflowType(variable.value.dtype()));
        (*node.mutable_attr())["shape"].mutable_shape();
        fillShape(variable.value.shape(), *(*node.mutable_attr())["shape"].mutable_shape());
        (*node.mutable_attr())["shared_name"].set_s(
            variable.variableName + "_" + std::to_string(i));
    }
    auto& call = addNode("StatefulPartitionedCall", "StatefulPartitionedCall");
    (*call.mutable_attr())["f"].mutable_func()->set_name(functionName);
    auto* in = (*call.mutable_attr())["Tin"].mutable_list();
    for (const ServingTensor& input : m_inputs) {
        call.add_input(std::string(signatureName) + "_" + input.reference);
        in->add_type(tensorflowType(input.dtype));
    }
    for (const std::size_t object : m_captured) {
        call.add_input(handleName(object));
        in->add_type(resourceType);
    }
    auto* out = (*call.mutable_attr())["Tout"].mutable_list();
    for (const ServingTensor& output : m_outputs)
        out->add_type(tensorflowType(output.dtype));
    addNode("NoOp", "NoOp");
}

/// Reads and writes the variables of a session, by the keys of the checkpoint.
void ServingWriter::addSaver()
{
    std::vector<std::string> keys;
    std::vector<std::size_t> variables;
    for (std::size_t i = 0; i < m_tree.checkpointOnly; ++i)
        if (m_tree.nodes[i].isVariable) {
            keys.push_back(m_tree.nodes[i].key);
            variables.push_back(i);
        }
    auto& name = addNode("saver_filename", "Placeholder");
    setType(name, "dtype", stringType);
    (*name.mutable_attr())["shape"].mutable_shape();
    auto& all = addNode("restore_all", "NoOp");
    auto& saved = addNode("saved", "Identity");
    saved.add_input("saver_filename");
    setType(saved, "T", stringType);
    if (!variables.empty()) {
        addStrings("saver_names", keys);
        addStrings("saver_slices", std::vector<std::string>(keys.size()));
        addTransfers(variables, all);
        saved.add_input("^SaveV2");
    }
    auto& saver = *m_meta.mutable_saver_def();
    saver.set_filename_tensor_name("saver_filename:0");
    saver.set_save_tensor_name("saved:0");
    saver.set_restore_op_name("restore_all");
    saver.set_version(2);
    (*m_meta.mutable_collection_def())["saved_model_main_op"].mutable_node_list()->add_value(
        "NoOp");
}

void ServingWriter::addTransfers(
    const std::vector<std::size_t>& variables, tensorflow::NodeDef& restoreAll)
{
    auto& restore = addNode("RestoreV2", "RestoreV2");
    auto& save = addNode("SaveV2", "SaveV2");
    for (const char* input : { "saver_filename", "saver_names", "saver_slices" }) {
        restore.add_input(input);
        save.add_input(input);
    }
    for (std::size_t k = 0; k < variables.size(); ++k) {
        const std::string number = std::to_string(k);
        const int type = tensorflowType(m_tree.nodes[variables[k]].value.dtype());
        (*restore.mutable_attr())["dtypes"].mutable_list()->add_type(type);
        (*save.mutable_attr())["dtypes"].mutable_list()->add_type(type);
        auto& assign = addNode("restore_" + number, "AssignVariableOp");
        assign.add_input(handleName(variables[k]));
        assign.add_input(k == 0 ? "RestoreV2" : "RestoreV2:" + number);
        setType(assign, "dtype", type);
        restoreAll.add_input("^" + assign.name());
        auto& read = addNode("read_" + number, "ReadVariableOp");
        read.add_input(handleName(variables[k]));
        setType(read, "dtype", type);
        save.add_input(read.name());
    }
}

void ServingWriter::addSignature()
{
    auto& signature = (*m_meta.mutable_signature_def())[signatureName];
    signature.set_method_name("tensorflow/serving/predict");
    for (const ServingTensor& input : m_inputs) {
        auto& info = (*signature.mutable_inputs())[input.name];
        info.set_name(std::string(signatureName) + "_" + input.reference + ":0");
        info.set_dtype(tensorflowType(input.dtype));
        fillShape(input.shape, *info.mutable_tensor_shape());
    }
    for (std::size_t i = 0; i < m_outputs.size(); ++i) {
        auto& info = (*signature.mutable_outputs())[m_outputs[i].name];
        info.set_name("StatefulPartitionedCall:" + std::to_string(i));
        info.set_dtype(tensorflowType(m_outputs[i].dtype));
        fillShape(m_outputs[i].shape, *info.mutable_tensor_shape());
    }
}

} // namespace

void addServing(
    const ServingFunction& function, const TrackedTree& tree, tensorflow::MetaGraphDef& meta)
{
    ServingWriter(function, tree, meta).write();
}

} // namespace layerscope::formats
