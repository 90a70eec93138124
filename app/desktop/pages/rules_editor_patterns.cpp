#include "desktop/pages/rules_editor_patterns.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/pattern_edit.hpp"
#include "text/portability.hpp"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

text::Pattern patternWith(const std::string &expression, const PatternOptions &options)
{
    text::Pattern pattern;
    pattern.expression = expression;
    pattern.caseless = options.caseless;
    pattern.multiline = options.multiline;
    return pattern;
}

struct EngineName {
    text::Engine engine;
    const char *badge;
    const char *name;
};
constexpr EngineName kEngines[] = {
    {text::Engine::Java, "J", "Java"}, {text::Engine::Python, "Py", "Python"}, {text::Engine::Re2, "R2", "RE2"}};

/// The character an error speaks of (0-based), -1 when it names none. Bytes before it count as they do in the engine.
int faultPosition(const base::Error &error, const std::string &pattern)
{
    static const QRegularExpression kAt(QStringLiteral("at character (\\d+)"));
    const auto match = kAt.match(text(error.message));
    if (!match.hasMatch())
        return -1;
    const auto byte = static_cast<size_t>(std::max(0, match.captured(1).toInt() - 1));
    return static_cast<int>(text(std::string_view(pattern).substr(0, byte)).size());
}

/// What is wrong, without the pattern that stands above it.
QString faultText(const base::Error &error, const std::string &pattern)
{
    QString what = text(error.message);
    const QString quoted = QStringLiteral("'%1' ").arg(text(pattern));
    what.replace(quoted, QString());
    return error.hint.empty() ? what : what + QStringLiteral(". ") + text(error.hint);
}

} // namespace

QString portabilityBadges(const std::string &pattern, const PatternOptions &options, QString *toolTip)
{
    const auto all = text::portability(patternWith(pattern, options));
    const Theme &theme = Theme::current();
    QStringList badges;
    QStringList lines;
    for (const auto &engine : kEngines) {
        const auto &fit = all[static_cast<size_t>(engine.engine)];
        QString badge = QString::fromLatin1(engine.badge);
        const QString name = QString::fromLatin1(engine.name);
        QStringList notes;
        for (const auto &note : fit.notes)
            notes << text(note);
        const QString because = notes.isEmpty() ? QString() : QStringLiteral(": ") + notes.join(QStringLiteral("; "));
        QColor colour = theme.mutedText;
        if (fit.fit == text::Fit::Same) {
            lines << QObject::tr("%1: runs as it is").arg(name);
        } else if (fit.fit == text::Fit::Rewritten) {
            badge = QStringLiteral("~") + badge;
            colour = theme.modelled;
            lines << QObject::tr("%1: rewritten on export%2").arg(name, because);
        } else {
            badge = QStringLiteral("<s>%1</s>").arg(badge);
            colour = theme.loss;
            lines << QObject::tr("%1: impossible%2").arg(name, because);
        }
        badges << QStringLiteral("<span style='color:%1'>%2</span>").arg(colour.name(), badge);
    }
    if (toolTip != nullptr)
        *toolTip = lines.join(QLatin1Char('\n'));
    return badges.join(QLatin1Char(' '));
}

PatternListEdit::PatternListEdit(const QString &title, const QString &toolTip, const QString &name, QWidget *parent)
    : QWidget(parent), m_name(name)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall / 2);
    auto *head = new QHBoxLayout;
    auto *label = makeLabel(title, "heading", this);
    label->setToolTip(toolTip);
    head->addWidget(label);
    m_empty = makeLabel(tr("none"), "muted", this);
    head->addWidget(m_empty);
    head->addStretch(1);
    m_add = new QPushButton(tr("Add"), this);
    m_add->setAccessibleName(tr("Add: %1").arg(title));
    m_add->setToolTip(toolTip);
    head->addWidget(m_add);
    layout->addLayout(head);
    m_rowsLayout = new QVBoxLayout;
    m_rowsLayout->setSpacing(kGapSmall / 2);
    layout->addLayout(m_rowsLayout);
    connect(m_add, &QPushButton::clicked, this, &PatternListEdit::add);
}

size_t PatternListEdit::indexOf(const PatternEdit *field) const
{
    for (size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].field == field)
            return i;
    }
    return m_rows.size();
}

PatternListEdit::Row PatternListEdit::makeRow()
{
    Row row;
    row.box = new QWidget(this);
    auto *outer = new QVBoxLayout(row.box);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(1);
    auto *line = new QHBoxLayout;
    line->setSpacing(kGapSmall);
    row.field = new PatternEdit(row.box);
    line->addWidget(row.field, 1);
    row.badges = new QLabel(row.box);
    row.badges->setFont(logFont());
    row.badges->setTextFormat(Qt::RichText);
    line->addWidget(row.badges, 0, Qt::AlignVCenter);
    row.remove = new QToolButton(row.box);
    row.remove->setIcon(icon(QStringLiteral("close")));
    row.remove->setToolTip(tr("Remove this pattern"));
    line->addWidget(row.remove, 0, Qt::AlignVCenter);
    outer->addLayout(line);
    row.fault = makeLabel({}, "loss", row.box);
    row.fault->setWordWrap(true);
    row.fault->hide();
    outer->addWidget(row.fault);
    m_rowsLayout->addWidget(row.box);
    auto *field = row.field;
    connect(field, &PatternEdit::patternEdited, this,
            [this, field](const QString &pattern) { change(indexOf(field), pattern); });
    connect(field, &PatternEdit::submitted, this, &PatternListEdit::add);
    connect(row.remove, &QToolButton::clicked, this, [this, field] { removeAt(indexOf(field)); });
    return row;
}

void PatternListEdit::setPatterns(const std::vector<std::string> &patterns, const PatternOptions &options,
                                  bool readOnly)
{
    m_patterns = patterns;
    m_options = options;
    m_readOnly = readOnly;
    while (m_rows.size() > patterns.size()) {
        m_rows.back().box->hide();
        m_rows.back().box->deleteLater();
        m_rows.pop_back();
    }
    while (m_rows.size() < patterns.size())
        m_rows.push_back(makeRow());
    for (size_t i = 0; i < patterns.size(); ++i) {
        Row &row = m_rows[i];
        row.field->setPattern(text(patterns[i]));
        row.field->setReadOnly(readOnly);
        row.field->setAccessibleName(tr("%1 %2").arg(m_name).arg(i + 1));
        row.remove->setAccessibleName(tr("Remove %1 %2").arg(m_name).arg(i + 1));
        row.remove->setVisible(!readOnly);
        judge(row, patterns[i]);
    }
    m_add->setVisible(!readOnly);
    m_empty->setVisible(patterns.empty());
}

void PatternListEdit::judge(Row &row, const std::string &pattern)
{
    if (row.judged && row.shown == pattern && row.options == m_options)
        return;
    row.judged = true;
    row.shown = pattern;
    row.options = m_options;
    const auto good = text::checkPattern(patternWith(pattern, m_options));
    row.badges->setVisible(good.has_value());
    row.fault->setVisible(!good);
    if (good) {
        QString toolTip;
        row.badges->setText(portabilityBadges(pattern, m_options, &toolTip));
        row.badges->setToolTip(toolTip);
        row.badges->setAccessibleName(toolTip);
        row.field->clearFault();
        row.field->setAccessibleDescription(toolTip);
        return;
    }
    const QString fault = pattern.empty() ? tr("Write what the text must hold.") : faultText(good.error(), pattern);
    row.fault->setText(fault);
    row.field->setAccessibleDescription(fault);
    row.field->setFault(faultPosition(good.error(), pattern));
}

void PatternListEdit::change(size_t index, const QString &pattern)
{
    if (index >= m_patterns.size() || m_readOnly)
        return;
    m_patterns[index] = pattern.toStdString();
    judge(m_rows[index], m_patterns[index]);
    const auto patterns = m_patterns;
    Q_EMIT edited(patterns, tr("%1 %2").arg(m_name).arg(index + 1));
}

void PatternListEdit::add()
{
    if (m_readOnly)
        return;
    // An empty one that is there already is the one to be filled.
    if (m_patterns.empty() || !m_patterns.back().empty()) {
        auto patterns = m_patterns;
        patterns.emplace_back();
        Q_EMIT edited(patterns, tr("new %1").arg(m_name));
    }
    focusPattern(m_patterns.empty() ? 0 : m_patterns.size() - 1);
}

void PatternListEdit::removeAt(size_t index)
{
    if (index >= m_patterns.size() || m_readOnly)
        return;
    auto patterns = m_patterns;
    patterns.erase(patterns.begin() + static_cast<std::ptrdiff_t>(index));
    Q_EMIT edited(patterns, tr("remove %1").arg(m_name));
}

void PatternListEdit::focusPattern(size_t index)
{
    if (index < m_rows.size())
        m_rows[index].field->setFocus(Qt::OtherFocusReason);
}

void PatternListEdit::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange) {
        for (size_t i = 0; i < m_rows.size() && i < m_patterns.size(); ++i) {
            m_rows[i].judged = false;
            judge(m_rows[i], m_patterns[i]);
            m_rows[i].remove->setIcon(icon(QStringLiteral("close")));
        }
    }
    QWidget::changeEvent(event);
}

} // namespace mulligan::desktop
