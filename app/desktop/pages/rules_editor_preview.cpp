#include "desktop/pages/rules_editor_preview.hpp"

#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/session/session.hpp"
#include "store/workspace.hpp"

namespace mulligan::desktop
{

namespace
{

constexpr int kPauseMs = 150;
// A replay takes both cores for a while: not at every pause between two words.
constexpr int kSavingsPauseMs = 1200;

/// What edits are compared with.
struct Compared {
    std::shared_ptr<const pipeline::RulePreview> texts;
    std::shared_ptr<const classify::Classifier> rules;
    pipeline::PackDifference sinceClassified;
    bool classified = true; ///< the stored verdicts are theirs
};

base::Result<Compared> readCompared(const std::string &path, const std::shared_ptr<const classify::Classifier> &rules,
                                    std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
    Compared out;
    out.rules = rules;
    MULLIGAN_TRY(auto classified, pipeline::classifiedPack(workspace, rules->pack()));
    out.sinceClassified = std::move(classified.difference);
    MULLIGAN_TRY(out.classified, pipeline::classifiedBy(workspace, rules->pack()));
    MULLIGAN_TRY(out.texts, pipeline::RulePreview::load(workspace, rules, {}, stop, progress));
    return out;
}

} // namespace

RulesEditorPreview::RulesEditorPreview(Session &session, RulesEditorController &controller, QObject *parent)
    : QObject(parent), m_session(session), m_controller(controller)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &RulesEditorPreview::compute);
    m_savingsPause.setSingleShot(true);
    m_savingsPause.setInterval(kSavingsPauseMs);
    connect(&m_savingsPause, &QTimer::timeout, this, &RulesEditorPreview::replay);
    for (const auto signal : {&Session::economicsChanged, &Session::sessionLoaded})
        connect(&m_session, signal, this, &RulesEditorPreview::forgetBase);
    for (const auto signal : {&Session::policyChanged, &Session::economicsChanged, &Session::sessionLoaded})
        connect(&m_session, signal, this, [this] {
            if (m_preview && m_phase == Phase::Ready)
                requestSavings();
        });
    connect(&m_session, &Session::replayChanged, this, &RulesEditorPreview::replayIfHeld);
    for (const auto signal : {&Session::workspaceChanged, &Session::dataChanged, &Session::rulesChanged})
        connect(&m_session, signal, this, &RulesEditorPreview::reload);
    connect(&m_controller, &RulesEditorController::stateChanged, this, &RulesEditorPreview::request);
    for (const auto signal : {&RulesEditorController::selectionChanged, &RulesEditorController::saved})
        connect(&m_controller, signal, this, &RulesEditorPreview::followSelection);
}

void RulesEditorPreview::followSelection()
{
    // A draft counts as active while it is selected, so that the pack is another one with it and after it.
    if (m_controller.triedDraft() != m_tried)
        request();
    else
        Q_EMIT changed();
}

void RulesEditorPreview::setWatched(bool watched)
{
    m_watched = watched;
    if (watched && !m_texts && !m_loadJob.running())
        load();
    else if (watched)
        request();
}

const pipeline::RuleEffect *RulesEditorPreview::effectOfSelected() const
{
    if (!m_preview)
        return nullptr;
    for (const auto &effect : m_preview->rules) {
        if (effect.rule == m_controller.selected())
            return &effect;
    }
    return nullptr;
}

bool RulesEditorPreview::triesDraft() const
{
    return !m_tried.empty() && m_tried == m_controller.selected();
}

CountedRule RulesEditorPreview::counted() const
{
    return countedRule(m_controller.state(), m_controller.selected());
}

bool RulesEditorPreview::rulesOfBefore() const
{
    return m_session.rulesError().has_value();
}

double RulesEditorPreview::progress() const
{
    const Job *job = m_loadJob.job();
    if (job == nullptr)
        return -1.0;
    const auto sample = job->progress();
    return sample.total > 0 ? static_cast<double>(sample.done) / static_cast<double>(sample.total) : -1.0;
}

void RulesEditorPreview::cancel()
{
    m_loadJob.cancel();
    m_job.cancel();
    m_savingsPause.stop();
    m_savingsJob.cancel();
    m_held = false;
    forgetBase();
    fail(base::makeError(base::ErrorCode::Cancelled, tr("Cancelled").toStdString(),
                         tr("The next edit asks again.").toStdString()));
}

void RulesEditorPreview::reload()
{
    m_texts.reset();
    m_job.cancel();
    m_pause.stop();
    m_savings.reset();
    m_savingsPause.stop();
    m_savingsJob.cancel();
    m_held = false;
    forgetBase();
    m_classifiedInForce = true;
    if (!m_session.isOpen() || m_session.info().failures == 0) {
        m_loadJob.cancel();
        m_preview.reset();
        setPhase(Phase::NoHistory);
        return;
    }
    if (m_watched)
        load();
}

void RulesEditorPreview::load()
{
    const auto base = m_session.rules();
    if (!m_session.isOpen() || m_session.info().failures == 0) {
        setPhase(Phase::NoHistory);
        return;
    }
    if (!base) {
        if (m_session.rulesError())
            fail(*m_session.rulesError());
        else
            setPhase(Phase::Waiting);
        return;
    }
    setPhase(Phase::Loading);
    m_loadJob.request<Compared>(
        tr("Reading the failures' texts"),
        [path = m_session.path().toStdString(), base](std::stop_token stop, base::Progress &progress) {
            return readCompared(path, base, stop, progress);
        },
        [this](Compared compared) {
            m_texts = std::move(compared.texts);
            m_inForce = std::move(compared.rules);
            m_classifiedInForce = compared.classified;
            m_sinceClassified = std::move(compared.sinceClassified);
            compute();
        },
        [this](const base::Error &error) { fail(error); });
}

void RulesEditorPreview::request()
{
    if (!m_watched || !m_controller.opened())
        return;
    if (!m_texts) {
        if (!m_loadJob.running())
            load();
        return;
    }
    m_pause.start();
    setPhase(Phase::Computing);
}

void RulesEditorPreview::compute()
{
    if (!m_texts || !m_controller.opened())
        return;
    setPhase(Phase::Computing);
    m_tried = m_controller.triedDraft();
    m_job.request<pipeline::PackPreview>(
        tr("Previewing"),
        [texts = m_texts, state = m_controller.state(), tried = m_tried](std::stop_token stop, base::Progress &) {
            return texts->preview(packAsEdited(state, tried), stop);
        },
        [this](pipeline::PackPreview preview) {
            m_preview = std::move(preview);
            m_error.reset();
            requestSavings();
            setPhase(Phase::Ready);
        },
        [this](const base::Error &error) { fail(error); });
}

bool RulesEditorPreview::wantsSavings() const
{
    return m_watched && m_preview && m_preview->changed > 0 && m_session.replaySession();
}

bool RulesEditorPreview::replaying() const
{
    return m_savingsPause.isActive() || m_savingsJob.running() || ((m_makingBase || m_held) && wantsSavings());
}

void RulesEditorPreview::requestSavings()
{
    m_savings.reset();
    m_savingsJob.cancel();
    m_savingsPause.stop();
    m_held = false;
    if (wantsSavings())
        m_savingsPause.start();
}

/// Where the history cannot be read, there is no sessionLoaded() that asks again.
void RulesEditorPreview::replayIfHeld()
{
    if (!m_held || m_session.historyLoading())
        return;
    requestSavings();
    Q_EMIT changed();
}

void RulesEditorPreview::replay()
{
    if (!m_session.replaySession() || !m_texts)
        return;
    if (m_held = m_session.historyLoading(); m_held) { // what is there has verdicts or prices of before
        Q_EMIT changed();
        return;
    }
    const auto session = m_classifiedInForce ? m_session.replaySession() : m_base;
    if (!session) {
        makeBase();
        return;
    }
    m_savingsJob.request<pipeline::RuleSavings>(
        tr("Replaying with the edited rules"),
        [session, texts = m_texts, state = m_controller.state(), tried = m_controller.triedDraft(),
         policy = m_session.policy(), economics = m_session.economics()](
            std::stop_token stop, base::Progress &progress) -> base::Result<pipeline::RuleSavings> {
            MULLIGAN_TRY(const auto edited, classify::Classifier::make(packAsEdited(state, tried)));
            return pipeline::savingsOfEdit(*session, *texts, edited, policy, economics, {}, stop, progress);
        },
        [this](pipeline::RuleSavings savings) {
            m_savings = std::move(savings);
            Q_EMIT changed();
        },
        // The counts stand all the same; there is just no figure in money.
        [this](const base::Error &) { Q_EMIT changed(); });
    Q_EMIT changed();
}

/// Once for all edits: typing on does not begin it anew.
void RulesEditorPreview::makeBase()
{
    if (m_makingBase)
        return; // its end replays the newest edit
    m_makingBase = true;
    using Base = std::shared_ptr<const pipeline::ReplaySession>;
    m_baseJob.request<Base>(
        tr("Classifying by the rules in force"),
        [stored = m_session.replaySession(), texts = m_texts, rules = m_inForce,
         economics = m_session.economics()](std::stop_token stop, base::Progress &progress) {
            return pipeline::sessionOfBase(*stored, *texts, rules, economics, stop, progress);
        },
        [this](Base base) {
            m_makingBase = false;
            m_base = std::move(base);
            if (wantsSavings() && !m_savingsPause.isActive())
                replay();
            else
                Q_EMIT changed();
        },
        [this](const base::Error &) {
            m_makingBase = false;
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

void RulesEditorPreview::forgetBase()
{
    m_makingBase = false;
    m_baseJob.cancel();
    m_base.reset();
}

void RulesEditorPreview::setPhase(Phase phase)
{
    m_phase = phase;
    Q_EMIT changed();
}

void RulesEditorPreview::fail(const base::Error &error)
{
    m_error = error;
    setPhase(Phase::Failed);
}

} // namespace mulligan::desktop
