#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace layerscope {

/// What long work is given: whether to stop, and where to report. Blocking functions of model/ take
/// one, ask stopRequested() for each batch or tensor, and may report as often as they like.
///
/// Thread  const calls may come from the thread that does the work; the report function is called
/// there.
class JobContext
{
public:
    /// Never stops, reports nowhere.
    JobContext() = default;

    using Report
        = std::function<void(std::int64_t done, std::int64_t total, const std::string& what)>;

    JobContext(std::stop_token stop, Report report)
        : m_stop(std::move(stop))
        , m_report(std::move(report))
    {
    }

    bool stopRequested() const { return m_stop.stop_requested(); }

    /// `done` of `total` (bytes, tensors or steps); `what` says in a few words what is being done.
    void report(std::int64_t done, std::int64_t total, const std::string& what = {}) const
    {
        if (m_report)
            m_report(done, total, what);
    }

    const std::stop_token& stopToken() const { return m_stop; }

private:
    std::stop_token m_stop;
    Report m_report;
};

} // namespace layerscope
