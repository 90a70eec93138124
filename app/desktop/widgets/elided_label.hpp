#pragma once

#include <QLabel>

namespace mulligan::desktop
{

/// A line of plain text that may be narrower than its words: what does not fit ends in an ellipsis, and the tool tip
/// has it whole where it has no tool tip of its own. text() stays the whole text.
class ElidedLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget *parent = nullptr);
    /// With a text and one of the roles of makeLabel.
    ElidedLabel(const QString &text, const char *role, QWidget *parent = nullptr);
    /// Which end of the text is kept: ElideRight (the default), ElideLeft, ElideMiddle.
    void setElideMode(Qt::TextElideMode mode);
    /// The text as it is drawn.
    [[nodiscard]] QString shownText() const;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

} // namespace mulligan::desktop
