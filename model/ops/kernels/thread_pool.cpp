#include "model/ops/kernels/thread_pool.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace layerscope::ops {

namespace {

class ThreadPool
{
public:
    ~ThreadPool()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_ends = true;
        }
        m_wake.notify_all();
        for (std::thread& worker : m_workers)
            worker.join();
    }

    void run(int threads, std::int64_t slices, void (*work)(void*, std::int64_t), void* context)
    {
        // A second caller at the same time works alone rather than waiting.
        std::unique_lock<std::mutex> busy(m_callers, std::try_to_lock);
        if (!busy) {
            for (std::int64_t slice = 0; slice < slices; ++slice)
                work(context, slice);
            return;
        }
        const auto helpers = static_cast<std::size_t>(std::min<std::int64_t>(threads, slices) - 1);
        {
            const std::lock_guard lock(m_mutex);
            while (m_workers.size() < helpers)
                m_workers.emplace_back([this] { serve(); });
            m_work = work;
            m_context = context;
            m_slices = slices;
            m_next.store(0, std::memory_order_relaxed);
            m_wanted = helpers;
        }
        for (std::size_t i = 0; i < helpers; ++i)
            m_wake.notify_one();
        takeSlices(work, context, slices);
        std::unique_lock lock(m_mutex);
        m_wanted = 0; // who did not wake in time is not needed any more
        m_done.wait(lock, [this] { return m_active == 0; });
    }

private:
    void takeSlices(void (*work)(void*, std::int64_t), void* context, std::int64_t slices)
    {
        while (true) {
            const std::int64_t slice = m_next.fetch_add(1, std::memory_order_relaxed);
            if (slice >= slices)
                return;
            work(context, slice);
        }
    }

    void serve()
    {
        std::unique_lock lock(m_mutex);
        while (true) {
            m_wake.wait(lock, [this] { return m_ends || m_wanted > 0; });
            if (m_ends)
                return;
            --m_wanted;
            ++m_active;
            const auto work = m_work;
            void* const context = m_context;
            const std::int64_t slices = m_slices;
            lock.unlock();
            takeSlices(work, context, slices);
            lock.lock();
            if (--m_active == 0)
                m_done.notify_one();
        }
    }

    std::mutex m_callers;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_done;
    std::vector<std::thread> m_workers;
    void (*m_work)(void*, std::int64_t) = nullptr;
    void* m_context = nullptr;
    std::int64_t m_slices = 0;
    std::atomic<std::int64_t> m_next = 0;
    std::size_t m_wanted = 0;
    std::size_t m_active = 0;
    bool m_ends = false;
};

} // namespace

void runSlices(int threads, std::int64_t slices, void (*work)(void*, std::int64_t), void* context)
{
    static ThreadPool pool;
    pool.run(threads, slices, work, context);
}

} // namespace layerscope::ops
