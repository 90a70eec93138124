#include "desktop/print/report_pdf.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/main_window.hpp"
#include "desktop/shell/unattended.hpp"
#include "pipeline/replay_request.hpp"
#include "pipeline/resources.hpp"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QLoggingCategory>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <string>
#include <vector>

using namespace mulligan;

namespace
{

// How long the start takes, on request: QT_LOGGING_RULES="mulligan.start.debug=true".
Q_LOGGING_CATEGORY(startLog, "mulligan.start", QtInfoMsg)

/// Says when the window was painted for the first time.
class FirstPaint : public QObject
{
public:
    FirstPaint(const QElapsedTimer &clock, QObject *parent) : QObject(parent), m_clock(clock) {}
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::Paint)
            return false;
        watched->removeEventFilter(this);
        qCDebug(startLog, "window painted after %lld ms", static_cast<long long>(m_clock.elapsed()));
        return false;
    }

private:
    const QElapsedTimer &m_clock;
};

int fail(const base::Error &error)
{
    std::fprintf(stderr, "mulligan-desktop: %s\n", error.text().c_str());
    return 1;
}

/// Reports and pictures are made, and questions answered, on machines without a screen as well; Qt must know before it
/// starts, and ends the process where it finds none. False: a window is asked for, and there is nowhere to show it.
bool chooseScreen(int argc, char **argv)
{
    bool unattended = false;
    bool chosen = qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
    for (int i = 1; i < argc; ++i) {
        const QByteArray argument(argv[i]);
        chosen = chosen || argument == "-platform" || argument == "--platform"; // Qt's own option
        for (const char *needsNone : {"--report", "--screenshot", "--help", "--version"})
            unattended = unattended || argument.startsWith(needsNone);
        unattended = unattended || argument == "-h" || argument == "-?" || argument == "-v";
    }
    const bool screen = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    if (screen || chosen)
        return true;
    if (unattended)
        qputenv("QT_QPA_PLATFORM", "offscreen");
    return unattended;
}

// Options that only a report takes: a window has its own place for each.
constexpr const char *kOfReports[] = {"policy", "economics", "space", "set", "from", "to", "by"};

/// What a report replays, as 'mulligan report' takes it.
void describeReplay(QCommandLineParser &parser)
{
    const auto add = [&](const char *name, const char *what, const char *value) {
        parser.addOption(
            {QString::fromLatin1(name), QCoreApplication::translate("main", what), QString::fromLatin1(value)});
    };
    add("policy", "With --report: policy.yaml; the workspace's own, else the shipped one.", "FILE");
    add("economics", "With --report: economics.yaml; the workspace's own, else the shipped one.", "FILE");
    add("space", "With --report: space.yaml; the shipped one by default.", "FILE");
    add("rules",
        "Rule files or folders for this time, in the window too; those of the workspace, or with --report the shipped "
        "pack, by default. May be repeated.",
        "PATH");
    add("set", "With --report: changes one setting of the policy or economics. May be repeated.", "key=value");
    add("from", "With --report: only episodes that start at or after this time.", "TIME");
    add("to", "With --report: only episodes that start before this time.", "TIME");
    add("by", "With --report: break down by class, team, owner, job or week.", "WHAT");
}

pipeline::ReplayRequest replayRequest(const QCommandLineParser &parser)
{
    const auto value = [&](const char *name) { return parser.value(QString::fromLatin1(name)).toStdString(); };
    const auto values = [&](const char *name) {
        std::vector<std::string> all;
        for (const QString &each : parser.values(QString::fromLatin1(name)))
            all.push_back(each.toStdString());
        return all;
    };
    pipeline::ReplayRequest request;
    request.workspace = parser.positionalArguments().value(0).toStdString();
    request.policy = value("policy");
    request.economics = value("economics");
    request.space = value("space");
    request.rules = values("rules");
    request.settings = values("set");
    request.from = value("from");
    request.to = value("to");
    if (parser.isSet(QStringLiteral("by")))
        request.by = value("by");
    return request;
}

void describe(QCommandLineParser &parser)
{
    parser.setApplicationDescription(QCoreApplication::translate(
        "main", "Rehearses automatic job remediation on history, before anyone deploys it."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("workspace"),
                                 QCoreApplication::translate("main", "The workspace to open."),
                                 QStringLiteral("[WORKSPACE]"));
    parser.addOption({QStringLiteral("report"),
                      QCoreApplication::translate("main", "Write the savings report as PDF and end."),
                      QStringLiteral("OUT.pdf")});
    describeReplay(parser);
    parser.addOption({QStringLiteral("screenshot"),
                      QCoreApplication::translate("main", "Save a picture of every page in a folder and end."),
                      QStringLiteral("DIR")});
    parser.addOption({QStringLiteral("theme"), QCoreApplication::translate("main", "Colours: light or dark."),
                      QStringLiteral("light|dark")});
    parser.addOption({QStringLiteral("size"),
                      QCoreApplication::translate("main", "Size of the pictures, e.g. 1280x820."),
                      QStringLiteral("WxH")});
    parser.addOption(
        {QStringLiteral("pages"),
         QCoreApplication::translate("main", "Only these pages, separated by commas; data:coverage shows a tab, "
                                             "mapping=FILE how a file is mapped."),
         QStringLiteral("NAMES")});
}

base::Result<desktop::ScreenshotOptions> screenshotOptions(const QCommandLineParser &parser)
{
    desktop::ScreenshotOptions options;
    options.folder = parser.value(QStringLiteral("screenshot"));
    const QString theme = parser.value(QStringLiteral("theme"));
    if (!theme.isEmpty() && theme != QLatin1String("light") && theme != QLatin1String("dark"))
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "--theme is neither light nor dark: " + theme.toStdString());
    if (theme == QLatin1String("dark"))
        options.theme = desktop::ThemeMode::Dark;
    if (parser.isSet(QStringLiteral("size"))) {
        const QStringList parts = parser.value(QStringLiteral("size")).split(QLatin1Char('x'));
        options.size = parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
        if (options.size.width() < 320 || options.size.height() < 240)
            return base::makeError(base::ErrorCode::InvalidArgument,
                                   "--size is not a width and height of at least 320x240", "Write it as 1280x820.");
    }
    if (parser.isSet(QStringLiteral("pages")))
        options.pages = parser.value(QStringLiteral("pages")).split(QLatin1Char(','), Qt::SkipEmptyParts);
    return options;
}

int writeReport(const QCommandLineParser &parser, const pipeline::Resources &resources)
{
    const auto request = replayRequest(parser);
    if (request.workspace.empty())
        return fail(base::makeError(base::ErrorCode::InvalidArgument, "--report needs a workspace",
                                    "Name the .mulligan file as well."));
    const auto written = desktop::renderReportPdf(resources, request, parser.value(QStringLiteral("report")));
    return written ? 0 : fail(written.error());
}

/// Takes over what the window is asked to begin with. Errors: options it would do nothing with; rules that are not
/// there.
base::Result<void> applyToWindow(const QCommandLineParser &parser, desktop::Session &session)
{
    for (const char *option : kOfReports) {
        if (parser.isSet(QString::fromLatin1(option)))
            return base::makeError(base::ErrorCode::InvalidArgument,
                                   std::string("--") + option + " does nothing without --report",
                                   "Give --report OUT.pdf as well, or leave it out and change it in the window.");
    }
    QStringList rules;
    for (const QString &path : parser.values(QStringLiteral("rules"))) {
        const QFileInfo file(path);
        if (!file.exists())
            return base::makeError(base::ErrorCode::NotFound, "There are no rules at '" + path.toStdString() + "'",
                                   "Name a rule file or a folder of them after --rules.");
        rules << file.absoluteFilePath();
    }
    if (!rules.isEmpty())
        session.setStartRules(rules);
    return {};
}

int takeScreenshots(const QCommandLineParser &parser, desktop::Session &session)
{
    const QString workspace = parser.positionalArguments().value(0);
    if (!workspace.isEmpty()) {
        const auto replayed = desktop::openAndReplay(session, workspace);
        // An empty workspace has pages too.
        if (!replayed && replayed.error().code != base::ErrorCode::InsufficientData)
            return fail(replayed.error());
    }
    const auto options = screenshotOptions(parser);
    if (!options)
        return fail(options.error());
    // Settings of their own, so that pictures neither depend on nor change those of the person at this machine.
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    const auto saved = desktop::saveScreenshots(session, settings, options.value());
    if (!saved)
        return fail(saved.error());
    if (*saved != options->size)
        std::fprintf(stderr,
                     "mulligan-desktop: the window cannot be made as small as %dx%d; its pictures are %dx%d large\n",
                     options->size.width(), options->size.height(), saved->width(), saved->height());
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    QElapsedTimer clock;
    clock.start();
    if (!chooseScreen(argc, argv))
        return fail(base::makeError(base::ErrorCode::Unsupported, "There is no screen to open a window on",
                                    "Start it in a desktop session or over 'ssh -X', write a report with --report, or "
                                    "use the command line 'mulligan', which needs none."));
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("mulligan"));
    QApplication::setApplicationDisplayName(QStringLiteral("Mulligan"));
    QApplication::setOrganizationName(QStringLiteral("mulligan"));
    QApplication::setApplicationVersion(QStringLiteral(MULLIGAN_VERSION));
    QCommandLineParser parser;
    describe(parser);
    parser.process(application);

    auto resources =
        pipeline::findResources(QCoreApplication::applicationFilePath().toStdString(), MULLIGAN_RESOURCE_DIR);
    if (!resources)
        return fail(resources.error());
    if (parser.isSet(QStringLiteral("report")))
        return writeReport(parser, resources.value());
    desktop::Session session(resources.value());
    if (const auto applied = applyToWindow(parser, session); !applied)
        return fail(applied.error());
    if (parser.isSet(QStringLiteral("screenshot")))
        return takeScreenshots(parser, session);

    QSettings settings;
    desktop::MainWindow window(session, settings);
    const QString theme = parser.value(QStringLiteral("theme"));
    if (!theme.isEmpty())
        window.setThemeMode(theme == QLatin1String("dark") ? desktop::ThemeMode::Dark : desktop::ThemeMode::Light);
    window.installEventFilter(new FirstPaint(clock, &window));
    window.show();
    const QString workspace = parser.positionalArguments().value(0, window.recentFiles().value(0));
    // After the first paint, so that the window is there before anything is read.
    if (!workspace.isEmpty() && (!parser.positionalArguments().isEmpty() || QFileInfo::exists(workspace)))
        QTimer::singleShot(0, &session, [&session, &clock, workspace] {
            session.openWorkspace(workspace);
            qCDebug(startLog, "workspace shown after %lld ms", static_cast<long long>(clock.elapsed()));
        });
    QObject::connect(&session, &desktop::Session::dataChanged, &window, [&clock] {
        qCDebug(startLog, "workspace counted after %lld ms", static_cast<long long>(clock.elapsed()));
    });
    QObject::connect(&session, &desktop::Session::sessionLoaded, &window, [&clock] {
        qCDebug(startLog, "history loaded after %lld ms", static_cast<long long>(clock.elapsed()));
    });
    return QApplication::exec();
}
