#pragma once

#include <QVector>
#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;

namespace mulligan::desktop
{

class BarChart;
class Card;
class ColumnChart;
class KpiTile;
class LabCadenceCard;
class LabCadences;
class LabController;
class ProvenanceBar;
class WaterfallChart;
class XyChart;

/// The right side of the lab: what history would have been under the knobs as they stand.
class LabResults : public QWidget
{
    Q_OBJECT

public:
    LabResults(LabController &controller, LabCadences &cadences, QWidget *parent = nullptr);

Q_SIGNALS:
    void classChosen(const QString &errorClass); ///< a bar of the breakdown was clicked

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();
    void refresh();
    void refreshTiles();
    void refreshCharts();
    void refreshSweep();
    void refreshSelectors();
    void buildCards();

    LabController &m_controller;
    LabCadences &m_cadences;
    QGridLayout *m_tiles = nullptr;
    QGridLayout *m_charts = nullptr;
    QVector<KpiTile *> m_kpis; ///< net, remediated, interventions, retry cost, wrongly stopped, recovery
    QVector<Card *> m_cards;   ///< waterfall, sweep, classes, months
    Card *m_provenanceCard = nullptr;
    LabCadenceCard *m_cadenceCard = nullptr;
    QLabel *m_caveat = nullptr; ///< no model is trained
    QLabel *m_notes = nullptr;
    WaterfallChart *m_waterfall = nullptr;
    XyChart *m_sweep = nullptr;
    QComboBox *m_sweepSelector = nullptr;
    ProvenanceBar *m_provenance = nullptr;
    BarChart *m_classes = nullptr;
    ColumnChart *m_months = nullptr;
    int m_columns = 0;
};

} // namespace mulligan::desktop
