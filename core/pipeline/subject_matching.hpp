#pragma once

#include "base/result.hpp"
#include "classify/pack_update.hpp"
#include "pipeline/worker_pool.hpp"
#include "store/subject_reader.hpp"
#include "store/verdict_overview.hpp"
#include "store/verdict_store.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// Something to be classified, its text and root cause still in the store.
struct SubjectTask {
    store::VerdictSubject subject;
    const std::string *job = nullptr;      ///< null: not known, as if it were empty
    const model::Config *config = nullptr; ///< likewise
};

/// A stored verdict that a change of the pack may or may not touch.
struct StoredVerdict {
    std::int64_t id = 0;
    SubjectTask task;
    bool suspect = false; ///< it is to be resolved whatever the changed rules match
    /// Otherwise all its matches of changed rules: if these match the same again, it stays as it is.
    std::span<const store::KnownMatch> known;
};

/// What becomes of a stored verdict.
struct Settlement {
    model::Verdict stored; ///< empty where it stays as it is
    classify::PackUpdate::Answer answer;
};

/// Matches stored subjects on all workers, each with a connection and a scratch of its own. Of one thread.
class SubjectMatching
{
public:
    SubjectMatching(std::string workspacePath, std::shared_ptr<const classify::PackUpdate> update,
                    std::shared_ptr<WorkerPool> workers)
        : m_path(std::move(workspacePath)), m_update(std::move(update)), m_workers(std::move(workers))
    {
    }

    /// What the changed rules match in each subject, scopes disregarded. Errors: Cancelled, Io, Corrupt.
    [[nodiscard]] base::Result<std::vector<model::Verdict>> hits(std::span<const SubjectTask> tasks,
                                                                 const std::stop_token &stop);
    /// What becomes of each verdict, as it is stored outside any open transaction. `rules` are those that the known
    /// matches speak of. Errors: as above, NotFound.
    [[nodiscard]] base::Result<std::vector<Settlement>> settle(std::span<const StoredVerdict> verdicts,
                                                               const std::vector<std::string_view> &rules,
                                                               const std::stop_token &stop);
    /// Each subject classified in full under the new pack. Errors: as above.
    [[nodiscard]] base::Result<std::vector<model::Verdict>> classify(std::span<const SubjectTask> tasks,
                                                                     const std::stop_token &stop);

private:
    struct Context {
        store::TextReader reader;
        store::VerdictReader verdicts;
        text::Scratch scratch;
    };
    /// Does the item of a number.
    using Work = std::function<base::Result<void>(std::size_t, Context &)>;

    [[nodiscard]] base::Result<void> run(std::size_t count, const Work &work, const std::stop_token &stop);
    [[nodiscard]] base::Result<void> runSome(std::size_t from, std::size_t to, const Work &work,
                                             const std::stop_token &stop);
    [[nodiscard]] base::Result<model::Verdict> hitsOf(const SubjectTask &task, Context &context) const;
    [[nodiscard]] base::Result<std::unique_ptr<Context>> take();

    std::string m_path;
    std::shared_ptr<const classify::PackUpdate> m_update;
    std::shared_ptr<WorkerPool> m_workers;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Context>> m_idle;
};

/// As many threads as the machine has, at most eight.
[[nodiscard]] std::size_t matchingThreads();

} // namespace mulligan::pipeline
