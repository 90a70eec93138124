#include "desktop/pages/lab_cadences.hpp"

#include "desktop/widgets/format.hpp"
#include "pipeline/compare_cadences.hpp"

#include <QCoreApplication>

#include <array>

namespace mulligan::desktop
{

namespace
{

/// Three more replays of so many episodes take about a second.
constexpr size_t kQuickEpisodes = 20000;

QString tr(const char *source)
{
    return QCoreApplication::translate("PolicyLab", source);
}

/// The rhythms people have: at once, near real time, over night.
std::vector<simulate::Cadence> comparedCadences(simulate::WhenAbsent whenAbsent)
{
    return {{simulate::CadenceKind::OnFailure, 30.0, 0, whenAbsent},
            {simulate::CadenceKind::Every, 30.0, 0, whenAbsent},
            {simulate::CadenceKind::Daily, 30.0, 0, whenAbsent}};
}

QString titleOf(const std::string &cadence)
{
    if (cadence == "on_failure")
        return tr("On failure");
    if (cadence == "30m")
        return tr("Every 30 min");
    if (cadence == "daily")
        return tr("Daily");
    return text(cadence);
}

FigureCell share(double value, const QString &help)
{
    return {shareText(value), value, false, help};
}

} // namespace

LabCadences::LabCadences(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    connect(&session, &Session::sessionLoaded, this, &LabCadences::forget);
    connect(&session, &Session::workspaceChanged, this, &LabCadences::forget);
    connect(&session, &Session::policyChanged, this, &LabCadences::changed);
    connect(&session, &Session::economicsChanged, this, &LabCadences::changed);
}

LabCadences::~LabCadences()
{
    delete m_job.data();
}

void LabCadences::forget()
{
    ++m_generation;
    if (m_job)
        m_job->cancel();
    m_rows.clear();
    m_running = false;
    m_asked = false;
    Q_EMIT changed();
}

void LabCadences::compareUnasked()
{
    const auto loaded = m_session.replaySession();
    if (!m_asked && loaded && m_session.replay() && loaded->history().episodes.size() <= kQuickEpisodes)
        compare();
}

void LabCadences::setWhenAbsent(simulate::WhenAbsent whenAbsent)
{
    if (m_whenAbsent == whenAbsent)
        return;
    m_whenAbsent = whenAbsent;
    if (m_running || !m_rows.empty())
        compare();
}

bool LabCadences::stale() const
{
    return !m_rows.empty() && !(m_policy == m_session.policy() && m_economics == m_session.economics());
}

void LabCadences::compare()
{
    const auto loaded = m_session.replaySession();
    if (!loaded)
        return;
    const auto generation = ++m_generation;
    if (m_job)
        m_job->cancel();
    m_asked = true;
    m_running = true;
    const policy::Policy policy = m_session.policy();
    const policy::Economics economics = m_session.economics();
    using Rows = std::vector<model::CadenceRow>;
    m_job = startJob<Rows>(
        this, QCoreApplication::translate("PolicyLab", "Comparing refresh cadences"),
        [loaded, policy, economics, cadences = comparedCadences(m_whenAbsent)](
            std::stop_token stop, base::Progress &progress) -> base::Result<Rows> {
            simulate::ReplayOptions options;
            options.replicates = 0; // the table shows no intervals
            return pipeline::compareCadences(*loaded, policy, economics, options, cadences, stop, progress);
        },
        [this, generation, policy, economics](Rows rows) {
            if (generation != m_generation)
                return;
            m_rows = std::move(rows);
            m_policy = policy;
            m_economics = economics;
            m_running = false;
            Q_EMIT changed();
        });
    connect(m_job.data(), &Job::failed, this, [this, generation](const base::Error &error) {
        if (generation != m_generation)
            return;
        m_running = false;
        Q_EMIT changed();
        Q_EMIT m_session.errorOccurred(error);
    });
    Q_EMIT changed();
}

QStringList cadenceColumns()
{
    return {tr("Refreshed"), tr("Net"),  tr("Recovery"),  tr("Own"),
            tr("Older"),     tr("None"), tr("Staleness"), tr("No advice")};
}

QStringList cadenceColumnHelp()
{
    return {tr("When recommendations are made anew."),
            tr("Net savings, had recommendations been refreshed like this."),
            tr("Median time from the first failure to success, waiting included."),
            tr("Failures whose own recommendation was there when the retry was due."),
            tr("Failures answered by the recommendation of an earlier failure of the same job and class."),
            tr("Failures for which there was no recommendation: the retry ran unchanged."),
            tr("Median time between what the recommendation knew and the moment it took effect."),
            tr("Jobs of which no failure ever got a recommendation.")};
}

QVector<QVector<FigureCell>> cadenceRows(const std::vector<model::CadenceRow> &rows, const QString &currency)
{
    QVector<QVector<FigureCell>> out;
    for (const model::CadenceRow &row : rows) {
        const model::CadenceFigures &f = row.figures;
        const QString batches = tr("%1 batches, counted from midnight UTC; %2 recommendations made in each")
                                    .arg(countText(static_cast<double>(f.batches)), countText(f.recomputedPerBatch()));
        const QString outcome = tr("Remediated %1 of the episodes; a person had to act in %2")
                                    .arg(figureText(row.policy.remediatedShare), figureText(row.policy.interventions));
        const double recovery = row.policy.recoverySecondsMedian.value;
        const QString slowest = tr("95 %: %1");
        out << QVector<FigureCell>{
            {titleOf(f.cadence), std::nullopt, false, batches},
            {moneyText(row.net.value, currency), row.net.value, true, outcome},
            {durationText(recovery), recovery, false, slowest.arg(durationText(row.policy.recoverySecondsP95.value))},
            share(f.shareOf(f.own), tr("%1 failures").arg(countText(f.own))),
            share(f.shareOf(f.older), tr("%1 failures").arg(countText(f.older))),
            share(f.shareOf(f.none), tr("%1 failures").arg(countText(f.none))),
            {durationText(f.stalenessMedian), f.stalenessMedian, false, slowest.arg(durationText(f.stalenessP95))},
            share(f.jobsWithoutShare(),
                  tr("%1 of %2 jobs")
                      .arg(countText(static_cast<double>(f.jobsWithout)), countText(static_cast<double>(f.jobs))))};
    }
    return out;
}

} // namespace mulligan::desktop
