#include "model/training/step_graph.h"

#include "model/ops/gradient.h"
#include "model/training/loss_graph.h"
#include "model/training/sparse_gradient.h"

#include <algorithm>
#include <map>

namespace layerscope::training {
namespace {

using ops::Value;

class StepBuilder
{
public:
    explicit StepBuilder(const StepRequest& request)
        : m_request(request)
        , m_builder(m_result.graph)
    {
    }

    Result<StepGraph> build();

private:
    Result<void> lower();
    Result<void> plan();
    void feedTargets();
    void buildLosses();
    void buildMetrics();
    void update();
    void addPulse(WeightIndex weight, Value gradient, Value updated);
    OutputValues valuesOf(std::size_t output) const;
    Value number(DType type, std::size_t index);
    void emit(Value value, StepOutput output);

    const StepRequest& m_request;
    StepGraph m_result;
    ops::Builder m_builder;
    layers::LoweredModel m_model;
    std::vector<Value> m_targets;
    Value m_sampleWeights;
    Value m_total; ///< a scalar
    std::map<std::pair<DType, std::size_t>, Value> m_numbers;
    std::map<std::int32_t, Feed> m_feeds; ///< by the input's value
    std::map<std::int32_t, StateReference> m_variables;
};

Result<void> StepBuilder::lower()
{
    layers::LoweringOptions options;
    options.mode = m_request.trains ? layers::Mode::Training : layers::Mode::Inference;
    options.noise = m_request.trains ? layers::Noise::On : layers::Noise::Off;
    if (m_request.trains) {
        options.seed = m_builder.input("seed", { DType::Int64, { 2 } });
        m_feeds[options.seed.id] = { Feed::Kind::Seed };
    }
    const std::int64_t batch = m_request.inputShapes.empty() || m_request.inputShapes[0].empty()
        ? 1
        : m_request.inputShapes[0][0];
    TRY(m_model,
        layers::lowerModel(m_builder, m_request.network, batch, m_request.inputShapes, options));
    for (std::size_t i = 0; i < m_model.inputs.size(); ++i)
        m_feeds[m_model.inputs[i].id] = { Feed::Kind::ModelInput, i };
    for (std::size_t i = 0; i < m_model.weights.size(); ++i)
        m_variables[m_model.weights[i].id] = { i, 0 };
    return {};
}

Result<void> StepBuilder::plan()
{
    if (m_request.targets.size() != m_model.outputs.size())
        return Error(ErrorKind::ShapeMismatch,
            "The model has " + std::to_string(m_model.outputs.size())
                + " outputs and the data have targets for "
                + std::to_string(m_request.targets.size()) + ".");
    std::vector<OutputFacts> facts;
    for (std::size_t i = 0; i < m_model.outputs.size(); ++i) {
        const std::string name = i < m_model.outputNames.size() && !m_model.outputNames[i].empty()
            ? m_model.outputNames[i]
            : "output_" + std::to_string(i + 1);
        facts.push_back({ name, m_builder.shape(m_model.outputs[i]), m_request.targets[i].shape });
    }
    TRY(m_result.plan,
        planTraining(m_request.setup, m_request.options, m_request.network.generation,
            m_request.network.file.kerasVersion, facts));
    return {};
}

void StepBuilder::feedTargets()
{
    for (std::size_t i = 0; i < m_request.targets.size(); ++i) {
        const Value target = m_builder.input("target/" + std::to_string(i), m_request.targets[i]);
        m_feeds[target.id] = { Feed::Kind::Target, i };
        m_targets.push_back(target);
    }
    if (m_request.hasSampleWeights) {
        const std::int64_t batch = m_request.inputShapes[0][0];
        m_sampleWeights = m_builder.input("sample_weight", { DType::Float32, { batch } });
        m_feeds[m_sampleWeights.id] = { Feed::Kind::SampleWeight };
    }
}

OutputValues StepBuilder::valuesOf(std::size_t output) const
{
    const auto at = [output](const std::vector<Value>& list) {
        return output < list.size() ? list[output] : Value();
    };
    return { m_model.outputs[output], at(m_model.outputLogits), at(m_model.outputMasks),
        m_targets[output], m_sampleWeights,
        output < m_request.targetsSumToOne.size() && m_request.targetsSumToOne[output] };
}

Value StepBuilder::number(DType type, std::size_t index)
{
    Value& value = m_numbers[{ type, index }];
    if (!value) {
        value = m_builder.input("number/" + std::to_string(index), { type, {} });
        m_feeds[value.id] = { Feed::Kind::Number, index, type };
    }
    return value;
}

void StepBuilder::emit(Value value, StepOutput output)
{
    if (!value)
        return;
    if (output.kind != StepOutput::Kind::Finite)
        value = m_builder.cast(value, DType::Float32);
    output.count = static_cast<std::size_t>(elementCount(m_builder.shape(value)).value_or(0));
    m_builder.output(value);
    m_result.outputs.push_back(output);
}

void StepBuilder::buildLosses()
{
    const ops::Builder::Scope scope(m_builder, "loss");
    const std::vector<LogEntry>& log = m_result.plan.log;
    const bool logsEach = std::any_of(log.begin(), log.end(),
        [](const LogEntry& entry) { return !entry.isTotal && !entry.isMetric; });
    Value logged; // what Keras reports: reductions that leave a tensor show as its mean
    const auto add = [&](Value& sum, Value value) {
        if (!value)
            return;
        if (sum && m_builder.dtype(sum) != m_builder.dtype(value))
            value = m_builder.cast(value, m_builder.dtype(sum));
        sum = sum ? m_builder.add(sum, value) : value;
    };
    for (std::size_t i = 0; i < m_result.plan.outputs.size(); ++i) {
        const OutputLoss& loss = m_result.plan.outputs[i].loss;
        if (!loss.type)
            continue;
        Value value = buildLoss(m_builder, loss, valuesOf(i), m_request.network.generation);
        const bool isTensor = m_builder.rank(value) > 0;
        if (logsEach)
            emit(isTensor ? m_builder.mean(value) : value, { StepOutput::Kind::OutputLoss, i });
        if (loss.weight)
            value = m_builder.multiply(value, *loss.weight);
        add(m_total, isTensor ? m_builder.sum(value) : value);
        add(logged, isTensor ? m_builder.mean(value) : value);
    }
    add(m_total, m_model.regularization);
    add(logged, m_model.regularization);
    emit(logged, { StepOutput::Kind::TotalLoss });
}

void StepBuilder::buildMetrics()
{
    const ops::Builder::Scope scope(m_builder, "metrics");
    for (std::size_t i = 0; i < m_result.plan.outputs.size(); ++i) {
        m_result.sumCounts.emplace_back();
        const auto& metrics = m_result.plan.outputs[i].metrics;
        for (std::size_t m = 0; m < metrics.size(); ++m) {
            std::size_t position = 0;
            for (const MetricPart& part :
                buildMetric(m_builder, metrics[m], valuesOf(i), m_request.network.generation)) {
                if (!part.value) {
                    m_result.fixedSums.push_back({ i, m, position, part.fixed });
                    ++position;
                    continue;
                }
                emit(part.value, { StepOutput::Kind::MetricSums, i, m });
                position += m_result.outputs.empty() ? 0 : m_result.outputs.back().count;
            }
            m_result.sumCounts.back().push_back(position);
        }
    }
}

void StepBuilder::addPulse(WeightIndex weight, Value gradient, Value updated)
{
    const Value old = m_model.weights[weight];
    const auto squares = [&](Value x) {
        return m_builder.sum(m_builder.square(m_builder.cast(x, DType::Float32)));
    };
    for (const Value value :
        { squares(gradient), squares(m_builder.subtract(updated, old)), squares(old) })
        emit(value, { StepOutput::Kind::Pulse, 0, 0, weight });
}

void StepBuilder::update()
{
    const Optimizer& optimizer = *m_request.optimizer;
    std::vector<Value> sources;
    for (const WeightIndex weight : m_request.trainable)
        sources.push_back(m_model.weights[weight]);
    Value upstream = m_builder.scalar(1, m_builder.dtype(m_total));
    const std::size_t scaleNumber = optimizer.numberCount() - 1;
    if (optimizer.scalesLoss())
        upstream = number(m_builder.dtype(m_total), scaleNumber);
    else if (optimizer.constantLossScale())
        upstream = m_builder.scalar(*optimizer.constantLossScale(), m_builder.dtype(m_total));
    const std::vector<Value> targets{ m_total };
    const std::vector<Value> upstreams{ upstream };
    std::vector<Value> gradients;
    {
        const ops::Builder::Scope scope(m_builder, "gradients");
        gradients = ops::gradients(m_builder, targets, upstreams, sources);
    }
    if (m_builder.error())
        return;

    std::vector<Optimizer::Target> list;
    std::vector<WeightIndex> weights;
    std::vector<Value> found;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
        const WeightIndex weight = m_request.trainable[i];
        if (!gradients[i]) {
            m_result.withoutGradient.push_back(weight);
            continue;
        }
        const Weight& stored = m_request.network.weights[weight];
        Optimizer::Target target{ WeightUpdate(m_builder, m_model.weights[weight],
                                      optimizer.dialect(),
                                      stored.path.empty() ? stored.name : stored.path),
            m_model.weights[weight],
            weight < m_request.constraints.size() ? m_request.constraints[weight] : Json() };
        std::vector<Value> numbers;
        for (std::size_t n = 0; n < optimizer.numberCount(); ++n)
            numbers.push_back(number(m_builder.dtype(m_model.weights[weight]), n));
        target.update.setNumbers(std::move(numbers));
        for (std::size_t s = 0; s < m_request.slotList.size(); ++s) {
            const SlotReference& slot = m_request.slotList[s];
            if (slot.weight != weight)
                continue;
            const Value variable
                = m_builder.variable("optimizer/" + slot.name, { slot.type, slot.shape });
            m_variables[variable.id] = { std::nullopt, s };
            target.update.addSlot(slot.name, variable);
        }
        list.push_back(std::move(target));
        weights.push_back(weight);
        found.push_back(gradients[i]);
    }
    const Value finite = optimizer.build(m_builder, list, m_request.kind,
        [&](std::size_t i) { return sparseGradient(m_builder, m_result.graph, found[i]); });
    emit(finite, { StepOutput::Kind::Finite });
    for (const layers::StateUpdate& state : m_model.stateUpdates)
        m_builder.assign(m_model.weights[state.weight], state.newValue);
    for (std::size_t i = 0; m_request.pulse && i < list.size(); ++i)
        addPulse(weights[i], found[i], list[i].update.weight());
}

Result<StepGraph> StepBuilder::build()
{
    TRY_DO(lower());
    TRY_DO(plan());
    feedTargets();
    buildLosses();
    buildMetrics();
    if (m_request.trains && !m_builder.error())
        update();
    if (m_builder.error())
        return *m_builder.error();
    for (const ops::Source& source : m_result.graph.sources) {
        if (source.kind == ops::SourceKind::Input)
            m_result.feeds.push_back(m_feeds.at(source.value.id));
        else if (source.kind == ops::SourceKind::Variable)
            m_result.variables.push_back(m_variables.at(source.value.id));
    }
    return std::move(m_result);
}

} // namespace

Result<StepGraph> buildStep(const StepRequest& request)
{
    return StepBuilder(request).build();
}

} // namespace layerscope::training
