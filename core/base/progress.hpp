#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace mulligan::base
{

/// How far a long piece of work has come. The worker writes, any other thread samples; nobody is called back.
/// All members may be used from several threads at once.
class Progress
{
public:
    struct Sample {
        std::string stage;       ///< what is being done now, e.g. "Reading history.jsonl"; untranslated
        std::uint64_t done = 0;  ///< units finished
        std::uint64_t total = 0; ///< units in all; 0 when it is not known
    };

    /// Begins a stage of `total` units (0: not known) and sets the count back to zero.
    void begin(std::string stage, std::uint64_t total = 0)
    {
        const std::lock_guard lock(m_mutex);
        m_stage = std::move(stage);
        m_done.store(0, std::memory_order_relaxed);
        m_total.store(total, std::memory_order_relaxed);
    }
    void advance(std::uint64_t units = 1) { m_done.fetch_add(units, std::memory_order_relaxed); }
    void setDone(std::uint64_t units) { m_done.store(units, std::memory_order_relaxed); }

    [[nodiscard]] Sample sample() const
    {
        const std::lock_guard lock(m_mutex);
        return {m_stage, m_done.load(std::memory_order_relaxed), m_total.load(std::memory_order_relaxed)};
    }

private:
    mutable std::mutex m_mutex;
    std::string m_stage;
    std::atomic<std::uint64_t> m_done{0};
    std::atomic<std::uint64_t> m_total{0};
};

} // namespace mulligan::base
