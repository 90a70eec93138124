#include "desktop/jobs/job.hpp"
#include "desktop/mapping/mapping_dialog.hpp"
#include "desktop/pages/data_page.hpp"
#include "desktop/pages/rules_editor_notice.hpp"
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what it brings from the standard library
#include "desktop/pages/rules_editor_view.hpp"
#endif
#include "desktop/pages/start_page.hpp"
#include "desktop/session/workspace_summary.hpp"
#include "desktop/shell/main_window.hpp"
#include "desktop/shell/unattended.hpp"
#include "desktop/widgets/bounded_words.hpp"
#include "desktop/widgets/message_bar.hpp"
#include "desktop/widgets/table_view.hpp"
#include "small_history.hpp"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

namespace
{

std::string manyTimes(const char *words)
{
    return QString::fromLatin1(words).repeated(60).toStdString();
}

} // namespace

class MainWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void window_anyPage_canBeShownAndHasAName();
    void window_closed_restoresPageAndTheme();
    void window_openedWorkspace_isRememberedAsRecent();
    void window_error_isShownWithPlaceAndRemedy();
    void window_droppedWorkspace_isOpened();
    void window_everyButton_canBeReachedByKeyboardAndIsNamed();
    void window_everyPage_fitsASmallScreen();
    void window_longMessages_keepItsSize();
    void window_noticeOfTwoMessages_isReadableInASmallWindow();
    void window_rulesMended_dropsTheErrorBeforeTheyAreCompiled();
    void window_switchedTheme_repaintsEveryPage();
    void startPage_workspaceStates_followTheChecklist();
    void dataPage_history_listsFilesAndRejects();
    void dataPage_mapAndImportAgain_readsTheTableAnewByTheChangedProfile();
    void screenshots_everyPage_areSaved();
    void screenshots_pageAfterAPartOfIt_isShownFromItsBeginning();
    void screenshots_sizeBelowTheWindowsLeast_isTold();
    void screenshots_pageThatThereIsNot_isAnErrorThatNamesTheKnown();
    void screenshots_folderThatCannotBeMade_saysSo();
    void openAndReplay_emptyWorkspace_saysWhatIsMissing();

private:
    [[nodiscard]] std::unique_ptr<QSettings> settings() const;
    std::unique_ptr<SmallSession> m_small;
};

void MainWindowTest::initTestCase()
{
    m_small = std::make_unique<SmallSession>();
    QVERIFY(m_small->fill());
}

std::unique_ptr<QSettings> MainWindowTest::settings() const
{
    return std::make_unique<QSettings>(m_small->folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
}

void MainWindowTest::window_anyPage_canBeShownAndHasAName()
{
    const auto kept = settings();
    MainWindow window(m_small->session, *kept);
    window.show();
    const QStringList expected{QStringLiteral("start"),  QStringLiteral("data"),  QStringLiteral("failures"),
                               QStringLiteral("rules"),  QStringLiteral("model"), QStringLiteral("lab"),
                               QStringLiteral("report"), QStringLiteral("deploy")};
    QCOMPARE(window.pageNames(), expected);
    for (const QString &name : expected) {
        window.showPage(name);
        QCOMPARE(window.currentPage(), name);
        QTest::qWait(1);
    }
    window.showPage(QStringLiteral("no such page"));
    QCOMPARE(window.currentPage(), QStringLiteral("deploy"));
}

void MainWindowTest::window_closed_restoresPageAndTheme()
{
    const auto kept = settings();
    {
        MainWindow window(m_small->session, *kept);
        window.show();
        window.showPage(QStringLiteral("rules"));
        window.setThemeMode(ThemeMode::Dark);
        window.close();
    }
    MainWindow window(m_small->session, *kept);
    QCOMPARE(window.currentPage(), QStringLiteral("rules"));
    QCOMPARE(window.themeMode(), ThemeMode::Dark);
    QCOMPARE(Theme::current().mode, ThemeMode::Dark);
    window.setThemeMode(ThemeMode::Light);
    QCOMPARE(Theme::current().mode, ThemeMode::Light);
}

void MainWindowTest::window_openedWorkspace_isRememberedAsRecent()
{
    SmallSession other;
    QSettings kept(other.folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    MainWindow window(other.session, kept);
    for (int i = 0; i < 10; ++i) {
        other.session.createWorkspace(other.folder.filePath(QStringLiteral("w%1.mulligan").arg(i)));
        QVERIFY(other.session.isOpen());
    }
    const QStringList recent = window.recentFiles();
    QCOMPARE(recent.size(), 8);
    QVERIFY(recent.first().endsWith(QLatin1String("w9.mulligan")));
    QVERIFY(window.windowTitle().contains(QLatin1String("w9.mulligan")));
}

void MainWindowTest::window_error_isShownWithPlaceAndRemedy()
{
    SmallSession other;
    QSettings kept(other.folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    MainWindow window(other.session, kept);
    window.show();
    auto *bar = window.findChild<MessageBar *>();
    QVERIFY(!bar->isVisible());
    Q_EMIT other.session.errorOccurred(
        base::makeError(base::ErrorCode::Parse, "It is broken", "Mend it.").in("file x.jsonl, line 3"));
    QVERIFY(bar->isVisible());
    QString said;
    for (const auto *label : bar->findChildren<QLabel *>())
        said += label->text() + QLatin1Char('\n');
    for (const char *part : {"It is broken", "file x.jsonl, line 3", "Mend it."})
        QVERIFY2(said.contains(QLatin1String(part)), part);
    bar->dismiss();
    QVERIFY(!bar->isVisible());
}

void MainWindowTest::window_droppedWorkspace_isOpened()
{
    SmallSession other;
    QSettings kept(other.folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    MainWindow window(other.session, kept);
    window.accept({m_small->path()});
    QCOMPARE(other.session.path(), m_small->session.path());
}

void MainWindowTest::window_everyButton_canBeReachedByKeyboardAndIsNamed()
{
    const auto kept = settings();
    MainWindow window(m_small->session, *kept);
    window.show();
    for (const QString &name : window.pageNames()) {
        window.showPage(name);
        for (const auto *button : window.findChildren<QAbstractButton *>()) {
            // Buttons inside Qt's own controls (scroll bars, line edits) are theirs.
            if (!button->isVisible() || qobject_cast<QLineEdit *>(button->parentWidget()) != nullptr)
                continue;
            const bool named =
                !button->text().isEmpty() || !button->accessibleName().isEmpty() || !button->toolTip().isEmpty();
            QVERIFY2(named, qPrintable(name + QLatin1Char(' ') + QLatin1String(button->metaObject()->className())));
        }
    }
}

void MainWindowTest::window_everyPage_fitsASmallScreen()
{
    const auto kept = settings();
    MainWindow window(m_small->session, *kept);
    window.show();
    QStringList pages = window.pageNames();
    for (const char *part :
         {"data:files", "data:rejects", "data:conflicts", "data:coverage", "rules:health", "rules:audit:draw",
          "rules:mining", "rules:compare:shipped|in-force", "rules:problems", "rules:samples:test.heap"})
        pages << QString::fromLatin1(part);
    for (const QString &page : std::as_const(pages)) {
        window.showPage(page.section(QLatin1Char(':'), 0, 0), page.section(QLatin1Char(':'), 1));
        QTest::qWait(1);
        QVERIFY(SmallSession::waitFor([&] { return window.findChildren<Job *>().isEmpty(); }));
        QTest::qWait(1);
        window.resize(1024, 700);
        QVERIFY2(window.minimumSizeHint().width() <= 1024 && window.width() == 1024,
                 qPrintable(QStringLiteral("%1: %2").arg(page).arg(window.minimumSizeHint().width())));
    }
}

void MainWindowTest::window_longMessages_keepItsSize()
{
    const auto kept = settings();
    MainWindow window(m_small->session, *kept);
    window.resize(1024, 700);
    window.show();
    window.showPage(QStringLiteral("rules"), QStringLiteral("edit:test.heap"));
    auto *notice = window.findChild<RulesNotice *>();
    auto *view = window.findChild<RulesEditorView *>();
    QTest::qWait(1);
    QCOMPARE(window.height(), 700);
    const int before = view->height();
    const base::Error error =
        base::makeError(base::ErrorCode::Parse, manyTimes("what went wrong "), manyTimes("what to do "));
    Q_EMIT m_small->session.errorOccurred(error);
    notice->setInForce(QStringLiteral("The rules of before stay in force. ").repeated(60));
    QTRY_VERIFY(notice->isVisible());
    const auto words = window.findChildren<BoundedWords *>();
    QTRY_VERIFY(std::ranges::all_of(words, [](const BoundedWords *shown) { // the rest of them can be scrolled to
        return !shown->isVisible() || shown->verticalScrollBar()->maximum() > 0;
    }));
    QVERIFY2(window.size() == QSize(1024, 700) && window.minimumSizeHint().height() <= 700,
             qPrintable(QStringLiteral("%1 %2").arg(window.height()).arg(window.minimumSizeHint().height())));
    QVERIFY2(view->height() > before / 2, qPrintable(QStringLiteral("%1 of %2").arg(view->height()).arg(before)));
    m_small->errors.clear();
}

void MainWindowTest::window_noticeOfTwoMessages_isReadableInASmallWindow()
{
    const auto kept = settings();
    MainWindow window(m_small->session, *kept);
    window.resize(1024, 700);
    window.show();
    window.showPage(QStringLiteral("rules"), QStringLiteral("edit:test.heap"));
    Q_EMIT m_small->session.errorOccurred(base::makeError(base::ErrorCode::Parse, "Not valid YAML: illegal block entry",
                                                          "Check indentation, quotes and colons at this place."));
    auto *notice = window.findChild<RulesNotice *>();
    const QString sentence = QStringLiteral("The newest files do not compile, so the rules of before stay in force "
                                            "for the figures of this page and everything else that is counted. ");
    notice->setInForce(sentence + QLatin1Char('\n') + sentence);
    QTRY_VERIFY(notice->isVisible());
    auto *words = notice->findChild<BoundedWords *>();
    QTRY_COMPARE(words->verticalScrollBar()->maximum(), 0);
    QVERIFY(words->height() >= 4 * words->fontMetrics().lineSpacing());
    QCOMPARE(window.size(), QSize(1024, 700));
    // What is longer scrolls by whole lines, and shows no part of one.
    notice->setInForce(sentence.repeated(8));
    QTRY_VERIFY(words->verticalScrollBar()->maximum() > 0);
    const double line = QFontMetricsF(words->font()).lineSpacing();
    const double lines = words->viewport()->height() / line;
    QVERIFY2(std::abs(lines - std::round(lines)) < 0.1 && std::round(lines) >= 2, qPrintable(QString::number(lines)));
    m_small->errors.clear();
}

void MainWindowTest::window_rulesMended_dropsTheErrorBeforeTheyAreCompiled()
{
    const auto kept = settings();
    auto &session = m_small->session;
    MessageBar *bar = nullptr;
    bool shownWhenCompiled = false;
    // Connected before the window is: hears of the new pack before it.
    const auto listening = connect(&session, &Session::rulesChanged, this,
                                   [&] { shownWhenCompiled = bar != nullptr && bar->isVisible(); });
    MainWindow window(session, *kept);
    window.show();
    bar = window.findChild<MessageBar *>();
    const QString rules = m_small->folder.filePath(QStringLiteral("rules.yaml"));
    tests::writeFile(rules, "schema: 1\nrules: [\n");
    QVERIFY(SmallSession::waitFor([&] { return bar->isVisible(); }));
    QSignalSpy compiled(&session, &Session::rulesChanged);
    tests::writeFile(rules, tests::smallPack());
    QVERIFY(compiled.wait(60'000));
    QVERIFY(!session.rulesError() && !shownWhenCompiled && !bar->isVisible());
    // What stays wrong is told again.
    tests::writeFile(rules, "schema: 1\nrules: [\n");
    QVERIFY(SmallSession::waitFor([&] { return bar->isVisible(); }));
    tests::writeFile(rules, "schema: 1\nrules: [ \n");
    QVERIFY(compiled.wait(60'000) && (compiled.count() > 2 || compiled.wait(60'000)));
    QVERIFY(!shownWhenCompiled && bar->isVisible());
    tests::writeFile(rules, tests::smallPack());
    QVERIFY(SmallSession::waitFor([&] { return !session.rulesError() && !bar->isVisible(); }));
    disconnect(listening);
}

void MainWindowTest::window_switchedTheme_repaintsEveryPage()
{
    const auto kept = settings();
    MainWindow window(m_small->session, *kept);
    window.resize(1200, 800);
    window.show();
    for (const QString &name : window.pageNames()) {
        window.showPage(name);
        window.setThemeMode(ThemeMode::Light);
        QTest::qWait(20);
        const QColor light = window.grab().toImage().pixelColor(1190, 400);
        window.setThemeMode(ThemeMode::Dark);
        QTest::qWait(20);
        const QColor dark = window.grab().toImage().pixelColor(1190, 400);
        QVERIFY2(light.lightness() > 150 && dark.lightness() < 100, qPrintable(name));
    }
    window.setThemeMode(ThemeMode::Light);
}

void MainWindowTest::startPage_workspaceStates_followTheChecklist()
{
    SmallSession other;
    StartPage page(other.session);
    QCOMPARE(page.stateOf(StartPage::Step::Import), StartPage::StepState::Next);
    QCOMPARE(page.stateOf(StartPage::Step::Train), StartPage::StepState::Later);
    StartPage filled(m_small->session);
    QCOMPARE(filled.stateOf(StartPage::Step::Import), StartPage::StepState::Done);
    QCOMPARE(filled.stateOf(StartPage::Step::Classify), StartPage::StepState::Done);
    QCOMPARE(filled.stateOf(StartPage::Step::Train), StartPage::StepState::Next);
    QCOMPARE(filled.stateOf(StartPage::Step::Replay), StartPage::StepState::Done);
    QSignalSpy asked(&page, &Page::navigationRequested);
    page.setRecentFiles({m_small->path(), QStringLiteral("/nowhere/gone.mulligan")});
    for (auto *button : page.findChildren<QPushButton *>()) {
        if (button->text() == QLatin1String("small.mulligan"))
            button->click();
        if (button->text() == QLatin1String("gone.mulligan"))
            QVERIFY(!button->isEnabled());
    }
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][1].toString(), m_small->path());
}

void MainWindowTest::dataPage_history_listsFilesAndRejects()
{
    DataPage page(m_small->session);
    page.resize(1000, 700);
    page.show();
    page.activate();
    const auto tables = page.findChildren<TableView *>();
    const auto named = [&](QLatin1String name) {
        const auto found =
            std::find_if(tables.begin(), tables.end(), [&](auto *table) { return table->accessibleName() == name; });
        return found == tables.end() ? nullptr : *found;
    };
    const auto *sources = named(QLatin1String("Files"));
    const auto *rejects = named(QLatin1String("Rejected rows"));
    QVERIFY(sources != nullptr && rejects != nullptr);
    for (auto *table : tables)
        new QAbstractItemModelTester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, table);
    QVERIFY(SmallSession::waitFor([&] { return sources->model()->rowCount() == 1; }));
    QCOMPARE(sources->model()->index(0, 0).data().toString(), QStringLiteral("history.jsonl"));
    page.reveal(QStringLiteral("rejects"));
    QVERIFY(SmallSession::waitFor([&] { return rejects->model()->rowCount() == 1; }));
    QVERIFY(rejects->model()->index(0, 4).data().toString().contains(QLatin1String("broken")));
    QVERIFY(!rejects->model()->index(0, 3).data().toString().isEmpty());
}

void MainWindowTest::dataPage_mapAndImportAgain_readsTheTableAnewByTheChangedProfile()
{
    SmallSession small;
    const QString table = small.folder.filePath(QStringLiteral("runs.csv"));
    tests::writeFile(table, "Name,Run,State,Begin,End\n"
                            "a,1,OK,2026-01-02T03:04:05Z,2026-01-02T04:04:05Z\n"
                            "b,1,Odd,2026-01-02T03:04:05Z,2026-01-02T04:04:05Z\n");
    auto profile =
        ingest::parseMapping("version: 1\nformat: csv\nfields:\n  job: {template: 'etl.{Name}'}\n  run: Run\n"
                             "  outcome: {column: State, values: {OK: succeeded}}\n"
                             "  started_at: {column: Begin, time: rfc3339}\n"
                             "  ended_at: {column: End, time: rfc3339}\n",
                             "profile.yaml");
    QVERIFY(profile.has_value());
    small.session.createWorkspace(small.path());
    small.session.importPaths({table}, std::make_shared<const ingest::Mapping>(std::move(*profile)));
    QVERIFY(SmallSession::waitFor([&] { return small.session.lastImport().has_value(); }));
    QCOMPARE(small.session.lastImport()->rejectedRows, std::uint64_t(1));
    QVERIFY(SmallSession::waitFor([&] { return small.session.currentJob() == nullptr; }));

    QSettings kept(small.folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    MainWindow window(small.session, kept);
    window.show();
    window.showPage(QStringLiteral("data"), QStringLiteral("rejects"));
    TableView *rejects = nullptr;
    for (auto *view : window.findChildren<TableView *>())
        rejects = view->accessibleName() == QLatin1String("Rejected rows") ? view : rejects;
    QVERIFY(rejects != nullptr);
    QVERIFY(SmallSession::waitFor([&] { return rejects->model()->rowCount() == 1; }));
    rejects->selectRow(0);
    for (auto *button : window.findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("Map and import again…"))
            button->click();
    }
    auto *dialog = window.findChild<MappingDialog *>();
    QVERIFY(dialog != nullptr && dialog->isVisible());
    // It begins as the profile that the file was read with, not as a proposal.
    MappingController &controller = dialog->controller();
    QVERIFY(SmallSession::waitFor([&] { return controller.preview().rejected == 1 && !controller.isBusy(); }));
    QVERIFY(controller.isOfEarlierImport());
    QCOMPARE(controller.sourceText(QStringLiteral("job")), QStringLiteral("etl.{Name}"));
    controller.setValues(
        QStringLiteral("outcome"),
        {{QStringLiteral("OK"), QStringLiteral("succeeded")}, {QStringLiteral("Odd"), QStringLiteral("failed")}}, {});
    QVERIFY(SmallSession::waitFor([&] { return controller.preview().attempts == 2 && !controller.isBusy(); }));
    for (auto *button : dialog->findChildren<QPushButton *>()) {
        if (button->text() == QLatin1String("&Import"))
            button->click();
    }
    QVERIFY(SmallSession::waitFor([&] { return small.session.lastImport()->rejectedRows == 0; }));
    QVERIFY(SmallSession::waitFor([&] { return small.session.currentJob() == nullptr; }));
    QVERIFY(SmallSession::waitFor([&] { return rejects->model()->rowCount() == 0; }));
    // The counts follow in a job of their own, which may end after the list of rejects is empty.
    QVERIFY(SmallSession::waitFor([&] { return small.session.info().attempts == 2; }));
    QCOMPARE(small.session.info().failures, std::uint64_t(1));
}

void MainWindowTest::screenshots_everyPage_areSaved()
{
    const auto kept = settings();
    ScreenshotOptions options;
    options.folder = m_small->folder.filePath(QStringLiteral("shots"));
    options.size = {1280, 720};
    options.pages = {QStringLiteral("start"), QStringLiteral("failures")};
    const auto saved = saveScreenshots(m_small->session, *kept, options);
    QVERIFY2(saved.has_value(), saved ? "" : saved.error().text().c_str());
    for (const QString &name : options.pages) {
        const QImage image(QDir(options.folder).filePath(name + QStringLiteral("-light.png")));
        QCOMPARE(image.size(), options.size);
    }
    QCOMPARE(*saved, options.size);
}

void MainWindowTest::screenshots_pageAfterAPartOfIt_isShownFromItsBeginning()
{
    const auto kept = settings();
    ScreenshotOptions options;
    options.folder = m_small->folder.filePath(QStringLiteral("parts"));
    options.size = {1280, 720};
    options.pages = {QStringLiteral("rules:compare"), QStringLiteral("rules"), QStringLiteral("data:rejects"),
                     QStringLiteral("data")};
    const auto saved = saveScreenshots(m_small->session, *kept, options);
    QVERIFY2(saved.has_value(), saved ? "" : saved.error().text().c_str());
    const auto picture = [&](const char *name) {
        return QImage(QDir(options.folder).filePath(QString::fromLatin1(name) + QStringLiteral("-light.png")));
    };
    QVERIFY(!picture("rules").isNull() && !picture("data").isNull());
    QVERIFY(picture("rules") != picture("rules-compare"));
    QVERIFY(picture("data") != picture("data-rejects"));
}

void MainWindowTest::screenshots_sizeBelowTheWindowsLeast_isTold()
{
    const auto kept = settings();
    ScreenshotOptions options;
    options.folder = m_small->folder.filePath(QStringLiteral("small"));
    options.size = {640, 480};
    options.pages = {QStringLiteral("start")};
    const auto saved = saveScreenshots(m_small->session, *kept, options);
    QVERIFY2(saved.has_value(), saved ? "" : saved.error().text().c_str());
    QVERIFY(*saved != options.size);
    QCOMPARE(QImage(QDir(options.folder).filePath(QStringLiteral("start-light.png"))).size(), *saved);
}

void MainWindowTest::screenshots_pageThatThereIsNot_isAnErrorThatNamesTheKnown()
{
    const auto kept = settings();
    ScreenshotOptions options;
    options.folder = m_small->folder.filePath(QStringLiteral("none"));
    for (const auto &[page, says] : {std::pair{"nonsense", "There are start, data"},
                                     {"rules:nonsense", "health, audit"},
                                     {"start:nonsense", "leave out what follows"}}) {
        options.pages = {QStringLiteral("start"), QString::fromLatin1(page)};
        const auto saved = saveScreenshots(m_small->session, *kept, options);
        QVERIFY2(!saved.has_value(), page);
        QCOMPARE(saved.error().code, base::ErrorCode::InvalidArgument);
        QVERIFY2(saved.error().hint.find(says) != std::string::npos, saved.error().hint.c_str());
        QVERIFY(QDir(options.folder).isEmpty());
    }
}

void MainWindowTest::screenshots_folderThatCannotBeMade_saysSo()
{
    const auto kept = settings();
    ScreenshotOptions options;
    tests::writeFile(m_small->folder.filePath(QStringLiteral("file")), "x");
    options.folder = m_small->folder.filePath(QStringLiteral("file/shots"));
    const auto saved = saveScreenshots(m_small->session, *kept, options);
    QVERIFY(!saved.has_value());
    QVERIFY(!saved.error().hint.empty());
}

void MainWindowTest::openAndReplay_emptyWorkspace_saysWhatIsMissing()
{
    SmallSession other;
    other.session.createWorkspace(other.path());
    other.session.closeWorkspace();
    const auto replayed = openAndReplay(other.session, other.path(), 20);
    QVERIFY(!replayed.has_value());
    QCOMPARE(replayed.error().code, base::ErrorCode::InsufficientData);
    const auto missing = openAndReplay(other.session, other.path() + QStringLiteral("x"), 20);
    QVERIFY(!missing.has_value());
    QCOMPARE(missing.error().code, base::ErrorCode::NotFound);
}

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
