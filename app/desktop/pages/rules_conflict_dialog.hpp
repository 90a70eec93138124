#pragma once

#include "desktop/widgets/diff_view.hpp"
// moc of Qt 6.4 stumbles over what this header brings from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "classify/pack_merge.hpp"
#endif

#include <QDialog>

#include <vector>

class QLabel;
class QPushButton;

namespace mulligan::desktop
{

class RulesEditorController;

/// Shows the rule files that somebody else changed and that are not taken yet: what is on disk against what the editor
/// holds, line by line. Either can be chosen from here. Closes when no conflict is left.
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
    void showButtons();

    RulesEditorController &m_controller;
    std::vector<classify::FileMerge> m_shown;
    classify::PackDocuments m_mine;
    QLabel *m_what = nullptr;
    QLabel *m_counts = nullptr;
    QLabel *m_drafts = nullptr;
    QLabel *m_error = nullptr;
    DiffView *m_view = nullptr;
    QPushButton *m_take = nullptr;
    QPushButton *m_keep = nullptr;
};

} // namespace mulligan::desktop
