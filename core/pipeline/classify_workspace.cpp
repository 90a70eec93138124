#include "pipeline/classify_workspace.hpp"

#include "classify/pack_update.hpp"
#include "classify/rule_file.hpp"
#include "formats/hash.hpp"
#include "pipeline/verdict_update.hpp"
#include "store/rule_hits.hpp"
#include "store/verdict_store.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace mulligan::pipeline
{

namespace
{

/// A verdict of the text at hand, and its id once it has been stored.
struct Known {
    model::Verdict verdict;
    std::int64_t id = 0;
};

/// Rows come ordered by text, so that verdicts need only be kept while their text lasts. Where rules are scoped, equal
/// texts of attempts that scopes tell apart are different subjects.
class Matcher
{
public:
    explicit Matcher(const classify::Classifier &classifier)
        : m_classifier(classifier), m_scratch(classifier.makeScratch())
    {
    }

    [[nodiscard]] const std::set<std::string> &properties() const { return m_classifier.scopeProperties(); }

    Known &classify(const store::TextRow &row)
    {
        if (row.textId != m_textId) {
            m_known.clear();
            m_textId = row.textId;
        }
        classify::Subject subject;
        subject.text = row.text;
        subject.rootCause = row.rootCause;
        subject.job = row.job;
        subject.config = row.config;
        const Key key{row.causeId, m_classifier.hasScopes() ? signatureOf(row, subject) : std::string()};
        const auto found = m_known.find(key);
        if (found != m_known.end())
            return found->second;
        return m_known.emplace(key, Known{m_classifier.classify(subject, m_scratch), 0}).first->second;
    }

private:
    using Key = std::pair<std::int64_t, std::string>; ///< root cause, and which scopes hold

    const std::string &signatureOf(const store::TextRow &row, const classify::Subject &subject)
    {
        const auto [at, added] = m_signatures.try_emplace({row.jobId, row.configId});
        if (added)
            at->second = m_classifier.scopeSignature(subject);
        return at->second;
    }

    const classify::Classifier &m_classifier;
    text::Scratch m_scratch;
    std::int64_t m_textId = -1;
    std::map<Key, Known> m_known;
    std::map<std::pair<std::int64_t, std::int64_t>, std::string> m_signatures; ///< by job and configuration
};

void count(ClassifyReport &report, const model::Verdict &verdict)
{
    ++report.failures;
    ++report.byClass[verdict.errorClass];
    if (!verdict.undetermined.empty())
        ++report.undetermined;
    if (verdict.rule.empty()) {
        ++report.unclassified;
        return;
    }
    ++report.classified;
    ++report.byRule[verdict.rule];
}

using ForEachText = base::Result<void>(store::Workspace &, const std::set<std::string> &, const store::VisitText &,
                                       std::stop_token);

base::Result<void> classifyEach(ForEachText *forEach, store::Workspace &workspace, Matcher &matcher,
                                store::VerdictWriter &writer, ClassifyReport &report, std::stop_token stop,
                                base::Progress &progress)
{
    return forEach(
        workspace, matcher.properties(),
        [&](const store::TextRow &row) -> base::Result<void> {
            Known &known = matcher.classify(row);
            if (known.id == 0) {
                MULLIGAN_TRY(known.id,
                             writer.addVerdict(known.verdict, store::VerdictSubject{row.textId, row.causeId}));
            }
            MULLIGAN_CHECK(writer.assign(row.attemptId, known.id));
            count(report, known.verdict);
            progress.advance();
            return {};
        },
        std::move(stop));
}

// Which pack the stored verdicts come from.
constexpr std::string_view kPackSetting = "verdicts.pack";

std::string packHash(const classify::Classifier &classifier)
{
    return formats::sha256Hex(classify::writePack(classifier.pack()));
}

/// The classifier's rules as they are stored beside the verdicts.
std::vector<store::ClassifiedRule> rulesOf(const classify::Classifier &classifier)
{
    std::vector<store::ClassifiedRule> rules;
    for (const classify::RuleKey &key : classify::keysOf(classifier.pack())) {
        classify::RulePack single;
        single.rules.push_back(*classifier.find(key.rule));
        rules.push_back({key.rule, key.matching, key.meaning, classify::writePack(single)});
    }
    return rules;
}

base::Result<void> countSuccessHits(store::Workspace &workspace, ClassifyReport &report)
{
    MULLIGAN_TRY(auto rows, workspace.connection().prepare("SELECT rule, count(*) FROM success_hit GROUP BY rule"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        report.hitsOnSuccesses[std::string(rows.text(0))] = static_cast<std::uint64_t>(rows.integer(1));
    }
}

/// One classification: everything of it happens in one transaction.
class Classification
{
public:
    Classification(store::Workspace &workspace, const classify::Classifier &classifier, std::stop_token stop,
                   base::Progress &progress)
        : m_workspace(workspace), m_classifier(classifier), m_stop(std::move(stop)), m_progress(progress)
    {
    }

    /// Every failure, whatever is stored.
    base::Result<ClassifyReport> whole()
    {
        MULLIGAN_TRY(const store::WorkspaceInfo info, m_workspace.info());
        MULLIGAN_TRY(auto writer, store::VerdictWriter::begin(m_workspace));
        m_progress.begin("Classifying failures", info.failures);
        MULLIGAN_CHECK(judge(store::forEachFailureText, writer));
        return finish({}, writer);
    }

    /// Only what can differ from the verdicts that are stored, which came from these rules.
    base::Result<ClassifyReport> update(const std::vector<store::ClassifiedRule> &before)
    {
        MULLIGAN_TRY(auto writer, store::VerdictWriter::begin(m_workspace, store::OldVerdicts::Keep));
        m_progress.begin("Looking at the stored verdicts");
        MULLIGAN_TRY(const auto overview, store::verdictOverview(m_workspace, m_stop));
        if (!overview.subjectsKnown)
            return base::makeError(base::ErrorCode::NotFound, "Some verdicts do not say what they speak of",
                                   "Classify the workspace again.");
        std::vector<classify::RuleKey> keys;
        for (const store::ClassifiedRule &rule : before)
            keys.push_back({rule.rule, rule.matching, rule.meaning});
        auto change = classify::changeBetween(keys, classify::keysOf(m_classifier.pack()));
        if (!change.empty()) {
            const auto was = rewrittenRule(change, before);
            MULLIGAN_TRY(const auto update, updateOf(change, was ? &*was : nullptr));
            auto matching = matchingOf(update);
            MULLIGAN_TRY(m_report, updateVerdicts(m_workspace, update, overview, matching, writer, m_stop, m_progress));
        } else {
            m_report = countedOf(overview);
            for (const std::int64_t unused : overview.unused)
                MULLIGAN_CHECK(writer.removeVerdict(unused));
        }
        if (overview.unjudged > 0) {
            m_progress.begin("Classifying new failures", overview.unjudged);
            MULLIGAN_CHECK(judge(store::forEachUnjudgedText, writer));
        }
        return finish(std::move(change), writer);
    }

    /// Only failures without a verdict; those that are there came from the same pack.
    base::Result<ClassifyReport> onlyNew()
    {
        MULLIGAN_TRY(auto writer, store::VerdictWriter::begin(m_workspace, store::OldVerdicts::Keep));
        m_progress.begin("Classifying new failures");
        MULLIGAN_CHECK(judge(store::forEachUnjudgedText, writer));
        return finish({}, writer);
    }

private:
    base::Result<void> judge(ForEachText *forEach, store::VerdictWriter &writer)
    {
        Matcher matcher(m_classifier);
        return classifyEach(forEach, m_workspace, matcher, writer, m_report, m_stop, m_progress);
    }

    /// The one rule that was rewritten, as it was, if that can be told.
    static std::optional<classify::Rule> rewrittenRule(const classify::PackChange &change,
                                                       const std::vector<store::ClassifiedRule> &before)
    {
        for (const store::ClassifiedRule &rule : before) {
            if (change.rewritten.size() != 1 || !change.rewritten.contains(rule.rule))
                continue;
            auto one = classify::packFromText(rule.body, rule.rule);
            if (one && one->rules.size() == 1)
                return std::move(one->rules.front());
        }
        return std::nullopt;
    }

    base::Result<std::shared_ptr<const classify::PackUpdate>> updateOf(classify::PackChange change,
                                                                       const classify::Rule *was = nullptr) const
    {
        // It does not outlive this object, whose classifier is its caller's.
        return classify::PackUpdate::make(
            std::shared_ptr<const classify::Classifier>(std::shared_ptr<void>(), &m_classifier), std::move(change),
            was);
    }

    SubjectMatching matchingOf(std::shared_ptr<const classify::PackUpdate> update)
    {
        if (m_workers == nullptr)
            m_workers = std::make_shared<WorkerPool>(matchingThreads());
        return {m_workspace.path(), std::move(update), m_workers};
    }

    static ClassifyReport countedOf(const store::VerdictOverview &overview)
    {
        ClassifyReport report;
        for (const store::VerdictRow &row : overview.rows) {
            const std::string &rule = overview.names.at(row.rule);
            report.failures += row.failures;
            report.byClass[overview.names.at(row.errorClass)] += row.failures;
            report.undetermined += row.undetermined ? row.failures : 0;
            (rule.empty() ? report.unclassified : report.classified) += row.failures;
            if (!rule.empty())
                report.byRule[rule] += row.failures;
        }
        return report;
    }

    base::Result<ClassifyReport> finish(classify::PackChange change, store::VerdictWriter &writer)
    {
        MULLIGAN_TRY(const auto update, updateOf(std::move(change)));
        auto matching = matchingOf(update);
        MULLIGAN_CHECK(updateSuccesses(m_workspace, *update, matching, writer, m_stop, m_progress));
        MULLIGAN_CHECK(countSuccessHits(m_workspace, m_report));
        if (m_stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Classification was cancelled",
                                   "The verdicts of before are kept.");
        MULLIGAN_CHECK(m_workspace.setSetting(kPackSetting, packHash(m_classifier)));
        MULLIGAN_CHECK(writer.setRules(rulesOf(m_classifier)));
        MULLIGAN_CHECK(writer.commit());
        m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begun).count();
        return std::move(m_report);
    }

    store::Workspace &m_workspace;
    const classify::Classifier &m_classifier;
    std::stop_token m_stop;
    base::Progress &m_progress;
    std::chrono::steady_clock::time_point m_begun = std::chrono::steady_clock::now();
    std::shared_ptr<WorkerPool> m_workers;
    ClassifyReport m_report;
};

} // namespace

base::Result<ClassifyReport> classifyWhole(store::Workspace &workspace, const classify::Classifier &classifier,
                                           std::stop_token stop, base::Progress &progress)
{
    return Classification(workspace, classifier, std::move(stop), progress).whole();
}

base::Result<ClassifyReport> classifyWorkspace(store::Workspace &workspace, const classify::Classifier &classifier,
                                               std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(const auto stored, store::classifiedRules(workspace));
    if (stored.empty())
        return classifyWhole(workspace, classifier, std::move(stop), progress);
    auto updated = Classification(workspace, classifier, stop, progress).update(stored);
    if (!updated && updated.error().code == base::ErrorCode::NotFound)
        return classifyWhole(workspace, classifier, std::move(stop), progress);
    return updated;
}

base::Result<ClassifyReport> classifyNew(store::Workspace &workspace, const classify::Classifier &classifier,
                                         std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(const auto pack, workspace.setting(kPackSetting));
    if (pack != packHash(classifier))
        return classifyWorkspace(workspace, classifier, std::move(stop), progress);
    return Classification(workspace, classifier, std::move(stop), progress).onlyNew();
}

base::Result<void> requireClassified(store::Workspace &workspace)
{
    MULLIGAN_TRY(
        const auto waiting,
        workspace.connection().integer("SELECT count(*) FROM attempt WHERE outcome IN (1, 2) AND verdict_id IS NULL"));
    if (waiting == 0)
        return {};
    return base::makeError(base::ErrorCode::InsufficientData,
                           std::to_string(waiting) + (waiting == 1 ? " failure is" : " failures are")
                               + " not classified yet, and would be taken for what no rule knows",
                           "Run 'mulligan classify " + workspace.path() + "' first.");
}

} // namespace mulligan::pipeline
