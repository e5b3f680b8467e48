#include "app/cli/interrupt.h"

#include <csignal>
#include <thread>
#include <unistd.h>

namespace layerscope::cli {

Interrupt::Interrupt()
{
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGINT);
    sigaddset(&awaited, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
    // The sources are shared by copies, so that the thread may outlive this object: it waits until
    // the process ends.
    std::thread([awaited, stop = m_stop, giveUp = m_giveUp]() mutable {
        for (int signal = 0; sigwait(&awaited, &signal) == 0;) {
            if (giveUp.stop_requested())
                ::_exit(128 + signal);
            if (stop.stop_requested())
                giveUp.request_stop();
            stop.request_stop();
        }
    }).detach();
}

} // namespace layerscope::cli
