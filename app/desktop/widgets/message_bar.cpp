#include "desktop/widgets/message_bar.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/bounded_words.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr BoundedWords::Lines kWhat{1, 3};
constexpr BoundedWords::Lines kDetails{2, 3};

} // namespace

MessageBar::MessageBar(QWidget *parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("card"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(kGap, kGapSmall, kGapSmall, kGapSmall);
    layout->setSpacing(kGap);
    m_icon = new QLabel(this);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(2);
    m_what = new BoundedWords(kWhat, nullptr, this);
    m_details = new BoundedWords(kDetails, "muted", this);
    texts->addWidget(m_what);
    texts->addWidget(m_details);
    layout->addLayout(texts, 1);
    m_action = new QPushButton(this);
    connect(m_action, &QPushButton::clicked, this, &MessageBar::actionTriggered);
    layout->addWidget(m_action, 0, Qt::AlignVCenter);
    m_close = new QToolButton(this);
    m_close->setToolTip(tr("Dismiss"));
    m_close->setAccessibleName(tr("Dismiss message"));
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    hide();
}

void MessageBar::showError(const base::Error &error)
{
    QStringList places;
    for (const auto &place : error.context)
        places << text(place);
    m_error = error;
    reveal(true, text(error.message), places.join(QStringLiteral(" › ")), text(error.hint), {});
}

void MessageBar::showNotice(const QString &sentence, const QString &action)
{
    m_error.reset();
    reveal(false, sentence, {}, {}, action);
}

void MessageBar::reveal(bool error, const QString &what, const QString &where, const QString &remedy,
                        const QString &action)
{
    m_isError = error;
    m_what->setText(what);
    QStringList details;
    if (!where.isEmpty())
        details << tr("Where: %1").arg(where);
    if (!remedy.isEmpty())
        details << remedy;
    m_details->setText(details.join(QLatin1Char('\n')));
    m_details->setVisible(!details.isEmpty());
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(error ? tr("Error") : tr("Notice"));
    setAccessibleDescription(what + QLatin1Char(' ') + m_details->text());
    paint();
    show();
}

void MessageBar::dismiss()
{
    m_error.reset();
    hide();
}

void MessageBar::dismissError(const base::Error &error)
{
    if (m_error == error)
        dismiss();
}

void MessageBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paint();
    QFrame::changeEvent(event);
}

void MessageBar::paint()
{
    const Theme &theme = Theme::current();
    m_icon->setPixmap(iconPixmap(m_isError ? QStringLiteral("error") : QStringLiteral("info"),
                                 m_isError ? theme.loss : theme.accent, 20, devicePixelRatioF()));
    m_close->setIcon(icon(QStringLiteral("close")));
}

} // namespace mulligan::desktop
