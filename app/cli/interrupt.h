#pragma once

#include <stop_token>

namespace layerscope::cli {

/// Ctrl+C and SIGTERM as requests instead of sudden death: the first asks to finish the step under
/// way, the second to give up without saving, the third ends the process at once.
///
/// Made once, before any thread: signals are blocked in every thread started later and waited for
/// in one of its own.
class Interrupt
{
public:
    Interrupt();

    std::stop_token stopToken() const { return m_stop.get_token(); }
    std::stop_token giveUpToken() const { return m_giveUp.get_token(); }
    bool wasStopped() const { return m_stop.stop_requested(); }
    bool wasGivenUp() const { return m_giveUp.stop_requested(); }

private:
    std::stop_source m_stop;
    std::stop_source m_giveUp;
};

} // namespace layerscope::cli
