#pragma once

#include "desktop/shell/page.hpp"

#include <QTimer>
#include <QVector>

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QBoxLayout;
class QVBoxLayout;

namespace mulligan::desktop
{

class Card;
class DeployController;
class EmptyState;
class FigureTable;
class Session;

/// What goes to production: checks, the bundle, what it recommends now, and a bundle verified.
class DeployPage : public Page
{
    Q_OBJECT

public:
    explicit DeployPage(Session &session, QWidget *parent = nullptr);
    void activate() override;
    [[nodiscard]] DeployController &controller() { return *m_controller; }

protected:
    void changeEvent(QEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    /// Tables beside the cards, or below them in a small window.
    void arrange();
    Card *buildChecks();
    Card *buildExport();
    Card *buildPreview();
    Card *buildResult();
    Card *buildVerify();
    void exportBundle();
    void chooseVerify();
    void refresh();
    void refreshChecks();
    void refreshJob();
    void showPreview();
    void showExported();
    void showVerified();

    Session &m_session;
    DeployController *m_controller = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_empty = nullptr;
    QPushButton *m_emptyAction = nullptr;
    QBoxLayout *m_columns = nullptr;
    QVector<Card *> m_cards;
    QVBoxLayout *m_checks = nullptr;
    QLineEdit *m_approver = nullptr;
    QVector<QCheckBox *> m_targets;
    QPushButton *m_export = nullptr;
    QWidget *m_progressRow = nullptr;
    QProgressBar *m_progress = nullptr;
    QLabel *m_stage = nullptr;
    QTimer m_tick;
    Card *m_previewCard = nullptr;
    FigureTable *m_preview = nullptr;
    Card *m_resultCard = nullptr;
    FigureTable *m_files = nullptr;
    QLabel *m_rolling = nullptr;
    QLabel *m_verdict = nullptr;
    QLabel *m_problems = nullptr;
    bool m_previewWanted = true;
};

} // namespace mulligan::desktop
