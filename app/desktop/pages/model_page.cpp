#include "desktop/pages/model_page.hpp"

#include "desktop/charts/calibration_chart.hpp"
#include "desktop/pages/model_figures.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/empty_state.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/kpi_tile.hpp"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr qsizetype kMostFeatures = 12;
constexpr int kMostClassRows = 14;
constexpr int kThreeColumnsFrom = 1080;
constexpr int kFourTilesFrom = 880;
constexpr int kLeastWidth = 700; ///< less than a small window leaves

QString share(double v)
{
    return shareText(v);
}

Card *chartCard(const QString &title, const QString &subtitle, QWidget *chart)
{
    auto *card = new Card(title);
    card->setSubtitle(subtitle);
    card->body()->addWidget(chart, 1);
    return card;
}

} // namespace

ModelPage::ModelPage(Session &session, QWidget *parent) : Page(parent), m_session(session)
{
    m_empty = new EmptyState(QStringLiteral("model"), {}, {});
    m_emptyAction = m_empty->addButton({});
    connect(m_emptyAction, &QPushButton::clicked, this, [this] {
        if (m_session.isOpen() && !m_session.info().classes.empty())
            m_session.train();
        else
            Q_EMIT navigationRequested(m_session.isOpen() ? QStringLiteral("data") : QStringLiteral("start"), {});
    });
    auto *area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(buildCard());
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(area);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(&session, &Session::cardChanged, this, &ModelPage::refresh);
    connect(&session, &Session::workspaceChanged, this, &ModelPage::refresh);
    connect(&session, &Session::dataChanged, this, &ModelPage::refresh);
    connect(&session, &Session::jobStarted, this, &ModelPage::refresh);
    connect(&session, &Session::jobEnded, this, &ModelPage::refresh);
    refresh();
}

QWidget *ModelPage::buildCard()
{
    auto *content = new QWidget;
    content->setObjectName(QStringLiteral("scrolled"));
    content->setMinimumWidth(kLeastWidth); // else what does not fit would be cut rather than put otherwise
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, kGapSmall, kGap);
    layout->setSpacing(kGap);
    layout->addWidget(buildHead());
    m_fallback = new Card(tr("Class rates stand in for a model"));
    m_fallbackReason = new QLabel;
    m_fallbackReason->setWordWrap(true);
    m_fallback->body()->addWidget(m_fallbackReason);
    layout->addWidget(m_fallback);
    m_measured = new QWidget;
    auto *measured = new QVBoxLayout(m_measured);
    measured->setContentsMargins(0, 0, 0, 0);
    measured->setSpacing(kGap);
    m_tileGrid = new QGridLayout;
    m_tileGrid->setSpacing(kGap);
    for (const QString &title : {tr("AUC"), tr("Log loss"), tr("Calibration error"), tr("Cost error")})
        m_tiles << new KpiTile(title);
    measured->addLayout(m_tileGrid);
    m_grid = new QGridLayout;
    m_grid->setSpacing(kGap);
    measured->addLayout(m_grid);
    buildTables();
    buildCharts();
    measured->addWidget(m_classCard);
    layout->addWidget(m_measured);
    layout->addStretch(1);
    arrange();
    return content;
}

Card *ModelPage::buildHead()
{
    auto *head = new Card(tr("Chance of success and cost of a retry"));
    m_train = new QPushButton(tr("Train again"));
    m_train->setProperty("role", QStringLiteral("primary"));
    m_train->setToolTip(tr("Fits the models anew on everything imported; takes a minute or so."));
    connect(m_train, &QPushButton::clicked, this, [this] { m_session.train(); });
    head->addHeaderWidget(m_train);
    m_about = makeLabel({}, "muted");
    m_about->setWordWrap(true);
    head->body()->addWidget(m_about);
    return head;
}

void ModelPage::buildTables()
{
    m_baselines = new FigureTable(
        tr("Model and baselines"),
        {tr("Predicted by"), tr("AUC"), tr("PR-AUC"), tr("Log loss"), tr("Brier"), tr("Calibration error")},
        {{},
         tr("Area under the ROC curve; more is better"),
         tr("Area under precision over recall; more is better"),
         tr("Less is better"),
         tr("Mean squared error of the chance; less is better"),
         tr("Debiased; less is better")});
    m_baselines->setNumbersCompact(true);
    m_cards << chartCard(tr("Beside three baselines"), tr("Best value of each column in bold."), m_baselines);
    m_classes = new FigureTable(
        tr("Quality by class"),
        {tr("Class"), tr("Rows"), tr("Succeeded"), tr("AUC"), tr("Brier"), tr("Cost error"), tr("Cost bias")},
        {{},
         tr("Retries after failures of this class, scored out of time"),
         tr("Share of them that succeeded"),
         tr("Within the class"),
         tr("Mean squared error of the chance"),
         tr("Mean absolute error of the predicted cost"),
         tr("Predicted less actual cost")});
    m_classes->setNumbersCompact(true);
    m_classCard = chartCard(tr("Quality by class"), {}, m_classes);
}

void ModelPage::buildCharts()
{
    m_calibration = new CalibrationChart(tr("Calibration"));
    m_cards << chartCard(m_calibration->accessibleName(),
                         tr("On the dashed line, predictions come true as often as they say."), m_calibration);
    m_precision = new XyChart(tr("Precision and recall"), XyAxis{tr("Recall"), 0.0, 1.0, &share},
                              XyAxis{tr("Precision"), 0.0, 1.0, &share});
    m_cards << chartCard(tr("Precision and recall"),
                         tr("Retries above a threshold: how many succeed, of all that would."), m_precision);
    m_roc = new XyChart(tr("ROC curve"), XyAxis{tr("False positive rate"), 0.0, 1.0, &share},
                        XyAxis{tr("True positive rate"), 0.0, 1.0, &share});
    m_cards << chartCard(tr("ROC curve"), tr("Successes found against failures retried in vain."), m_roc);
    m_learning =
        new XyChart(tr("Learning curve"), XyAxis{tr("Training rows"), 0.0, {}, &countText},
                    XyAxis{tr("Log loss (nats)"), {}, {}, [](double v) { return QLocale().toString(v, 'f', 3); }});
    m_cards << chartCard(tr("Learning curve"), tr("Still falling at the right end: more history would help."),
                         m_learning);
    m_importance = new BarChart(tr("What the model looks at"), tr("share of total gain"), false);
    m_cards << chartCard(tr("What the model looks at"), {}, m_importance);
    m_cards.back()->body()->addStretch(1);
}

void ModelPage::arrangeTiles()
{
    const int columns = width() >= kFourTilesFrom ? 4 : 2;
    if (columns == m_tileColumns)
        return;
    m_tileColumns = columns;
    for (int i = 0; i < static_cast<int>(m_tiles.size()); ++i)
        m_tileGrid->addWidget(m_tiles[i], i / columns, i % columns);
    for (int column = 0; column < 4; ++column)
        m_tileGrid->setColumnStretch(column, column < columns ? 1 : 0);
}

void ModelPage::arrange()
{
    arrangeTiles();
    const int columns = width() >= kThreeColumnsFrom ? 3 : 2;
    if (columns == m_columns || m_cards.size() < 6)
        return;
    m_columns = columns;
    int at = 0;
    m_grid->addWidget(m_cards[0], 0, 0, 1, columns);
    for (qsizetype i = 1; i < m_cards.size(); ++i, ++at) {
        // The last takes what is left of its row.
        const int row = 1 + at / columns;
        const int column = at % columns;
        m_grid->addWidget(m_cards[i], row, column, 1, i + 1 == m_cards.size() ? columns - column : 1);
    }
    for (int column = 0; column < 3; ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
}

void ModelPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    arrange();
}

void ModelPage::refresh()
{
    const bool busy = m_session.currentJob() != nullptr;
    m_train->setEnabled(m_session.isOpen() && !busy);
    if (m_session.card().has_value()) {
        m_stack->setCurrentIndex(1);
        showCard();
    } else {
        m_stack->setCurrentIndex(0);
        showEmpty();
    }
}

void ModelPage::showEmpty()
{
    const bool busy = m_session.currentJob() != nullptr;
    m_emptyAction->setEnabled(!busy);
    if (!m_session.isOpen()) {
        m_empty->setSentence(tr("No workspace, no model"), tr("Open a workspace, or make one, on the Start page."));
        m_emptyAction->setText(tr("Go to Start"));
    } else if (m_session.info().classes.empty()) {
        m_empty->setSentence(tr("Nothing to learn from yet"),
                             tr("Import a history of attempts with failures and their retries."));
        m_emptyAction->setText(tr("Import data"));
    } else {
        m_empty->setSentence(busy ? tr("Working…") : tr("No model has been trained yet"),
                             tr("It learns from history which retries succeed and what they cost. Until then success "
                                "rates by class stand in, and every figure says so."));
        m_emptyAction->setText(tr("Train the model"));
    }
}

void ModelPage::showCard()
{
    const model::ModelCard &card = *m_session.card();
    const QString currency = text(m_session.economics().currency);
    m_train->setText(card.fallback ? tr("Train the model") : tr("Train again"));
    m_fallback->setVisible(card.fallback);
    m_fallbackReason->setText(text(card.fallbackReason));
    m_measured->setVisible(!card.fallback);
    if (card.fallback) {
        m_about->setText(tr("Every figure that rests on it is marked. Import more history, then train."));
        return;
    }
    m_about->setText(
        tr("Model %1, trained on %2 retries up to %3, seed %4, in %5. Measured on %6 retries, each by one of %7 "
           "models fitted before its week. Cost is predicted as %8.")
            .arg(text(card.modelId), countText(static_cast<double>(card.rows)), dateText(card.trainedTo))
            .arg(card.seed)
            .arg(durationText(card.seconds), countText(static_cast<double>(card.scoredRows)))
            .arg(card.refits)
            .arg(text(card.costTarget)));
    const auto tiles = modelTiles(card, currency);
    for (qsizetype i = 0; i < m_tiles.size(); ++i)
        m_tiles[i]->setContent(tiles[i]);
    m_baselines->replace(baselineRows(card));
    m_baselines->fitRows(8);
    m_classes->replace(classRows(card, currency));
    m_classes->fitRows(kMostClassRows);
    m_calibration->replace(card.calibration);
    m_precision->replace(precisionRecall(card));
    m_roc->replace(receiverCurve(card));
    m_learning->replace(learningCurve(card));
    m_importance->replace(importanceBars(card, kMostFeatures));
}

} // namespace mulligan::desktop
