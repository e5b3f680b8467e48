#include "model/analysis/python_source.h"

#include "model/analysis/python_layers.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace layerscope::analysis {

namespace {

constexpr const char* indent = "    ";

bool isKeras3(const Network& network)
{
    return network.generation == KerasGeneration::Keras3;
}

bool isOperation(const Layer& layer)
{
    return layer.kind == LayerKind::Operation || layer.className == "TFOpLambda"
        || layer.className == "SlicingOpLambda";
}

const Json& member(const Json& object, const char* key)
{
    static const Json none;
    return object.is_object() && object.contains(key) ? object[key] : none;
}

/// Writes the functions that make models, inner ones first.
class SourceWriter
{
public:
    explicit SourceWriter(const Network& network)
        : m_network(network)
    {
    }

    Result<PythonSource> write();

private:
    Result<std::string> writeModel(const Layer& model, const std::string& function);
    std::string sequentialBody(const Layer& model);
    Result<std::string> functionalBody(const Layer& model);
    std::string expression(const Layer& layer);
    std::string unusedFunction(const std::string& name);
    std::string head() const;
    std::string loading() const;

    const Network& m_network;
    PythonNeeds m_needs;
    std::string m_functions;
    std::map<const Layer*, std::string> m_functionOf; ///< of nested models
    std::set<std::string> m_names{ "build_model" };
};

/// The graph of one Functional model as lines of Python.
class GraphLines
{
public:
    GraphLines(
        const Layer& model, std::function<std::string(const Layer&)> make, PythonNeeds& needs)
        : m_model(model)
        , m_make(std::move(make))
        , m_needs(needs)
    {
    }

    Result<std::string> write();

private:
    bool isReady(const Call& call) const;
    void writeCall(std::size_t layer, std::size_t call);
    void declareInputs();
    void declareShared();
    std::string variable(std::size_t layer, std::size_t call) const;
    std::string tensor(const TensorReference& reference) const;
    std::string argument(const Argument& argument) const;
    std::string arguments(const Call& call) const;
    std::string ends(const std::vector<TensorReference>& tensors, const char* key) const;

    const Layer& m_model;
    std::function<std::string(const Layer&)> m_make;
    PythonNeeds& m_needs;
    std::set<std::pair<std::size_t, std::size_t>> m_done;
    std::set<std::pair<std::size_t, std::size_t>> m_manyOutputs;
    std::string m_text;
};

std::string GraphLines::variable(std::size_t layer, std::size_t call) const
{
    std::string name = "x_" + pythonName(m_model.layers[layer].name);
    return call > 0 ? name + "__" + std::to_string(call) : name;
}

std::string GraphLines::tensor(const TensorReference& reference) const
{
    const std::string name = variable(reference.layer, reference.call);
    const bool isOneOfMany
        = reference.tensor > 0 || m_manyOutputs.contains({ reference.layer, reference.call });
    return isOneOfMany ? name + "[" + std::to_string(reference.tensor) + "]" : name;
}

std::string GraphLines::argument(const Argument& argument) const
{
    if (const auto* reference = std::get_if<TensorReference>(&argument.content))
        return tensor(*reference);
    std::string text;
    if (const auto* list = std::get_if<Argument::List>(&argument.content)) {
        for (const Argument& item : *list)
            text += (text.empty() ? "" : ", ") + this->argument(item);
        return "[" + text + "]";
    }
    if (const auto* mapping = std::get_if<Argument::Mapping>(&argument.content)) {
        for (const auto& [key, item] : *mapping)
            text += (text.empty() ? "" : ", ") + pythonLiteral(Json(key)) + ": "
                + this->argument(item);
        return "{" + text + "}";
    }
    return pythonLiteral(std::get<Json>(argument.content));
}

std::string GraphLines::arguments(const Call& call) const
{
    std::string text;
    for (const Argument& one : call.arguments)
        text += (text.empty() ? "" : ", ") + argument(one);
    for (const auto& [key, one] : call.keywords) {
        const auto* value = std::get_if<Json>(&one.content);
        if (value != nullptr && value->is_null())
            continue; // None is what a call takes anyway
        text += (text.empty() ? "" : ", ") + key + "=" + argument(one);
    }
    return text;
}

bool GraphLines::isReady(const Call& call) const
{
    return std::ranges::all_of(call.tensors(), [&](const TensorReference& reference) {
        return m_done.contains({ reference.layer, reference.call });
    });
}

void GraphLines::writeCall(std::size_t layer, std::size_t call)
{
    const Layer& made = m_model.layers[layer];
    const Call& use = made.calls[call];
    std::string line = indent + variable(layer, call) + " = ";
    if (isOperation(made)) {
        std::vector<std::string> list;
        for (const Argument& one : use.arguments)
            list.push_back(argument(one));
        for (const auto& [key, one] : use.keywords)
            if (const auto* value = std::get_if<Json>(&one.content);
                value == nullptr || !value->is_null())
                list.push_back(key == "y" ? argument(one) : key + "=" + argument(one));
        line += operationExpression(made, list, m_needs);
    } else {
        const bool isShared = made.calls.size() > 1;
        line += (isShared ? pythonName(made.name) : m_make(made)) + "(" + arguments(use) + ")";
    }
    m_text += line + "\n";
    m_done.emplace(layer, call);
}

/// Inputs are tensors from the start; most files list no call of theirs.
void GraphLines::declareInputs()
{
    for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
        const Layer& layer = m_model.layers[i];
        if (layer.className != "InputLayer")
            continue;
        m_text += indent + variable(i, 0) + " = " + inputExpression(layer.config) + "\n";
        m_done.emplace(i, 0);
    }
}

/// Layers that are called more than once are made once.
void GraphLines::declareShared()
{
    for (const Layer& layer : m_model.layers)
        if (layer.calls.size() > 1 && !isOperation(layer))
            m_text += indent + pythonName(layer.name) + " = " + m_make(layer) + "\n";
}

bool isTriple(const Json& value)
{
    return value.is_array() && value.size() >= 3 && value[0].is_string()
        && value[1].is_number_integer();
}

/// `tensors` as the configuration nests them: [a, [b, c]], {"x": a}. They were gathered in the
/// order of lists and of sorted keys.
std::string nested(const Json& shape, const std::vector<std::string>& tensors, std::size_t& next)
{
    if (isTriple(shape))
        return next < tensors.size() ? tensors[next++] : "None";
    std::string text;
    if (shape.is_object()) {
        std::set<std::string> keys;
        for (const auto& [key, value] : shape.items())
            keys.insert(key);
        for (const std::string& key : keys)
            text += (text.empty() ? "" : ", ") + pythonLiteral(Json(key)) + ": "
                + nested(shape[key], tensors, next);
        return "{" + text + "}";
    }
    for (const Json& item : shape)
        text += (text.empty() ? "" : ", ") + nested(item, tensors, next);
    return "[" + text + "]";
}

/// `key`: where the configuration has them.
std::string GraphLines::ends(const std::vector<TensorReference>& tensors, const char* key) const
{
    std::vector<std::string> texts;
    for (const TensorReference& reference : tensors)
        texts.push_back(tensor(reference));
    const Json& stored = member(m_model.config, key);
    // Keras 2 lists a single tensor, too.
    if (texts.size() == 1 && (m_model.module.empty() || !stored.is_array()))
        return texts[0];
    std::size_t next = 0;
    return nested(stored, texts, next);
}

Result<std::string> GraphLines::write()
{
    for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
        const Layer& layer = m_model.layers[i];
        const Json& inner = member(member(layer.config, "layer"), "config"); // of a Bidirectional
        const bool givesState
            = member(layer.config, "return_state") == true || member(inner, "return_state") == true;
        for (std::size_t c = 0; c < layer.calls.size(); ++c) {
            if (givesState)
                m_manyOutputs.emplace(i, c);
            for (const TensorReference& reference : layer.calls[c].tensors())
                if (reference.tensor > 0)
                    m_manyOutputs.emplace(reference.layer, reference.call);
        }
    }
    for (const TensorReference& reference : m_model.outputs)
        if (reference.tensor > 0)
            m_manyOutputs.emplace(reference.layer, reference.call);
    declareInputs();
    declareShared();
    // In Keras a layer's place is that of its depth; here each comes when what it takes is there.
    bool moved = true;
    std::size_t calls = 0;
    for (const Layer& layer : m_model.layers)
        calls += layer.className == "InputLayer" ? 1 : layer.calls.size();
    while (moved && m_done.size() < calls) {
        moved = false;
        for (std::size_t i = 0; i < m_model.layers.size(); ++i)
            for (std::size_t c = 0; c < m_model.layers[i].calls.size(); ++c)
                if (!m_done.contains({ i, c }) && isReady(m_model.layers[i].calls[c])) {
                    writeCall(i, c);
                    moved = true;
                }
    }
    if (m_done.size() < calls)
        return Error(ErrorKind::Unsupported, "the graph refers to layers that are not there")
            .in(m_model.name);
    m_text += std::string(indent)
        + "return keras.Model(inputs=" + ends(m_model.inputs, "input_layers")
        + ", outputs=" + ends(m_model.outputs, "output_layers")
        + ", name=" + pythonLiteral(Json(m_model.name)) + ")\n";
    return std::move(m_text);
}

std::string SourceWriter::unusedFunction(const std::string& name)
{
    const std::string wanted = "build_" + pythonName(name);
    std::string found = wanted;
    for (int i = 1; !m_names.insert(found).second; ++i)
        found = wanted + "_" + std::to_string(i);
    return found;
}

std::string SourceWriter::expression(const Layer& layer)
{
    if (const auto found = m_functionOf.find(&layer); found != m_functionOf.end())
        return found->second + "()";
    return layerExpression(layer, m_network.generation, m_needs);
}

std::string SourceWriter::sequentialBody(const Layer& model)
{
    std::string text = std::string(indent) + "return keras.Sequential(\n" + indent + indent + "[\n";
    const std::string inner = std::string(indent) + indent + indent;
    const Json& layers = member(model.config, "layers");
    if (layers.is_array() && !layers.empty())
        text += inner + inputExpression(member(layers[0], "config")) + ",\n";
    for (const Layer& layer : model.layers)
        text += inner + expression(layer) + ",\n";
    return text + indent + indent + "],\n" + indent + indent
        + "name=" + pythonLiteral(Json(model.name)) + ",\n" + indent + ")\n";
}

Result<std::string> SourceWriter::functionalBody(const Layer& model)
{
    return GraphLines(
        model, [this](const Layer& layer) { return expression(layer); }, m_needs)
        .write();
}

Result<std::string> SourceWriter::writeModel(const Layer& model, const std::string& function)
{
    if (model.kind == LayerKind::Subclassed)
        return Error(ErrorKind::Unsupported,
            "'" + model.name + "' (" + model.className
                + ") is a model whose graph is Python code of its own, which the file does not "
                  "hold");
    for (const Layer& layer : model.layers)
        if (layer.isModel()) {
            const std::string name = unusedFunction(layer.name);
            TRY([[maybe_unused]] const auto inner, writeModel(layer, name));
            m_functionOf[&layer] = name;
        }
    std::string body;
    if (model.kind == LayerKind::Sequential) {
        body = sequentialBody(model);
    } else {
        TRY(body, functionalBody(model));
    }
    m_functions += "def " + function + "():\n" + body + "\n\n";
    return function;
}

std::string SourceWriter::head() const
{
    const bool isNew = isKeras3(m_network);
    std::string text = "# Made by Layerscope from " + m_network.file.path.filename().string()
        + (m_network.file.kerasVersion.empty()
                ? ""
                : ", written by Keras " + m_network.file.kerasVersion)
        + ".\n";
    if (m_network.file.format == "npz" || m_network.file.format == "safetensors")
        text += "import numpy as np\n";
    text += isNew ? "import keras\nfrom keras import layers\n"
                  : "import tensorflow as tf\nfrom tensorflow import keras\n"
                    "from tensorflow.keras import layers\n";
    if (isNew && m_needs.usesTensorFlow)
        text += "import tensorflow as tf\n";
    for (const std::string& name : m_needs.customClasses)
        text += "# " + name + " is a class of your own: import it here.\n";
    text += "\n\n";
    for (const std::string& name : m_needs.lambdas)
        text += "def " + name
            + "(x):\n    raise NotImplementedError(\"the file holds this function as compiled "
              "Python only; write it here\")\n\n\n";
    return text;
}

std::string SourceWriter::loading() const
{
    const std::string path = pythonLiteral(Json(m_network.file.path.string()));
    const std::string& format = m_network.file.format;
    std::string text = "model = build_model()\n";
    if (format == "savedmodel")
        return text + "model.load_weights(" + path
            + " + \"/variables/variables\").expect_partial()\n";
    if (format == "checkpoint")
        return text + "model.load_weights(" + path + ").expect_partial()\n";
    return text + "model.load_weights(" + path + ")\n";
}

Result<PythonSource> SourceWriter::write()
{
    TRY([[maybe_unused]] const auto function, writeModel(m_network.model, "build_model"));
    PythonSource source;
    source.text = head() + m_functions + loading();
    for (const std::string& name : m_needs.customClasses)
        source.remarks.push_back(
            "The class " + name + " is not Keras's: import it before the model is built.");
    for (const std::string& name : m_needs.lambdas)
        source.remarks.push_back("The code of a Lambda layer is not copied: write " + name + "().");
    return source;
}

} // namespace

Result<PythonSource> pythonSource(const Network& network)
{
    if (network.architecture.isEmpty())
        return Error(ErrorKind::InvalidArgument,
            "there is no architecture in it to write as Python; attach one first");
    if (network.generation == KerasGeneration::Keras1)
        return Error(ErrorKind::Unsupported,
            "no Keras that can be installed today builds a model of Keras 1; convert it first");
    return SourceWriter(network).write();
}

} // namespace layerscope::analysis
