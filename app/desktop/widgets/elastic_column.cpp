#include "desktop/widgets/elastic_column.hpp"

#include <QEvent>
#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace mulligan::desktop
{

ElasticColumn::ElasticColumn(QTableView *table, std::vector<int> widths, int column, int least)
    : QObject(table), m_table(table), m_widths(std::move(widths)), m_column(column), m_least(least),
      m_given(m_widths[static_cast<size_t>(column)])
{
    for (size_t i = 0; i < m_widths.size(); ++i)
        table->setColumnWidth(static_cast<int>(i), m_widths[i]);
    table->viewport()->installEventFilter(this);
}

bool ElasticColumn::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        fit();
    return QObject::eventFilter(watched, event);
}

void ElasticColumn::fit()
{
    if (m_table->columnWidth(m_column) != m_given)
        return;
    const QHeaderView *header = m_table->horizontalHeader();
    int last = -1;
    int others = 0;
    for (int visual = 0; visual < header->count(); ++visual) {
        const int column = header->logicalIndex(visual);
        if (m_table->isColumnHidden(column))
            continue;
        last = column;
        others += column == m_column ? 0 : m_table->columnWidth(column);
    }
    if (last < 0 || last == m_column)
        return;
    const int own = last < static_cast<int>(m_widths.size()) ? m_widths[static_cast<size_t>(last)] : 0;
    others += own - m_table->columnWidth(last);
    const int wanted = m_widths[static_cast<size_t>(m_column)];
    m_given = std::clamp(m_table->viewport()->width() - others, std::min(m_least, wanted), wanted);
    m_table->setColumnWidth(m_column, m_given);
}

} // namespace mulligan::desktop
