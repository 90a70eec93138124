#pragma once

#include "base/result.hpp"
#include "ingest/redact.hpp"
#include "model/history.hpp"
#include "pipeline/failure_record.hpp"
#include "store/workspace.hpp"

#include <cstdint>

namespace mulligan::pipeline
{

/// Turns failures of a history into the records that production would send for them. One thread.
class FailureReader
{
public:
    FailureReader(store::Workspace &workspace, const model::History &history)
        : m_workspace(workspace), m_history(history)
    {
    }

    /// The record of a failed attempt (index into History::attempts) with the run's earlier attempts, redacted.
    [[nodiscard]] base::Result<FailureRecord> at(std::uint32_t attemptIndex) const;
    /// The same as the bytes of one line.
    [[nodiscard]] base::Result<std::string> lineAt(std::uint32_t attemptIndex) const;

private:
    store::Workspace &m_workspace;
    const model::History &m_history;
    mutable ingest::Redactor m_redactor;
};

/// Up to `most` failures, spread over the classes: one of each class in turn, within a class in the order of a hash.
[[nodiscard]] std::vector<std::uint32_t> spreadOverClasses(const model::History &history, std::uint64_t most);
/// Failures whose chain is still open when the data end: the last attempt of a censored episode, failed or killed.
[[nodiscard]] std::vector<std::uint32_t> openFailures(const model::History &history);

} // namespace mulligan::pipeline
