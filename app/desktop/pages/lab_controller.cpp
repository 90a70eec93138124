#include "desktop/pages/lab_controller.hpp"

#include "formats/file.hpp"
#include "policy/policy_file.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace mulligan::desktop
{

namespace
{

constexpr size_t kSweepPoints = 51;

/// What the compiled table depends on.
bool sameButThresholds(policy::Policy a, const policy::Policy &b)
{
    a.thresholds = b.thresholds;
    a.defaultThreshold = b.defaultThreshold;
    return a == b;
}

bool sameThresholdsBut(const QString &selector, const policy::Policy &a, const policy::Policy &b)
{
    auto left = a.thresholds;
    auto right = b.thresholds;
    left.erase(selector.toStdString());
    right.erase(selector.toStdString());
    return left == right && (selector.isEmpty() || a.defaultThreshold == b.defaultThreshold);
}

} // namespace

LabController::LabController(Session &session, QObject *parent)
    : QObject(parent), m_session(session), m_policy(session.policy()), m_economics(session.economics())
{
    connect(&session, &Session::policyChanged, this, &LabController::adoptPolicy);
    connect(&session, &Session::economicsChanged, this, &LabController::adoptPolicy);
    connect(&session, &Session::replayChanged, this, &LabController::adoptReplay);
    connect(&session, &Session::sessionLoaded, this, &LabController::adoptHistory);
    connect(&session, &Session::workspaceChanged, this, &LabController::adoptHistory);
    adoptHistory();
}

LabController::~LabController()
{
    delete m_sweepJob.data();
}

void LabController::adoptPolicy()
{
    const bool onlyThresholds = m_economics == m_session.economics() && sameButThresholds(m_policy, m_session.policy());
    const bool changed = !(m_economics == m_session.economics() && m_policy == m_session.policy());
    const bool sweepKept = onlyThresholds && sameThresholdsBut(m_sweepSelector, m_policy, m_session.policy());
    m_policy = m_session.policy();
    m_economics = m_session.economics();
    if (changed) {
        m_outdatedReplay = m_session.replay();
        m_replayOutdated = m_outdatedReplay != nullptr;
        m_labOutdated = m_labOutdated || !onlyThresholds;
    }
    refresh();
    if (!sweepKept && !m_labOutdated)
        startSweep();
    Q_EMIT knobsChanged();
}

void LabController::adoptReplay()
{
    if (m_session.replay() != m_outdatedReplay)
        m_replayOutdated = false;
    const bool hadLab = !m_labOutdated && !m_sweep.empty();
    if (!m_session.stale()) {
        m_replayOutdated = false;
        m_labOutdated = false;
    }
    if (!m_replayOutdated)
        m_outdatedReplay.reset();
    const Shown now{m_session.replay(), m_session.lab().has_value(), m_replayOutdated, m_labOutdated};
    if (now == m_shown)
        return; // only stale() changed: a moved threshold was already answered
    refresh();
    if (!m_session.lab().has_value())
        m_sweep.clear();
    else if (!m_labOutdated && !hadLab)
        startSweep();
}

void LabController::adoptHistory()
{
    m_costs.clear();
    m_sweep.clear();
    m_shown.reset();
    m_outdatedReplay = m_session.stale() ? m_session.replay() : nullptr;
    m_replayOutdated = m_outdatedReplay != nullptr;
    m_labOutdated = false;
    if (const auto loaded = m_session.replaySession()) {
        const model::History &history = loaded->history();
        for (const model::Episode &episode : history.episodes) {
            for (std::uint32_t i = episode.first; i <= episode.last(); ++i) {
                const model::HistoryAttempt &attempt = history.attempts[i];
                if (!model::isDecisionPoint(attempt))
                    continue;
                m_costs.try_emplace(attempt.verdict->errorClass);
                if (i == episode.first || attempt.started != model::Trigger::AutoRetry)
                    continue;
                ClassCosts &costs = m_costs[history.attempts[i - 1].verdict->errorClass];
                costs.failedRetryCost += attempt.costUsd;
                ++costs.failedRetries;
            }
        }
    }
    Q_EMIT historyChanged();
    adoptReplay();
}

void LabController::refresh()
{
    const auto replay = m_session.replay();
    const auto &lab = m_session.lab();
    m_figures = {};
    m_shown = Shown{replay, lab.has_value(), m_replayOutdated, m_labOutdated};
    if (replay) {
        m_figures.available = true;
        m_figures.stale = m_replayOutdated;
        m_figures.replayStale = m_replayOutdated;
        readReplay(*replay);
        if (lab.has_value() && !m_labOutdated) {
            m_figures.stale = false;
            readLab(lab->evaluate(m_policy.thresholds, m_policy.defaultThreshold));
        }
        std::stable_sort(m_figures.classes.begin(), m_figures.classes.end(),
                         [](const auto &a, const auto &b) { return std::abs(a.net) > std::abs(b.net); });
    }
    Q_EMIT figuresChanged();
}

void LabController::readReplay(const simulate::ReplayResult &result)
{
    const model::SavingsReport &report = result.report;
    const model::Savings &savings = report.savings;
    m_figures.history = report.history;
    m_figures.net = savings.net;
    m_figures.parts = {savings.doomedRetriesAvoided, savings.addedRetries,         savings.dearerConfig,
                       savings.fixedByConfig,        savings.interventionsAvoided, savings.wronglyStopped};
    m_figures.retryCost = report.policy.retryCost;
    m_figures.interventions = report.policy.interventions;
    m_figures.remediated = report.policy.remediatedShare;
    m_figures.wronglyStopped = report.policy.wronglyStopped;
    m_figures.recoveryMedian = report.policy.recoverySecondsMedian;
    m_figures.memoryRemediated = report.policy.remediatedShareMemoryConfig;
    m_figures.netPer30Days = savings.netPer30Days.value;
    m_figures.unsupportedNet = report.unsupportedNet;
    m_figures.provenance = report.provenance;
    m_figures.months = report.months;
    m_figures.notes = report.notes;
    m_figures.modelCaveat = report.modelCaveat;
    for (const model::SavingsGroup &group : report.groups)
        m_figures.classes.push_back({group.key, group.episodes, m_policy.thresholdFor(group.key), group.net.value,
                                     group.policyCost, group.policyRemediated * static_cast<double>(group.episodes),
                                     0.0});
}

void LabController::readLab(const simulate::LabPoint &point)
{
    const double net = m_figures.net.value;
    if (net != 0.0) // the window of time is the same, so the monthly figure scales with the total
        m_figures.netPer30Days *= point.net.value / net;
    m_figures.net = point.net;
    m_figures.parts = point.parts;
    m_figures.retryCost = point.retryCost;
    m_figures.interventions = point.interventions;
    m_figures.remediated = point.remediated;
    m_figures.wronglyStopped = point.wronglyStopped;
    m_figures.unsupportedNet = point.unsupportedNet;
    m_figures.provenance = point.provenance;
    m_figures.classes = point.classes;
}

double LabController::threshold(const QString &selector) const
{
    return selector.isEmpty() ? m_policy.defaultThreshold : m_policy.thresholdFor(selector.toStdString());
}

void LabController::setThreshold(const QString &selector, double threshold)
{
    policy::Policy changed = m_session.policy();
    if (selector.isEmpty())
        changed.defaultThreshold = threshold;
    else
        changed.thresholds[selector.toStdString()] = threshold;
    m_session.setPolicy(changed, selector.isEmpty() ? tr("default threshold") : tr("threshold of %1").arg(selector));
}

void LabController::removeThreshold(const QString &selector)
{
    policy::Policy changed = m_session.policy();
    changed.thresholds.erase(selector.toStdString());
    m_session.setPolicy(changed, tr("own threshold of %1 removed").arg(selector));
}

void LabController::apply(const QString &key, const QString &value, const QString &what)
{
    policy::Policy policy = m_session.policy();
    policy::Economics economics = m_session.economics();
    const auto done = policy::applySetting(policy, economics, (key + QLatin1Char('=') + value).toStdString());
    if (!done) {
        Q_EMIT m_session.errorOccurred(done.error());
        Q_EMIT knobsChanged(); // the editor goes back to what is in force
        return;
    }
    m_session.setPolicy(policy, what);
    m_session.setEconomics(economics, what);
}

std::optional<double> LabController::breakEven(const QString &selector) const
{
    double cost = 0.0;
    double labour = 0.0;
    std::uint64_t retries = 0;
    for (const auto &[errorClass, costs] : m_costs) {
        if (!selector.isEmpty() && !model::classCovered(selector.toStdString(), errorClass))
            continue;
        cost += costs.failedRetryCost;
        labour += m_economics.interventionCost(errorClass) * static_cast<double>(costs.failedRetries);
        retries += costs.failedRetries;
    }
    if (retries == 0 || cost + labour <= 0.0)
        return std::nullopt;
    return cost / (cost + labour);
}

QStringList LabController::selectors() const
{
    std::set<std::string> names;
    for (const auto &[errorClass, costs] : m_costs) {
        names.insert(errorClass);
        names.insert(std::string(model::groupOf(errorClass)));
    }
    QStringList out;
    for (const std::string &name : names)
        out << QString::fromStdString(name);
    return out;
}

QStringList LabController::clusters() const
{
    QStringList out;
    if (const auto loaded = m_session.replaySession()) {
        const model::History &history = loaded->history();
        std::set<std::uint32_t> seen;
        for (const model::HistoryAttempt &attempt : history.attempts)
            seen.insert(attempt.cluster);
        for (const std::uint32_t cluster : seen)
            out << QString::fromStdString(history.names.at(cluster));
        out.removeAll(QString());
        out.sort();
    }
    return out;
}

void LabController::setSweepSelector(const QString &selector)
{
    if (m_sweepSelector == selector)
        return;
    m_sweepSelector = selector;
    startSweep();
    Q_EMIT sweepChanged();
}

void LabController::startSweep()
{
    const auto generation = ++m_sweepGeneration;
    if (m_sweepJob)
        m_sweepJob->cancel();
    if (!m_session.lab().has_value())
        return;
    using Points = std::vector<model::SweepPoint>;
    m_sweepJob = startJob<Points>(
        this, tr("Sweeping the threshold"),
        [lab = *m_session.lab(), policy = m_policy,
         selector = m_sweepSelector.toStdString()](std::stop_token stop, base::Progress &) -> base::Result<Points> {
            Points points;
            for (size_t i = 0; i < kSweepPoints; ++i) {
                if (stop.stop_requested())
                    return base::makeError(base::ErrorCode::Cancelled, "The sweep was cancelled");
                const double threshold = static_cast<double>(i) / static_cast<double>(kSweepPoints - 1);
                auto thresholds = policy.thresholds;
                if (!selector.empty())
                    thresholds[selector] = threshold;
                const auto at = lab.evaluate(thresholds, selector.empty() ? threshold : policy.defaultThreshold);
                points.push_back({threshold, at.net.value, at.net.low, at.net.high, at.wronglyStopped.value});
            }
            return points;
        },
        [this, generation](Points points) {
            if (generation != m_sweepGeneration)
                return;
            m_sweep = std::move(points);
            Q_EMIT sweepChanged();
        });
}

base::Result<policy::Policy> LabController::shippedPolicy() const
{
    return pipeline::loadPolicy(m_session.resources());
}

base::Result<policy::Economics> LabController::shippedEconomics() const
{
    return pipeline::loadEconomics(m_session.resources());
}

base::Result<policy::Policy> LabController::savedPolicy() const
{
    if (store::Workspace *workspace = m_session.workspace())
        return pipeline::workspacePolicy(*workspace, m_session.resources());
    return shippedPolicy();
}

base::Result<policy::Economics> LabController::savedEconomics() const
{
    if (store::Workspace *workspace = m_session.workspace())
        return pipeline::workspaceEconomics(*workspace, m_session.resources());
    return shippedEconomics();
}

base::Result<policy::Policy> LabController::incumbentPolicy() const
{
    return pipeline::loadPolicy(m_session.resources(), m_session.resources().incumbentFile());
}

base::Result<void> LabController::loadPolicyFile(const QString &path)
{
    MULLIGAN_TRY(const auto policy, pipeline::loadPolicy(m_session.resources(), path.toStdString()));
    m_session.setPolicy(policy, tr("policy loaded from a file"));
    return {};
}

base::Result<void> LabController::savePolicyFile(const QString &path) const
{
    return formats::writeFileAtomically(path.toStdString(), policy::writePolicy(m_session.policy()));
}

} // namespace mulligan::desktop
