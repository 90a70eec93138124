#pragma once

#include <QFrame>
#include <QPointer>

#include <vector>

class QHBoxLayout;
class QLabel;

namespace mulligan::desktop
{

class BoundedWords;
class RulesConflictDialog;
class RulesEditorController;

/// What stands in the way of editing the pack, and what can be done about it: it is the shipped one, it cannot be
/// opened, or somebody else changed a file of it; also what others changed and was taken. Hidden when there is nothing.
class RulesNotice : public QFrame
{
    Q_OBJECT

public:
    explicit RulesNotice(RulesEditorController &controller, QWidget *parent = nullptr);
    /// Draws the eye to it: an edit was asked for that it forbids.
    void insist();
    /// What is said below all else: which rules are in force where the newest files do not compile. Empty: nothing.
    void setInForce(const QString &words);

Q_SIGNALS:
    void copyRequested(); ///< of the shipped pack

protected:
    void changeEvent(QEvent *event) override;

private:
    enum class Act { Open, Look, ShowDifference, KeepMine, TakeTheirs, Dismiss, Copy };
    struct Offer {
        QString title;
        QString toolTip;
        bool enabled = true;
        Act act = Act::Look;
        bool operator==(const Offer &) const = default;
    };
    struct Content {
        QString words; ///< empty: nothing is to be said
        bool urgent = false;
        std::vector<Offer> offers;
        bool operator==(const Content &) const = default;
    };
    [[nodiscard]] Content content() const;
    void act(Act what);
    void refresh();
    void showDifference();
    void showOffers(const std::vector<Offer> &offers);
    void say(const QString &words, bool urgent);

    RulesEditorController &m_controller;
    QLabel *m_icon = nullptr;
    BoundedWords *m_words = nullptr;
    QHBoxLayout *m_buttons = nullptr;
    QPointer<RulesConflictDialog> m_difference;
    Content m_shown;
    QString m_inForce;
    bool m_urgent = false;
};

} // namespace mulligan::desktop
