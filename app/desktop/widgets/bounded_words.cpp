#include "desktop/widgets/bounded_words.hpp"

#include "desktop/widgets/card.hpp"

#include <QEvent>
#include <QLabel>
#include <QScrollBar>

#include <algorithm>

namespace mulligan::desktop
{

BoundedWords::BoundedWords(int mostLines, const char *role, QWidget *parent)
    : QScrollArea(parent), m_mostLines(mostLines)
{
    m_label = makeLabel({}, role, this);
    m_label->setObjectName(QStringLiteral("scrolled"));
    m_label->setWordWrap(true);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    setWidget(m_label);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    setFocusPolicy(Qt::NoFocus); // the label takes the focus, and the keys of a selection scroll
    fit();
}

void BoundedWords::setText(const QString &text)
{
    if (m_label->text() == text)
        return;
    m_label->setText(text);
    verticalScrollBar()->setValue(0);
    fit();
}

QString BoundedWords::text() const
{
    return m_label->text();
}

int BoundedWords::lines(int count) const
{
    return count * m_label->fontMetrics().lineSpacing() + 2;
}

QSize BoundedWords::sizeHint() const
{
    return {lines(10), std::clamp(m_height, lines(1), lines(m_mostLines))};
}

QSize BoundedWords::minimumSizeHint() const
{
    return {lines(4), lines(1)};
}

void BoundedWords::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    fit();
}

void BoundedWords::changeEvent(QEvent *event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fit();
}

void BoundedWords::fit()
{
    if (m_label == nullptr)
        return;
    // Of the whole width: a scroll bar comes where this is more than the lines there may be.
    const int height = m_label->heightForWidth(std::max(1, width()));
    if (height == m_height)
        return;
    m_height = height;
    updateGeometry();
}

} // namespace mulligan::desktop
