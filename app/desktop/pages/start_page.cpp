#include "desktop/pages/start_page.hpp"

#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"

#include <QDateTime>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

StartPage::StartPage(Session &session, QWidget *parent) : Page(parent), m_session(session)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    layout->addWidget(buildWelcome());
    auto *columns = new QHBoxLayout;
    columns->setSpacing(kGap);
    m_steps = buildSteps();
    columns->addWidget(m_steps, 3, Qt::AlignTop);
    columns->addWidget(buildRecent(), 2, Qt::AlignTop);
    layout->addLayout(columns);
    layout->addStretch(1);
    for (const auto signal : {&Session::workspaceChanged, &Session::dataChanged, &Session::replayChanged,
                              &Session::cardChanged, &Session::jobEnded})
        connect(&m_session, signal, this, &StartPage::refresh);
    connect(&m_session, &Session::jobStarted, this, &StartPage::refresh);
    refresh();
}

QWidget *StartPage::buildWelcome()
{
    auto *card = new Card(tr("Which failed jobs deserve a second try, and with what settings?"), this);
    auto *what =
        makeLabel(tr("Mulligan rehearses automatic remediation on the history you already have, before anyone "
                     "deploys it.\nRules say what each failure is; models say what a retry would cost and whether it "
                     "would succeed; a policy decides.\nEvery figure says how far it can be trusted: observed in the "
                     "logs, modelled, or assumed. Nothing leaves this machine."),
                  "muted", card);
    what->setWordWrap(true);
    card->body()->addWidget(what);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(kGapSmall);
    const auto add = [&](const QString &label, const char *iconName, const QString &action, bool primary) {
        auto *button = new QPushButton(label, card);
        if (primary)
            setRole(button, "primary");
        else
            button->setIcon(icon(QString::fromLatin1(iconName)));
        connect(button, &QPushButton::clicked, this, [this, action] { Q_EMIT navigationRequested(action, {}); });
        buttons->addWidget(button);
    };
    add(tr("New workspace…"), "new", QStringLiteral("action:new"), true);
    add(tr("Open workspace…"), "open", QStringLiteral("action:open"), false);
    buttons->addStretch(1);
    card->body()->addSpacing(kGapSmall);
    card->body()->addLayout(buttons);
    return card;
}

Card *StartPage::buildSteps()
{
    auto *card = new Card(tr("Next steps"), this);
    addStep(card, Step::Import, tr("Import a history"), tr("Import…"));
    addStep(card, Step::Classify, tr("Classify the failures"), tr("Classify"));
    addStep(card, Step::Train, tr("Train the models"), tr("Train"));
    addStep(card, Step::Replay, tr("Replay history under a policy"), tr("Open the lab"));
    addStep(card, Step::Deploy, tr("Hand the policy to production"), tr("Deploy"));
    return card;
}

void StartPage::addStep(Card *card, Step step, const QString &title, const QString &button)
{
    Row row;
    row.step = step;
    auto *layout = new QHBoxLayout;
    layout->setSpacing(kGap);
    row.sign = new QLabel(card);
    row.sign->setFixedWidth(24);
    layout->addWidget(row.sign, 0, Qt::AlignTop);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(1);
    row.title = makeLabel(title, nullptr, card);
    row.detail = makeLabel({}, "muted", card);
    row.detail->setWordWrap(true);
    texts->addWidget(row.title);
    texts->addWidget(row.detail);
    layout->addLayout(texts, 1);
    row.button = new QPushButton(button, card);
    row.button->setAccessibleName(title);
    connect(row.button, &QPushButton::clicked, this, [this, step] { act(step); });
    layout->addWidget(row.button, 0, Qt::AlignTop);
    card->body()->addLayout(layout);
    card->body()->addSpacing(kGapSmall);
    m_rows.append(row);
}

Card *StartPage::buildRecent()
{
    auto *card = new Card(tr("Recent workspaces"), this);
    m_recent = new QVBoxLayout;
    m_recent->setSpacing(2);
    card->body()->addLayout(m_recent);
    setRecentFiles({});
    return card;
}

void StartPage::setRecentFiles(const QStringList &paths)
{
    while (QLayoutItem *item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const QString &path : paths) {
        const QFileInfo info(path);
        auto *button = new QPushButton(info.fileName(), this);
        button->setFlat(true);
        button->setIcon(icon(QStringLiteral("data")));
        button->setStyleSheet(QStringLiteral("text-align: left;"));
        button->setToolTip(info.exists() ? path : tr("%1 is not there any more").arg(path));
        button->setEnabled(info.exists());
        connect(button, &QPushButton::clicked, this,
                [this, path] { Q_EMIT navigationRequested(QStringLiteral("action:open"), path); });
        m_recent->addWidget(button);
    }
    if (paths.isEmpty())
        m_recent->addWidget(
            makeLabel(tr("None yet. You can also drop a .mulligan file on the window."), "muted", this));
}

bool StartPage::done(Step step) const
{
    const auto &info = m_session.info();
    switch (step) {
    case Step::Import: return m_session.isOpen() && info.attempts > 0;
    case Step::Classify: return m_session.isOpen() && !info.classes.empty();
    case Step::Train: return m_session.isOpen() && m_session.card().has_value();
    case Step::Replay: return m_session.isOpen() && m_session.replay() != nullptr;
    case Step::Deploy: return false;
    }
    return false;
}

StartPage::StepState StartPage::stateOf(Step step) const
{
    if (done(step))
        return StepState::Done;
    for (const Row &row : m_rows) {
        if (!done(row.step))
            return row.step == step ? StepState::Next : StepState::Later;
    }
    return StepState::Later;
}

QString StartPage::detailOf(Step step) const
{
    const auto &info = m_session.info();
    const auto count = [](std::uint64_t value) { return countText(static_cast<double>(value)); };
    switch (step) {
    case Step::Import:
        if (!done(step))
            return tr(
                "Attempts as JSON Lines or CSV, or Spark event logs; files and folders, also dropped on the window.");
        return tr("%1 attempts of %2 jobs from %3 sources, %4 failures.")
            .arg(count(info.attempts), count(info.jobs), count(info.sources), count(info.failures));
    case Step::Classify: {
        if (!done(step))
            return tr("Rules say what each failure is, whose it is, and whether it goes away by itself.");
        const auto found = info.classes.find(std::string(model::kUnclassified));
        const std::uint64_t unknown = found == info.classes.end() ? 0 : found->second;
        const double share =
            info.failures > 0 ? 1.0 - static_cast<double>(unknown) / static_cast<double>(info.failures) : 0.0;
        return tr("%1 of the failures classified, into %2 classes.").arg(shareText(share), count(info.classes.size()));
    }
    case Step::Train:
        if (!done(step))
            return tr(
                "Models learn from past retries what another one would bring. Without them class rates stand in.");
        return m_session.card()->fallback
                   ? text(m_session.card()->fallbackReason)
                   : tr("From %1 retries, checked on %2 later ones.")
                         .arg(count(m_session.card()->rows), count(m_session.card()->scoredRows));
    case Step::Replay:
        if (!done(step))
            return tr("What a policy would have saved, before it is deployed.");
        return tr("Net savings %1 under “%2”.")
                   .arg(moneyText(m_session.replay()->report.savings.net.value, text(m_session.economics().currency)),
                        text(m_session.policy().name))
               + (m_session.replay()->report.modelFallback
                      ? QLatin1Char(' ') + tr("Without a model: they rest on rules and base rates alone.")
                      : QString());
    case Step::Deploy:
        return tr("One bundle with rules, policy, models and golden decisions, checked when it is loaded.");
    }
    return {};
}

void StartPage::act(Step step)
{
    switch (step) {
    case Step::Import: Q_EMIT navigationRequested(QStringLiteral("action:import-files"), {}); break;
    case Step::Classify: m_session.classify(); break;
    case Step::Train: m_session.train(); break;
    case Step::Replay: Q_EMIT navigationRequested(QStringLiteral("lab"), {}); break;
    case Step::Deploy: Q_EMIT navigationRequested(QStringLiteral("deploy"), {}); break;
    }
}

void StartPage::refresh()
{
    const Theme &theme = Theme::current();
    const bool idle = m_session.currentJob() == nullptr;
    m_steps->setSubtitle(m_session.isOpen() ? QString()
                                            : tr("Make or open a workspace first: one file that holds everything."));
    for (const Row &row : std::as_const(m_rows)) {
        const StepState state = stateOf(row.step);
        const QString sign = state == StepState::Done   ? QStringLiteral("success")
                             : state == StepState::Next ? QStringLiteral("next")
                                                        : QStringLiteral("later");
        const QColor colour = state == StepState::Done   ? theme.gain
                              : state == StepState::Next ? theme.accent
                                                         : theme.border;
        row.sign->setPixmap(iconPixmap(sign, colour, 20, devicePixelRatioF()));
        row.sign->setAccessibleName(state == StepState::Done   ? tr("done")
                                    : state == StepState::Next ? tr("next")
                                                               : tr("later"));
        row.detail->setText(detailOf(row.step));
        setRole(row.button, state == StepState::Next && m_session.isOpen() ? "primary" : "");
        row.button->setEnabled(m_session.isOpen() && idle
                               && (row.step == Step::Import || state != StepState::Later || done(Step::Import)));
    }
}

void StartPage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        refresh();
    Page::changeEvent(event);
}

} // namespace mulligan::desktop
