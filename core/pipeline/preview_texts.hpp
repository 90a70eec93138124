#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "store/subject_reader.hpp"
#include "store/verdict_store.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

/// An attempt with a text or a root cause, as a preview keeps it.
struct PreviewAttempt {
    std::int64_t id = 0;
    store::VerdictSubject subject; ///< row ids
    std::int64_t jobId = 0;
    std::int64_t configId = 0;
    double costUsd = 0.0;
    bool success = false;
};

/// Failures, and successes that have a text; ordered by text, root cause, failures first, and id.
/// Errors: Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<std::vector<PreviewAttempt>> previewAttempts(store::Workspace &workspace,
                                                                        const std::stop_token &stop);

/// Distinct texts and root causes by row id: causes all in memory, texts as far as they fit.
class PreviewTexts
{
public:
    /// `attempts` in the order of previewAttempts. Errors: Cancelled, Io, Corrupt.
    [[nodiscard]] static base::Result<PreviewTexts> load(const std::string &workspacePath,
                                                         std::span<const PreviewAttempt> attempts,
                                                         std::size_t textBytes, const std::stop_token &stop,
                                                         base::Progress &progress);

    /// Reads texts that are not in memory; one a thread, opened when it is first needed.
    class Reader
    {
    public:
        explicit Reader(const PreviewTexts &texts) : m_texts(texts) {}
        /// Valid until the next call.
        [[nodiscard]] base::Result<std::string_view> text(std::int64_t textId);
        [[nodiscard]] std::uint64_t fromFile() const { return m_fromFile; }

    private:
        const PreviewTexts &m_texts;
        std::optional<store::TextReader> m_reader;
        std::string m_text;
        std::uint64_t m_fromFile = 0;
    };

    [[nodiscard]] std::string_view cause(std::int64_t causeId) const;
    [[nodiscard]] std::uint64_t distinct() const { return m_textIds.size(); }
    [[nodiscard]] std::uint64_t notKept() const { return m_textIds.size() - m_texts.size(); }
    [[nodiscard]] std::size_t memoryBytes() const { return m_bytes; }

private:
    std::string m_path;
    std::vector<std::int64_t> m_textIds; ///< ascending
    std::vector<std::string> m_texts;    ///< of the first of them
    std::vector<std::int64_t> m_causeIds;
    std::vector<std::string> m_causes;
    std::size_t m_bytes = 0;
};

} // namespace mulligan::pipeline
