#include "pipeline/record_queue.hpp"

#include <utility>

namespace mulligan::pipeline
{

namespace
{

std::size_t bytesOf(const RecordQueue::Record &record)
{
    if (const auto *reject = std::get_if<ingest::Reject>(&record))
        return sizeof record + reject->text.size() + reject->reason.size();
    const FinishedAttempt &finished = std::get<FinishedAttempt>(record);
    const model::Attempt &attempt = finished.attempt;
    std::size_t bytes = sizeof record + finished.raw.size() + attempt.errorText.size() + attempt.rootCause.size();
    for (const auto &[property, value] : attempt.config)
        bytes += property.size() + value.size();
    return bytes;
}

} // namespace

base::Result<void> RecordQueue::put(Record record)
{
    m_filling.bytes += bytesOf(record);
    m_filling.records.push_back(std::move(record));
    if (m_filling.records.size() < kBatchRecords && m_filling.bytes < kBatchBytes)
        return {};
    return handOver();
}

void RecordQueue::close(bool complete)
{
    if (complete)
        (void)handOver(); // what the storing side has to say, `drain` returns
    const std::lock_guard lock(m_mutex);
    if (!complete)
        m_waiting.clear();
    m_closed = true;
    m_changed.notify_all();
}

base::Result<void> RecordQueue::handOver()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_stored || m_waiting.empty() || m_waitingBytes < kMostWaitingBytes; });
    if (!m_stored)
        return m_stored;
    m_waitingBytes += m_filling.bytes;
    m_waiting.push_back(std::exchange(m_filling, {}));
    std::vector<std::vector<Record>> spent = std::exchange(m_spent, {});
    m_changed.notify_all();
    lock.unlock();
    // Memory is freed where it was allocated: an allocator's caches are those of a thread.
    if (!spent.empty())
        m_filling.records = std::move(spent.front());
    m_filling.records.clear();
    m_filling.records.reserve(kBatchRecords);
    return {};
}

bool RecordQueue::take(Batch &batch)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_closed || !m_waiting.empty(); });
    if (m_waiting.empty())
        return false;
    if (!batch.records.empty())
        m_spent.push_back(std::move(batch.records));
    batch = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_waitingBytes -= batch.bytes;
    m_changed.notify_all();
    return true;
}

void RecordQueue::abandon(base::Error why)
{
    const std::lock_guard lock(m_mutex);
    if (m_stored)
        m_stored = std::move(why);
    m_waiting.clear();
    m_waitingBytes = 0;
    m_changed.notify_all();
}

base::Result<void> RecordQueue::drain(const Store &store)
{
    for (Batch batch; take(batch);) {
        for (auto &record : batch.records) {
            auto stored = store(record);
            if (stored)
                continue;
            const std::lock_guard lock(m_mutex);
            m_stored = std::move(stored);
            m_changed.notify_all();
            return m_stored;
        }
    }
    return {};
}

} // namespace mulligan::pipeline
