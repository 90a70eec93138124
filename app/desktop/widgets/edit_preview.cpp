#include "desktop/widgets/edit_preview.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/text_diff.hpp"

#include <QDialogButtonBox>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

/// One line as HTML: a sign, so that colour is not all that tells, the line's number, the text.
QString lineHtml(const DiffLine &line)
{
    const Theme &theme = Theme::current();
    if (line.kind == DiffLine::Kind::Gap)
        return QStringLiteral("<div style='color:%1'>⋯</div>").arg(theme.mutedText.name());
    const bool added = line.kind == DiffLine::Kind::Added;
    const bool same = line.kind == DiffLine::Kind::Same;
    const QString sign = same ? QStringLiteral("&nbsp;") : added ? QStringLiteral("+") : QString(QChar(0x2212));
    const QString number = QString::number(line.after > 0 ? line.after : line.before).rightJustified(5, QChar(0x00A0));
    const QColor colour = same ? theme.mutedText : added ? theme.gain : theme.loss;
    QString shown = line.text.toHtmlEscaped();
    shown.replace(QLatin1Char(' '), QChar(0x00A0));
    return QStringLiteral("<div style='color:%1'>%2 %3 %4</div>").arg(colour.name(), number, sign, shown);
}

} // namespace

EditPreview::EditPreview(const QString &what, const QString &accept, const std::vector<FileEdit> &edits,
                         QWidget *parent)
    : QDialog(parent), m_edits(edits)
{
    setWindowTitle(tr("Preview of the edit"));
    resize(820, 520);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(kGapSmall);
    auto *heading = makeLabel(what, "heading", this);
    heading->setWordWrap(true);
    layout->addWidget(heading);
    m_text = new QTextBrowser(this);
    m_text->setFont(logFont());
    m_text->setLineWrapMode(QTextEdit::NoWrap);
    m_text->setAccessibleName(tr("What would change"));
    layout->addWidget(m_text, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto *yes = buttons->addButton(accept, QDialogButtonBox::AcceptRole);
    setRole(yes, "primary");
    yes->setDefault(true);
    yes->setFocus();
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
    paint();
}

QString EditPreview::text() const
{
    return m_text->toPlainText();
}

void EditPreview::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paint();
    QDialog::changeEvent(event);
}

void EditPreview::paint()
{
    QString html;
    for (const FileEdit &edit : m_edits) {
        html += QStringLiteral("<p><b>%1</b></p>").arg(edit.name.toHtmlEscaped());
        for (const DiffLine &line : diffLines(edit.before, edit.after))
            html += lineHtml(line);
    }
    m_text->setHtml(html);
}

} // namespace mulligan::desktop
