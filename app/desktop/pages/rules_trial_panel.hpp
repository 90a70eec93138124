#pragma once

#include "classify/classifier.hpp"

#include <QTimer>
#include <QWidget>

#include <memory>

class QLabel;
class QPlainTextEdit;

namespace mulligan::desktop
{

/// A box to paste a failure text into: says at once what the rules make of it, and where.
class RuleTrialPanel : public QWidget
{
    Q_OBJECT

public:
    explicit RuleTrialPanel(QWidget *parent = nullptr);
    void setClassifier(std::shared_ptr<const classify::Classifier> classifier);
    void setText(const QString &text);
    [[nodiscard]] QString answer() const;

private:
    void classifyText();

    std::shared_ptr<const classify::Classifier> m_classifier;
    QTimer m_pause;
    QPlainTextEdit *m_input = nullptr;
    QLabel *m_answer = nullptr;
    QLabel *m_details = nullptr;
};

} // namespace mulligan::desktop
