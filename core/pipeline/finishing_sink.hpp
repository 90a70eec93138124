#pragma once

#include "ingest/reader.hpp"
#include "pipeline/record_queue.hpp"
#include "policy/economics.hpp"
#include "text/root_cause.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mulligan::pipeline
{

/// Whether it failed or was killed.
[[nodiscard]] bool isFailure(const model::Attempt &attempt);

/// Adds what the workspace wants to know of a reader's records (cost, root cause) and passes them on to be stored.
class FinishingSink : public ingest::AttemptSink
{
public:
    /// `causeBytes`: memory for root causes that were found.
    FinishingSink(RecordQueue &queue, const policy::Economics &economics, std::size_t causeBytes)
        : m_queue(queue), m_economics(economics), m_mostCauseBytes(causeBytes)
    {
    }

    [[nodiscard]] base::Result<void> accept(model::Attempt attempt) override;
    void standAt(std::uint64_t line, std::string_view raw) override
    {
        m_line = line;
        m_raw = raw;
    }
    [[nodiscard]] base::Result<void> reject(ingest::Reject reject) override { return m_queue.put(std::move(reject)); }

private:
    struct Known {
        text::RootCause cause;
        std::optional<std::size_t> number; ///< where the cause was found in the text, and so goes with it
    };
    void findCause(FinishedAttempt &finished);

    RecordQueue &m_queue;
    const policy::Economics &m_economics;
    std::size_t m_mostCauseBytes;
    std::unordered_map<std::string, Known> m_causes;
    std::size_t m_causeBytes = 0;
    std::size_t m_numbers = 0;
    std::uint64_t m_line = 0;
    std::string m_raw;
};

} // namespace mulligan::pipeline
