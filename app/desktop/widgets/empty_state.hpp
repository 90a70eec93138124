#pragma once

#include <QString>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace mulligan::desktop
{

/// What a page shows while it has nothing to show: an icon, a sentence saying what is missing, and what to do next.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    /// `iconName` as in icons.hpp.
    EmptyState(const QString &iconName, const QString &sentence, const QString &hint, QWidget *parent = nullptr);

    void setSentence(const QString &sentence, const QString &hint);
    /// Adds a button; the first is the primary one. The caller connects its `clicked`.
    QPushButton *addButton(const QString &text);

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintIcon();

    QString m_iconName;
    QLabel *m_icon = nullptr;
    QLabel *m_sentence = nullptr;
    QLabel *m_hint = nullptr;
    QHBoxLayout *m_buttons = nullptr;
};

} // namespace mulligan::desktop
