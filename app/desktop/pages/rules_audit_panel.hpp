#pragma once

#include "desktop/pages/rules_panel.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_audit_columns.hpp"
#include "desktop/pages/rules_audit_samples.hpp"
#endif

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace mulligan::desktop
{

class Card;
class RulesAuditController;
class RulesAuditItem;
class TableView;

/// An audit of the verdicts: a sample drawn, looked through by keyboard, with precision and coverage as they stand, and
/// what was found wrong, ready to become samples of rules.
class RulesAuditPanel : public RulesPanel
{
    Q_OBJECT

public:
    explicit RulesAuditPanel(Session &session, QWidget *parent = nullptr);
    [[nodiscard]] RulesAuditController &audit() { return *m_audit; }
    /// "draw" draws a sample of the usual size, or takes it up.
    void reveal(const QString &argument) override;
    void packChanged() override;

protected:
    void load() override;
    void act() override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QWidget *buildTools();
    [[nodiscard]] QWidget *buildFigures();
    [[nodiscard]] QWidget *buildCorrections();
    void draw();
    void showSample();
    void showFigures();
    void makeSamples(const std::vector<std::int64_t> &items);
    void exportSheet();
    void exportFigures();

    RulesAuditController *m_audit = nullptr;
    QSpinBox *m_size = nullptr;
    QSpinBox *m_minimum = nullptr;
    QSpinBox *m_seed = nullptr;
    QLabel *m_progressText = nullptr;
    QProgressBar *m_progress = nullptr;
    QToolButton *m_export = nullptr;
    QToolButton *m_undo = nullptr;
    QToolButton *m_redo = nullptr;
    RulesAuditItem *m_item = nullptr;
    IntervalChart *m_chart = nullptr;
    QComboBox *m_by = nullptr;
    TableView *m_figures = nullptr;
    RowsModel<pipeline::AuditFigure> *m_figureModel = nullptr;
    TableView *m_corrections = nullptr;
    RowsModel<CorrectionLine> *m_correctionModel = nullptr;
    QPushButton *m_samples = nullptr;
    Card *m_wrong = nullptr;
    std::optional<CorrectionSamples> m_made; ///< that the editor took over last
    QPointer<Job> m_exportJob;
    std::int64_t m_shownSample = 0;
};

} // namespace mulligan::desktop
