#pragma once

#include "model/training/compiled_step.h"

#include <vector>

namespace layerscope::training {

/// The numbers of the log: of the last batch, and over all batches since reset(), as Keras's
/// metric objects hold them. Losses are averaged over rows.
class RunningLog
{
public:
    void reset();

    /// Takes the results of a run over `rows` rows. The first call fixes what is logged.
    void add(const CompiledStep& step, std::int64_t rows);

    // Written into `out`, whose names are filled once and then left alone.
    void batch(Metrics& out) const { write(m_batchValues, out); }
    void soFar(Metrics& out) const { write(m_runningValues, out); }

private:
    struct Entry
    {
        LogEntry entry;
        const Metric* metric = nullptr;
        std::vector<double> sums; ///< of the batches so far; for a loss Σ value·rows
    };
    void prepare(const TrainingPlan& plan);
    void write(const std::vector<double>& values, Metrics& out) const;

    std::vector<Entry> m_entries;
    std::vector<double> m_batchValues, m_runningValues;
    std::vector<double> m_scratch;
    double m_rows = 0;
};

} // namespace layerscope::training
