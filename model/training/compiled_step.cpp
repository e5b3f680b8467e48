#include "model/training/compiled_step.h"

#include <algorithm>
#include <cstring>

namespace layerscope::training {

Result<std::unique_ptr<CompiledStep>> CompiledStep::compile(
    const StepRequest& request, int threads, WeightMemory& weights, OptimizerMemory* optimizer)
{
    TRY(StepGraph step, buildStep(request));
    std::unique_ptr<CompiledStep> result(new CompiledStep(std::move(step)));
    ops::CompileOptions options;
    options.threads = threads;
    TRY(ops::Program program, ops::Program::compile(result->m_step.graph, options));
    result->m_program = std::make_unique<ops::Program>(std::move(program));
    result->bindMemory(weights, optimizer);
    TRY_DO(result->bindOutputs());
    // The plan holds all that a run needs; the nodes would only take memory.
    result->m_step.graph = {};
    return result;
}

void CompiledStep::bindMemory(WeightMemory& weights, OptimizerMemory* optimizer)
{
    m_inputPointers.resize(m_step.feeds.size());
    m_scalars.resize(m_step.feeds.size());
    for (std::size_t i = 0; i < m_step.feeds.size(); ++i) {
        const Feed& feed = m_step.feeds[i];
        if (feed.kind == Feed::Kind::Seed)
            m_inputPointers[i] = m_seed;
        if (feed.kind != Feed::Kind::Number)
            continue;
        m_inputPointers[i] = &m_scalars[i];
        if (std::find(m_numberTypes.begin(), m_numberTypes.end(), feed.type) == m_numberTypes.end())
            m_numberTypes.push_back(feed.type);
    }
    for (const StateReference& variable : m_step.variables)
        m_variablePointers.push_back(variable.weight ? weights.weights[*variable.weight].data()
                                                     : optimizer->buffers[variable.slot].data());
}

Result<void> CompiledStep::bindOutputs()
{
    for (std::size_t i = 0; i < m_step.outputs.size(); ++i) {
        TRY(StateBuffer buffer, StateBuffer::bytes(m_step.outputs[i].count * sizeof(float)));
        m_outputPointers.push_back(buffer.data());
        m_outputs.push_back(std::move(buffer));
        if (m_step.outputs[i].kind == StepOutput::Kind::TotalLoss)
            m_totalLoss = i;
        if (m_step.outputs[i].kind == StepOutput::Kind::Finite)
            m_finite = i;
    }
    return {};
}

void CompiledStep::setNumbers(const Optimizer& optimizer, const OptimizerCounters& counters)
{
    for (const DType type : m_numberTypes) {
        m_numbers.clear();
        optimizer.numbers(counters, type, m_numbers);
        for (std::size_t i = 0; i < m_step.feeds.size(); ++i) {
            const Feed& feed = m_step.feeds[i];
            if (feed.kind != Feed::Kind::Number || feed.type != type)
                continue;
            const double value = m_numbers[feed.index];
            if (carriedType(type) == DType::Float64) {
                m_scalars[i] = value;
            } else {
                const auto narrow = static_cast<float>(value);
                std::memcpy(&m_scalars[i], &narrow, sizeof narrow);
            }
        }
    }
}

void CompiledStep::setSeed(std::uint64_t key, std::int64_t step)
{
    m_seed[0] = static_cast<std::int64_t>(key);
    m_seed[1] = step;
}

Result<void> CompiledStep::run(const Batches& batches, const JobContext& job)
{
    for (std::size_t i = 0; i < m_step.feeds.size(); ++i) {
        const Feed& feed = m_step.feeds[i];
        if (feed.kind == Feed::Kind::ModelInput)
            m_inputPointers[i] = batches.input(feed.index);
        else if (feed.kind == Feed::Kind::Target)
            m_inputPointers[i] = batches.target(feed.index);
        else if (feed.kind == Feed::Kind::SampleWeight)
            m_inputPointers[i] = batches.sampleWeights();
    }
    return m_program->run(m_inputPointers, m_variablePointers, m_outputPointers, job);
}

double CompiledStep::totalLoss() const
{
    return static_cast<double>(outputAt(m_totalLoss)[0]);
}

double CompiledStep::outputLoss(std::size_t output) const
{
    for (std::size_t i = 0; i < m_step.outputs.size(); ++i) {
        if (m_step.outputs[i].kind == StepOutput::Kind::OutputLoss
            && m_step.outputs[i].output == output)
            return static_cast<double>(outputAt(i)[0]);
    }
    return 0;
}

bool CompiledStep::isFinite() const
{
    return !m_finite || *static_cast<const std::uint8_t*>(m_outputs[*m_finite].data()) != 0;
}

void CompiledStep::metricSums(
    std::size_t output, std::size_t metric, std::vector<double>& out) const
{
    out.assign(m_step.sumCounts[output][metric], 0);
    std::vector<bool>::size_type taken = 0;
    const auto isFixed = [&](std::size_t position) {
        return std::any_of(
            m_step.fixedSums.begin(), m_step.fixedSums.end(), [&](const FixedSum& sum) {
                return sum.output == output && sum.metric == metric && sum.position == position;
            });
    };
    for (const FixedSum& sum : m_step.fixedSums) {
        if (sum.output == output && sum.metric == metric)
            out[sum.position] = sum.value;
    }
    for (std::size_t i = 0; i < m_step.outputs.size(); ++i) {
        const StepOutput& item = m_step.outputs[i];
        if (item.kind != StepOutput::Kind::MetricSums || item.output != output
            || item.metric != metric)
            continue;
        while (isFixed(taken))
            ++taken;
        for (std::size_t j = 0; j < item.count; ++j)
            out[taken++] = static_cast<double>(outputAt(i)[j]);
    }
}

std::vector<CompiledStep::Pulse> CompiledStep::pulses() const
{
    std::vector<Pulse> result;
    std::vector<double> values;
    for (std::size_t i = 0; i < m_step.outputs.size(); ++i) {
        if (m_step.outputs[i].kind != StepOutput::Kind::Pulse)
            continue;
        values.push_back(static_cast<double>(outputAt(i)[0]));
        if (values.size() == 3) {
            result.push_back({ m_step.outputs[i].weight, values[0], values[1], values[2] });
            values.clear();
        }
    }
    return result;
}

} // namespace layerscope::training
