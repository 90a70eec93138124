#include "desktop/widgets/pattern_edit.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/pattern_tokens.hpp"
#include "desktop/widgets/stack_undo.hpp"

#include <QKeyEvent>
#include <QMimeData>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kMostLines = 5;

QTextCharFormat formatOf(const PatternToken &token)
{
    const Theme &theme = Theme::current();
    QTextCharFormat format;
    switch (token.kind) {
    case PatternTokenKind::Literal: break;
    case PatternTokenKind::Escape: format.setForeground(theme.observed); break;
    case PatternTokenKind::Class: format.setForeground(theme.gain); break;
    case PatternTokenKind::Any: format.setForeground(theme.observed); break;
    case PatternTokenKind::Group:
        // Neighbouring depths differ by weight and colour, so that pairs are found without colour vision too.
        format.setForeground(token.depth % 2 == 0 ? theme.accent : theme.modelled);
        format.setFontWeight(QFont::Bold);
        break;
    case PatternTokenKind::Name:
        format.setForeground(theme.assumed);
        format.setFontItalic(true);
        break;
    case PatternTokenKind::Quantifier:
        format.setForeground(theme.modelled);
        format.setFontWeight(QFont::DemiBold);
        break;
    case PatternTokenKind::Anchor:
    case PatternTokenKind::Choice:
        format.setForeground(theme.accent);
        format.setFontWeight(QFont::DemiBold);
        break;
    case PatternTokenKind::Unbalanced:
        format.setForeground(theme.loss);
        format.setFontUnderline(true);
        break;
    }
    return format;
}

class Colours : public QSyntaxHighlighter
{
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

protected:
    void highlightBlock(const QString &block) override
    {
        for (const auto &token : patternTokens(block)) {
            if (token.kind != PatternTokenKind::Literal)
                setFormat(token.begin, token.length, formatOf(token));
        }
    }
};

} // namespace

PatternEdit::PatternEdit(QWidget *parent) : QPlainTextEdit(parent)
{
    setFont(logFont());
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    document()->setDocumentMargin(4);
    undoThroughStack(this);
    m_colours = new Colours(document());
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        fit();
        if (!m_setting)
            Q_EMIT patternEdited(pattern());
    });
    fit();
}

PatternEdit::~PatternEdit()
{
    // Its destructor changes formats, which this object would hear of when it is no PatternEdit any more.
    m_setting = true;
    disconnect(this, nullptr, this, nullptr);
}

void PatternEdit::setPattern(const QString &pattern)
{
    if (pattern == toPlainText())
        return;
    m_setting = true;
    const int position = textCursor().position();
    setPlainText(pattern);
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(position, static_cast<int>(pattern.size())));
    setTextCursor(cursor);
    m_setting = false;
}

void PatternEdit::setFault(int position)
{
    m_faulty = true;
    m_fault = position;
    paintFault();
}

void PatternEdit::clearFault()
{
    m_faulty = false;
    paintFault();
}

void PatternEdit::paintFault()
{
    QList<QTextEdit::ExtraSelection> selections;
    if (m_faulty && !pattern().isEmpty()) {
        const int size = static_cast<int>(pattern().size());
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(document());
        const int begin = m_fault < 0 ? 0 : std::min(m_fault, size - 1);
        selection.cursor.setPosition(begin);
        selection.cursor.setPosition(m_fault < 0 ? size : begin + 1, QTextCursor::KeepAnchor);
        selection.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        selection.format.setUnderlineColor(Theme::current().loss);
        if (m_fault >= 0)
            selection.format.setBackground(Theme::current().highlight);
        selections << selection;
    }
    setExtraSelections(selections);
}

QSize PatternEdit::sizeHint() const
{
    return {260, height()};
}

QSize PatternEdit::minimumSizeHint() const
{
    return {120, height()};
}

void PatternEdit::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT submitted();
        event->accept();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void PatternEdit::insertFromMimeData(const QMimeData *source)
{
    // A line break in a pattern is written as one; pasted ones would be lost to the eye.
    QString pasted = source->text();
    while (pasted.endsWith(QLatin1Char('\n')))
        pasted.chop(1);
    pasted.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    textCursor().insertText(pasted.replace(QLatin1Char('\n'), QLatin1String("\\n")));
}

void PatternEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        fit();
}

void PatternEdit::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange && m_colours != nullptr) {
        m_colours->rehighlight();
        paintFault();
    }
    QPlainTextEdit::changeEvent(event);
}

void PatternEdit::fit()
{
    // Lines as they wrap at the present width.
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
        blockBoundingRect(block);
        lines += std::max(1, block.layout()->lineCount());
    }
    lines = std::clamp(lines, 1, kMostLines);
    const int margins = static_cast<int>(2 * document()->documentMargin()) + 2 * frameWidth() + 4;
    const int wanted = lines * fontMetrics().lineSpacing() + margins;
    if (wanted == height() && minimumHeight() == wanted)
        return;
    setFixedHeight(wanted);
    updateGeometry();
}

} // namespace mulligan::desktop
