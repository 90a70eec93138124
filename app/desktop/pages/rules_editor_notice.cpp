#include "desktop/pages/rules_editor_notice.hpp"

#include "desktop/pages/rules_conflict_dialog.hpp"
#include "desktop/pages/rules_conflict_words.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/bounded_words.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

/// Two messages take as many in a small window; more would push the forms below out of it.
constexpr BoundedWords::Lines kLines{4, 4};

} // namespace

RulesNotice::RulesNotice(RulesEditorController &controller, QWidget *parent) : QFrame(parent), m_controller(controller)
{
    setObjectName(QStringLiteral("card"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(kGap, kGapSmall, kGapSmall, kGapSmall);
    layout->setSpacing(kGap);
    m_icon = new QLabel(this);
    layout->addWidget(m_icon);
    m_words = new BoundedWords(kLines, nullptr, this);
    layout->addWidget(m_words, 1);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(kGapSmall);
    layout->addLayout(m_buttons);
    connect(&m_controller, &RulesEditorController::stateChanged, this, &RulesNotice::refresh);
    connect(&m_controller, &RulesEditorController::filesChanged, this, &RulesNotice::refresh);
    hide();
    refresh();
}

void RulesNotice::setInForce(const QString &words)
{
    m_inForce = words;
    refresh();
}

RulesNotice::Content RulesNotice::content() const
{
    const auto &conflicts = m_controller.conflicts();
    const auto offer = [](const QString &title, const QString &toolTip, Act act) {
        return Offer{title, toolTip, true, act};
    };
    if (const auto &error = m_controller.openError())
        return {tr("The rules cannot be opened for editing: %1 %2").arg(text(error->message), text(error->hint)),
                true,
                {offer(tr("Try again"), tr("Reads the files anew"), Act::Open)}};
    if (const auto &folder = m_controller.goneFolder())
        return {tr("The folder %1 is gone; the rules are those last read. Edits of them can be saved when it is back, "
                   "or into a folder of your own.")
                    .arg(text(*folder)),
                true,
                {offer(tr("Try again"), tr("Looks for the folder again"), Act::Look),
                 offer(tr("Save as own pack…"),
                       tr("Writes the whole pack anew, with all edits, and uses it from there"), Act::Copy)}};
    if (!conflicts.empty()) {
        Content content{conflictWords(conflicts), true, {}};
        content.offers.push_back(offer(tr("Show difference…"),
                                       tr("Shows the files on disk against those of the editor, line by line"),
                                       Act::ShowDifference));
        if (std::none_of(conflicts.begin(), conflicts.end(), isChoice)) {
            content.offers.push_back(offer(tr("Try again"), tr("Reads the files anew"), Act::Look));
            return content;
        }
        const QString take = takeTheirsWords(conflicts);
        content.offers.push_back(offer(tr("Keep mine"), keepMineWords(conflicts), Act::KeepMine));
        content.offers.push_back(
            {tr("Take theirs"), take.isEmpty() ? cannotTakeWords() : take, !take.isEmpty(), Act::TakeTheirs});
        return content;
    }
    if (!m_controller.taken().empty())
        return {takenWords(m_controller.taken()),
                false,
                {offer(tr("Understood"), tr("Takes this notice away"), Act::Dismiss)}};
    if (m_controller.opened() && m_controller.readOnly())
        return {tr("This is the shipped pack, which stays as it is. Make a copy of your own to edit it."),
                false,
                {offer(tr("Save as own pack…"), tr("Copies the rules into a folder of yours and uses them from there"),
                       Act::Copy)}};
    return {};
}

void RulesNotice::act(Act what)
{
    switch (what) {
    case Act::Open: m_controller.open(); return;
    case Act::Look: m_controller.lookAtDisk(); return;
    case Act::ShowDifference: showDifference(); return;
    case Act::KeepMine: m_controller.resolve(classify::ConflictAnswer::KeepMine); return;
    case Act::TakeTheirs: m_controller.resolve(classify::ConflictAnswer::TakeTheirs); return;
    case Act::Dismiss: m_controller.dismissTaken(); return;
    case Act::Copy: Q_EMIT copyRequested(); return;
    }
}

void RulesNotice::showOffers(const std::vector<Offer> &offers)
{
    while (auto *item = m_buttons->takeAt(0)) {
        if (item->widget() != nullptr)
            item->widget()->deleteLater();
        delete item;
    }
    for (const auto &offer : offers) {
        auto *button = new QPushButton(offer.title, this);
        button->setToolTip(offer.toolTip);
        button->setEnabled(offer.enabled);
        connect(button, &QPushButton::clicked, this, [this, what = offer.act] { act(what); });
        m_buttons->addWidget(button);
    }
}

void RulesNotice::say(const QString &words, bool urgent)
{
    m_urgent = urgent;
    m_words->setText(words);
    setAccessibleName(words);
    const Theme &theme = Theme::current();
    m_icon->setPixmap(iconPixmap(urgent ? QStringLiteral("warning") : QStringLiteral("info"),
                                 urgent ? theme.loss : theme.accent, 20, devicePixelRatioF()));
    show();
}

void RulesNotice::refresh()
{
    Content now = content();
    if (!m_inForce.isEmpty()) {
        now.words += (now.words.isEmpty() ? QString() : QStringLiteral("\n")) + m_inForce;
        now.urgent = true;
    }
    // A button that is made anew while somebody presses it does nothing.
    if (m_shown == now)
        return;
    if (m_shown.offers != now.offers)
        showOffers(now.offers);
    m_shown = now;
    if (!now.words.isEmpty()) {
        say(now.words, now.urgent);
        return;
    }
    setAccessibleName({});
    hide();
}

void RulesNotice::showDifference()
{
    if (m_difference == nullptr) {
        m_difference = new RulesConflictDialog(m_controller, this);
        m_difference->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_difference->open();
}

void RulesNotice::insist()
{
    say(m_words->text(), true);
    for (int i = 0; i < m_buttons->count(); ++i) {
        if (auto *button = m_buttons->itemAt(i)->widget()) {
            button->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
}

void RulesNotice::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange && !isHidden())
        say(m_words->text(), m_urgent);
    QFrame::changeEvent(event);
}

} // namespace mulligan::desktop
