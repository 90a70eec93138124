#include "desktop/shell/unattended.hpp"

#include "desktop/jobs/job.hpp"
#include "desktop/mapping/mapping_dialog.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/main_window.hpp"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QPixmap>
#include <QSettings>
#include <QTimer>

#include <functional>
#include <map>

namespace mulligan::desktop
{

namespace
{

/// Lets events run until `done` or the time is up; whether it was done.
bool runUntil(const std::function<bool()> &done, int timeoutMs)
{
    QElapsedTimer clock;
    clock.start();
    while (!done()) {
        if (clock.elapsed() > timeoutMs)
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 50);
        QEventLoop pause;
        QTimer::singleShot(10, &pause, &QEventLoop::quit);
        pause.exec();
    }
    return true;
}

// Charts animate and pages ask the workspace in the background; there is no one signal for "all has settled".
constexpr int kSettleMs = 900;
constexpr int kBackgroundMs = 120'000;

/// What may stand behind a page's name and a colon; reveal() of each page says what it shows.
const std::map<QString, QStringList> &partsOfPages()
{
    static const std::map<QString, QStringList> kParts{
        {QStringLiteral("data"), QStringLiteral("files rejects conflicts coverage").split(QLatin1Char(' '))},
        {QStringLiteral("failures"), QStringLiteral("class rule text job team attempt").split(QLatin1Char(' '))},
        {QStringLiteral("rules"),
         QStringLiteral("editor health audit mining compare problems rule edit verdict samples "
                        "about overview text failure new new-from sample")
             .split(QLatin1Char(' '))},
        {QStringLiteral("lab"), {QStringLiteral("threshold")}}};
    return kParts;
}

/// What a page shows unless a part of it is asked for: not the part that the picture before was of.
QString firstPart(const QString &page)
{
    if (page == QLatin1String("rules"))
        return QStringLiteral("editor");
    return page == QLatin1String("data") ? QStringLiteral("files") : QString();
}

/// A page that is not known would be a picture of whatever was shown before it.
base::Result<void> checkPage(const QString &asked, const QStringList &pages)
{
    if (asked.startsWith(QLatin1String("mapping=")))
        return {};
    const QString page = asked.section(QLatin1Char(':'), 0, 0);
    if (!pages.contains(page))
        return base::makeError(base::ErrorCode::InvalidArgument, "There is no page '" + page.toStdString() + "'",
                               "There are " + pages.join(QStringLiteral(", ")).toStdString() + " and mapping=FILE.");
    const QString part = asked.section(QLatin1Char(':'), 1, 1);
    const auto known = partsOfPages().find(page);
    const QStringList parts = known == partsOfPages().end() ? QStringList() : known->second;
    if (!asked.contains(QLatin1Char(':')) || parts.contains(part))
        return {};
    return base::makeError(base::ErrorCode::InvalidArgument,
                           "The page '" + page.toStdString() + "' has no part '" + part.toStdString() + "'",
                           parts.isEmpty() ? "It is shown whole: leave out what follows the name."
                                           : "There are " + parts.join(QStringLiteral(", ")).toStdString() + ".");
}

} // namespace

base::Result<void> openAndReplay(Session &session, const QString &path, int timeoutSeconds)
{
    std::optional<base::Error> error;
    bool counted = false;
    QObject context;
    QObject::connect(&session, &Session::errorOccurred, &context,
                     [&](const base::Error &occurred) { error = occurred; });
    QObject::connect(&session, &Session::dataChanged, &context, [&] { counted = true; });
    session.watch().setHeld(true); // nobody is there to see a refresh
    session.openWorkspace(path);
    const bool inTime = runUntil(
        [&] {
            const bool nothingToReplay = counted && session.info().classes.empty();
            return error.has_value() || nothingToReplay || (counted && session.lacking())
                   || (counted && session.replay() && !session.stale());
        },
        timeoutSeconds * 1000);
    if (error.has_value())
        return *error;
    if (session.lacking())
        return *session.lacking();
    if (!inTime)
        return base::makeError(base::ErrorCode::LimitExceeded,
                               "Replaying the history took longer than " + std::to_string(timeoutSeconds) + " s",
                               "Try again when the machine is less busy, or use 'mulligan simulate'.");
    if (!session.replay())
        return base::makeError(base::ErrorCode::InsufficientData,
                               "There is nothing to replay: '" + path.toStdString() + "' holds no classified failures",
                               "Import a history and classify it first.");
    return {};
}

base::Result<QSize> saveScreenshots(Session &session, QSettings &settings, const ScreenshotOptions &options)
{
    if (!QDir().mkpath(options.folder))
        return base::makeError(base::ErrorCode::Io, "Cannot make the folder '" + options.folder.toStdString() + "'",
                               "Check that the folder above it exists and may be written.");
    MainWindow window(session, settings);
    window.setThemeMode(options.theme);
    window.resize(options.size);
    window.show();
    const QString suffix = options.theme == ThemeMode::Dark ? QStringLiteral("dark") : QStringLiteral("light");
    const QStringList pages = options.pages.isEmpty() ? window.pageNames() : options.pages;
    for (const QString &asked : pages)
        MULLIGAN_CHECK(checkPage(asked, window.pageNames()));
    for (const QString &asked : pages) {
        // "mapping=FILE" is no page but the dialog that maps this file; "data:coverage" is a part of a page.
        const bool mapping = asked.startsWith(QLatin1String("mapping="));
        const QString page = asked.section(QLatin1Char(mapping ? '=' : ':'), 0, 0);
        const QString part = mapping ? QString() : asked.section(QLatin1Char(':'), 1);
        QWidget *shown = &window;
        if (mapping)
            shown = window.showMapping(asked.section(QLatin1Char('='), 1));
        else
            window.showPage(page, part.isEmpty() ? firstPart(page) : part);
        runUntil([] { return false; }, kSettleMs);
        // What a page reads in the background is part of its picture; what comes of it is laid out a moment later.
        if (!window.findChildren<Job *>().isEmpty()) {
            runUntil([&window] { return window.findChildren<Job *>().isEmpty(); }, kBackgroundMs);
            runUntil([] { return false; }, kSettleMs);
        }
        QString name = part.isEmpty() ? page : page + QLatin1Char('-') + part;
        // A part may name files.
        for (const char sign : {'/', '\\', ':', '|'})
            name.replace(QLatin1Char(sign), QLatin1Char('-'));
        const QString file = QDir(options.folder).filePath(QStringLiteral("%1-%2.png").arg(name, suffix));
        const bool saved = shown->grab().save(file);
        if (mapping)
            shown->close();
        if (!saved)
            return base::makeError(base::ErrorCode::Io, "Cannot write '" + file.toStdString() + "'",
                                   "Check that there is space and that the folder may be written.");
    }
    return window.size();
}

} // namespace mulligan::desktop
