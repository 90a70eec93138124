#pragma once

#include "base/result.hpp"
#include "desktop/shell/theme.hpp"

#include <QSize>
#include <QString>
#include <QStringList>

class QSettings;

namespace mulligan::desktop
{

class Session;

/// Opens a workspace and waits, with events running, until its history is loaded and replayed under the saved policy.
/// Errors: what the session reported; InsufficientData for a workspace without classified failures; LimitExceeded when
/// it took longer than `timeoutSeconds`.
[[nodiscard]] base::Result<void> openAndReplay(Session &session, const QString &path, int timeoutSeconds = 600);

struct ScreenshotOptions {
    QString folder;
    ThemeMode theme = ThemeMode::Light;
    QSize size{1280, 820};
    QStringList pages; ///< empty: all; "data:coverage": a part of a page; "mapping=FILE": the dialog that maps a file
};

/// Shows every page in turn and saves what it looks like as <page>-<theme>.png or <page>-<part>-<theme>.png. Works
/// without a screen (offscreen). Gives the window's size, which is larger than the one asked for where the window
/// cannot be made so small. Errors: InvalidArgument for a page or a part of one that there is not, before any is saved;
/// Io.
[[nodiscard]] base::Result<QSize> saveScreenshots(Session &session, QSettings &settings,
                                                  const ScreenshotOptions &options);

} // namespace mulligan::desktop
