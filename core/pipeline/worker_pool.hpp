#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mulligan::pipeline
{

/// Threads that stay: XGBoost keeps a buffer for every thread that ever asked a booster, so short-lived threads would
/// leave one behind each.
class WorkerPool
{
public:
    /// `threads` in all, the caller of `run` among them.
    explicit WorkerPool(size_t threads);
    ~WorkerPool();
    WorkerPool(const WorkerPool &) = delete;
    WorkerPool &operator=(const WorkerPool &) = delete;

    /// Calls `work(0)` to `work(count − 1)`, on any thread and in any order, and returns when all are done. One run at
    /// a time; others wait.
    void run(size_t count, const std::function<void(size_t)> &work);

private:
    void loop();
    void take();

    std::mutex m_oneRun;
    std::mutex m_mutex;
    std::condition_variable m_begin;
    std::condition_variable m_end;
    const std::function<void(size_t)> *m_work = nullptr;
    std::atomic<size_t> m_next{0};
    size_t m_count = 0;
    size_t m_generation = 0;
    size_t m_busy = 0;
    bool m_stop = false;
    std::vector<std::thread> m_threads;
};

} // namespace mulligan::pipeline
