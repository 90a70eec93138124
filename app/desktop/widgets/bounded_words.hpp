#pragma once

#include <QScrollArea>
#include <QString>

class QLabel;

namespace mulligan::desktop
{

/// Plain text that wraps and takes the height of its words, but of a few lines at most: what is longer scrolls, and no
/// line is cut. Where
/// the window has no room it gives way down to fewer, so that a long message moves nothing else out of sight.
class BoundedWords : public QScrollArea
{
    Q_OBJECT

public:
    struct Lines {
        int least = 1; ///< that stay in sight
        int most = 3;
    };
    /// `role`: one of makeLabel's, or null.
    explicit BoundedWords(Lines lines, const char *role = nullptr, QWidget *parent = nullptr);

    void setText(const QString &text);
    [[nodiscard]] QString text() const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] int heightOf(int lines) const;
    void fit();
    void showWholeLines(bool scrolls);

    Lines m_lines;
    int m_height = 0; ///< of the words at this width
    QLabel *m_label = nullptr;
};

} // namespace mulligan::desktop
