#pragma once

#include "desktop/shell/page.hpp"

#include <QVector>

class QGridLayout;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace mulligan::desktop
{

class BarChart;
class CalibrationChart;
class Card;
class EmptyState;
class FigureTable;
class KpiTile;
class Session;
class XyChart;

/// The model card: what the model can do, measured on decisions it had not seen, beside three baselines.
class ModelPage : public Page
{
    Q_OBJECT

public:
    explicit ModelPage(Session &session, QWidget *parent = nullptr);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *buildCard();
    Card *buildHead();
    void buildCharts();
    void buildTables();
    void arrange();
    void arrangeTiles();
    void refresh();
    void showCard();
    void showEmpty();

    Session &m_session;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_empty = nullptr;
    QPushButton *m_emptyAction = nullptr;
    QLabel *m_about = nullptr;
    Card *m_fallback = nullptr;
    QLabel *m_fallbackReason = nullptr;
    QPushButton *m_train = nullptr;
    QVector<KpiTile *> m_tiles;
    QWidget *m_measured = nullptr; ///< everything but the head: hidden while class rates stand in
    QGridLayout *m_grid = nullptr;
    QVector<Card *> m_cards; ///< baselines, calibration, precision/recall, ROC, learning curve, importance
    Card *m_classCard = nullptr;
    FigureTable *m_baselines = nullptr;
    FigureTable *m_classes = nullptr;
    CalibrationChart *m_calibration = nullptr;
    XyChart *m_precision = nullptr;
    XyChart *m_roc = nullptr;
    XyChart *m_learning = nullptr;
    BarChart *m_importance = nullptr;
    QGridLayout *m_tileGrid = nullptr;
    int m_tileColumns = 0;
    int m_columns = 0;
};

} // namespace mulligan::desktop
