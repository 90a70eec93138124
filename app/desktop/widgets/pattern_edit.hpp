#pragma once

#include <QPlainTextEdit>
#include <QString>

class QSyntaxHighlighter;

namespace mulligan::desktop
{

/// A field for one regular expression: coloured, as tall as the expression needs (at most a few lines), with the place
/// of an error underlined. Enter does not break the line; Tab leaves the field.
class PatternEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit PatternEdit(QWidget *parent = nullptr);
    ~PatternEdit() override;

    [[nodiscard]] QString pattern() const { return toPlainText(); }
    /// Leaves the cursor where it is when nothing differs; emits nothing.
    void setPattern(const QString &pattern);
    /// Underlines what is wrong: the character at `position` (0-based), or everything when it is negative.
    void setFault(int position);
    void clearFault();

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void patternEdited(const QString &pattern); ///< by the user
    void submitted();                           ///< Enter

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void insertFromMimeData(const QMimeData *source) override;

private:
    void fit();
    void paintFault();

    QSyntaxHighlighter *m_colours = nullptr;
    int m_fault = 0;
    bool m_faulty = false;
    bool m_setting = false;
};

} // namespace mulligan::desktop
