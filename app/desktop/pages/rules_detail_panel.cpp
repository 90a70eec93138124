#include "desktop/pages/rules_detail_panel.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

QString escaped(std::string_view value)
{
    return text(value).toHtmlEscaped();
}

QString heading(const QString &title)
{
    return QStringLiteral("<h4 style='margin:10px 0 3px 0'>%1</h4>").arg(title);
}

QString code(std::string_view value)
{
    return QStringLiteral("<pre style='margin:2px 0; white-space:pre-wrap; font-family:monospace; font-size:9pt; "
                          "background-color:%1; padding:4px'>%2</pre>")
        .arg(Theme::current().raised.name(), escaped(value));
}

QString patterns(const QString &title, const std::vector<std::string> &list)
{
    if (list.empty())
        return {};
    QString out = heading(title);
    for (const auto &pattern : list)
        out += code(pattern);
    return out;
}

} // namespace

RuleDetailPanel::RuleDetailPanel(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    m_title = makeLabel({}, "heading", this);
    m_subtitle = makeLabel({}, "muted", this);
    m_title->setWordWrap(true);
    m_subtitle->setWordWrap(true);
    m_subtitle->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_title);
    layout->addWidget(m_subtitle);
    m_controls = new QWidget(this);
    // Two rows: in a third of the window one would cut the action's words.
    auto *controls = new QGridLayout(m_controls);
    controls->setContentsMargins(0, 0, 0, 0);
    controls->setHorizontalSpacing(kGap);
    controls->setVerticalSpacing(kGapSmall);
    controls->setColumnStretch(1, 1);
    m_enabled = new QCheckBox(tr("In force"), m_controls);
    controls->addWidget(m_enabled, 0, 0, 1, 2);
    auto *failures = new QPushButton(tr("Show its failures"), m_controls);
    controls->addWidget(failures, 0, 2);
    controls->addWidget(new QLabel(tr("Action"), m_controls), 1, 0);
    m_action = new QComboBox(m_controls);
    m_action->setAccessibleName(tr("Action of this rule under the policy"));
    m_action->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    controls->addWidget(m_action, 1, 1, 1, 2);
    layout->addWidget(m_controls);
    m_text = new QTextBrowser(this);
    m_text->setOpenExternalLinks(true);
    m_text->setAccessibleName(tr("The rule in full"));
    layout->addWidget(m_text, 1);
    connect(m_enabled, &QCheckBox::clicked, this, [this](bool on) { Q_EMIT enabledChanged(text(m_line.rule.id), on); });
    connect(m_action, &QComboBox::activated, this,
            [this] { Q_EMIT actionChanged(text(m_line.rule.id), m_action->currentData().toInt()); });
    connect(failures, &QPushButton::clicked, this, [this] { Q_EMIT failuresRequested(text(m_line.rule.id)); });
    clear();
}

void RuleDetailPanel::clear()
{
    m_line = {};
    m_failed.clear();
    m_title->setText(tr("Select a rule"));
    m_subtitle->clear();
    m_controls->hide();
    m_text->clear();
}

void RuleDetailPanel::setRule(const RuleLine &line, const std::vector<classify::SampleFailure> &failedSamples)
{
    const bool same = m_line.rule == line.rule && m_failed.size() == failedSamples.size();
    m_line = line;
    m_failed = failedSamples;
    m_title->setText(text(line.rule.title));
    m_subtitle->setText(tr("%1, %2, line %3")
                            .arg(text(line.rule.id), text(line.rule.file).section(QLatin1Char('/'), -1))
                            .arg(line.rule.line));
    m_controls->show();
    m_enabled->setChecked(line.enabled);
    m_action->clear();
    m_action->addItem(tr("as the rule says: %1").arg(actionName(line.rule.action)), -1);
    for (const auto action : {model::RuleAction::Retry, model::RuleAction::Stop, model::RuleAction::AskModel})
        m_action->addItem(actionName(action), static_cast<int>(action));
    m_action->setCurrentIndex(line.otherAction ? m_action->findData(static_cast<int>(*line.otherAction)) : 0);
    m_action->setEnabled(line.enabled);
    if (!same || m_text->document()->isEmpty())
        m_text->setHtml(html());
}

QString RuleDetailPanel::html() const
{
    const auto &rule = m_line.rule;
    QString out = QStringLiteral("<p>%1</p>")
                      .arg(tr("Class <b>%1</b>, domain %2, %3. Looks at %4%5. Priority %6.")
                               .arg(escaped(rule.errorClass), escaped(name(rule.domain)),
                                    rule.transient ? tr("transient") : tr("not transient"), whereName(rule),
                                    rule.caseless ? tr(", letters of any case") : QString())
                               .arg(rule.priority));
    if (!rule.advice.empty())
        out += heading(tr("Advice")) + QStringLiteral("<p>%1</p>").arg(escaped(rule.advice));
    if (!rule.summary.empty())
        out += heading(tr("Summary")) + QStringLiteral("<p>%1</p>").arg(escaped(rule.summary));
    out += patterns(tr("Every one of these matches"), rule.all);
    out += patterns(tr("At least one of these matches"), rule.any);
    out += patterns(tr("None of these matches"), rule.none);
    if (!rule.captures.empty()) {
        QStringList captures;
        for (const auto &[capture, unit] : rule.captures)
            captures << QStringLiteral("%1 (%2)").arg(escaped(capture), escaped(unit));
        out += heading(tr("Captures")) + captures.join(QStringLiteral(", "));
    }
    const auto failed = [this](const std::string &sample) {
        return std::any_of(m_failed.begin(), m_failed.end(),
                           [&](const auto &failure) { return failure.sample == sample; });
    };
    const auto samples = [&](const QString &title, const std::vector<std::string> &list) {
        if (list.empty())
            return;
        out += heading(title);
        for (const auto &sample : list)
            out += QStringLiteral("<div><span style='color:%1'>%2</span>%3</div>")
                       .arg(failed(sample) ? Theme::current().loss.name() : Theme::current().gain.name(),
                            failed(sample) ? tr("✕ fails") : tr("✓ passes"), code(sample));
    };
    samples(tr("Samples it must win"), rule.positive);
    samples(tr("Samples it must not match"), rule.negative);
    for (const auto &link : rule.links)
        out += QStringLiteral("<p><a href='%1'>%1</a></p>").arg(escaped(link));
    return out;
}

void RuleDetailPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange && !m_line.rule.id.empty())
        m_text->setHtml(html());
    QWidget::changeEvent(event);
}

} // namespace mulligan::desktop
