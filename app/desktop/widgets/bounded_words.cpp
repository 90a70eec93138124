#include "desktop/widgets/bounded_words.hpp"

#include "desktop/widgets/card.hpp"

#include <QEvent>
#include <QLabel>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

BoundedWords::BoundedWords(Lines lines, const char *role, QWidget *parent) : QScrollArea(parent), m_lines(lines)
{
    m_label = makeLabel({}, role, this);
    m_label->setObjectName(QStringLiteral("scrolled"));
    m_label->setWordWrap(true);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    setWidget(m_label);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
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

int BoundedWords::heightOf(int lines) const
{
    return static_cast<int>(std::ceil(lines * QFontMetricsF(m_label->font()).lineSpacing())) + 4;
}

QSize BoundedWords::sizeHint() const
{
    return {heightOf(10), std::clamp(m_height, heightOf(1), heightOf(m_lines.most))};
}

QSize BoundedWords::minimumSizeHint() const
{
    return {heightOf(4), std::min(sizeHint().height(), heightOf(m_lines.least))};
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

/// Half a line at the bottom can neither be read nor told from the end.
void BoundedWords::showWholeLines(bool scrolls)
{
    const double line = QFontMetricsF(m_label->font()).lineSpacing();
    const int lines = std::max(1, static_cast<int>((height() - 4) / line));
    setViewportMargins(0, 0, 0, scrolls ? std::max(0, height() - static_cast<int>(std::ceil(lines * line))) : 0);
    verticalScrollBar()->setSingleStep(static_cast<int>(std::ceil(line)));
}

void BoundedWords::fit()
{
    if (m_label == nullptr)
        return;
    // By hand: what QScrollArea takes for the least height of words that wrap is that of a narrow label.
    const int whole = m_label->heightForWidth(std::max(1, width()));
    const bool scrolls = whole > height();
    setVerticalScrollBarPolicy(scrolls ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
    setFocusPolicy(scrolls ? Qt::StrongFocus : Qt::NoFocus);
    showWholeLines(scrolls);
    const int beside = std::max(1, scrolls ? width() - verticalScrollBar()->sizeHint().width() : width());
    m_label->resize(beside, std::max(viewport()->height(), m_label->heightForWidth(beside)));
    if (whole == m_height)
        return;
    m_height = whole;
    updateGeometry();
}

} // namespace mulligan::desktop
