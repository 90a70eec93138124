#pragma once

#include "desktop/shell/page.hpp"

class QLabel;
class QPushButton;
class QStackedWidget;

namespace mulligan::desktop
{

class EmptyState;
class PageView;
class ReportController;
class Session;

/// The savings report as it will print, and its files.
class ReportPage : public Page
{
    Q_OBJECT

public:
    explicit ReportPage(Session &session, QWidget *parent = nullptr);
    void activate() override;

private:
    QWidget *buildBar();
    void saveAs(const QString &ending, const QString &filter);
    void print();
    void refresh();

    Session &m_session;
    ReportController *m_controller = nullptr;
    PageView *m_view = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_empty = nullptr;
    QPushButton *m_emptyAction = nullptr;
    QWidget *m_bar = nullptr;
    QLabel *m_where = nullptr;
    QLabel *m_status = nullptr;
};

} // namespace mulligan::desktop
