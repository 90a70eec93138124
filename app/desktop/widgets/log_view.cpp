#include "desktop/widgets/log_view.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"

#include <QEvent>
#include <QTextBlock>

#include <algorithm>
#include <numeric>

namespace mulligan::desktop
{

namespace
{

constexpr size_t kShownBytes = 1u << 20;

bool startsCharacter(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0u) != 0x80u;
}

} // namespace

int utf16Position(std::string_view utf8, size_t byteOffset)
{
    byteOffset = std::min(byteOffset, utf8.size());
    while (byteOffset > 0 && byteOffset < utf8.size() && !startsCharacter(utf8[byteOffset]))
        --byteOffset;
    return static_cast<int>(text(utf8.substr(0, byteOffset)).size());
}

std::vector<int> utf16Positions(std::string_view utf8, const std::vector<size_t> &byteOffsets)
{
    std::vector<size_t> order(byteOffsets.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return byteOffsets[a] < byteOffsets[b]; });
    std::vector<int> positions(byteOffsets.size());
    size_t at = 0;
    int position = 0;
    for (const size_t each : order) {
        size_t offset = std::min(byteOffsets[each], utf8.size());
        while (offset > at && offset < utf8.size() && !startsCharacter(utf8[offset]))
            --offset;
        position += static_cast<int>(text(utf8.substr(at, offset - at)).size());
        at = offset;
        positions[each] = position;
    }
    return positions;
}

LogView::LogView(QWidget *parent) : QPlainTextEdit(parent)
{
    setReadOnly(true);
    // Wrapped, so that a match at the far end of a long line is in sight as well.
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setFont(logFont());
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setAccessibleName(tr("Log text"));
}

void LogView::setLog(std::string_view utf8, const std::vector<ByteSpan> &spans)
{
    m_offset = 0;
    QString notice;
    if (utf8.size() > kShownBytes) {
        const size_t middle = spans.empty() ? utf8.size() : spans.front().begin;
        m_offset = std::min(middle > kShownBytes / 2 ? middle - kShownBytes / 2 : 0, utf8.size() - kShownBytes);
        while (m_offset < utf8.size() && !startsCharacter(utf8[m_offset]))
            ++m_offset;
        notice = tr("[%1 of %2 shown, around the match]\n")
                     .arg(bytesText(static_cast<double>(kShownBytes)), bytesText(static_cast<double>(utf8.size())));
    }
    m_shown = std::string(utf8.substr(m_offset, kShownBytes));
    m_prefix = static_cast<int>(notice.size());
    setPlainText(notice + text(m_shown));
    setSpans(spans);
}

void LogView::setSpans(const std::vector<ByteSpan> &spans, bool scroll)
{
    m_spans = spans;
    paintSpans();
    if (!scroll)
        return;
    const auto selections = extraSelections();
    QTextCursor cursor(document());
    if (!selections.isEmpty())
        cursor.setPosition(selections.front().cursor.selectionStart());
    setTextCursor(cursor);
    if (!selections.isEmpty())
        centerCursor();
}

void LogView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paintSpans();
    QPlainTextEdit::changeEvent(event);
}

void LogView::paintSpans()
{
    QList<QTextEdit::ExtraSelection> selections;
    for (const ByteSpan &span : m_spans) {
        if (span.end <= m_offset || span.begin >= m_offset + m_shown.size() || span.end <= span.begin)
            continue;
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(document());
        const size_t begin = span.begin > m_offset ? span.begin - m_offset : 0;
        selection.cursor.setPosition(m_prefix + utf16Position(m_shown, begin));
        selection.cursor.setPosition(
            std::min(m_prefix + utf16Position(m_shown, span.end - m_offset), document()->characterCount() - 1),
            QTextCursor::KeepAnchor);
        // The winner's span first; those of the shadowed rules are only underlined.
        if (selections.isEmpty()) {
            selection.format.setBackground(Theme::current().highlight);
            selection.format.setForeground(Theme::current().text);
        } else {
            selection.format.setUnderlineStyle(QTextCharFormat::DashUnderline);
            selection.format.setUnderlineColor(Theme::current().modelled);
        }
        selections.append(selection);
    }
    setExtraSelections(selections);
}

} // namespace mulligan::desktop
