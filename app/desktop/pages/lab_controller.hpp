#pragma once

#include "desktop/session/session.hpp"
#include "model/savings.hpp"
#include "simulate/lab.hpp"

#include <QObject>
#include <QPointer>
#include <QString>
#include <QStringList>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mulligan::desktop
{

/// Everything the policy lab shows at one setting of the knobs.
struct LabFigures {
    bool available = false;
    bool stale = false;       ///< the sums are of an older setting; newer ones are being computed
    bool replayStale = false; ///< so are the figures that need a whole replay: recovery, months, memory share
    model::Kpis history;
    model::Figure net;
    std::array<model::Figure, simulate::kPartCount> parts;
    model::Figure retryCost;
    model::Figure interventions;
    model::Figure remediated;
    model::Figure wronglyStopped;
    model::Figure recoveryMedian;
    model::Figure memoryRemediated;
    double netPer30Days = 0.0;
    double unsupportedNet = 0.0;
    std::array<model::ProvenanceShare, model::kProvenanceCount> provenance{};
    std::vector<simulate::ClassBar> classes; ///< largest absolute net first
    std::vector<model::SavingsGroup> months;
    std::vector<std::string> notes;
    std::string modelCaveat; ///< what the figures rest on where no model is trained
};

/// The policy lab without its widgets: reads the session, answers a moved threshold from the compiled table at once,
/// and everything else from the background replay. Thresholds go through `setThreshold`, other knobs through `apply`.
class LabController : public QObject
{
    Q_OBJECT

public:
    explicit LabController(Session &session, QObject *parent = nullptr);
    ~LabController() override;

    [[nodiscard]] const LabFigures &figures() const { return m_figures; }
    [[nodiscard]] Session &session() { return m_session; }

    /// A threshold for a class, a group, or "" for the default; [0, 1].
    void setThreshold(const QString &selector, double threshold);
    /// Takes a class's or group's own threshold away.
    void removeThreshold(const QString &selector);
    [[nodiscard]] double threshold(const QString &selector) const;
    /// A knob by the key of its file and its text, as `--set` takes them ("retry_limit.user", "3"). A value that cannot
    /// be is told by Session::errorOccurred, and nothing changes.
    void apply(const QString &key, const QString &value, const QString &what);

    /// Break-even chance p* = C_f / (C_f + L) of an unchanged retry, at the mean cost of history's failed retries after
    /// failures that `selector` covers; nothing where history has none.
    [[nodiscard]] std::optional<double> breakEven(const QString &selector) const;
    /// Groups and classes met in history, ascending; and its rules and clusters.
    [[nodiscard]] QStringList selectors() const;
    [[nodiscard]] QStringList clusters() const;

    /// Net savings against one threshold, the others as they are now. Computed on another thread; `sweepChanged` tells.
    void setSweepSelector(const QString &selector);
    [[nodiscard]] const QString &sweepSelector() const { return m_sweepSelector; }
    [[nodiscard]] const std::vector<model::SweepPoint> &sweep() const { return m_sweep; }

    // Whole policies and economics.
    [[nodiscard]] base::Result<policy::Policy> shippedPolicy() const;
    [[nodiscard]] base::Result<policy::Economics> shippedEconomics() const;
    [[nodiscard]] base::Result<policy::Policy> savedPolicy() const;
    [[nodiscard]] base::Result<policy::Economics> savedEconomics() const;
    [[nodiscard]] base::Result<policy::Policy> incumbentPolicy() const;
    [[nodiscard]] base::Result<void> loadPolicyFile(const QString &path);
    [[nodiscard]] base::Result<void> savePolicyFile(const QString &path) const;

Q_SIGNALS:
    void figuresChanged();
    void knobsChanged(); ///< the policy or economics differ from before: editors should show them
    void sweepChanged();
    void historyChanged(); ///< classes, clusters and break-evens

private:
    void adoptPolicy();
    void adoptReplay();
    void adoptHistory();
    void refresh();
    void readReplay(const simulate::ReplayResult &result);
    void readLab(const simulate::LabPoint &point);
    void startSweep();

    struct ClassCosts {
        double failedRetryCost = 0.0;
        std::uint64_t failedRetries = 0;
    };

    /// What the figures were made from.
    struct Shown {
        std::shared_ptr<const simulate::ReplayResult> replay;
        bool lab = false;
        bool replayOutdated = false;
        bool labOutdated = false;

        bool operator==(const Shown &) const = default;
    };

    Session &m_session;
    std::optional<Shown> m_shown;
    LabFigures m_figures;
    policy::Policy m_policy; ///< as last seen
    policy::Economics m_economics;
    std::shared_ptr<const simulate::ReplayResult> m_outdatedReplay; ///< the one there was at the last change
    bool m_replayOutdated = false;
    bool m_labOutdated = false;
    std::map<std::string, ClassCosts> m_costs;
    QString m_sweepSelector;
    std::vector<model::SweepPoint> m_sweep;
    QPointer<Job> m_sweepJob;
    std::uint64_t m_sweepGeneration = 0;
};

} // namespace mulligan::desktop
