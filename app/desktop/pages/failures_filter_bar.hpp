#pragma once

#include "store/failure_query.hpp"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QDateEdit;
class QCheckBox;
class QLineEdit;
class QToolButton;

namespace mulligan::desktop
{

/// The controls that filter the failures. Typing is answered after a short pause, choices at once.
class FailuresFilterBar : public QWidget
{
    Q_OBJECT

public:
    explicit FailuresFilterBar(QWidget *parent = nullptr);

    [[nodiscard]] store::FailureFilter filter() const;
    void setFilter(const store::FailureFilter &filter);
    void setChoices(const store::FailureChoices &choices);
    void setWindow(base::Instant from, base::Instant to);
    void focusSearch();
    /// Puts a widget at the right end of the first row.
    void addTrailing(QWidget *widget);

Q_SIGNALS:
    void filterChanged();

private:
    QWidget *buildFirstRow();
    QWidget *buildSecondRow();
    QComboBox *makeCombo(const QString &any, const QString &name, int characters);
    void changed();

    QTimer m_pause;
    QLineEdit *m_text = nullptr;
    QComboBox *m_class = nullptr;
    QComboBox *m_rule = nullptr;
    QComboBox *m_outcome = nullptr;
    QToolButton *m_more = nullptr;
    QWidget *m_second = nullptr;
    QLineEdit *m_job = nullptr;
    QComboBox *m_owner = nullptr;
    QComboBox *m_team = nullptr;
    QComboBox *m_cluster = nullptr;
    QCheckBox *m_limitTime = nullptr;
    QDateEdit *m_from = nullptr;
    QDateEdit *m_to = nullptr;
};

} // namespace mulligan::desktop
