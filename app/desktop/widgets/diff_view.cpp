#include "desktop/widgets/diff_view.hpp"

#include "desktop/shell/theme.hpp"

#include <QEvent>
#include <QTextBlock>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kNumberWidth = 5;
constexpr int kTabSpaces = 4;

QColor blended(const QColor &ground, const QColor &over, double share)
{
    const auto mix = [&](double a, double b) { return a + (b - a) * share; };
    return QColor::fromRgbF(static_cast<float>(mix(ground.redF(), over.redF())),
                            static_cast<float>(mix(ground.greenF(), over.greenF())),
                            static_cast<float>(mix(ground.blueF(), over.blueF())));
}

QTextCharFormat inked(const QColor &colour)
{
    QTextCharFormat format;
    format.setForeground(colour);
    return format;
}

/// Begins a paragraph; the first of the document is there already.
void beginBlock(QTextCursor &cursor, const QColor &ground = {})
{
    QTextBlockFormat format;
    if (ground.isValid())
        format.setBackground(ground);
    if (cursor.position() == 0)
        cursor.setBlockFormat(format);
    else
        cursor.insertBlock(format);
}

/// A line's text with signs in place of what would break it; as many characters as before.
QString shownText(QString line)
{
    line.replace(QLatin1Char('\r'), QChar(0x240D));
    for (const QChar breaks : {QChar(0x2028), QChar(0x2029), QChar(0xFDD0), QChar(0xFDD1)})
        line.replace(breaks, QChar(0x2424));
    return line;
}

QString numberText(int line)
{
    return (line > 0 ? QString::number(line) : QString()).rightJustified(kNumberWidth);
}

} // namespace

DiffView::DiffView(QWidget *parent) : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFont(logFont());
    setTabStopDistance(kTabSpaces * fontMetrics().horizontalAdvance(QLatin1Char(' ')));
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setAccessibleName(tr("What differs"));
}

QColor DiffView::ground(DiffLine::Kind kind, bool changedPart)
{
    const Theme &theme = Theme::current();
    if (kind != DiffLine::Kind::Added && kind != DiffLine::Kind::Removed)
        return theme.surface;
    const double share = changedPart ? 0.36 : 0.14;
    return blended(theme.surface, kind == DiffLine::Kind::Added ? theme.gain : theme.loss, share);
}

void DiffView::setEdits(const std::vector<FileEdit> &edits)
{
    m_edits = edits;
    fill();
    QTextCursor cursor(document());
    setTextCursor(cursor);
    if (!m_stretches.empty() && m_edits.size() == 1)
        step(1);
}

void DiffView::fill()
{
    m_counts = {};
    m_stretches.clear();
    clear();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    for (const FileEdit &edit : m_edits)
        addFile(cursor, edit);
    cursor.endEditBlock();
}

void DiffView::addFile(QTextCursor &cursor, const FileEdit &edit)
{
    const Theme &theme = Theme::current();
    beginBlock(cursor, theme.raised);
    QTextCharFormat heading = inked(theme.text);
    heading.setFontWeight(QFont::Bold);
    cursor.insertText(edit.name, heading);
    if (!edit.note.isEmpty())
        cursor.insertText(QStringLiteral(" · ") + edit.note, inked(theme.mutedText));
    const auto lines = diffLines(edit.before, edit.after);
    if (lines.empty()) {
        beginBlock(cursor);
        cursor.insertText(tr("No line differs; only what is not shown does, such as a byte order mark."),
                          inked(theme.mutedText));
    }
    const auto spans = changedSpans(lines);
    bool within = false;
    for (size_t i = 0; i < lines.size(); ++i) {
        addLine(cursor, lines[i], spans[i]);
        const bool differs = lines[i].kind == DiffLine::Kind::Added || lines[i].kind == DiffLine::Kind::Removed;
        if (differs && !within)
            m_stretches.push_back(cursor.blockNumber());
        within = differs;
    }
    const DiffCounts counts = countOf(lines);
    m_counts.added += counts.added;
    m_counts.removed += counts.removed;
    m_counts.changed += counts.changed;
}

void DiffView::addLine(QTextCursor &cursor, const DiffLine &line, const DiffSpan &span)
{
    const Theme &theme = Theme::current();
    if (line.kind == DiffLine::Kind::Gap) {
        beginBlock(cursor);
        cursor.insertText(QStringLiteral("⋯").rightJustified(2 * kNumberWidth + 1), inked(theme.mutedText));
        return;
    }
    const bool same = line.kind == DiffLine::Kind::Same;
    const bool added = line.kind == DiffLine::Kind::Added;
    beginBlock(cursor, same ? QColor() : ground(line.kind));
    cursor.insertText(numberText(line.before) + QLatin1Char(' ') + numberText(line.after), inked(theme.mutedText));
    QTextCharFormat sign = inked(same ? theme.mutedText : theme.text);
    sign.setFontWeight(QFont::Bold);
    cursor.insertText(same ? QStringLiteral("   ") : added ? QStringLiteral(" + ") : QStringLiteral(" − "), sign);
    const QString words = shownText(line.text);
    const QTextCharFormat ink = inked(same ? theme.mutedText : theme.text);
    QTextCharFormat marked = ink;
    marked.setBackground(ground(line.kind, true));
    cursor.insertText(words.left(span.begin), ink);
    cursor.insertText(words.mid(span.begin, span.end - span.begin), marked);
    cursor.insertText(words.mid(span.end), ink);
}

void DiffView::step(int by)
{
    if (m_stretches.empty())
        return;
    const int here = textCursor().blockNumber();
    int wanted = by > 0 ? m_stretches.front() : m_stretches.back();
    if (by > 0) {
        const auto next = std::upper_bound(m_stretches.begin(), m_stretches.end(), here);
        wanted = next != m_stretches.end() ? *next : wanted;
    } else {
        const auto past = std::lower_bound(m_stretches.begin(), m_stretches.end(), here);
        wanted = past != m_stretches.begin() ? *std::prev(past) : wanted;
    }
    setTextCursor(QTextCursor(document()->findBlockByNumber(wanted)));
    centerCursor();
}

void DiffView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange) {
        const int here = textCursor().blockNumber();
        fill();
        setTextCursor(QTextCursor(document()->findBlockByNumber(here)));
    }
    QPlainTextEdit::changeEvent(event);
}

} // namespace mulligan::desktop
