#include "model/analysis/inspection.h"

#include "model/analysis/function_report.h"
#include "model/analysis/tensor_report.h"
#include "model/layers/lower_model.h"
#include "model/network/optimizer_layout.h"
#include "model/network/variable_layout.h"

#include <algorithm>
#include <map>

namespace layerscope::analysis {

namespace {

const char* kindName(LayerKind kind)
{
    switch (kind) {
    case LayerKind::Sequential:
        return "sequential";
    case LayerKind::Functional:
        return "functional";
    default:
        return "subclassed";
    }
}

const char* severityName(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return "error";
    case Severity::Warning:
        return "warning";
    default:
        return "note";
    }
}

const char* dialectName(KerasGeneration generation)
{
    switch (generation) {
    case KerasGeneration::Keras1:
        return "keras1";
    case KerasGeneration::Legacy:
        return "legacy";
    case KerasGeneration::Keras2:
        return "keras2";
    default:
        return "keras3";
    }
}

Json textOrNull(const std::string& text)
{
    return text.empty() ? Json() : Json(text);
}

std::string joined(const std::vector<std::string>& path)
{
    std::string text;
    for (const std::string& part : path)
        text += (text.empty() ? "" : "/") + part;
    return text;
}

/// Keras 3 counts every batch and calls `iterations` the number of updates.
std::int64_t accumulationSteps(const OptimizerState& state)
{
    const auto found = state.config.is_object() ? state.config.find("gradient_accumulation_steps")
                                                : state.config.end();
    if (state.dialect != KerasGeneration::Keras3 || !state.config.is_object()
        || found == state.config.end() || !found->is_number_integer())
        return 1;
    return std::max<std::int64_t>(1, found->get<std::int64_t>());
}

/// Collects the parts of the document for one network.
class Inspector
{
public:
    Inspector(const Network& network, const InspectionOptions& options, const JobContext& job)
        : m_network(network)
        , m_options(options)
        , m_job(job)
    {
    }

    Result<Json> document();

private:
    Json file() const;
    Result<void> readWeights();
    Json model() const;
    Json layers() const;
    Json layer(const Layer& layer, const std::vector<std::string>& path, std::size_t order) const;
    Json weightsInModelOrder() const;
    Json totals() const;
    Json parameters(const Layer& layer) const;
    Json compile() const;
    Result<Json> optimizer();
    Json optimizerOf(const Json& stored) const;
    Json problems() const;
    Result<void> checkStop() const
    {
        if (m_job.stopRequested())
            return Error(ErrorKind::Stopped, "stopped");
        return {};
    }

    const Network& m_network;
    const InspectionOptions& m_options;
    const JobContext& m_job;
    std::vector<Json> m_weights; ///< what is said about each weight, by its index
    std::map<std::string, layers::LayerShapes> m_shapes;
    std::vector<std::string> m_warnings;
};

Json Inspector::file() const
{
    const FileFacts& facts = m_network.file;
    return { { "path", facts.path.string() }, { "format", textOrNull(facts.format) },
        { "kind", facts.weightsOnly ? "weights" : "model" }, { "bytes", facts.bytes },
        { "keras_version", textOrNull(facts.kerasVersion) },
        { "tensorflow_version", textOrNull(facts.tensorflowVersion) },
        { "backend", textOrNull(facts.backend) } };
}

Result<void> Inspector::readWeights()
{
    const auto total = static_cast<std::int64_t>(m_network.weights.size());
    for (std::size_t i = 0; i < m_network.weights.size(); ++i) {
        TRY_DO(checkStop());
        const Weight& weight = m_network.weights[i];
        m_job.report(static_cast<std::int64_t>(i), total, weight.name);
        Json report{ { "name", weight.name }, { "path", weight.path },
            { "trainable", weight.trainable } };
        TRY_DO(reportTensor(report, weight.value, m_options, m_job, m_warnings));
        m_weights.push_back(std::move(report));
    }
    return {};
}

Json Inspector::weightsInModelOrder() const
{
    Json list = Json::array();
    for (const Json& report : m_weights) {
        Json entry;
        for (const char* key : { "name", "path", "trainable", "shape", "dtype", "count" })
            entry[key] = report[key];
        if (report.contains("sha256"))
            entry["sha256"] = report["sha256"];
        list.push_back(std::move(entry));
    }
    return list;
}

/// The number of values in all weights of a layer, or in a model; null where the file should hold
/// some and does not.
Json Inspector::parameters(const Layer& layer) const
{
    std::vector<WeightIndex> indices;
    bool missing = false;
    visitLayers(layer, [&](const Layer& inner, const std::vector<std::string>&) {
        indices.insert(indices.end(), inner.weights.begin(), inner.weights.end());
        if (inner.isModel() || inner.kind == LayerKind::Operation || !inner.weights.empty())
            return;
        const auto layout = variableLayout(inner, m_network.generation);
        missing = missing || (layout && !layout->empty());
    });
    if (missing)
        return {};
    std::sort(indices.begin(), indices.end());
    indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    std::int64_t count = 0;
    for (const WeightIndex index : indices)
        count += m_network.weights[index].value.count();
    return count;
}

Json Inspector::layer(
    const Layer& layer, const std::vector<std::string>& path, std::size_t order) const
{
    Json shape;
    if (const auto found = m_shapes.find(joined(path)); found != m_shapes.end()) {
        if (found->second.isList) {
            shape = Json::array();
            for (const PartialShape& one : found->second.shapes)
                shape.push_back(shapeReport(one));
        } else if (!found->second.shapes.empty()) {
            shape = shapeReport(found->second.shapes.front());
        }
    }
    Json weights = Json::array();
    // Keras's own order of layer.weights is that of model.weights.
    std::vector<WeightIndex> indices = layer.weights;
    std::sort(indices.begin(), indices.end());
    for (const WeightIndex index : indices) {
        Json report{ { "index", weights.size() } };
        report.update(m_weights[index]);
        weights.push_back(std::move(report));
    }
    const bool known = !layer.className.empty();
    return { { "order", order }, { "path", path }, { "depth", path.size() - 1 },
        { "name", layer.name }, { "class", textOrNull(layer.className) },
        { "is_model", layer.isModel() }, { "trainable", known ? Json(layer.trainable) : Json() },
        { "dtype_policy", known ? Json(layer.dtypePolicy) : Json() },
        { "output_shape", std::move(shape) }, { "params", parameters(layer) },
        { "weights", std::move(weights) } };
}

Json Inspector::layers() const
{
    Json list = Json::array();
    visitLayers(m_network.model, [&](const Layer& inner, const std::vector<std::string>& path) {
        if (!path.empty() && inner.kind != LayerKind::Operation)
            list.push_back(layer(inner, path, list.size()));
    });
    return list;
}

Json Inspector::totals() const
{
    std::int64_t topLevel = 0;
    for (const Layer& layer : m_network.model.layers)
        topLevel += layer.kind == LayerKind::Operation ? 0 : 1;
    std::int64_t all = 0;
    visitLayers(m_network.model, [&](const Layer& layer, const std::vector<std::string>& path) {
        all += path.empty() || layer.kind == LayerKind::Operation ? 0 : 1;
    });
    std::int64_t trained = 0;
    std::int64_t frozen = 0;
    for (const Weight& weight : m_network.weights)
        (weight.trainable ? trained : frozen) += weight.value.count();
    return { { "layers_top_level", topLevel }, { "layers_all", all },
        { "params", trained + frozen }, { "trainable_params", trained },
        { "non_trainable_params", frozen }, { "weights", m_network.weights.size() } };
}

Json Inspector::model() const
{
    const Layer& root = m_network.model;
    const bool known = !m_network.architecture.isEmpty();
    return { { "name", textOrNull(root.name) }, { "class", textOrNull(root.className) },
        { "kind", known ? Json(kindName(root.kind)) : Json() }, { "layers", layers() },
        { "weights_in_model_order", weightsInModelOrder() }, { "totals", totals() } };
}

/// The compile settings under the names that Keras gives them in memory.
Json Inspector::compile() const
{
    if (!m_network.training || !m_network.training->source.value().is_object())
        return {};
    Json config = Json::object();
    for (const auto& [key, value] : m_network.training->source.value().items())
        config[key == "optimizer_config" ? "optimizer" : key] = value;
    return { { "config", std::move(config) } };
}

/// An optimizer of which the file holds the settings alone.
Json Inspector::optimizerOf(const Json& stored) const
{
    const auto name = stored.is_object() ? stored.find("class_name") : stored.end();
    if (!stored.is_object() || name == stored.end() || !name->is_string())
        return {};
    const auto text = name->get<std::string>();
    const KerasGeneration dialect = optimizerDialect(stored, m_network.generation);
    const auto config = stored.find("config");
    return { { "class", text.substr(text.rfind('>') + 1) },
        { "legacy", dialect == KerasGeneration::Legacy || dialect == KerasGeneration::Keras1 },
        { "dialect", dialectName(dialect) },
        { "config", config != stored.end() ? *config : Json() }, { "iterations", Json() },
        { "variables", Json::array() } };
}

Result<Json> Inspector::optimizer()
{
    Json report = m_network.training ? optimizerOf(m_network.training->optimizer()) : Json();
    if (!m_network.optimizer)
        return report;
    const OptimizerState& state = *m_network.optimizer;
    if (report.is_null()
        || plainOptimizerName(report["class"].get<std::string>())
            != plainOptimizerName(state.className))
        report = Json{ { "class", textOrNull(state.className) }, { "legacy", false },
            { "dialect", Json() }, { "config", state.config }, { "iterations", Json() },
            { "variables", Json::array() } };
    report["legacy"]
        = state.dialect == KerasGeneration::Legacy || state.dialect == KerasGeneration::Keras1;
    report["dialect"] = dialectName(state.dialect);
    if (state.iterations)
        report["iterations"] = *state.iterations / accumulationSteps(state);
    for (const OptimizerVariable& variable : state.variables) {
        TRY_DO(checkStop());
        Json entry{ { "index", report["variables"].size() }, { "name", variable.name },
            { "path", variable.path.empty() ? variable.name : variable.path },
            { "trainable", false } };
        TRY_DO(reportTensor(entry, variable.value, m_options, m_job, m_warnings));
        report["variables"].push_back(std::move(entry));
    }
    return report;
}

Json Inspector::problems() const
{
    Json list = Json::array();
    for (const Problem& problem : m_network.problems)
        list.push_back({ { "severity", severityName(problem.severity) },
            { "where", textOrNull(problem.where) }, { "what", problem.what },
            { "remedy", textOrNull(problem.remedy) } });
    for (const std::string& warning : m_warnings)
        list.push_back({ { "severity", "error" }, { "where", Json() }, { "what", warning },
            { "remedy", "What else the file holds is shown." } });
    return list;
}

Result<Json> Inspector::document()
{
    m_shapes = layers::inferLayerShapes(m_network);
    TRY_DO(readWeights());
    Json result{ { "file", file() }, { "model", model() }, { "compile", compile() } };
    TRY(result["optimizer"], optimizer());
    result["history"] = m_network.history;
    result["problems"] = problems();
    if (m_network.functions)
        result["functions"] = functionReport(m_network);
    return result;
}

} // namespace

Result<Json> inspect(
    const Network& network, const InspectionOptions& options, const JobContext& job)
{
    return Inspector(network, options, job).document();
}

} // namespace layerscope::analysis
