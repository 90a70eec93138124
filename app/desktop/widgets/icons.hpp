#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace mulligan::desktop
{

/// The window's own line icons, drawn from outlines in a 24 × 24 grid: "start", "data", "failures", "rules", "model",
/// "lab", "report", "deploy", "import", "folder", "open", "new", "search", "export", "columns", "copy", "close",
/// "check", "warning", "error", "info", "retry", "stop", "person", "success", "next", "later", "undo", "redo". An
/// unknown name gives an empty icon.
[[nodiscard]] QPixmap iconPixmap(const QString &name, const QColor &colour, int size, qreal devicePixelRatio = 1.0);
/// In the text colour of the theme in force when it is drawn, muted when not selected.
[[nodiscard]] QIcon icon(const QString &name);

} // namespace mulligan::desktop
