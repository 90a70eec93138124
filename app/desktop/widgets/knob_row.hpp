#pragma once

#include <QString>
#include <QWidget>

class QLabel;
class QToolButton;

namespace mulligan::desktop
{

/// One knob: its name, its editor, and a button that puts it back. The button shows only where the value differs from
/// the saved or the shipped one, and offers both.
class KnobRow : public QWidget
{
    Q_OBJECT

public:
    /// `wide`: the editor has a line of its own under the name. The row owns the editor.
    KnobRow(const QString &label, const QString &help, QWidget *editor, bool wide, QWidget *parent = nullptr);

    /// The values to go back to, as the editor shows them; empty when there is nothing to go back to.
    void setResets(const QString &saved, const QString &shipped);
    /// A muted note under the editor ("p* = 0.12"); empty: none.
    void setNote(const QString &note, const QString &help = {});

Q_SIGNALS:
    void resetToSavedRequested();
    void resetToShippedRequested();

private:
    void showResets();

    QLabel *m_note = nullptr;
    QToolButton *m_reset = nullptr;
    QString m_saved;
    QString m_shipped;
};

/// Editors in a scrolled panel must not take the wheel unless they were chosen. Holds for the editor's children as
/// well.
void ignoreWheelUnlessFocused(QWidget *editor);

} // namespace mulligan::desktop
