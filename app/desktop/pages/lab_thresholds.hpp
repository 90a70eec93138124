#pragma once

#include <QMap>
#include <QWidget>

class QComboBox;
class QVBoxLayout;

namespace mulligan::desktop
{

class KnobRow;
class KnobSlider;
class LabController;

/// One slider a threshold: the default's, and those of classes and groups with one of their own.
class LabThresholds : public QWidget
{
    Q_OBJECT

public:
    explicit LabThresholds(LabController &controller, QWidget *parent = nullptr);
    /// Shows the policy in force; `saved` and `shipped` are what the reset buttons go back to.
    void refresh(const QMap<QString, double> &saved, const QMap<QString, double> &shipped);

private:
    struct Row {
        KnobRow *row = nullptr;
        KnobSlider *slider = nullptr;
    };

    Row makeRow(const QString &selector);
    void fillAddBox();

    LabController &m_controller;
    QVBoxLayout *m_list = nullptr;
    QComboBox *m_add = nullptr;
    QMap<QString, Row> m_rows; ///< "" is the default's
    QMap<QString, double> m_saved;
    QMap<QString, double> m_shipped;
};

} // namespace mulligan::desktop
