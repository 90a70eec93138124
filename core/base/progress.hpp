#pragma once

#include <algorithm>
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
    enum class Unit { Things, Bytes };
    struct Sample {
        std::string stage;       ///< what is being done now, e.g. "Reading history.jsonl"; untranslated
        std::uint64_t done = 0;  ///< units finished
        std::uint64_t total = 0; ///< units in all; 0 when it is not known
        Unit unit = Unit::Things;
    };

    Progress() = default;
    /// A part of `whole` that is worth `share` of its units: what it does shows there as its stage, and what it has
    /// done of its own total counts there as that part of `share`, never less than before.
    Progress(Progress &whole, std::uint64_t share) : m_whole(&whole), m_share(share) {}

    /// Begins a stage of `total` units (0: not known) and sets the count back to zero.
    void begin(std::string stage, std::uint64_t total = 0, Unit unit = Unit::Things)
    {
        if (m_whole != nullptr)
            m_whole->show(stage);
        const std::lock_guard lock(m_mutex);
        m_stage = std::move(stage);
        m_unit = unit;
        m_done.store(0, std::memory_order_relaxed);
        m_total.store(total, std::memory_order_relaxed);
    }
    /// Another name for the stage, its count going on.
    void show(std::string stage)
    {
        const std::lock_guard lock(m_mutex);
        m_stage = std::move(stage);
    }
    void advance(std::uint64_t units = 1) { pass(m_done.fetch_add(units, std::memory_order_relaxed) + units); }
    void setDone(std::uint64_t units)
    {
        m_done.store(units, std::memory_order_relaxed);
        pass(units);
    }
    /// A part is over: the whole counts all of its share.
    void finishPart()
    {
        if (m_whole != nullptr)
            passShare(m_share);
    }

    [[nodiscard]] Sample sample() const
    {
        const std::lock_guard lock(m_mutex);
        return {m_stage, m_done.load(std::memory_order_relaxed), m_total.load(std::memory_order_relaxed), m_unit};
    }

private:
    void pass(std::uint64_t done)
    {
        if (m_whole == nullptr)
            return;
        const auto total = static_cast<double>(m_total.load(std::memory_order_relaxed));
        const double part = total > 0.0 ? std::min(1.0, static_cast<double>(done) / total) : 0.0;
        passShare(static_cast<std::uint64_t>(part * static_cast<double>(m_share)));
    }
    void passShare(std::uint64_t now)
    {
        std::uint64_t before = m_passed.load(std::memory_order_relaxed);
        while (now > before && !m_passed.compare_exchange_weak(before, now, std::memory_order_relaxed)) {
        }
        if (now > before)
            m_whole->advance(now - before);
    }

    Progress *m_whole = nullptr;
    std::uint64_t m_share = 0;
    std::atomic<std::uint64_t> m_passed{0};
    mutable std::mutex m_mutex;
    std::string m_stage;
    Unit m_unit = Unit::Things;
    std::atomic<std::uint64_t> m_done{0};
    std::atomic<std::uint64_t> m_total{0};
};

} // namespace mulligan::base
