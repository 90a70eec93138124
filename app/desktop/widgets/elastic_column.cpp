#include "desktop/widgets/elastic_column.hpp"

#include "desktop/widgets/table_view.hpp"

#include <QEvent>
#include <QHeaderView>

#include <algorithm>

namespace mulligan::desktop
{

ElasticColumn::ElasticColumn(TableView *table, std::vector<int> widths, int column, int least)
    : QObject(table), m_table(table), m_widths(std::move(widths)), m_column(column), m_least(least),
      m_given(m_widths[static_cast<size_t>(column)])
{
    for (size_t i = 0; i < m_widths.size(); ++i)
        table->setColumnWidth(static_cast<int>(i), m_widths[i]);
    table->viewport()->installEventFilter(this);
}

bool ElasticColumn::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Show)
        fit();
    return QObject::eventFilter(watched, event);
}

void ElasticColumn::letGo(std::vector<int> columns)
{
    m_dispensable = std::move(columns);
    fit();
}

std::optional<int> ElasticColumn::widthOfOthers() const
{
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
        return std::nullopt;
    const int own = last < static_cast<int>(m_widths.size()) ? m_widths[static_cast<size_t>(last)] : 0;
    return others + own - m_table->columnWidth(last);
}

void ElasticColumn::letGoUntilFits()
{
    // What the user brought back is the user's.
    const auto broughtBack = [this](int column) { return !m_table->isColumnFolded(column); };
    for (const int column : m_gone)
        if (broughtBack(column))
            std::erase(m_dispensable, column);
    std::erase_if(m_gone, broughtBack);
    for (const int column : m_gone)
        m_table->setColumnFolded(column, false);
    m_gone.clear();
    for (const int column : m_dispensable) {
        const auto others = widthOfOthers();
        if (!others || *others + m_least <= m_table->viewport()->width())
            return;
        if (m_table->isColumnHidden(column))
            continue;
        m_table->setColumnFolded(column, true);
        m_gone.push_back(column);
    }
}

void ElasticColumn::fit()
{
    if (!m_table->isVisible() || m_fitting) // its width is not yet its own; hiding a column resizes it
        return;
    m_fitting = true;
    letGoUntilFits();
    m_fitting = false;
    if (m_table->columnWidth(m_column) != m_given)
        return;
    const auto others = widthOfOthers();
    if (!others)
        return;
    const int wanted = m_widths[static_cast<size_t>(m_column)];
    m_given = std::clamp(m_table->viewport()->width() - *others, std::min(m_least, wanted), wanted);
    m_table->setColumnWidth(m_column, m_given);
}

} // namespace mulligan::desktop
