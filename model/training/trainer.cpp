#include "model/training/trainer.h"

#include "model/training/constraint.h"
#include "model/training/trainer_state.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace layerscope::training {
namespace {

/// Whether `text` matches a shell pattern with * and ?.
bool matchesGlob(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

void freeze(Layer& layer, const std::string& path, bool frozen, Network& network,
    const std::vector<std::string>& patterns)
{
    const auto matches = [&](const std::string& pattern) {
        return matchesGlob(pattern, path) || matchesGlob(pattern, layer.name);
    };
    frozen = frozen || (!path.empty() && std::any_of(patterns.begin(), patterns.end(), matches));
    if (frozen) {
        layer.trainable = false;
        for (const WeightIndex weight : layer.weights)
            network.weights[weight].trainable = false;
    }
    for (Layer& inner : layer.layers)
        freeze(
            inner, path.empty() ? inner.name : path + "/" + inner.name, frozen, network, patterns);
}

/// Rows [first, first + count) of everything in a data set.
Result<DataSet> rowsOf(const DataSet& data, std::int64_t first, std::int64_t count)
{
    const auto cut = [&](const Tensor& tensor) -> Result<Tensor> {
        const auto rows = static_cast<std::size_t>(tensor.shape()[0]);
        const std::size_t size = rows == 0 ? 0 : tensor.bytes().size() / rows;
        Shape shape = tensor.shape();
        shape[0] = count;
        return Tensor::fromBytes(tensor.dtype(), shape,
            tensor.bytes().subspan(
                static_cast<std::size_t>(first) * size, static_cast<std::size_t>(count) * size));
    };
    DataSet result = data;
    for (Tensor& input : result.inputs) {
        TRY(input, cut(input));
    }
    for (Tensor& target : result.targets) {
        TRY(target, cut(target));
    }
    if (result.sampleWeights) {
        TRY(result.sampleWeights, cut(*result.sampleWeights));
    }
    return result;
}

} // namespace

Network withFrozenLayers(const Network& network, const std::vector<std::string>& patterns)
{
    Network result = network;
    if (!patterns.empty())
        freeze(result.model, "", false, result, patterns);
    return result;
}

Result<void> Trainer::State::splitValidation(
    FittedData& fitted, const TrainingOptions& options, std::optional<DataSet>& validation)
{
    validation = options.validationData;
    const double share = options.validationSplit;
    if (validation || share <= 0)
        return {};
    const std::int64_t rows = fitted.data.rows();
    const auto kept = static_cast<std::int64_t>(
        std::floor(static_cast<double>(rows) * (1 - std::min(share, 1.0))));
    if (kept < 1 || kept >= rows)
        return Error(ErrorKind::InvalidArgument,
            "A validation split of " + std::to_string(share) + " leaves no rows on one side of "
                + std::to_string(rows) + ".");
    TRY(validation, rowsOf(fitted.data, kept, rows - kept));
    TRY(fitted.data, rowsOf(fitted.data, 0, kept));
    return {};
}

Result<std::unique_ptr<Trainer::State>> Trainer::State::create(
    const Network& network, DataSet data, const TrainingOptions& options)
{
    const bool mixed = usesMixedFloat16(network);
    Json specification
        = options.optimizer.value_or(network.training ? network.training->optimizer() : Json());
    if (!options.optimizer && namedObject(specification).name.empty() && network.optimizer)
        specification = Json{ { "class_name", network.optimizer->className },
            { "config", network.optimizer->config } };
    const KerasGeneration dialect
        = !options.optimizer && network.optimizer ? network.optimizer->dialect : network.generation;
    TRY(Optimizer optimizer, Optimizer::create(specification, dialect, mixed));
    const std::vector<WeightIndex> all = trainableWeights(network);
    if (!all.empty() && !optimizer.settings().isLegacy())
        optimizer.productType = network.weights[all.front()].value.dtype();

    const bool resumesKeras2 = !options.optimizer && network.optimizer
        && network.optimizer->iterations.value_or(0) > 0 && dialect == KerasGeneration::Keras2;
    if (resumesKeras2)
        optimizer.productRepeats = static_cast<std::int64_t>(all.size());

    TRY(FittedData fitted, fitData(network, std::move(data), options));
    std::optional<DataSet> validation;
    TRY_DO(splitValidation(fitted, options, validation));
    TRY(Batches batches,
        Batches::prepare(
            fitted.data, fitted.facts.inputTypes, fitted.lossNames, options, options.batchSize));

    std::unique_ptr<State> state(new State(std::move(optimizer), std::move(batches)));
    state->m_original = network;
    state->m_network
        = std::make_shared<const Network>(withFrozenLayers(network, options.frozenLayers));
    state->m_options = options;
    state->m_threads = threadsOf(options);
    state->m_lossNames = fitted.lossNames;
    state->m_history = network.history;
    for (const WeightIndex weight : all) {
        if (state->m_network->weights[weight].trainable)
            state->m_trainable.push_back(weight);
    }
    if (state->m_trainable.empty())
        return Error(
            ErrorKind::InvalidArgument, "All weights are frozen; there is nothing to train.");
    state->m_constraints = weightConstraints(network);
    TRY(WeightMemory weights, WeightMemory::load(network));
    state->m_weights = std::make_unique<WeightMemory>(std::move(weights));
    TRY(OptimizerMemory memory,
        OptimizerMemory::create(network, state->m_optimizer, !options.optimizer));
    state->m_memory = std::make_unique<OptimizerMemory>(std::move(memory));
    if (options.learningRate)
        state->setLearningRate(*options.learningRate);
    if (validation) {
        TRY(const FittedData fittedValidation, fitData(network, *validation, options));
        TrainingOptions plain = options;
        plain.classWeights.clear(); // Keras weighs classes in training only
        TRY(Batches validationBatches,
            Batches::prepare(fittedValidation.data, fittedValidation.facts.inputTypes,
                fittedValidation.lossNames, plain, options.batchSize));
        state->m_validation = std::make_unique<Evaluator>(
            std::move(validationBatches), state->m_network, plain, state->m_threads);
    }
    state->beginEpoch();
    // A model that cannot run, or a loss that does not fit, shows now and not in the first step.
    TRY_DO([&]() -> Result<void> {
        TRY(CompiledStep* const first,
            state->stepFor({ state->m_batches.rowsOf(0),
                state->m_optimizer.kindOfNextStep(state->m_memory->counters), false }));
        (void)first;
        return {};
    }());
    return state;
}

Result<CompiledStep*> Trainer::State::stepFor(const StepKey& key)
{
    if (m_lastStep && key == m_lastKey)
        return m_lastStep;
    auto& step = m_steps[key];
    if (!step) {
        StepRequest request{ *m_network, m_network->training ? &*m_network->training : nullptr,
            m_options, m_batches.inputShapes(key.rows), m_batches.targetInfos(key.rows),
            m_batches.targetsSumToOne(), m_batches.hasSampleWeights() };
        request.optimizer = &m_optimizer;
        request.kind = key.kind;
        request.trainable = m_trainable;
        request.slotList = m_memory->slotList;
        request.constraints = m_constraints;
        request.pulse = key.pulse;
        TRY(step, CompiledStep::compile(request, m_threads, *m_weights, m_memory.get()));
    }
    m_lastKey = key;
    m_lastStep = step.get();
    return m_lastStep;
}

void Trainer::State::beginEpoch()
{
    m_stepInEpoch = 0;
    m_epochSeconds = 0;
    m_log.reset();
    if (m_options.shuffle)
        m_batches.shuffle(m_options.seed, m_epoch);
}

Result<void> Trainer::State::step(StepReport& report, const JobContext& job)
{
    const auto began = std::chrono::steady_clock::now();
    if (m_stepInEpoch >= m_batches.batchesPerEpoch()) {
        ++m_epoch;
        beginEpoch();
    }
    OptimizerCounters& counters = m_memory->counters;
    const std::int64_t rows = m_batches.rowsOf(m_stepInEpoch);
    const StepKind kind = m_optimizer.kindOfNextStep(counters);
    TRY(CompiledStep* const step, stepFor({ rows, kind, m_pulseEnabled }));
    m_batches.select(m_stepInEpoch);
    step->setNumbers(m_optimizer, counters);
    step->setSeed(m_options.seed, counters.iterations);
    report.learningRate = m_optimizer.currentRate(counters);
    TRY_DO(step->run(m_batches, job));
    m_optimizer.advance(counters, kind, step->isFinite());
    m_log.add(*step, rows);
    if (m_pulseEnabled)
        rememberPulse(*step);
    ++m_stepInEpoch;

    report.iteration = counters.iterations;
    report.epoch = m_epoch;
    report.stepInEpoch = m_stepInEpoch - 1;
    report.stepsPerEpoch = m_batches.batchesPerEpoch();
    report.endsEpoch = m_stepInEpoch == report.stepsPerEpoch;
    m_log.batch(report.batch);
    m_log.soFar(report.epochSoFar);
    m_epochSeconds
        += std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return {};
}

Result<EpochReport> Trainer::State::finishEpoch(const JobContext& job)
{
    EpochReport report;
    report.epoch = m_epoch;
    report.learningRate = m_optimizer.currentRate(m_memory->counters);
    m_log.soFar(report.metrics);
    if (m_validation) {
        TRY(const Metrics values, m_validation->run(*m_weights, job));
        for (const auto& [name, value] : values)
            report.metrics.emplace_back("val_" + name, value);
    }
    report.seconds = m_epochSeconds;
    if (!m_history.is_object())
        m_history = Json::object();
    std::size_t length = 0; // epochs in the history so far
    for (const auto& [name, list] : m_history.items())
        length = std::max(length, list.is_array() ? list.size() : 0);
    for (const auto& [name, value] : report.metrics) {
        Json& list = m_history[name];
        if (!list.is_array())
            list = Json::array();
        while (list.size() < length) // a metric that was not measured before
            list.push_back(nullptr);
        list.push_back(value);
    }
    if (m_stepInEpoch >= m_batches.batchesPerEpoch()) {
        ++m_epoch;
        beginEpoch();
    }
    return report;
}

void Trainer::State::setLearningRate(double rate)
{
    m_optimizer.setConstantRate();
    m_memory->counters.learningRate = Number::rounded(rate, DType::Float32);
    m_rateChanged = true;
}

void Trainer::State::rememberPulse(const CompiledStep& step)
{
    std::map<WeightIndex, CompiledStep::Pulse> byWeight;
    for (const CompiledStep::Pulse& pulse : step.pulses())
        byWeight[pulse.weight] = pulse;
    m_pulse.clear();
    visitLayers(m_network->model, [&](const Layer& layer, const std::vector<std::string>& path) {
        CompiledStep::Pulse sum;
        bool has = false;
        for (const WeightIndex weight : layer.weights) {
            const auto found = byWeight.find(weight);
            if (found == byWeight.end())
                continue;
            has = true;
            sum.gradient += found->second.gradient;
            sum.change += found->second.change;
            sum.weightNorm += found->second.weightNorm;
        }
        if (!has)
            return;
        std::string name;
        for (const std::string& part : path)
            name += (name.empty() ? "" : "/") + part;
        m_pulse.push_back({ name, std::sqrt(sum.gradient),
            sum.weightNorm > 0 ? std::sqrt(sum.change / sum.weightNorm) : 0 });
    });
}

std::vector<LayerPulse> Trainer::State::pulse() const
{
    return m_pulseEnabled ? m_pulse : std::vector<LayerPulse>();
}

Trainer::Trainer(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;
Trainer::~Trainer() = default;

Result<Trainer> Trainer::create(
    const Network& network, DataSet data, const TrainingOptions& options)
{
    TRY(std::unique_ptr<State> state, State::create(network, std::move(data), options));
    return Trainer(std::move(state));
}

bool Trainer::resumes() const
{
    return m_state->memory().resumes;
}
const std::string& Trainer::freshStartReason() const
{
    return m_state->memory().freshStartReason;
}

Result<StepReport> Trainer::step(const JobContext& job)
{
    StepReport report;
    TRY_DO(m_state->step(report, job));
    return report;
}

Result<void> Trainer::step(StepReport& report, const JobContext& job)
{
    return m_state->step(report, job);
}

Result<EpochReport> Trainer::finishEpoch(const JobContext& job)
{
    return m_state->finishEpoch(job);
}

void Trainer::setLearningRate(double learningRate)
{
    m_state->setLearningRate(learningRate);
}

void Trainer::setPulseEnabled(bool enabled)
{
    m_state->setPulseEnabled(enabled);
}
std::vector<LayerPulse> Trainer::pulse() const
{
    return m_state->pulse();
}

Result<Network> Trainer::snapshot() const
{
    return m_state->snapshot();
}

std::int64_t Trainer::stepsPerEpoch() const
{
    return m_state->stepsPerEpoch();
}
std::int64_t Trainer::iterations() const
{
    return m_state->memory().counters.iterations;
}

} // namespace layerscope::training
