#pragma once

#include <QDialog>
#include <QString>

#include <vector>

class QTextBrowser;

namespace mulligan::desktop
{

/// A text file as it is and as it would be.
struct FileEdit {
    QString name;
    QString before;
    QString after;
};

/// Shows what an edit would change in files, line by line, and asks whether to do it.
class EditPreview : public QDialog
{
    Q_OBJECT

public:
    /// `what` says what the edit is for; `accept` is the text of the button that does it.
    EditPreview(const QString &what, const QString &accept, const std::vector<FileEdit> &edits, QWidget *parent);
    /// The difference as it is shown, without colours.
    [[nodiscard]] QString text() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void paint();

    std::vector<FileEdit> m_edits;
    QTextBrowser *m_text = nullptr;
};

} // namespace mulligan::desktop
