#pragma once

// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_columns.hpp"
#endif

#include <QScrollArea>

class QCheckBox;
class QComboBox;
class QLabel;
class QTextBrowser;

namespace mulligan::desktop
{

/// One rule in full, and the controls that change what the policy makes of it.
class RuleDetailPanel : public QWidget
{
    Q_OBJECT

public:
    explicit RuleDetailPanel(QWidget *parent = nullptr);
    void setRule(const RuleLine &line, const std::vector<classify::SampleFailure> &failedSamples);
    void clear();

Q_SIGNALS:
    void enabledChanged(const QString &rule, bool enabled);
    /// −1: as the rule says; else a model::RuleAction.
    void actionChanged(const QString &rule, int action);
    void failuresRequested(const QString &rule);

protected:
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QString html() const;

    RuleLine m_line;
    std::vector<classify::SampleFailure> m_failed;
    QLabel *m_title = nullptr;
    QLabel *m_subtitle = nullptr;
    QWidget *m_controls = nullptr;
    QCheckBox *m_enabled = nullptr;
    QComboBox *m_action = nullptr;
    QTextBrowser *m_text = nullptr;
};

} // namespace mulligan::desktop
