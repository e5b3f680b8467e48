#include "model/training/running_log.h"

namespace layerscope::training {

void RunningLog::reset()
{
    m_rows = 0;
    for (Entry& entry : m_entries)
        std::fill(entry.sums.begin(), entry.sums.end(), 0.0);
    std::fill(m_runningValues.begin(), m_runningValues.end(), 0.0);
}

void RunningLog::prepare(const TrainingPlan& plan)
{
    for (const LogEntry& entry : plan.log) {
        const Metric* metric = entry.isMetric
            ? plan.outputs[entry.output].metrics[entry.metric].metric.get()
            : nullptr;
        m_entries.push_back({ entry, metric, {} });
    }
    m_batchValues.resize(m_entries.size());
    m_runningValues.resize(m_entries.size());
}

void RunningLog::add(const CompiledStep& step, std::int64_t rows)
{
    if (m_entries.empty())
        prepare(step.plan());
    const auto weight = static_cast<double>(rows);
    m_rows += weight;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        Entry& entry = m_entries[i];
        if (!entry.metric) {
            const double value
                = entry.entry.isTotal ? step.totalLoss() : step.outputLoss(entry.entry.output);
            entry.sums.resize(1);
            entry.sums[0] += value * weight;
            m_batchValues[i] = value;
            m_runningValues[i] = entry.sums[0] / m_rows;
            continue;
        }
        step.metricSums(entry.entry.output, entry.entry.metric, m_scratch);
        entry.sums.resize(m_scratch.size());
        for (std::size_t j = 0; j < m_scratch.size(); ++j)
            entry.sums[j] += m_scratch[j];
        m_batchValues[i] = entry.metric->result(m_scratch);
        m_runningValues[i] = entry.metric->result(entry.sums);
    }
}

void RunningLog::write(const std::vector<double>& values, Metrics& out) const
{
    if (out.size() != m_entries.size()) {
        out.clear();
        for (const Entry& entry : m_entries)
            out.emplace_back(entry.entry.name, 0.0);
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        out[i].second = values[i];
}

} // namespace layerscope::training
