#include "desktop/shell/watch_dialog.hpp"

#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/icons.hpp"

#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace mulligan::desktop
{

WatchDialog::WatchDialog(Session &session, QWidget *parent) : QDialog(parent), m_session(session)
{
    setWindowTitle(tr("Watch a folder"));
    setMinimumWidth(560);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(kGapLarge, kGapLarge, kGapLarge, kGap);
    layout->setSpacing(kGap);
    auto *what = makeLabel(tr("What is new or has grown in the folder is imported every so many minutes while this "
                              "workspace is open, classified, and open failures get their recommendations anew. The "
                              "choice is kept in the workspace."),
                           "muted", this);
    what->setWordWrap(true);
    layout->addWidget(what);
    layout->addWidget(buildChoice());
    m_problem = makeLabel({}, "loss", this);
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);
    layout->addStretch(1);
    layout->addWidget(buildButtons());
    check();
}

QWidget *WatchDialog::buildChoice()
{
    auto *choice = new QWidget(this);
    auto *form = new QFormLayout(choice);
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(kGapSmall);
    auto *row = new QHBoxLayout;
    m_folder = new QLineEdit(m_session.watch().folder(), choice);
    m_folder->setAccessibleName(tr("Folder"));
    connect(m_folder, &QLineEdit::textChanged, this, &WatchDialog::check);
    row->addWidget(m_folder, 1);
    auto *browse = new QPushButton(icon(QStringLiteral("folder")), tr("Choose…"), choice);
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, &WatchDialog::chooseFolder);
    row->addWidget(browse);
    form->addRow(tr("&Folder"), row);
    m_minutes = new QSpinBox(choice);
    m_minutes->setRange(kLeastWatchMinutes, kMostWatchMinutes);
    m_minutes->setValue(m_session.watch().minutes());
    m_minutes->setSuffix(tr(" min"));
    m_minutes->setAccessibleName(tr("Minutes between two looks"));
    form->addRow(tr("&Every"), m_minutes);
    return choice;
}

QWidget *WatchDialog::buildButtons()
{
    auto *buttons = new QWidget(this);
    auto *row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGapSmall);
    const bool active = m_session.watch().active();
    auto *now = new QPushButton(icon(QStringLiteral("retry")), tr("Refresh now"), buttons);
    now->setVisible(active);
    connect(now, &QPushButton::clicked, this, [this] {
        accept();
        m_session.refreshNow();
    });
    row->addWidget(now);
    auto *stop = new QPushButton(icon(QStringLiteral("stop")), tr("Stop watching"), buttons);
    stop->setVisible(active);
    connect(stop, &QPushButton::clicked, this, [this] {
        accept();
        m_session.stopWatching();
    });
    row->addWidget(stop);
    row->addStretch(1);
    auto *cancel = new QPushButton(tr("Cancel"), buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(cancel);
    m_start = new QPushButton(tr("Watch"), buttons);
    setRole(m_start, "primary");
    m_start->setDefault(true);
    connect(m_start, &QPushButton::clicked, this, [this] {
        accept();
        m_session.watchFolder(m_folder->text(), m_minutes->value());
    });
    row->addWidget(m_start);
    return buttons;
}

void WatchDialog::chooseFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Folder to watch"), m_folder->text());
    if (!path.isEmpty())
        m_folder->setText(path);
}

void WatchDialog::check()
{
    const QString folder = m_folder->text();
    const bool readable = QFileInfo(folder).isDir() && QFileInfo(folder).isReadable();
    m_problem->setText(folder.isEmpty() || readable ? QString() : tr("There is no such folder that can be read."));
    if (m_start != nullptr)
        m_start->setEnabled(readable);
}

} // namespace mulligan::desktop
