#include "desktop/pages/rules_editor_notice.hpp"

#include "desktop/pages/rules_conflict_dialog.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/shell/theme.hpp"
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

bool isMine(const classify::DiskChange &change)
{
    return change.mine;
}

QString names(const std::vector<classify::DiskChange> &changes)
{
    QStringList files;
    for (const auto &change : changes)
        files << text(change.path).section(QLatin1Char('/'), -1);
    return files.join(QStringLiteral(", "));
}

} // namespace

RulesNotice::RulesNotice(RulesEditorController &controller, QWidget *parent) : QFrame(parent), m_controller(controller)
{
    setObjectName(QStringLiteral("card"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(kGap, kGapSmall, kGapSmall, kGapSmall);
    layout->setSpacing(kGap);
    m_icon = new QLabel(this);
    layout->addWidget(m_icon);
    m_words = new QLabel(this);
    m_words->setWordWrap(true);
    m_words->setTextFormat(Qt::PlainText);
    layout->addWidget(m_words, 1);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(kGapSmall);
    layout->addLayout(m_buttons);
    connect(&m_controller, &RulesEditorController::stateChanged, this, &RulesNotice::refresh);
    connect(&m_controller, &RulesEditorController::filesChanged, this, &RulesNotice::refresh);
    refresh();
}

void RulesNotice::clear()
{
    while (auto *item = m_buttons->takeAt(0)) {
        if (item->widget() != nullptr)
            item->widget()->deleteLater();
        delete item;
    }
}

void RulesNotice::addButton(const QString &title, const QString &toolTip, const std::function<void()> &act)
{
    auto *button = new QPushButton(title, this);
    button->setToolTip(toolTip);
    connect(button, &QPushButton::clicked, this, act);
    m_buttons->addWidget(button);
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
    clear();
    const auto &conflicts = m_controller.conflicts();
    if (m_controller.openError()) {
        say(tr("The rules cannot be opened for editing: %1 %2")
                .arg(text(m_controller.openError()->message), text(m_controller.openError()->hint)),
            true);
        addButton(tr("Try again"), tr("Reads the files anew"), [this] { m_controller.open(); });
        return;
    }
    if (!conflicts.empty() && std::none_of(conflicts.begin(), conflicts.end(), isMine)) {
        say(tr("What somebody else wrote into %1 cannot be taken yet; the rules of before stay.").arg(names(conflicts)),
            true);
        addButton(tr("Show difference…"), tr("Shows the files on disk against those of the editor, line by line"),
                  [this] { showDifference(); });
        addButton(tr("Try again"), tr("Reads the files anew"), [this] { m_controller.lookAtDisk(); });
        return;
    }
    if (!conflicts.empty()) {
        say(tr("Somebody else changed %1 while you were editing it.").arg(names(conflicts)), true);
        addButton(tr("Show difference…"), tr("Shows the files on disk against those of the editor, line by line"),
                  [this] { showDifference(); });
        addButton(tr("Keep mine"), tr("The next save writes over what is on disk"),
                  [this] { m_controller.resolve(classify::ConflictAnswer::KeepMine); });
        addButton(tr("Take theirs"), tr("Gives up your edits of these files; undo brings them back"),
                  [this] { m_controller.resolve(classify::ConflictAnswer::TakeTheirs); });
        return;
    }
    if (m_controller.opened() && m_controller.readOnly()) {
        say(tr("This is the shipped pack, which stays as it is. Make a copy of your own to edit it."), false);
        addButton(tr("Save as own pack…"), tr("Copies the rules into a folder of yours and uses them from there"),
                  [this] { Q_EMIT copyRequested(); });
        return;
    }
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
