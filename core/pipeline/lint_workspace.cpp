#include "pipeline/lint_workspace.hpp"

#include "store/verdict_store.hpp"

#include <utility>

namespace mulligan::pipeline
{

namespace
{

/// What the rules say of the row at hand. Rows come ordered by text; where no rule is scoped, rows of equal text and
/// root cause are matched once.
class RowMatcher
{
public:
    explicit RowMatcher(const classify::Classifier &classifier)
        : m_classifier(classifier), m_scratch(classifier.makeScratch())
    {
    }

    const model::Verdict &match(const store::TextRow &row)
    {
        const bool same =
            m_known && !m_classifier.hasScopes() && row.textId == m_textId && row.rootCause == m_rootCause;
        if (same)
            return m_verdict;
        m_known = true;
        m_textId = row.textId;
        m_rootCause = row.rootCause;
        classify::Subject subject;
        subject.text = row.text;
        subject.rootCause = row.rootCause;
        subject.job = row.job;
        subject.config = row.config;
        m_verdict = m_classifier.classify(subject, m_scratch);
        return m_verdict;
    }

private:
    const classify::Classifier &m_classifier;
    text::Scratch m_scratch;
    bool m_known = false;
    std::int64_t m_textId = 0;
    std::string m_rootCause;
    model::Verdict m_verdict;
};

void count(const model::Verdict &verdict, std::uint64_t classify::HitCounts::*kind, WorkspaceHits &hits)
{
    for (const model::RuleMatch &match : verdict.matches)
        ++(hits.rules[match.rule].*kind);
    for (const std::string &rule : verdict.undetermined)
        ++hits.rules[rule].undetermined;
}

} // namespace

base::Result<WorkspaceHits> countHits(store::Workspace &workspace, const classify::Classifier &classifier,
                                      std::stop_token stop, base::Progress &progress)
{
    WorkspaceHits hits;
    RowMatcher matcher(classifier);
    MULLIGAN_TRY(const store::WorkspaceInfo info, workspace.info());
    progress.begin("Trying the rules on failures", info.failures);
    MULLIGAN_CHECK(store::forEachFailureText(
        workspace, classifier.scopeProperties(),
        [&](const store::TextRow &row) -> base::Result<void> {
            ++hits.failures;
            count(matcher.match(row), &classify::HitCounts::failures, hits);
            progress.advance();
            return {};
        },
        stop));
    progress.begin("Trying the rules on successes");
    MULLIGAN_CHECK(store::forEachSuccessText(
        workspace, classifier.scopeProperties(),
        [&](const store::TextRow &row) -> base::Result<void> {
            count(matcher.match(row), &classify::HitCounts::successes, hits);
            progress.advance();
            return {};
        },
        std::move(stop)));
    return hits;
}

base::Result<std::vector<classify::Problem>> lintWorkspace(store::Workspace &workspace,
                                                           const classify::Classifier &classifier, std::stop_token stop,
                                                           base::Progress &progress)
{
    MULLIGAN_TRY(const WorkspaceHits hits, countHits(workspace, classifier, std::move(stop), progress));
    return classify::lintHits(classifier.pack(), hits.rules, hits.failures);
}

} // namespace mulligan::pipeline
