#pragma once

#include "base/result.hpp"
#include "ingest/reader.hpp"
#include "model/attempt.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mulligan::pipeline
{

/// An attempt ready to be stored.
struct FinishedAttempt {
    model::Attempt attempt;
    std::string exceptionClass;
    std::uint64_t templateHash = 0;
    std::optional<std::size_t> textNumber; ///< equal numbers: equal text and root cause; from 0 without gaps
    std::uint64_t line = 0;                ///< of its source, 1-based; 0: not known
    std::string raw;                       ///< its row as it stands there, not redacted: only to be rejected with
};

/// Leads records from a thread that reads to one that stores, in order and in batches, so that an import uses two
/// cores. What waits is bounded by kMostWaitingBytes and one batch, however fast the reader is.
class RecordQueue
{
public:
    using Record = std::variant<FinishedAttempt, ingest::Reject>;
    using Store = std::function<base::Result<void>(Record &)>;

    /// Reading side. Errors: what the storing side said about an earlier record.
    [[nodiscard]] base::Result<void> put(Record record);
    /// Reading side, last of all: hands over what is left, or, when reading failed, gives up what was not stored yet.
    void close(bool complete);
    /// Storing side: takes nothing more; whatever the reading side still puts is refused with `why`.
    void abandon(base::Error why);
    /// Storing side: calls `store` for one record after another until the reading side is done or `store` fails.
    [[nodiscard]] base::Result<void> drain(const Store &store);

private:
    struct Batch {
        std::vector<Record> records;
        std::size_t bytes = 0;
    };
    [[nodiscard]] base::Result<void> handOver();
    [[nodiscard]] bool take(Batch &batch);

    static constexpr std::size_t kBatchRecords = 256;
    static constexpr std::size_t kBatchBytes = 1u << 20;
    static constexpr std::size_t kMostWaitingBytes = 4u << 20;
    Batch m_filling;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Batch> m_waiting;
    std::vector<std::vector<Record>> m_spent; ///< stored; the reading side made them and takes them apart
    std::size_t m_waitingBytes = 0;
    bool m_closed = false;
    base::Result<void> m_stored;
};

} // namespace mulligan::pipeline
