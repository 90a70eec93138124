#include "desktop/pages/rules_editor_effect.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStringList>
#include <QTimer>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr size_t kShownMoves = 8;
constexpr int kSampleMs = 200;

enum { kWins, kHits, kSuccesses, kCost };

QString count(std::uint64_t value)
{
    return countText(static_cast<double>(value));
}

QString signedCount(std::uint64_t before, std::uint64_t after)
{
    if (before == after)
        return {};
    return after > before ? QStringLiteral("+%1").arg(count(after - before))
                          : QStringLiteral("−%1").arg(count(before - after));
}

QString ruleLink(const std::string &rule)
{
    if (rule.empty())
        return QObject::tr("unclassified");
    return QStringLiteral("<a href='rule:%1'>%1</a>").arg(text(rule).toHtmlEscaped());
}

QString examples(const std::vector<std::int64_t> &ids)
{
    QStringList links;
    for (const auto id : ids)
        links << QStringLiteral("<a href='failure:%1'>%2</a>").arg(id).arg(links.size() + 1);
    return links.isEmpty() ? QString() : QObject::tr("see %1").arg(links.join(QStringLiteral(", ")));
}

} // namespace

RuleEffectCard::RuleEffectCard(RulesEditorPreview &preview, QWidget *parent)
    : Card(tr("Effect on the workspace"), parent), m_preview(preview)
{
    buildFigures();
    body()->addWidget(buildWords(), 1);
    m_cancel = new QPushButton(tr("Cancel"), this);
    m_cancel->setToolTip(tr("Stops reading; the next edit asks again"));
    addHeaderWidget(m_cancel);
    auto *strut = new QWidget(this); // the heading is as high without the button
    strut->setFixedSize(0, m_cancel->sizeHint().height());
    addHeaderWidget(strut);
    m_sample = new QTimer(this);
    m_sample->setInterval(kSampleMs);
    connect(m_sample, &QTimer::timeout, this, &RuleEffectCard::paintState);
    connect(m_cancel, &QPushButton::clicked, &m_preview, &RulesEditorPreview::cancel);
    connect(&m_preview, &RulesEditorPreview::changed, this, &RuleEffectCard::paint);
    paint();
}

QWidget *RuleEffectCard::buildWords()
{
    auto *area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *words = new QWidget(area);
    words->setObjectName(QStringLiteral("scrolled"));
    auto *layout = new QVBoxLayout(words);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_state = makeLabel({}, "muted", words);
    m_savings = makeLabel({}, "muted", words);
    m_moves = makeLabel({}, nullptr, words);
    m_moves->setTextFormat(Qt::RichText);
    m_moves->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_moves->setAccessibleName(tr("What moves from which rule"));
    for (QLabel *label : {m_state, m_savings, m_moves}) {
        label->setWordWrap(true);
        layout->addWidget(label);
    }
    layout->addStretch(1);
    area->setWidget(words);
    area->setMinimumHeight(2 * m_state->fontMetrics().lineSpacing());
    connect(m_moves, &QLabel::linkActivated, this, &RuleEffectCard::openLink);
    return area;
}

void RuleEffectCard::openLink(const QString &link)
{
    const QString value = link.section(QLatin1Char(':'), 1);
    if (link.startsWith(QLatin1String("rule:")))
        Q_EMIT ruleRequested(value);
    else
        Q_EMIT failureRequested(value.toLongLong());
}

void RuleEffectCard::buildFigures()
{
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(kGapSmall);
    grid->setVerticalSpacing(0);
    const std::pair<QString, QString> names[] = {
        {tr("Decides"), tr("Failures that this rule wins")},
        {tr("Matches"), tr("Failures it matches, whether it wins or not")},
        {tr("Successes"), tr("Successful attempts it matches: a rule must not")},
        {tr("Cost"), tr("What the failures it decides cost")}};
    for (int i = 0; i < 4; ++i) {
        auto *name = makeLabel(names[i].first, "muted", this);
        auto &figure = m_figures[static_cast<size_t>(i)];
        figure.value = makeLabel({}, nullptr, this);
        QFont font = numberFont(1.2);
        font.setWeight(QFont::DemiBold);
        figure.value->setFont(font);
        figure.change = makeLabel({}, "muted", this);
        for (QLabel *label : {name, figure.value, figure.change})
            label->setToolTip(names[i].second);
        grid->addWidget(name, 0, i);
        grid->addWidget(figure.value, 1, i);
        grid->addWidget(figure.change, 2, i);
    }
    // While texts are read no change is known, and its row, which is always there, has the progress.
    grid->setRowMinimumHeight(2, fontMetrics().lineSpacing());
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(8);
    m_progress->setAccessibleName(tr("Reading the failures' texts"));
    grid->addWidget(m_progress, 2, 0, 1, 4, Qt::AlignVCenter);
    body()->addLayout(grid);
}

void RuleEffectCard::setLine(const RuleLine *line)
{
    m_line = line != nullptr ? std::optional(*line) : std::nullopt;
    paint();
}

void RuleEffectCard::paint()
{
    paintFigures();
    paintState();
    paintSavings();
    const QString html = movesHtml();
    m_moves->setText(html);
    m_moves->setVisible(!html.isEmpty());
}

void RuleEffectCard::paintFigures()
{
    const auto put = [&](int index, const QString &value, const QString &change, const char *role) {
        auto &figure = m_figures[static_cast<size_t>(index)];
        figure.value->setText(value);
        figure.change->setText(m_preview.phase() == RulesEditorPreview::Phase::Loading ? QString() : change);
        setRole(figure.change, role);
        figure.value->setAccessibleName(figure.value->toolTip() + QStringLiteral(": ") + value + QLatin1Char(' ')
                                        + figure.change->text());
    };
    const QString none(QChar(0x2013));
    if (const auto *effect = m_preview.effectOfSelected()) {
        put(kWins, count(effect->wins), signedCount(effect->winsBefore, effect->wins), "muted");
        put(kHits, count(effect->hits), signedCount(effect->hitsBefore, effect->hits), "muted");
        const bool worse = effect->hitsOnSuccesses > effect->hitsOnSuccessesBefore;
        put(kSuccesses, count(effect->hitsOnSuccesses),
            signedCount(effect->hitsOnSuccessesBefore, effect->hitsOnSuccesses), worse ? "loss" : "muted");
        const double change = effect->winsCostUsd - effect->winsCostBeforeUsd;
        put(kCost, moneyText(effect->winsCostUsd),
            change == 0.0 ? QString() : (change > 0 ? QStringLiteral("+") : QString()) + moneyText(change), "muted");
        return;
    }
    using Phase = RulesEditorPreview::Phase;
    const bool known =
        m_line.has_value() && m_preview.phase() != Phase::NoHistory && m_preview.phase() != Phase::Waiting;
    put(kWins, known ? count(m_line->hits.wins) : none, {}, "muted");
    put(kHits, known ? count(m_line->hits.wins + m_line->hits.shadowed) : none, {}, "muted");
    put(kSuccesses, known ? count(m_line->hits.successes) : none, {}, "muted");
    put(kCost, known ? moneyText(m_line->hits.winsCostUsd) : none, {}, "muted");
}

void RuleEffectCard::paintState()
{
    using Phase = RulesEditorPreview::Phase;
    const auto phase = m_preview.phase();
    m_progress->setVisible(phase == Phase::Loading);
    m_cancel->setVisible(phase == Phase::Loading);
    phase == Phase::Loading ? m_sample->start() : m_sample->stop();
    setRole(m_state, phase == Phase::Failed ? "loss" : "muted");
    m_state->setToolTip({});
    switch (phase) {
    case Phase::NoHistory: m_state->setText(tr("Import a history to see what a rule would change in it.")); return;
    case Phase::Waiting: m_state->setText(tr("The rules are being compiled…")); return;
    case Phase::Loading: {
        const double done = m_preview.progress();
        m_progress->setRange(0, done < 0 ? 0 : 1000);
        m_progress->setValue(done < 0 ? 0 : static_cast<int>(done * 1000));
        m_state->setText(tr("Reading the failures' texts…"));
        return;
    }
    case Phase::Computing: m_state->setText(tr("Counting…")); return;
    case Phase::Failed:
        m_state->setText(m_preview.error()
                             ? text(m_preview.error()->message) + QLatin1Char(' ') + text(m_preview.error()->hint)
                             : QString());
        return;
    case Phase::Ready: break;
    }
    m_state->setText(readyWords());
    m_state->setToolTip(comparedTip());
}

QString RuleEffectCard::comparedWords() const
{
    return m_preview.rulesOfBefore() ? tr("Against the rules of before:") + QLatin1Char(' ') : QString();
}

QString RuleEffectCard::comparedTip() const
{
    QStringList lines{tr("Edits are compared with the rules in force.")};
    if (m_preview.rulesOfBefore())
        lines << tr("The newest files do not compile, so those are the rules of before.");
    if (!m_preview.sinceClassified().none())
        lines << tr("Since the last classification: %1.")
                     .arg(text(pipeline::differenceText(m_preview.sinceClassified())));
    return lines.join(QLatin1Char('\n'));
}

/// Which rules the figures are of, where one would take them for other ones.
QString RuleEffectCard::countedWords() const
{
    const auto counted = m_preview.counted();
    const bool alone = m_preview.preview()->rules.size() == 1;
    if (counted == CountedRule::LeftOut)
        return tr("Without this rule, which is not right yet:") + QLatin1Char(' ');
    const bool before = counted == CountedRule::BeforeError;
    if (!m_preview.triesDraft())
        return before ? tr("With this rule as it was before the error:") + QLatin1Char(' ') : QString();
    if (alone && m_preview.effectOfSelected() != nullptr)
        return (before ? tr("As it was before the error, once it is active:") : tr("Once it is active:"))
               + QLatin1Char(' ');
    return (before ? tr("All edits together, with this rule active as it was before the error:")
                   : tr("All edits together, with this rule active:"))
           + QLatin1Char(' ');
}

QString RuleEffectCard::uneditedWords() const
{
    switch (m_preview.counted()) {
    case CountedRule::BeforeError:
        return tr("As last classified: the rule counts as it was before the error in what is typed.");
    case CountedRule::LeftOut: return tr("As last classified: this rule is not right yet and counts for nothing.");
    case CountedRule::AsTyped: break;
    }
    return tr("As last classified: edit the rule to see what would change in %1 failures.")
        .arg(count(m_preview.preview()->failures));
}

QString RuleEffectCard::readyWords() const
{
    const auto &preview = *m_preview.preview();
    const QString counted = comparedWords() + countedWords();
    if (preview.changed == 0 && !preview.rules.empty())
        return counted + tr("No verdict of the %1 failures changes.").arg(count(preview.failures));
    if (preview.changed == 0 && !m_preview.sinceClassified().none())
        return countedWords()
               + tr("As last classified, by other rules than those in force: classify again to count what they "
                    "decide.");
    if (preview.changed == 0)
        return uneditedWords();
    QString words = counted
                    + tr("Of %1 failures %2 get another verdict (%3), %4 another class, %5 another action.")
                          .arg(count(preview.failures), count(preview.changed), moneyText(preview.changedCostUsd),
                               count(preview.changedClass), count(preview.changedAction));
    if (preview.newlyClassified > 0)
        words += QLatin1Char(' ') + tr("%1 are newly classified.").arg(count(preview.newlyClassified));
    if (preview.newlyUnclassified > 0)
        words += QLatin1Char(' ') + tr("%1 become unclassified.").arg(count(preview.newlyUnclassified));
    if (preview.undetermined > 0)
        words += QLatin1Char(' ') + tr("On %1 the step budget runs out.").arg(count(preview.undetermined));
    return words;
}

void RuleEffectCard::paintSavings()
{
    const auto &savings = m_preview.savings();
    setRole(m_savings, "muted");
    if (!savings) {
        m_savings->setText(tr("Replaying with the edited rules…"));
        m_savings->setVisible(m_preview.replaying());
        return;
    }
    const double gain = savings->netGain();
    m_savings->setText(tr("Net savings %1 → %2 (%3%4)")
                           .arg(moneyText(savings->before.savings.net.value),
                                moneyText(savings->after.savings.net.value),
                                gain >= 0 ? QStringLiteral("+") : QString(), moneyText(gain)));
    if (gain != 0.0)
        setRole(m_savings, gain > 0 ? "gain" : "loss");
    if (savings->after.modelFallback) {
        setRole(m_savings, "caution");
        m_savings->setText(tr("%1 · %2").arg(m_savings->text(), withoutModelText(savings->after)));
    }
    m_savings->setToolTip(savings->after.modelFallback
                              ? text(savings->after.modelCaveat)
                              : tr("Net savings of the policy, replayed with the rules as edited; modelled with the "
                                   "models trained on the verdicts before"));
    m_savings->show();
}

QString RuleEffectCard::movesHtml() const
{
    QString html;
    const auto *effect = m_preview.effectOfSelected();
    if (effect != nullptr && !effect->successExamples.empty())
        html += QStringLiteral("<p style='color:%1'>%2</p>")
                    .arg(Theme::current().loss.name(),
                         tr("Matches successful attempts, %1").arg(examples(effect->successExamples)));
    if (!m_preview.preview() || m_preview.preview()->moves.empty())
        return html;
    html += QStringLiteral("<table cellspacing='0' cellpadding='2' width='100%'>");
    size_t shown = 0;
    for (const auto &move : m_preview.preview()->moves) {
        if (shown++ == kShownMoves)
            break;
        const bool sameRule = move.fromRule == move.toRule;
        const QString what = sameRule ? tr("%1: %2 → %3")
                                            .arg(ruleLink(move.toRule), text(move.fromClass).toHtmlEscaped(),
                                                 text(move.toClass).toHtmlEscaped())
                                      : tr("%1 → %2").arg(ruleLink(move.fromRule), ruleLink(move.toRule));
        html += QStringLiteral("<tr><td align='right'><b>%1</b></td><td>&nbsp;%2</td><td align='right'>%3</td></tr>")
                    .arg(count(move.failures), what, examples(move.examples));
    }
    html += QStringLiteral("</table>");
    if (m_preview.preview()->moves.size() > kShownMoves)
        html += QStringLiteral("<p>%1</p>")
                    .arg(tr("and %1 more").arg(count(m_preview.preview()->moves.size() - kShownMoves)));
    return html;
}

void RuleEffectCard::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paint();
    Card::changeEvent(event);
}

} // namespace mulligan::desktop
