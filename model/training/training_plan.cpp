#include "model/training/training_plan.h"

#include "model/training/specification.h"

#include <algorithm>
#include <set>

namespace layerscope::training {
namespace {

enum class Task { Binary, SparseCategorical, Categorical };

/// What "accuracy" and "crossentropy" mean for shapes, as both generations of Keras decide it.
Task taskOf(const OutputFacts& output)
{
    const Shape& prediction = output.predictionShape;
    const Shape& target = output.targetShape;
    const std::int64_t predicted = prediction.empty() ? 1 : prediction.back();
    if (predicted == 1)
        return Task::Binary;
    const std::int64_t given = target.empty() ? 1 : target.back();
    if (target.size() < prediction.size() || (given == 1 && predicted > 1))
        return Task::SparseCategorical;
    return Task::Categorical;
}

std::string resolvedName(const std::string& name, const OutputFacts& output)
{
    const std::string plain = comparableName(name);
    const bool isAccuracy = plain == "accuracy" || plain == "acc";
    if (!isAccuracy && plain != "crossentropy" && plain != "ce")
        return name;
    const std::string ending = isAccuracy ? "accuracy" : "crossentropy";
    switch (taskOf(output)) {
    case Task::Binary:
        return "binary_" + ending;
    case Task::SparseCategorical:
        return "sparse_categorical_" + ending;
    case Task::Categorical:
        return "categorical_" + ending;
    }
    return name;
}

LossReduction reductionFrom(const Settings& settings)
{
    if (settings.config().contains("reduction") && !settings.has("reduction"))
        return LossReduction::None; // Keras 3 writes null
    const std::string text = settings.text("reduction", "sum_over_batch_size");
    if (text == "sum")
        return LossReduction::Sum;
    if (text == "none")
        return LossReduction::None;
    if (text == "mean_with_sample_weight")
        return LossReduction::MeanOverWeights;
    return LossReduction::MeanOverValues;
}

Result<OutputLoss> planLoss(
    const Json& specification, KerasGeneration generation, const OutputFacts& output)
{
    OutputLoss loss;
    NamedObject object = namedObject(specification);
    if (object.name.empty())
        return loss;
    const std::string wrapped = comparableName(object.name);
    if (wrapped == "lossfunctionwrapper" && object.config.is_object()
        && object.config.contains("fn"))
        object.name = namedObject(object.config["fn"]).name;
    loss.type = findLoss(resolvedName(object.name, output));
    if (!loss.type)
        return Error(ErrorKind::Unsupported,
            "The loss \"" + object.name
                + "\" is Python code of its own and cannot be computed; choose another loss to "
                  "train.");
    loss.settings = Settings(object.config, generation);
    loss.reduction = reductionFrom(loss.settings);
    return loss;
}

/// A metric object and the name it has by itself; without a metric if it cannot be computed.
OutputMetric planMetric(
    const Json& specification, KerasGeneration generation, const OutputFacts& output)
{
    OutputMetric result;
    const NamedObject object = namedObject(specification);
    result.settings = Settings(object.config, generation);
    std::string function = object.name;
    const std::string plain = comparableName(object.name);
    if (plain == "meanmetricwrapper" || plain == "sumoverbatchsizemetricwrapper")
        function
            = namedObject(result.settings.has("fn") ? result.settings.config().at("fn") : Json())
                  .name;
    // The class Accuracy compares numbers; only the word "accuracy" depends on the shapes.
    const bool isWord = specification.is_string() || function != object.name;
    const std::string resolved = isWord ? resolvedName(function, output) : function;
    const MetricType* type = findMetric(resolved);
    if (type)
        result.metric = type->create(result.settings);
    else
        result.metric = lossMetric(resolved);
    if (specification.is_string())
        result.name = object.name;
    else if (result.settings.has("name"))
        result.name = result.settings.text("name");
    else if (type)
        result.name = type->defaultName;
    else if (const LossType* loss = findLoss(resolved))
        result.name = loss->names.front();
    else
        result.name = object.name;
    return result;
}

/// Gives the metrics of all outputs the names under which Keras logs them.
class MetricNames
{
public:
    MetricNames(KerasGeneration generation, std::size_t outputs)
        : m_keras3(generation == KerasGeneration::Keras3)
        , m_several(outputs > 1)
    {
    }

    std::string take(const std::string& output, const std::string& own, bool weighted)
    {
        const std::string prefix = m_several ? output + "_" : "";
        // Legacy HDF5 files hold the names with the prefix already.
        const bool has = m_several && !m_keras3 && own.starts_with(prefix);
        std::string name = has ? own : prefix + own;
        if (weighted && m_taken.contains(name))
            name = prefix + "weighted_" + own;
        const std::string base = name;
        for (int i = 1; m_taken.contains(name); ++i)
            name = base + "_" + std::to_string(i);
        m_taken.insert(name);
        return name;
    }

private:
    bool m_keras3;
    bool m_several;
    std::set<std::string> m_taken;
};

void planMetrics(const Json& specification, bool weighted, const std::vector<OutputFacts>& facts,
    const std::vector<std::string>& outputNames, TrainingPlan& plan)
{
    const bool keras3 = plan.generation == KerasGeneration::Keras3;
    const auto dealt = metricsForOutputs(specification, outputNames, keras3);
    for (std::size_t i = 0; i < dealt.size(); ++i) {
        for (const Json& item : dealt[i]) {
            OutputMetric metric = planMetric(item, plan.generation, facts[i]);
            metric.weighted = weighted;
            if (metric.metric)
                plan.outputs[i].metrics.push_back(std::move(metric));
            else
                plan.leftOut.push_back(metric.name);
        }
    }
}

void nameAndOrder(TrainingPlan& plan)
{
    const bool keras3 = plan.generation == KerasGeneration::Keras3;
    MetricNames names(plan.generation, plan.outputs.size());
    // Keras 3 names all unweighted metrics first; Keras 2 goes from output to output.
    for (const bool weighted : { false, true }) {
        for (OutputPlan& output : plan.outputs) {
            for (OutputMetric& metric : output.metrics) {
                if (metric.weighted == weighted)
                    metric.name = names.take(output.name, metric.name, weighted);
            }
        }
    }
    plan.log.push_back({ "loss", false, 0, 0, true });
    std::size_t losses = 0;
    for (const OutputPlan& output : plan.outputs)
        losses += output.loss.type ? 1 : 0;
    const bool logsEach = keras3 ? losses > 1 : plan.outputs.size() > 1;
    for (std::size_t i = 0; logsEach && i < plan.outputs.size(); ++i) {
        if (plan.outputs[i].loss.type)
            plan.log.push_back({ plan.outputs[i].name + "_loss", false, i, 0, false });
    }
    for (std::size_t i = 0; i < plan.outputs.size(); ++i) {
        for (std::size_t m = 0; m < plan.outputs[i].metrics.size(); ++m)
            plan.log.push_back({ plan.outputs[i].metrics[m].name, true, i, m, false });
    }
    if (keras3)
        std::sort(plan.log.begin() + 1, plan.log.end(),
            [](const LogEntry& a, const LogEntry& b) { return a.name < b.name; });
}

/// Whether the Keras that wrote the file logged metrics by their functions' names: Keras up to 2.2,
/// and TensorFlow 1's own (which called itself 2.1.6-tf; TensorFlow 2.0 says 2.2.4-tf).
bool hasOldMetricNames(KerasGeneration generation, const std::string& version)
{
    if (generation == KerasGeneration::Keras1)
        return true;
    if (generation == KerasGeneration::Keras3 || version.empty() || version == "2.2.4-tf")
        return false;
    return version.starts_with("1.") || version.starts_with("2.0.") || version.starts_with("2.1.")
        || version.starts_with("2.2.");
}

std::string oldMetricName(const std::string& name)
{
    if (name == "accuracy")
        return "acc";
    const LossType* loss = findLoss(name);
    return loss ? std::string(loss->names.front()) : name;
}

Json lossOf(const TrainingSetup* setup, const TrainingOptions& options)
{
    if (options.loss)
        return *options.loss;
    return setup ? setup->loss() : Json();
}

} // namespace

std::vector<std::string> lossNamesOf(const TrainingSetup* setup, const TrainingOptions& options,
    const std::vector<std::string>& outputNames)
{
    std::vector<std::string> names;
    for (const Json& item : specificationForOutputs(lossOf(setup, options), outputNames)) {
        const std::string name = namedObject(item).name;
        const LossType* type = findLoss(name);
        names.emplace_back(type ? std::string(type->names.front()) : name);
    }
    return names;
}

Result<TrainingPlan> planTraining(const TrainingSetup* setup, const TrainingOptions& options,
    KerasGeneration generation, const std::string& kerasVersion,
    const std::vector<OutputFacts>& outputs)
{
    TrainingPlan plan;
    plan.generation = generation;
    const bool oldNames = hasOldMetricNames(generation, kerasVersion);
    std::vector<std::string> names;
    for (const OutputFacts& output : outputs) {
        plan.outputs.push_back({ output.name, {}, {} });
        names.push_back(output.name);
    }
    const std::vector<Json> losses = specificationForOutputs(lossOf(setup, options), names);
    const std::vector<Json> weights
        = specificationForOutputs(setup ? setup->lossWeights() : Json(), names);
    bool hasLoss = false;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        TRY(plan.outputs[i].loss, planLoss(losses[i], generation, outputs[i]));
        plan.outputs[i].loss.weight = numberFrom(weights[i]);
        hasLoss = hasLoss || plan.outputs[i].loss.type;
    }
    if (!hasLoss)
        return Error(ErrorKind::Unsupported,
            "The file names no loss for any output; choose a loss to train.");
    const bool hasSetup = setup && !options.metrics;
    planMetrics(hasSetup ? setup->metrics() : options.metrics.value_or(Json()), false, outputs,
        names, plan);
    if (hasSetup)
        planMetrics(setup->weightedMetrics(), true, outputs, names, plan);
    for (OutputPlan& output : plan.outputs) {
        for (OutputMetric& metric : output.metrics) {
            if (oldNames)
                metric.name = oldMetricName(metric.name);
        }
    }
    nameAndOrder(plan);
    return plan;
}

} // namespace layerscope::training
