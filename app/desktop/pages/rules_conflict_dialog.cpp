#include "desktop/pages/rules_conflict_dialog.hpp"

#include "desktop/pages/rules_conflict_words.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/edit_preview.hpp"
#include "desktop/widgets/format.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

QString noteOf(const classify::FileMerge &conflict)
{
    const auto &change = conflict.change;
    QString what;
    switch (change.kind) {
    case classify::DiskChange::Kind::Modified: what = QObject::tr("changed on disk"); break;
    case classify::DiskChange::Kind::Removed: what = QObject::tr("removed from the disk"); break;
    case classify::DiskChange::Kind::Appeared: what = QObject::tr("new on disk"); break;
    }
    return isChoice(conflict) ? what : QObject::tr("%1, not edited here: taken once it can be read").arg(what);
}

/// Each file as it is on disk and as the editor holds it.
std::vector<FileEdit> sidesOf(std::vector<classify::FileMerge> conflicts, const classify::PackDocuments &mine)
{
    // What is to be decided comes first.
    std::stable_sort(conflicts.begin(), conflicts.end(),
                     [](const auto &a, const auto &b) { return isChoice(a) && !isChoice(b); });
    std::vector<FileEdit> sides;
    for (const auto &conflict : conflicts) {
        const auto &change = conflict.change;
        const auto *document = mine.file(change.path);
        sides.push_back({text(change.path), text(change.text), document != nullptr ? text(document->text()) : QString(),
                         noteOf(conflict)});
    }
    return sides;
}

} // namespace

RulesConflictDialog::RulesConflictDialog(RulesEditorController &controller, QWidget *parent)
    : QDialog(parent), m_controller(controller)
{
    setWindowTitle(tr("What differs from the disk"));
    resize(940, 600);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(kGapSmall);
    m_what = makeLabel({}, "heading", this);
    layout->addWidget(m_what);
    layout->addWidget(makeLabel(tr("− is on disk (theirs), + is in the editor (mine)."), nullptr, this));
    m_counts = makeLabel({}, "muted", this);
    layout->addWidget(m_counts);
    m_drafts = makeLabel({}, "caution", this);
    m_error = makeLabel({}, "loss", this);
    for (QLabel *label : {m_what, m_drafts, m_error}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    layout->addWidget(m_drafts);
    layout->addWidget(m_error);
    m_error->hide();
    m_view = new DiffView(this);
    m_view->setAccessibleName(tr("The files on disk against those of the editor"));
    layout->addWidget(m_view, 1);
    layout->addWidget(buildButtons());
    m_view->setFocus();
    connect(&m_controller, &RulesEditorController::filesChanged, this, &RulesConflictDialog::refresh);
    connect(&m_controller, &RulesEditorController::stateChanged, this, &RulesConflictDialog::refresh);
    connect(&m_controller, &RulesEditorController::refused, this, [this](const base::Error &error) {
        m_error->setText(text(error.text()));
        m_error->show();
    });
    refresh();
}

QWidget *RulesConflictDialog::buildButtons()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    const auto add = [&](const QString &title, const QString &toolTip) {
        auto *button = new QPushButton(title, row);
        button->setToolTip(toolTip);
        button->setAutoDefault(false); // Enter must not decide by accident
        layout->addWidget(button);
        return button;
    };
    const auto addStep = [&](const QString &title, const QString &key, int by) {
        auto *button = add(title, key);
        button->setShortcut(QKeySequence(key));
        connect(button, &QPushButton::clicked, m_view, [this, by] { m_view->step(by); });
    };
    addStep(tr("Previous difference"), QStringLiteral("Alt+Up"), -1);
    addStep(tr("Next difference"), QStringLiteral("Alt+Down"), 1);
    layout->addStretch(1);
    connect(add(tr("Decide later"), tr("Goes back to the rules; nothing is saved meanwhile")), &QPushButton::clicked,
            this, &QDialog::reject);
    m_take = add(tr("Take theirs"), {});
    connect(m_take, &QPushButton::clicked, this, [this] { choose(classify::ConflictAnswer::TakeTheirs); });
    m_keep = add(tr("Keep mine"), {});
    connect(m_keep, &QPushButton::clicked, this, [this] { choose(classify::ConflictAnswer::KeepMine); });
    return row;
}

void RulesConflictDialog::choose(classify::ConflictAnswer answer)
{
    m_error->hide();
    m_controller.resolve(answer); // where it is refused the conflict stays, and so does this
}

void RulesConflictDialog::showDrafts()
{
    QStringList rules;
    const auto &state = m_controller.state();
    for (const auto &[id, draft] : state.drafts) {
        const std::string file = state.fileOf(id);
        const auto goes = [&](const auto &each) {
            return each.change.path == file && (each.whole || std::count(each.both.begin(), each.both.end(), id) > 0);
        };
        if (std::any_of(m_shown.begin(), m_shown.end(), goes))
            rules << text(id);
    }
    m_drafts->setText(tr("What you typed into %1 is not right yet, so it is not among these lines. Taking theirs gives "
                         "it up as well.")
                          .arg(rules.join(QStringLiteral(", "))));
    m_drafts->setVisible(!rules.isEmpty());
}

void RulesConflictDialog::showButtons()
{
    const bool choice = std::any_of(m_shown.begin(), m_shown.end(), isChoice);
    const QString take = takeTheirsWords(m_shown);
    m_take->setVisible(choice);
    m_take->setEnabled(!take.isEmpty());
    m_take->setToolTip(take.isEmpty() ? cannotTakeWords() : take);
    m_keep->setVisible(choice);
    m_keep->setToolTip(keepMineWords(m_shown));
}

void RulesConflictDialog::refresh()
{
    const auto &conflicts = m_controller.conflicts();
    if (conflicts.empty()) {
        accept();
        return;
    }
    if (m_shown == conflicts && m_mine == m_controller.state().documents) {
        showDrafts();
        return; // where somebody reads stays in sight
    }
    m_shown = conflicts;
    m_mine = m_controller.state().documents;
    m_what->setText(conflictWords(m_shown));
    showButtons();
    m_view->setEdits(sidesOf(m_shown, m_mine));
    m_counts->setText(countsText(m_view->counts(), tr("only in the editor"), tr("only on disk")));
    showDrafts();
}

} // namespace mulligan::desktop
