#include "desktop/pages/data_coverage_panel.hpp"

#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

struct Loaded {
    store::Coverage coverage;
    std::vector<store::SourceRow> sources;
};

/// A square in the colour of what it explains.
class Swatch : public QWidget
{
public:
    Swatch(QColor Theme::*colour, Qt::BrushStyle hatch, QWidget *parent)
        : QWidget(parent), m_colour(colour), m_hatch(hatch)
    {
        setFixedSize(14, 14);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Theme &theme = Theme::current();
        painter.fillRect(rect(), theme.*m_colour);
        if (m_hatch != Qt::SolidPattern)
            painter.fillRect(rect(), QBrush(theme.surface, m_hatch));
    }

private:
    QColor Theme::*m_colour;
    Qt::BrushStyle m_hatch;
};

} // namespace

DataCoveragePanel::DataCoveragePanel(Session &session, QWidget *parent) : DataPanel(session, parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    m_text = makeLabel({}, "muted", this);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    layout->addWidget(m_text);
    auto *split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->addWidget(buildChart());
    split->addWidget(buildGaps());
    split->setStretchFactor(0, 1);
    split->setSizes({400, 160});
    layout->addWidget(split, 1);
}

QWidget *DataCoveragePanel::buildChart()
{
    auto *card = new Card(tr("Attempts by day"), this);
    const auto explain = [&](QColor Theme::*colour, Qt::BrushStyle hatch, const QString &what) {
        card->addHeaderWidget(new Swatch(colour, hatch, card));
        card->addHeaderWidget(makeLabel(what, "muted", card));
    };
    explain(&Theme::policy, Qt::SolidPattern, tr("attempts"));
    explain(&Theme::loss, Qt::FDiagPattern, tr("failed among them"));
    explain(&Theme::mutedText, Qt::Dense4Pattern, tr("gap"));
    explain(&Theme::modelled, Qt::Dense4Pattern, tr("censored"));
    m_by = new QComboBox(card);
    m_by->setAccessibleName(tr("Lanes of the timeline"));
    m_by->addItems({tr("By format"), tr("By folder"), tr("By cluster")});
    m_by->setToolTip(tr("An attempt counts for the source that brought it first; logs that complete it are not counted "
                        "again."));
    connect(m_by, &QComboBox::currentIndexChanged, this, &DataCoveragePanel::showCoverage);
    card->addHeaderWidget(m_by);
    m_chart = new CoverageChart(tr("Attempts by day"), card);
    auto *save = new QPushButton(icon(QStringLiteral("export")), tr("Export…"), card);
    save->setAccessibleName(tr("Export the timeline as a picture"));
    connect(save, &QPushButton::clicked, this,
            [this, save] { showChartMenu(m_chart, save->mapToGlobal(save->rect().bottomLeft()), m_chart->picture()); });
    card->addHeaderWidget(save);
    auto *scroll = new QScrollArea(card);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_chart);
    // The card shows through.
    scroll->viewport()->setAutoFillBackground(false);
    m_chart->setAutoFillBackground(false);
    card->body()->addWidget(scroll, 1);
    return card;
}

QWidget *DataCoveragePanel::buildGaps()
{
    m_gaps = new TableView(this);
    m_gaps->setAccessibleName(tr("Gaps"));
    m_gapModel = new RowsModel<GapRow>(gapColumns(), this);
    m_gaps->setModel(m_gapModel);
    m_gaps->horizontalHeader()->setStretchLastSection(false);
    m_gaps->horizontalHeader()->setSortIndicator(0, Qt::AscendingOrder);
    m_gaps->setSortingEnabled(true);
    const int widths[] = {180, 180, 100, 240};
    for (int column = 0; column < static_cast<int>(std::size(widths)); ++column)
        m_gaps->setColumnWidth(column, widths[column]);
    return m_gaps;
}

Job *DataCoveragePanel::startLoading()
{
    m_chart->setStale(true);
    return startJob<Loaded>(
        this, tr("Reading what is covered"),
        [path = session().path().toStdString()](std::stop_token stop, base::Progress &) -> base::Result<Loaded> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            Loaded loaded;
            MULLIGAN_TRY(loaded.coverage, store::coverage(workspace, stop));
            MULLIGAN_TRY(loaded.sources, workspace.sources());
            return loaded;
        },
        [this](Loaded loaded) {
            m_coverage = std::move(loaded.coverage);
            m_sources = std::move(loaded.sources);
            m_chart->setStale(false);
            showCoverage();
        });
}

void DataCoveragePanel::showCoverage()
{
    static constexpr CoverageBy kLanes[] = {CoverageBy::Format, CoverageBy::Folder, CoverageBy::Cluster}; // as m_by
    m_chart->replace(timelineOf(m_coverage, m_sources, kLanes[std::max(0, m_by->currentIndex())]));
    m_gapModel->setRows(gapRows(m_coverage));
    m_gaps->setVisible(!m_coverage.gaps.empty());
    m_text->setText(coverageText(m_coverage));
}

} // namespace mulligan::desktop
