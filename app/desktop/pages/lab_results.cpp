#include "desktop/pages/lab_results.hpp"

#include "desktop/charts/provenance_bar.hpp"
#include "desktop/pages/lab_cadence_card.hpp"
#include "desktop/pages/lab_controller.hpp"
#include "desktop/pages/lab_figures_text.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QResizeEvent>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr qsizetype kClassRows = 12;
constexpr int kTwoColumnsFrom = 740; ///< width from which charts stand side by side
constexpr int kThreeTilesFrom = 600;
constexpr int kSixTilesFrom = 1120;
constexpr int kLeastWidth = 410; ///< what a small window leaves beside the knobs

} // namespace

LabResults::LabResults(LabController &controller, LabCadences &cadences, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_cadences(cadences)
{
    setObjectName(QStringLiteral("scrolled"));
    setMinimumWidth(kLeastWidth); // else the tiles, three in a row, would be cut rather than put otherwise
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, kGapSmall, kGap);
    layout->setSpacing(kGap);
    m_notes = makeLabel({}, "muted");
    m_notes->setWordWrap(true);
    m_notes->hide();
    m_caveat = makeLabel({}, "caution");
    m_caveat->setWordWrap(true);
    m_caveat->hide();
    layout->addWidget(m_caveat);
    m_tiles = new QGridLayout;
    m_tiles->setSpacing(kGap);
    for (const QString &title : {tr("Net savings"), tr("Remediated"), tr("Interventions"), tr("Retry cost"),
                                 tr("Wrongly stopped"), tr("Time to recovery")})
        m_kpis << new KpiTile(title);
    layout->addLayout(m_tiles);
    m_charts = new QGridLayout;
    m_charts->setSpacing(kGap);
    layout->addLayout(m_charts);
    buildCards();
    layout->addWidget(m_notes);
    layout->addStretch(1);
    connect(&controller, &LabController::figuresChanged, this, &LabResults::refresh);
    connect(&controller, &LabController::sweepChanged, this, &LabResults::refreshSweep);
    connect(&controller, &LabController::knobsChanged, this, &LabResults::refreshSelectors);
    connect(&controller, &LabController::historyChanged, this, &LabResults::refreshSelectors);
    arrange();
    refreshSelectors();
    refresh();
}

void LabResults::buildCards()
{
    m_waterfall = new WaterfallChart(tr("How net savings add up"));
    XyAxis x{tr("Threshold (chance of success)"), 0.0, 1.0, [](double v) { return QLocale().toString(v, 'f', 2); }};
    m_sweep = new XyChart(tr("Net savings against the threshold"), x,
                          XyAxis{tr("Net savings"), {}, {}, [](double v) { return moneyText(v); }});
    connect(m_sweep, &XyChart::clicked, this, [this](double threshold) {
        m_controller.setThreshold(m_controller.sweepSelector(), std::clamp(threshold, 0.0, 1.0));
    });
    m_classes = new BarChart(tr("Savings by class"), tr("episodes · net savings"), true);
    connect(m_classes, &BarChart::barClicked, this, &LabResults::classChosen);
    m_months = new ColumnChart(tr("Savings by month"), tr("Net savings"));
    const auto card = [this](QWidget *chart, const QString &title, const QString &subtitle) {
        auto *made = new Card(title);
        made->setSubtitle(subtitle);
        made->body()->addWidget(chart);
        m_cards << made;
        return made;
    };
    card(m_waterfall, m_waterfall->title(), {});
    Card *sweep = card(m_sweep, tr("Savings by threshold"), {});
    m_sweepSelector = new QComboBox;
    m_sweepSelector->setAccessibleName(tr("Threshold to sweep"));
    m_sweepSelector->setMaximumWidth(200);
    m_sweepSelector->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_sweepSelector->setMinimumContentsLength(10);
    sweep->addHeaderWidget(m_sweepSelector);
    connect(m_sweepSelector, &QComboBox::activated, this,
            [this] { m_controller.setSweepSelector(m_sweepSelector->currentData().toString()); });
    Card *classes = card(m_classes, m_classes->title(), {});
    classes->body()->addStretch(1);
    classes->setToolTip(tr("Click a class to see its failures."));
    card(m_months, m_months->title(), {});
    m_provenance = new ProvenanceBar(tr("How far these figures can be trusted"));
    m_provenanceCard = new Card(m_provenance->title());
    m_provenanceCard->body()->addWidget(m_provenance);
    m_cadenceCard = new LabCadenceCard(m_cadences, m_controller.session());
}

void LabResults::arrange()
{
    const bool wide = width() >= kTwoColumnsFrom;
    const int tiles = width() >= kSixTilesFrom ? 6 : width() >= kThreeTilesFrom ? 3 : 2;
    const int key = tiles * 2 + (wide ? 1 : 0);
    if (key == m_columns)
        return;
    m_columns = key;
    for (qsizetype i = 0; i < m_kpis.size(); ++i)
        m_tiles->addWidget(m_kpis[i], static_cast<int>(i) / tiles, static_cast<int>(i) % tiles);
    for (int column = 0; column < 6; ++column)
        m_tiles->setColumnStretch(column, column < tiles ? 1 : 0);
    int row = 0;
    const auto place = [&](Card *left, Card *right) {
        m_charts->addWidget(left, row, 0, 1, wide ? 1 : 2);
        m_charts->addWidget(right, wide ? row : row + 1, wide ? 1 : 0, 1, wide ? 1 : 2);
        row += wide ? 1 : 2;
    };
    place(m_cards[0], m_cards[1]);
    m_charts->addWidget(m_provenanceCard, row++, 0, 1, 2);
    place(m_cards[2], m_cards[3]);
    m_charts->addWidget(m_cadenceCard, row, 0, 1, 2);
    m_charts->setColumnStretch(0, 1);
    m_charts->setColumnStretch(1, 1);
}

void LabResults::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void LabResults::refresh()
{
    refreshTiles();
    refreshCharts();
    m_sweep->setMarker(m_controller.threshold(m_controller.sweepSelector()), tr("Now"));
}

void LabResults::refreshTiles()
{
    const LabFigures &figures = m_controller.figures();
    m_caveat->setText(text(figures.modelCaveat));
    m_caveat->setVisible(figures.available && !figures.modelCaveat.empty());
    const QString currency = text(m_controller.session().economics().currency);
    const auto tiles = labTiles(figures, currency);
    for (qsizetype i = 0; i < m_kpis.size(); ++i) {
        m_kpis[i]->setContent(figures.available ? tiles[i] : KpiContent{QString(QChar(0x2013)), {}, {}, {}, {}, {}});
        m_kpis[i]->setStale(i + 1 == m_kpis.size() ? figures.replayStale : figures.stale);
    }
}

void LabResults::refreshCharts()
{
    const LabFigures &figures = m_controller.figures();
    const QString currency = text(m_controller.session().economics().currency);
    m_waterfall->replace(labWaterfall(figures.parts, figures.net), currency);
    m_waterfall->setStale(figures.stale);
    m_provenance->replace(figures.provenance, currency);
    m_provenance->setStale(figures.stale);
    m_classes->replace(labClasses(figures.classes, kClassRows, currency));
    m_classes->setStale(figures.stale);
    m_months->replace(labMonths(figures.months, currency), currency);
    m_months->setStale(figures.replayStale);
    m_cards[3]->setSubtitle(figures.replayStale ? tr("updating…") : QString());
    m_sweep->setStale(figures.stale);
    QStringList notes;
    for (const std::string &note : figures.notes)
        notes << QStringLiteral("• ") + text(note);
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());
}

void LabResults::refreshSweep()
{
    const QString selector = m_controller.sweepSelector();
    m_sweep->setYAxisTitle(tr("Net savings (%1)").arg(text(m_controller.session().economics().currency)));
    m_sweep->replace(labSweep(m_controller.sweep(), m_controller.threshold(selector)));
    refreshSelectors();
}

void LabResults::refreshSelectors()
{
    QStringList wanted{QString()};
    for (const auto &[selector, value] : m_controller.session().policy().thresholds)
        wanted << QString::fromStdString(selector);
    const QString selected = m_controller.sweepSelector();
    if (!wanted.contains(selected))
        wanted << selected;
    QStringList present;
    for (int i = 0; i < m_sweepSelector->count(); ++i)
        present << m_sweepSelector->itemData(i).toString();
    const QSignalBlocker blocker(m_sweepSelector);
    if (present != wanted) {
        m_sweepSelector->clear();
        for (const QString &selector : std::as_const(wanted))
            m_sweepSelector->addItem(selector.isEmpty() ? tr("Default threshold") : selector, selector);
    }
    m_sweepSelector->setCurrentIndex(static_cast<int>(wanted.indexOf(selected)));
}

} // namespace mulligan::desktop
