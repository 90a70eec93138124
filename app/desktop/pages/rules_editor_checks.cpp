#include "desktop/pages/rules_editor_checks.hpp"

#include "base/instant.hpp"
#include "classify/expiry.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "pipeline/lint_workspace.hpp"
#include "store/workspace.hpp"

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

// Typing is answered once it rests for a moment; the checks of the whole pack, which nobody waits for, later.
constexpr int kCompilePauseMs = 120;
constexpr int kCheckPauseMs = 700;

bool canMatch(const classify::Rule &rule)
{
    if (rule.any.empty() && rule.all.empty())
        return false;
    const auto good = [&](const std::vector<std::string> &list) {
        return std::all_of(list.begin(), list.end(), [&](const std::string &pattern) {
            text::Pattern each;
            each.expression = pattern;
            each.caseless = rule.caseless;
            each.multiline = rule.multiline;
            return text::checkPattern(each).has_value();
        });
    };
    if (rule.block && !good({rule.block->from}))
        return false;
    if (rule.block && rule.block->end == classify::Block::End::Pattern && !good({rule.block->to}))
        return false;
    return good(rule.any) && good(rule.all) && good(rule.none);
}

PackProblem problemOf(const classify::Problem &problem, const RulesEditorState &state)
{
    const auto *rule = state.documents.find(problem.rule);
    return {problem.rule,
            problem.kind,
            problem.message,
            state.fileOf(problem.rule),
            problem.line > 0 || rule == nullptr ? problem.line : rule->line,
            problem.severity};
}

/// What only a history shows: rules that never hit, and those that fire on successes.
base::Result<HistoryFindings> historyProblems(const std::string &workspace, const classify::Classifier &classifier,
                                              const std::stop_token &stop, base::Progress &progress)
{
    MULLIGAN_TRY(auto opened, store::Workspace::open(workspace, store::OpenMode::ReadOnly));
    MULLIGAN_TRY(auto problems, pipeline::lintWorkspace(opened, classifier, stop, progress));
    return historyFindings(std::move(problems), classifier.pack());
}

/// The worst first; rules that never hit last, since of a pack for many systems most do not.
int rankOf(const classify::Problem &problem)
{
    return problem.kind == "never_hit" ? static_cast<int>(classify::Severity::Note) + 1
                                       : static_cast<int>(problem.severity);
}

/// `workspace`: whose history is looked through; empty: `before` is taken as far as it is still true.
base::Result<PackChecks> checked(const RulesEditorState &state, const std::string &workspace,
                                 PackChecks::History before, const std::stop_token &stop, base::Progress &progress)
{
    PackChecks checks;
    for (const auto &[id, draft] : state.drafts)
        checks.problems.push_back(
            {id, "invalid", draft.why.message, state.fileOf(id), draft.rule.line, classify::Severity::Error});
    const auto pack = state.documents.pack();
    auto problems = classify::lintPack(pack);
    auto dated = classify::expiryProblems(pack, base::systemNow());
    problems.insert(problems.end(), dated.begin(), dated.end());
    if (stop.stop_requested())
        return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    MULLIGAN_TRY(const auto classifier, classify::Classifier::make(pack));
    const auto report = classify::testPack(*classifier);
    checks.samples = report.samples;
    checks.failed = report.failed.size();
    for (const auto &failure : report.failed)
        checks.failedSamples[failure.rule].push_back(failure);
    if (!workspace.empty()) {
        MULLIGAN_TRY(auto findings, historyProblems(workspace, *classifier, stop, progress));
        before = std::make_shared<const HistoryFindings>(std::move(findings));
    }
    if (checks.history = std::move(before); checks.history) {
        const auto historical = stillTrue(*checks.history, classifier->pack());
        problems.insert(problems.end(), historical.begin(), historical.end());
    }
    std::stable_sort(problems.begin(), problems.end(),
                     [](const auto &x, const auto &y) { return rankOf(x) < rankOf(y); });
    for (const auto &problem : problems)
        checks.problems.push_back(problemOf(problem, state));
    return checks;
}

} // namespace

classify::RulePack packAsEdited(const RulesEditorState &state, const std::string &tried)
{
    classify::RulePack pack = state.documents.pack();
    for (const auto &[id, draft] : state.drafts) {
        if (!canMatch(draft.rule))
            continue;
        const auto &key = id;
        const auto at = std::find_if(pack.rules.begin(), pack.rules.end(), [&](const auto &r) { return r.id == key; });
        // An id that is taken, or none: the rule matches under the one it is known by.
        classify::Rule rule = draft.rule;
        rule.id = id;
        if (at != pack.rules.end())
            *at = std::move(rule);
        else
            pack.rules.push_back(std::move(rule));
    }
    for (auto &rule : pack.rules) {
        if (rule.id == tried && rule.status == classify::RuleStatus::Draft)
            rule.status = classify::RuleStatus::Active;
    }
    return pack;
}

CountedRule countedRule(const RulesEditorState &state, const std::string &id)
{
    const auto draft = state.drafts.find(id);
    if (draft == state.drafts.end() || canMatch(draft->second.rule))
        return CountedRule::AsTyped;
    return state.documents.find(id) != nullptr ? CountedRule::BeforeError : CountedRule::LeftOut;
}

RulesEditorChecks::RulesEditorChecks(RulesEditorController &controller, QObject *parent)
    : QObject(parent), m_controller(controller)
{
    m_compilePause.setSingleShot(true);
    m_compilePause.setInterval(kCompilePauseMs);
    m_checkPause.setSingleShot(true);
    m_checkPause.setInterval(kCheckPauseMs);
    connect(&m_compilePause, &QTimer::timeout, this, &RulesEditorChecks::compile);
    // All texts of a history are matched only when somebody asks for it.
    connect(&m_checkPause, &QTimer::timeout, this,
            [this] { check(m_historyAsked ? m_controller.workspacePath() : std::string()); });
    connect(&controller, &RulesEditorController::stateChanged, this, &RulesEditorChecks::request);
    for (const auto signal : {&RulesEditorController::selectionChanged, &RulesEditorController::saved})
        connect(&controller, signal, this, &RulesEditorChecks::followSelection);
    request();
}

void RulesEditorChecks::followSelection()
{
    // A draft counts as active while it is selected, so that the pack is another one with it and after it.
    if (m_controller.triedDraft() != m_tried)
        m_compilePause.start();
    else
        tryText();
}

void RulesEditorChecks::request()
{
    if (!m_controller.opened())
        return;
    m_trying = true;
    m_compilePause.start();
    m_checkPause.start();
    Q_EMIT checksChanged();
}

void RulesEditorChecks::runNow()
{
    m_checkPause.stop();
    m_historyAsked = !m_controller.workspacePath().empty();
    check(m_controller.workspacePath());
}

void RulesEditorChecks::forgetHistory()
{
    if (!std::exchange(m_checks.history, nullptr) && !m_historyAsked)
        return;
    m_checkJob.cancel(); // it would bring back what is forgotten
    m_checkPause.start();
    Q_EMIT checksChanged();
}

void RulesEditorChecks::compile()
{
    using Compiled = std::shared_ptr<const classify::Classifier>;
    m_tried = m_controller.triedDraft();
    m_compileJob.request<Compiled>(
        tr("Compiling the rules"),
        [state = m_controller.state(), tried = m_tried](std::stop_token, base::Progress &) {
            return classify::Classifier::make(packAsEdited(state, tried));
        },
        [this](Compiled compiled) {
            m_classifier = std::move(compiled);
            Q_EMIT this->compiled();
            tryText();
        },
        // What does not compile is said beside the rule, by the reason its file refuses it; the trial rests.
        [this](const base::Error &) { forgetTrial(); });
}

void RulesEditorChecks::check(const std::string &workspace)
{
    if (!m_controller.opened())
        return;
    m_checking = true;
    m_checkJob.request<PackChecks>(
        tr("Checking the rules"),
        [state = m_controller.state(), workspace, before = m_checks.history](std::stop_token stop,
                                                                             base::Progress &progress) {
            return checked(state, workspace, before, stop, progress);
        },
        [this, workspace](PackChecks checks) {
            m_checks = std::move(checks);
            m_checking = false;
            m_historyAsked = m_historyAsked && workspace.empty();
            Q_EMIT checksChanged();
        },
        [this](const base::Error &) {
            m_checking = false;
            m_historyAsked = false;
            Q_EMIT checksChanged();
        });
    Q_EMIT checksChanged();
}

void RulesEditorChecks::forgetTrial()
{
    m_trialJob.cancel();
    m_trial.reset();
    Q_EMIT trialChanged();
}

void RulesEditorChecks::setTrialText(std::string text)
{
    if (text == m_text)
        return;
    m_text = std::move(text);
    tryText();
}

/// The selected rule as the pack counts it; an empty one where it is left out.
classify::Rule RulesEditorChecks::countedNow() const
{
    const auto &state = m_controller.state();
    const std::string &id = m_controller.selected();
    classify::Rule rule;
    switch (countedRule(state, id)) {
    case CountedRule::AsTyped: rule = state.find(id).value_or(classify::Rule{}); break;
    case CountedRule::BeforeError: rule = *state.documents.find(id); break;
    case CountedRule::LeftOut: return rule;
    }
    rule.id = id;
    return rule;
}

void RulesEditorChecks::tryText()
{
    if (m_text.empty() || !m_classifier) {
        forgetTrial();
        return;
    }
    const auto rule = countedNow();
    m_trialJob.request<RuleTrial>(
        tr("Trying the rule"),
        [rule, classifier = m_classifier, text = m_text](std::stop_token, base::Progress &) {
            return tryRule(rule, *classifier, text);
        },
        [this](RuleTrial trial) {
            m_trial = std::move(trial);
            m_trying = m_compilePause.isActive() || m_compileJob.running(); // an edit came meanwhile
            Q_EMIT trialChanged();
        },
        [this](const base::Error &) { forgetTrial(); });
}

} // namespace mulligan::desktop
