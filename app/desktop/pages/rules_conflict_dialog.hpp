#pragma once

#include "desktop/widgets/diff_view.hpp"
// moc of Qt 6.4 stumbles over what this header brings from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "classify/pack_documents.hpp"
#endif

#include <QDialog>

#include <vector>

class QLabel;

namespace mulligan::desktop
{

class RulesEditorController;

/// Shows the rule files that somebody else changed while they were edited here: what is on disk against what the editor
/// holds, line by line. Either can be taken from here. Closes when no conflict is left.
class RulesConflictDialog : public QDialog
{
    Q_OBJECT

public:
    RulesConflictDialog(RulesEditorController &controller, QWidget *parent);
    [[nodiscard]] const DiffView &view() const { return *m_view; }

private:
    QWidget *buildButtons();
    void choose(classify::ConflictAnswer answer);
    void refresh();
    void showDrafts();

    RulesEditorController &m_controller;
    std::vector<classify::DiskChange> m_shown;
    classify::PackDocuments m_mine;
    QLabel *m_what = nullptr;
    QLabel *m_counts = nullptr;
    QLabel *m_drafts = nullptr;
    QLabel *m_error = nullptr;
    DiffView *m_view = nullptr;
};

} // namespace mulligan::desktop
