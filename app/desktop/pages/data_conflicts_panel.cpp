#include "desktop/pages/data_conflicts_panel.hpp"

#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/table_view.hpp"
#include "store/reject_rows.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr int kPauseMs = 150; // while somebody types
constexpr size_t kConflictsShown = 100'000;

} // namespace

DataConflictsPanel::DataConflictsPanel(Session &session, QWidget *parent) : DataPanel(session, parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    layout->addWidget(buildTools());
    m_table = new TableView(this);
    m_table->setAccessibleName(tr("Conflicts"));
    m_model = new RowsModel<store::ConflictRow>(conflictColumns(), this);
    m_table->setModel(m_model);
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // by job, run and attempt
    m_table->setSortingEnabled(true);
    const int widths[] = {170, 170, 66, 190, 170, 150, 170};
    for (int column = 0; column < static_cast<int>(std::size(widths)); ++column)
        m_table->setColumnWidth(column, widths[column]);
    connect(m_table, &QAbstractItemView::activated, this, &DataConflictsPanel::openFailure);
    layout->addWidget(m_table, 1);
    m_answer = makeLabel(tr("Schedulers are believed in what they decide, engines in what they measure. Press Enter on "
                            "a row to see its failure."),
                         "muted", this);
    m_answer->setWordWrap(true);
    layout->addWidget(m_answer);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &DataConflictsPanel::applyFilter);
}

QWidget *DataConflictsPanel::buildTools()
{
    auto *tools = new QWidget(this);
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGapSmall);
    m_words = new QLineEdit(tools);
    m_words->setPlaceholderText(tr("Filter by job, fact, value or source"));
    m_words->setAccessibleName(tr("Filter conflicts"));
    m_words->setClearButtonEnabled(true);
    m_words->setMaximumWidth(320);
    connect(m_words, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    row->addWidget(m_words, 1);
    m_count = makeLabel({}, "muted", tools);
    row->addWidget(m_count, 1);
    auto *save = new QPushButton(icon(QStringLiteral("export")), tr("Export…"), tools);
    save->setAccessibleName(tr("Export the conflicts"));
    connect(save, &QPushButton::clicked, this, [this] { m_table->chooseExport(tr("conflicts.csv")); });
    row->addWidget(save);
    return tools;
}

Job *DataConflictsPanel::startLoading()
{
    using Rows = std::vector<store::ConflictRow>;
    return startJob<Rows>(
        this, tr("Reading conflicts"),
        [path = session().path().toStdString()](std::stop_token stop, base::Progress &) {
            return conflictEntries(path, kConflictsShown, stop);
        },
        [this](Rows rows) {
            m_model->setRows(std::move(rows));
            showCount();
        });
}

void DataConflictsPanel::applyFilter()
{
    const QString words = m_words->text().simplified();
    m_model->setFilter([words](const store::ConflictRow &row) { return fits(row, words); });
    showCount();
}

void DataConflictsPanel::showCount()
{
    const size_t all = m_model->rows().size();
    const auto shown = static_cast<size_t>(m_model->rowCount());
    const auto count = [](size_t value) { return countText(static_cast<double>(value)); };
    if (all == 0)
        m_count->setText(tr("No two sources differ."));
    else if (shown < all)
        m_count->setText(tr("%1 of %2 conflicts").arg(count(shown), count(all)));
    else
        m_count->setText(all < kConflictsShown ? tr("Facts in which sources differ: %1").arg(count(all))
                                               : tr("The first %1 conflicts").arg(count(all)));
}

void DataConflictsPanel::openFailure(const QModelIndex &index)
{
    auto *workspace = session().workspace();
    if (!index.isValid() || workspace == nullptr)
        return;
    const store::ConflictRow &row = m_model->row(index.row());
    const auto id = store::failureOf(*workspace, row.job, row.run, row.attempt);
    if (!id) {
        Q_EMIT session().errorOccurred(id.error());
        return;
    }
    if (id.value().has_value())
        Q_EMIT navigationRequested(QStringLiteral("failures"), QStringLiteral("attempt:%1").arg(*id.value()));
    else
        m_answer->setText(tr("Attempt %1 of %2 did not fail, so there is no failure to show.")
                              .arg(QString::number(row.attempt), text(row.run)));
}

} // namespace mulligan::desktop
