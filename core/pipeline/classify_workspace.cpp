#include "pipeline/classify_workspace.hpp"

#include "classify/rule_file.hpp"
#include "formats/hash.hpp"
#include "store/verdict_store.hpp"

#include <chrono>
#include <unordered_map>
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
/// texts of different jobs or configurations are different subjects.
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
        if (row.textId != m_textId || row.rootCause != m_rootCause) {
            m_known.clear();
            m_textId = row.textId;
            m_rootCause = row.rootCause;
        }
        std::string scope;
        if (m_classifier.hasScopes())
            scope = scopeOf(row);
        const auto found = m_known.find(scope);
        if (found != m_known.end())
            return found->second;
        classify::Subject subject;
        subject.text = row.text;
        subject.rootCause = row.rootCause;
        subject.job = row.job;
        subject.config = row.config;
        return m_known.emplace(std::move(scope), Known{m_classifier.classify(subject, m_scratch), 0}).first->second;
    }

private:
    /// What scopes look at, beside the text.
    static std::string scopeOf(const store::TextRow &row)
    {
        std::string scope(row.job);
        for (const auto &[property, value] : *row.config)
            scope.append(1, '\n').append(property).append(1, '=').append(value);
        return scope;
    }

    const classify::Classifier &m_classifier;
    text::Scratch m_scratch;
    std::int64_t m_textId = -1;
    std::string m_rootCause;
    std::unordered_map<std::string, Known> m_known;
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
                MULLIGAN_TRY(known.id, writer.addVerdict(known.verdict));
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

base::Result<void> tryOnSuccesses(store::Workspace &workspace, Matcher &matcher, ClassifyReport &report,
                                  std::stop_token stop, base::Progress &progress)
{
    return store::forEachSuccessText(
        workspace, matcher.properties(),
        [&](const store::TextRow &row) -> base::Result<void> {
            for (const model::RuleMatch &match : matcher.classify(row).verdict.matches)
                ++report.hitsOnSuccesses[match.rule];
            progress.advance();
            return {};
        },
        std::move(stop));
}

} // namespace

base::Result<ClassifyReport> classifyWorkspace(store::Workspace &workspace, const classify::Classifier &classifier,
                                               std::stop_token stop, base::Progress &progress)
{
    const auto begun = std::chrono::steady_clock::now();
    ClassifyReport report;
    MULLIGAN_TRY(const store::WorkspaceInfo info, workspace.info());
    Matcher failures(classifier);
    Matcher successes(classifier);
    MULLIGAN_TRY(store::VerdictWriter writer, store::VerdictWriter::begin(workspace));
    progress.begin("Classifying failures", info.failures);
    MULLIGAN_CHECK(classifyEach(store::forEachFailureText, workspace, failures, writer, report, stop, progress));
    progress.begin("Trying the rules on successes");
    MULLIGAN_CHECK(tryOnSuccesses(workspace, successes, report, stop, progress));
    if (stop.stop_requested())
        return base::makeError(base::ErrorCode::Cancelled, "Classification was cancelled",
                               "The verdicts of before are kept.");
    MULLIGAN_CHECK(workspace.setSetting(kPackSetting, packHash(classifier)));
    MULLIGAN_CHECK(writer.commit());
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return report;
}

base::Result<ClassifyReport> classifyNew(store::Workspace &workspace, const classify::Classifier &classifier,
                                         std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(const auto pack, workspace.setting(kPackSetting));
    if (pack != packHash(classifier))
        return classifyWorkspace(workspace, classifier, std::move(stop), progress);
    const auto begun = std::chrono::steady_clock::now();
    ClassifyReport report;
    Matcher matcher(classifier);
    MULLIGAN_TRY(store::VerdictWriter writer, store::VerdictWriter::begin(workspace, store::OldVerdicts::Keep));
    progress.begin("Classifying new failures");
    MULLIGAN_CHECK(classifyEach(store::forEachUnjudgedText, workspace, matcher, writer, report, stop, progress));
    MULLIGAN_CHECK(writer.commit());
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return report;
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
                               + " not classified yet, so models and savings would take "
                               + (waiting == 1 ? "it" : "them") + " for unclassified",
                           "Run 'mulligan classify " + workspace.path() + "' first.");
}

} // namespace mulligan::pipeline
