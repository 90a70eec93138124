#pragma once

#include "desktop/pages/lab_knob_list.hpp"

#include <QMap>
#include <QWidget>

class QVBoxLayout;

namespace mulligan::desktop
{

class KnobEntries;
class KnobGroup;
class KnobRow;
class LabController;
class LabThresholds;

/// The left side of the lab: an editor for every knob of the policy and the economics, in groups that fold.
class LabKnobs : public QWidget
{
    Q_OBJECT

public:
    explicit LabKnobs(LabController &controller, QWidget *parent = nullptr);
    /// Shows what is in force.
    void refresh();
    /// The saved and shipped values changed (saved, or another workspace).
    void readBaselines();
    [[nodiscard]] QStringList knobKeys() const; ///< of every editor there is

private:
    struct Bound {
        Knob knob;
        KnobRow *row = nullptr;
        QWidget *editor = nullptr;
        qsizetype group = 0;
    };
    /// A list editor: how it reads from and writes to policy and economics.
    struct BoundList {
        QString key;
        KnobEntries *entries = nullptr;
        KnobRow *row = nullptr;
        std::function<QVector<QStringList>(const policy::Policy &, const policy::Economics &)> get;
        std::function<void(policy::Policy &, policy::Economics &, const QVector<QStringList> &)> set;
        qsizetype group = 0;
    };
    struct Values {
        policy::Policy policy;
        policy::Economics economics;
    };

    KnobGroup *addGroup(const QString &title, bool open);
    KnobGroup *addSection(const KnobSection &section);
    void addKnob(KnobGroup *group, const Knob &knob);
    void addList(KnobGroup *group, BoundList list, const QString &label, const QString &help);
    void addThresholds();
    void addModelClasses(KnobGroup *group);
    void addOverrides(KnobGroup *group);
    void addRuleLists(KnobGroup *group);
    void addMinutes(KnobGroup *group);
    void addPrices(KnobGroup *group);
    QWidget *makeEditor(const Knob &knob);
    void show(const Bound &bound, const QString &value);
    void resetGroup(qsizetype group, const Values &to);
    void suggest();
    [[nodiscard]] int changedIn(qsizetype group) const;

    LabController &m_controller;
    Values m_saved;
    Values m_shipped;
    QVBoxLayout *m_layout = nullptr;
    QVector<KnobGroup *> m_groups;
    QVector<Bound> m_bound;
    QVector<BoundList> m_lists;
    LabThresholds *m_thresholds = nullptr;
    qsizetype m_thresholdGroup = 0;
    QWidget *m_scopeWarning = nullptr;
};

} // namespace mulligan::desktop
