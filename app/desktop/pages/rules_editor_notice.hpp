#pragma once

#include <QFrame>
#include <QPointer>

#include <functional>

class QHBoxLayout;
class QLabel;

namespace mulligan::desktop
{

class RulesConflictDialog;
class RulesEditorController;

/// What stands in the way of editing the pack, and what can be done about it: it is the shipped one, it cannot be
/// opened, or somebody else changed a file of it. Hidden when nothing does.
class RulesNotice : public QFrame
{
    Q_OBJECT

public:
    explicit RulesNotice(RulesEditorController &controller, QWidget *parent = nullptr);
    /// Draws the eye to it: an edit was asked for that it forbids.
    void insist();

Q_SIGNALS:
    void copyRequested(); ///< of the shipped pack

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void showDifference();
    void clear();
    void addButton(const QString &title, const QString &toolTip, const std::function<void()> &act);
    void say(const QString &words, bool urgent);

    RulesEditorController &m_controller;
    QLabel *m_icon = nullptr;
    QLabel *m_words = nullptr;
    QHBoxLayout *m_buttons = nullptr;
    QPointer<RulesConflictDialog> m_difference;
    bool m_urgent = false;
};

} // namespace mulligan::desktop
