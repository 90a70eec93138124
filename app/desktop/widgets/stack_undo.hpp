#pragma once

#include <QWidget>

namespace mulligan::desktop
{

/// Lets Ctrl+Z and Ctrl+Y of a text field reach the window's undo stack, which holds every edit of the field, instead
/// of the field's own history, which knows nothing of other edits. For QLineEdit, QPlainTextEdit and fields made of
/// one.
void undoThroughStack(QWidget *field);

} // namespace mulligan::desktop
