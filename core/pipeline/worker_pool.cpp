#include "pipeline/worker_pool.hpp"

namespace mulligan::pipeline
{

WorkerPool::WorkerPool(size_t threads)
{
    for (size_t t = 1; t < threads; ++t)
        m_threads.emplace_back([this] { loop(); });
}

WorkerPool::~WorkerPool()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_begin.notify_all();
    for (std::thread &thread : m_threads)
        thread.join();
}

void WorkerPool::take()
{
    for (size_t i = m_next.fetch_add(1); i < m_count; i = m_next.fetch_add(1))
        (*m_work)(i);
}

void WorkerPool::loop()
{
    size_t seen = 0;
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_begin.wait(lock, [&] { return m_stop || m_generation != seen; });
        if (m_stop)
            return;
        seen = m_generation;
        lock.unlock();
        take();
        lock.lock();
        if (--m_busy == 0)
            m_end.notify_one();
    }
}

void WorkerPool::run(size_t count, const std::function<void(size_t)> &work)
{
    const std::lock_guard one(m_oneRun);
    {
        const std::lock_guard lock(m_mutex);
        m_work = &work;
        m_count = count;
        m_next.store(0);
        m_busy = m_threads.size();
        ++m_generation;
    }
    m_begin.notify_all();
    take();
    std::unique_lock lock(m_mutex);
    m_end.wait(lock, [&] { return m_busy == 0; });
}

} // namespace mulligan::pipeline
