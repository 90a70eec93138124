#pragma once

#include "desktop/shell/page.hpp"

class QLabel;
class QStackedWidget;
class QTabWidget;

namespace mulligan::desktop
{

class DataPanel;
class StatRow;

/// What was imported, from where, what could not be used, where sources differ and what is covered: a tab each.
class DataPage : public Page
{
    Q_OBJECT

public:
    explicit DataPage(Session &session, QWidget *parent = nullptr);
    void activate() override { refresh(); }
    /// "files", "rejects", "conflicts" or "coverage" shows that tab.
    void reveal(const QString &argument) override;

private:
    [[nodiscard]] QWidget *buildContent();
    [[nodiscard]] QWidget *buildImportRow();
    void buildTabs(QWidget *content);
    void buildEmptyStates();
    void changed();
    void refresh();
    void refreshStats();
    void refreshTabs();

    Session &m_session;
    QStackedWidget *m_stack = nullptr;
    StatRow *m_stats = nullptr;
    QLabel *m_result = nullptr;
    QTabWidget *m_tabs = nullptr;
    QList<DataPanel *> m_panels; ///< in the order of the tabs
    bool m_dirty = true;
};

} // namespace mulligan::desktop
