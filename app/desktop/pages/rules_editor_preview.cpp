#include "desktop/pages/rules_editor_preview.hpp"

#include "desktop/pages/rules_editor_checks.hpp"
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
    pipeline::PackDifference sinceClassified;
};

base::Result<Compared> readCompared(const std::string &path, const std::shared_ptr<const classify::Classifier> &rules,
                                    std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
    Compared out;
    MULLIGAN_TRY(auto classified, pipeline::classifiedPack(workspace, rules->pack()));
    out.sinceClassified = std::move(classified.difference);
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
    for (const auto signal : {&Session::policyChanged, &Session::economicsChanged, &Session::sessionLoaded})
        connect(&m_session, signal, this, [this] {
            if (m_preview && m_phase == Phase::Ready)
                requestSavings();
        });
    for (const auto signal : {&Session::workspaceChanged, &Session::dataChanged, &Session::rulesChanged})
        connect(&m_session, signal, this, &RulesEditorPreview::reload);
    connect(&m_controller, &RulesEditorController::stateChanged, this, &RulesEditorPreview::request);
    connect(&m_controller, &RulesEditorController::selectionChanged, this, [this] {
        // A rule that decides nothing yet counts as active while it is selected.
        const auto rule = m_controller.rule();
        if (rule && rule->status == classify::RuleStatus::Draft)
            request();
        else
            Q_EMIT changed();
    });
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
    m_job.request<pipeline::PackPreview>(
        tr("Previewing"),
        [texts = m_texts, state = m_controller.state(), selected = m_controller.selected()](
            std::stop_token stop, base::Progress &) { return texts->preview(packAsEdited(state, selected), stop); },
        [this](pipeline::PackPreview preview) {
            m_preview = std::move(preview);
            m_error.reset();
            requestSavings();
            setPhase(Phase::Ready);
        },
        [this](const base::Error &error) { fail(error); });
}

void RulesEditorPreview::requestSavings()
{
    m_savings.reset();
    m_savingsJob.cancel();
    m_savingsPause.stop();
    if (m_watched && m_preview && m_preview->changed > 0 && m_session.replaySession())
        m_savingsPause.start();
}

void RulesEditorPreview::replay()
{
    const auto session = m_session.replaySession();
    if (!session || !m_texts)
        return;
    m_savingsJob.request<pipeline::RuleSavings>(
        tr("Replaying with the edited rules"),
        [session, texts = m_texts, state = m_controller.state(), selected = m_controller.selected(),
         policy = m_session.policy(), economics = m_session.economics()](
            std::stop_token stop, base::Progress &progress) -> base::Result<pipeline::RuleSavings> {
            MULLIGAN_TRY(const auto edited, classify::Classifier::make(packAsEdited(state, selected)));
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
