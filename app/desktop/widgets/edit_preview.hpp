#pragma once

#include "desktop/widgets/diff_view.hpp"

#include <QDialog>
#include <QString>

#include <vector>

namespace mulligan::desktop
{

/// Shows what an edit would change in files, line by line, and asks whether to do it.
class EditPreview : public QDialog
{
    Q_OBJECT

public:
    /// `what` says what the edit is for; `accept` is the text of the button that does it.
    EditPreview(const QString &what, const QString &accept, const std::vector<FileEdit> &edits, QWidget *parent);
    /// The difference as it is shown, without colours.
    [[nodiscard]] QString text() const;

private:
    DiffView *m_view = nullptr;
};

/// "2 lines changed, 1 added, 3 removed"; with what the words for lines of one side alone are.
[[nodiscard]] QString countsText(const DiffCounts &counts, const QString &added, const QString &removed);

} // namespace mulligan::desktop
