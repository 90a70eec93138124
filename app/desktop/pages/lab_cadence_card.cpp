#include "desktop/pages/lab_cadence_card.hpp"

#include "desktop/charts/figure_table.hpp"
#include "desktop/pages/lab_cadences.hpp"
#include "desktop/session/session.hpp"
#include "desktop/widgets/format.hpp"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QVBoxLayout>

#include <array>

namespace mulligan::desktop
{

namespace
{

constexpr int kAllColumnsFrom = 700; ///< width of the card
constexpr int kStaleness = 6;
constexpr std::array kColumnsToSpare{2, 4, 7}; ///< recovery, older, no advice

} // namespace

LabCadenceCard::LabCadenceCard(LabCadences &cadences, Session &session, QWidget *parent)
    : Card(tr("How fresh must recommendations be?"), parent), m_cadences(cadences), m_session(session)
{
    m_whenAbsent = new QComboBox;
    m_whenAbsent->addItem(tr("Retry unchanged"), static_cast<int>(simulate::WhenAbsent::FallBack));
    m_whenAbsent->addItem(tr("Wait for the batch"), static_cast<int>(simulate::WhenAbsent::Wait));
    m_whenAbsent->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_whenAbsent->setMinimumContentsLength(12);
    m_whenAbsent->setAccessibleName(tr("What a retry does when its recommendation is not there"));
    m_whenAbsent->setToolTip(m_whenAbsent->accessibleName());
    connect(m_whenAbsent, &QComboBox::activated, this, [this] {
        m_cadences.setWhenAbsent(static_cast<simulate::WhenAbsent>(m_whenAbsent->currentData().toInt()));
    });
    m_compare = new QPushButton(tr("Compare"));
    m_compare->setToolTip(tr("Replays history once for each cadence, under the knobs as they stand."));
    connect(m_compare, &QPushButton::clicked, &m_cadences, &LabCadences::compare);
    addHeaderWidget(m_whenAbsent);
    addHeaderWidget(m_compare);
    m_ask = makeLabel({}, "muted");
    m_ask->setWordWrap(true);
    m_table = new FigureTable(tr("Refresh cadences"), cadenceColumns(), cadenceColumnHelp());
    for (const int column : {0, kStaleness}) // whose words are longer than an even share of a small window
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    body()->addWidget(m_ask);
    body()->addWidget(m_table);
    connect(&m_cadences, &LabCadences::changed, this, &LabCadenceCard::refresh);
    connect(&m_session, &Session::replayChanged, this, [this] {
        if (isVisible())
            m_cadences.compareUnasked();
        refresh();
    });
    refresh();
}

void LabCadenceCard::showEvent(QShowEvent *event)
{
    Card::showEvent(event);
    m_cadences.compareUnasked();
}

void LabCadenceCard::resizeEvent(QResizeEvent *event)
{
    Card::resizeEvent(event);
    for (const int column : kColumnsToSpare)
        m_table->setColumnHidden(column, width() < kAllColumnsFrom);
}

void LabCadenceCard::refresh()
{
    const auto &rows = m_cadences.rows();
    m_compare->setEnabled(m_session.replaySession() != nullptr && !m_cadences.running());
    m_ask->setText(m_cadences.running()
                       ? tr("Replaying history under each cadence…")
                       : tr("A batch that comes later than the retry helps only if the job failed like this before. "
                            "Compare shows what deciding every 30 minutes, or daily, would give away."));
    m_ask->setVisible(rows.empty());
    m_table->setVisible(!rows.empty());
    setSubtitle(rows.empty()           ? QString()
                : m_cadences.running() ? tr("updating…")
                : m_cadences.stale()
                    ? tr("Of earlier knobs: compare again")
                    : tr("Which recommendation a retry found when it was due: its own failure's, that of an "
                         "older failure of the job, or none."));
    if (rows.empty())
        return;
    m_table->replace(cadenceRows(rows, text(m_session.economics().currency)));
    // Three rows are as they are read; the mark of a sorting would only cut the headings short.
    m_table->setSortingEnabled(false);
    m_table->horizontalHeader()->setSortIndicatorShown(false);
    m_table->fitRows(static_cast<int>(rows.size()));
}

} // namespace mulligan::desktop
