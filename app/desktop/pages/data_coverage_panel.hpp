#pragma once

#include "desktop/pages/data_panel.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/data_coverage.hpp"
#endif

class QComboBox;
class QLabel;

namespace mulligan::desktop
{

class TableView;

/// Which days the history covers, by format or folder, and where nothing ran.
class DataCoveragePanel : public DataPanel
{
    Q_OBJECT

public:
    explicit DataCoveragePanel(Session &session, QWidget *parent = nullptr);

protected:
    [[nodiscard]] Job *startLoading() override;

private:
    [[nodiscard]] QWidget *buildChart();
    [[nodiscard]] QWidget *buildGaps();
    void showCoverage();

    QLabel *m_text = nullptr;
    QComboBox *m_by = nullptr;
    CoverageChart *m_chart = nullptr;
    TableView *m_gaps = nullptr;
    RowsModel<GapRow> *m_gapModel = nullptr;
    store::Coverage m_coverage;
    std::vector<store::SourceRow> m_sources;
};

} // namespace mulligan::desktop
