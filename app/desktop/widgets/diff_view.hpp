#pragma once

#include "desktop/widgets/text_diff.hpp"

#include <QPlainTextEdit>
#include <QString>

#include <vector>

namespace mulligan::desktop
{

/// A text file in two states.
struct FileEdit {
    QString name;
    QString before;
    QString after;
    QString note = {}; ///< behind the name: what happened to the file
};

/// What differs between two states of files, line by line, read-only: a heading a file, the lines' numbers in both
/// states, a sign (so that colour is not all that tells), the text on a ground of its kind, the part of a changed line
/// that changed on a stronger one. Line ends of Windows and other signs that would break a line are shown as such.
class DiffView : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit DiffView(QWidget *parent = nullptr);
    /// Shows other files; the first difference is in sight.
    void setEdits(const std::vector<FileEdit> &edits);
    /// Over all files.
    [[nodiscard]] const DiffCounts &counts() const { return m_counts; }
    /// Brings the next (1) or the previous (-1) stretch of lines that differ into sight, from where the cursor is;
    /// behind the last comes the first.
    void step(int by);

    /// Grounds of lines and of what changed in them, of the theme in force.
    [[nodiscard]] static QColor ground(DiffLine::Kind kind, bool changedPart = false);

protected:
    void changeEvent(QEvent *event) override;

private:
    void fill();
    void addFile(QTextCursor &cursor, const FileEdit &edit);
    void addLine(QTextCursor &cursor, const DiffLine &line, const DiffSpan &span);

    std::vector<FileEdit> m_edits;
    DiffCounts m_counts;
    std::vector<int> m_stretches; ///< blocks at which stretches that differ begin
};

} // namespace mulligan::desktop
