#include "pipeline/verdict_update.hpp"

#include <algorithm>
#include <map>

namespace mulligan::pipeline
{

namespace
{

using classify::PackUpdate;
using store::VerdictRow;

/// Verdicts whose hits are in memory at a time.
constexpr std::size_t kBatch = 8192;

class Updating
{
public:
    Updating(const std::shared_ptr<const PackUpdate> &update, const store::VerdictOverview &overview,
             SubjectMatching &matching, store::VerdictWriter &writer, const std::stop_token &stop)
        : m_update(*update), m_overview(overview), m_matching(matching), m_writer(writer), m_stop(stop)
    {
    }

    base::Result<ClassifyReport> run(store::Workspace &workspace, base::Progress &progress)
    {
        MULLIGAN_TRY(m_reader, store::VerdictReader::prepare(workspace.connection()));
        MULLIGAN_TRY(auto scopes,
                     store::ScopeReader::prepare(workspace.connection(), m_update.now().scopeProperties()));
        m_scopes = std::move(scopes);
        MULLIGAN_CHECK(findKnown(workspace));
        countAll();
        progress.begin(m_update.needsTexts() ? "Matching the rules that changed" : "Resolving what was matched",
                       m_overview.rows.size());
        const std::span rows(m_overview.rows);
        for (std::size_t from = 0; from < rows.size(); from += kBatch) {
            const std::size_t count = std::min(kBatch, rows.size() - from);
            MULLIGAN_CHECK(batch(rows.subspan(from, count)));
            progress.advance(count);
        }
        for (const std::int64_t unused : m_overview.unused)
            MULLIGAN_CHECK(m_writer.removeVerdict(unused));
        return std::move(m_report);
    }

private:
    /// Looks up what is stored of the rules that changed, and which of them cannot be told by their matches alone.
    base::Result<void> findKnown(store::Workspace &workspace)
    {
        const classify::PackChange &change = m_update.change();
        m_touched = change.dropped;
        m_touched.insert(change.matched.begin(), change.matched.end());
        m_touched.insert(change.restated.begin(), change.restated.end());
        for (const std::string &id : m_touched) {
            const classify::Rule *rule = change.rewritten.contains(id) ? m_update.now().find(id) : nullptr;
            m_rules.push_back(id);
            m_tellable.push_back(rule != nullptr && m_update.ranksAsBefore() && !hasScope(*rule));
            if (rule != nullptr && !rule->captures.empty())
                m_capturing.insert(id);
        }
        MULLIGAN_TRY(m_known, store::matchesOf(workspace, m_touched, m_stop));
        return {};
    }

    [[nodiscard]] StoredVerdict asStored(const VerdictRow &row) const
    {
        StoredVerdict stored{row.id, {row.subject}, row.undetermined, {}};
        const auto [first, last] =
            std::equal_range(m_known.begin(), m_known.end(), store::KnownMatch{row.id},
                             [](const auto &a, const auto &b) { return a.verdictId < b.verdictId; });
        stored.known = std::span(first, last);
        for (const store::KnownMatch &match : stored.known)
            stored.suspect = stored.suspect || !m_tellable[match.rule];
        // What a rule captured may change though it matches the same.
        stored.suspect = stored.suspect || m_capturing.contains(m_overview.names.at(row.rule));
        return stored;
    }

    void countAll()
    {
        for (const VerdictRow &row : m_overview.rows)
            count(m_overview.names.at(row.errorClass), m_overview.names.at(row.rule), row.undetermined,
                  static_cast<std::int64_t>(row.failures));
    }

    void count(const std::string &errorClass, const std::string &rule, bool undetermined, std::int64_t failures)
    {
        const auto add = [failures](std::uint64_t &to) { to += static_cast<std::uint64_t>(failures); };
        const auto addNamed = [&](std::map<std::string, std::uint64_t> &to, const std::string &name) {
            const auto at = to.try_emplace(name).first;
            add(at->second);
            if (at->second == 0)
                to.erase(at);
        };
        add(m_report.failures);
        addNamed(m_report.byClass, errorClass);
        if (undetermined)
            add(m_report.undetermined);
        if (rule.empty())
            return add(m_report.unclassified);
        add(m_report.classified);
        addNamed(m_report.byRule, rule);
    }

    void recount(const model::Verdict &before, const model::Verdict &after, std::size_t failures)
    {
        const auto number = static_cast<std::int64_t>(failures);
        count(before.errorClass, before.rule, !before.undetermined.empty(), -number);
        count(after.errorClass, after.rule, !after.undetermined.empty(), number);
    }

    /// Whether the rules of all known matches are gone, and none of them decides.
    [[nodiscard]] bool onlyLosesMatches(const VerdictRow &row, const StoredVerdict &stored) const
    {
        const auto &dropped = m_update.change().dropped;
        return !m_update.needsTexts() && !row.undetermined && !dropped.contains(m_overview.names.at(row.rule))
               && std::all_of(stored.known.begin(), stored.known.end(),
                              [&](const auto &match) { return dropped.contains(m_rules[match.rule]); });
    }

    base::Result<void> batch(std::span<const VerdictRow> rows)
    {
        std::vector<StoredVerdict> verdicts;
        std::vector<const VerdictRow *> of;
        for (const VerdictRow &row : rows) {
            StoredVerdict stored = asStored(row);
            if (!m_update.needsTexts() && !stored.suspect)
                continue;
            if (onlyLosesMatches(row, stored)) {
                for (const store::KnownMatch &match : stored.known)
                    MULLIGAN_CHECK(m_writer.removeMatch(row.id, m_rules[match.rule]));
                continue;
            }
            verdicts.push_back(std::move(stored));
            of.push_back(&row);
        }
        MULLIGAN_TRY(auto settled, m_matching.settle(verdicts, m_rules, m_stop));
        for (std::size_t i = 0; i < settled.size(); ++i) {
            if (m_stop.stop_requested())
                return base::makeError(base::ErrorCode::Cancelled, "Classification was cancelled",
                                       "The verdicts of before are kept.");
            MULLIGAN_CHECK(adopt(*of[i], std::move(settled[i])));
        }
        return rematchAll();
    }

    base::Result<void> adopt(const VerdictRow &row, Settlement settlement)
    {
        switch (settlement.answer.next) {
        case PackUpdate::Next::Same: return {};
        case PackUpdate::Next::Known: return replace(row, settlement.stored, settlement.answer.verdict);
        case PackUpdate::Next::Rematch: return askFor(row, std::move(settlement.stored), 1);
        case PackUpdate::Next::ByScope: break;
        }
        return askFor(row, std::move(settlement.stored), -1);
    }

    base::Result<void> replace(const VerdictRow &row, const model::Verdict &before, const model::Verdict &after)
    {
        if (before == after)
            return {};
        recount(before, after, row.failures);
        return m_writer.replaceVerdict(row.id, before, after);
    }

    /// A verdict that must be classified in full, once for each group of its attempts that scopes tell apart.
    struct Group {
        std::string signature;
        SubjectTask task;
        std::vector<std::int64_t> attempts;
    };
    struct Question {
        const VerdictRow *row = nullptr;
        model::Verdict stored;
        std::vector<Group> groups;
    };

    /// With one attempt asked for it stands for all: no scope that could tell them apart has to do with the change.
    base::Result<void> askFor(const VerdictRow &row, model::Verdict stored, std::int64_t attempts)
    {
        MULLIGAN_TRY(const auto of, m_reader.attempts(row.id, attempts));
        Question question{&row, std::move(stored), {}};
        for (const store::ScopedAttempt &attempt : of) {
            SubjectTask task{row.subject};
            MULLIGAN_TRY(task.job, m_scopes->job(attempt.jobId));
            MULLIGAN_TRY(task.config, m_scopes->config(attempt.configId));
            classify::Subject subject;
            subject.job = *task.job;
            subject.config = task.config;
            const std::string signature = m_update.now().scopeSignature(subject);
            const auto same = std::find_if(question.groups.begin(), question.groups.end(),
                                           [&](const Group &group) { return group.signature == signature; });
            if (same != question.groups.end())
                same->attempts.push_back(attempt.id);
            else
                question.groups.push_back({signature, task, {attempt.id}});
        }
        m_questions.push_back(std::move(question));
        return {};
    }

    base::Result<void> rematchAll()
    {
        std::vector<SubjectTask> tasks;
        for (const Question &question : m_questions)
            for (const Group &group : question.groups)
                tasks.push_back(group.task);
        MULLIGAN_TRY(const auto verdicts, m_matching.classify(tasks, m_stop));
        std::size_t at = 0;
        for (const Question &question : m_questions) {
            MULLIGAN_CHECK(answer(question, std::span(verdicts).subspan(at, question.groups.size())));
            at += question.groups.size();
        }
        m_questions.clear();
        return {};
    }

    /// The first group keeps the row; others get rows of their own where their verdicts differ.
    base::Result<void> answer(const Question &question, std::span<const model::Verdict> verdicts)
    {
        if (question.groups.size() < 2)
            return question.groups.empty() ? base::Result<void>()
                                           : replace(*question.row, question.stored, verdicts.front());
        std::vector<std::pair<const model::Verdict *, std::int64_t>> rows;
        for (std::size_t i = 0; i < question.groups.size(); ++i) {
            const auto known =
                std::find_if(rows.begin(), rows.end(), [&](const auto &row) { return *row.first == verdicts[i]; });
            std::int64_t id = question.row->id;
            if (known != rows.end())
                id = known->second;
            else if (i > 0) {
                MULLIGAN_TRY(id, m_writer.addVerdict(verdicts[i], question.row->subject));
            }
            if (known == rows.end())
                rows.emplace_back(&verdicts[i], id);
            recount(question.stored, verdicts[i], question.groups[i].attempts.size());
            for (const std::int64_t attempt : question.groups[i].attempts)
                if (id != question.row->id)
                    MULLIGAN_CHECK(m_writer.assign(attempt, id));
        }
        return m_writer.replaceVerdict(question.row->id, question.stored, verdicts.front());
    }

    const PackUpdate &m_update;
    const store::VerdictOverview &m_overview;
    SubjectMatching &m_matching;
    store::VerdictWriter &m_writer;
    const std::stop_token &m_stop;
    store::VerdictReader m_reader;
    std::optional<store::ScopeReader> m_scopes;
    std::set<std::string, std::less<>> m_touched; ///< rules that changed in any way
    std::vector<std::string_view> m_rules;        ///< the same, as known matches number them
    std::vector<char> m_tellable; ///< by number: where it matches the same, nothing changes but captures
    std::set<std::string, std::less<>> m_capturing;
    std::vector<store::KnownMatch> m_known; ///< by verdict
    std::vector<Question> m_questions;
    ClassifyReport m_report;
};

using Successes = std::span<const store::SuccessRow>;

/// The distinct subjects of rows that are in the order of subjects, and for each row which one is its own.
std::vector<SubjectTask> subjectsOf(Successes rows, std::vector<std::size_t> &own)
{
    std::vector<SubjectTask> tasks;
    for (const store::SuccessRow &row : rows) {
        if (tasks.empty() || tasks.back().subject != row.subject)
            tasks.push_back({row.subject});
        own.push_back(tasks.size() - 1);
    }
    return tasks;
}

/// Changed rules on successes that the others were tried on.
base::Result<void> addHits(Successes rows, const PackUpdate &update, store::ScopeReader &scopes,
                           SubjectMatching &matching, store::VerdictWriter &writer, const std::stop_token &stop)
{
    std::vector<std::size_t> own;
    const auto tasks = subjectsOf(rows, own);
    MULLIGAN_TRY(const auto hits, matching.hits(tasks, stop));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const model::RuleMatch &match : hits[own[i]].matches) {
            classify::Subject subject;
            MULLIGAN_TRY(const std::string *job, scopes.job(rows[i].jobId));
            subject.job = *job;
            MULLIGAN_TRY(subject.config, scopes.config(rows[i].configId));
            if (classify::inScope(*update.now().find(match.rule), subject))
                MULLIGAN_CHECK(writer.addSuccessHit(rows[i].id, match.rule));
        }
    }
    return {};
}

/// All rules on successes that none was tried on.
base::Result<void> tryNew(Successes rows, const PackUpdate &update, store::ScopeReader &scopes,
                          SubjectMatching &matching, store::VerdictWriter &writer, const std::stop_token &stop)
{
    std::vector<SubjectTask> tasks;
    std::vector<std::size_t> own;
    std::map<std::string, std::size_t> ofSubject; // by scope, of the subject at hand
    for (const store::SuccessRow &row : rows) {
        if (tasks.empty() || tasks.back().subject != row.subject)
            ofSubject.clear();
        SubjectTask task{row.subject};
        MULLIGAN_TRY(task.job, scopes.job(row.jobId));
        MULLIGAN_TRY(task.config, scopes.config(row.configId));
        classify::Subject subject;
        subject.job = *task.job;
        subject.config = task.config;
        const auto [at, added] = ofSubject.try_emplace(update.now().scopeSignature(subject), tasks.size());
        own.push_back(at->second);
        if (added)
            tasks.push_back(task);
    }
    MULLIGAN_TRY(const auto verdicts, matching.classify(tasks, stop));
    for (std::size_t i = 0; i < rows.size(); ++i)
        MULLIGAN_CHECK(writer.noteSuccess(rows[i], verdicts[own[i]].matches));
    return {};
}

} // namespace

base::Result<ClassifyReport> updateVerdicts(store::Workspace &workspace,
                                            const std::shared_ptr<const PackUpdate> &update,
                                            const store::VerdictOverview &overview, SubjectMatching &matching,
                                            store::VerdictWriter &writer, const std::stop_token &stop,
                                            base::Progress &progress)
{
    return Updating(update, overview, matching, writer, stop).run(workspace, progress);
}

base::Result<void> updateSuccesses(store::Workspace &workspace, const PackUpdate &update, SubjectMatching &matching,
                                   store::VerdictWriter &writer, const std::stop_token &stop, base::Progress &progress)
{
    MULLIGAN_TRY(auto rows, store::successesWithText(workspace, stop));
    progress.begin("Trying the rules on successes", rows.size());
    for (const auto *gone : {&update.change().dropped, &update.change().matched})
        for (const std::string &rule : *gone)
            MULLIGAN_CHECK(writer.dropSuccessHits(rule));
    MULLIGAN_TRY(auto scopes, store::ScopeReader::prepare(workspace.connection(), update.now().scopeProperties()));
    const auto firstNew = std::stable_partition(rows.begin(), rows.end(), [](const auto &row) { return row.tried; });
    const auto inBatches = [&](Successes some, auto &&work) -> base::Result<void> {
        for (std::size_t from = 0; from < some.size(); from += kBatch) {
            const Successes part = some.subspan(from, std::min(kBatch, some.size() - from));
            MULLIGAN_CHECK(work(part, update, scopes, matching, writer, stop));
            progress.advance(part.size());
        }
        return {};
    };
    if (update.needsTexts())
        MULLIGAN_CHECK(inBatches(Successes(rows.begin(), firstNew), addHits));
    return inBatches(Successes(firstNew, rows.end()), tryNew);
}

} // namespace mulligan::pipeline
