#include "desktop/session/folder_watch.hpp"
#include "desktop/shell/freshness_line.hpp"
#include "desktop/shell/main_window.hpp"
#include "desktop/shell/watch_dialog.hpp"
#include "desktop/widgets/message_bar.hpp"
#include "small_history.hpp"

#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

namespace
{

QByteArray failure(int run, int day)
{
    const auto at = [&](int minute) {
        return QByteArray::fromStdString(
            base::formatInstant({1'767'225'600'000 + day * base::kMsPerDay + minute * 60'000LL}));
    };
    return "{\"job\":\"orders\",\"run\":\"" + QByteArray::number(run)
           + "\",\"attempt\":1,\"outcome\":\"failed\",\"started_at\":\"" + at(0) + "\",\"ended_at\":\"" + at(30)
           + "\",\"error_text\":\"java.lang.OutOfMemoryError: Java heap space\"}\n";
}

/// A session with a folder to watch.
class Watched
{
public:
    Watched()
    {
        QDir(small.folder.path()).mkpath(QStringLiteral("logs"));
        tests::writeFile(file(QStringLiteral("1.jsonl")), failure(1, 0));
        small.session.createWorkspace(small.path());
    }
    [[nodiscard]] QString folder() const { return small.folder.filePath(QStringLiteral("logs")); }
    [[nodiscard]] QString file(const QString &name) const { return QDir(folder()).filePath(name); }
    /// Waits until so many attempts are there and nothing runs.
    bool reaches(std::uint64_t attempts)
    {
        return SmallSession::waitFor([&] {
            return small.session.info().attempts == attempts && small.session.currentJob() == nullptr
                   && small.session.lastRefresh().has_value();
        });
    }
    [[nodiscard]] size_t errors() const { return small.errors.size(); }

    SmallSession small;
};

} // namespace

class WatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void folderWatch_minutes_areBroughtWithinTheirLimits();
    void folderWatch_held_doesNotBecomeDue();
    void watchFolder_newFile_isPickedUpByItself();
    void refreshNow_nothingNew_leavesTheReplayAlone();
    void refreshNow_withoutAFolder_saysWhatToDo();
    void watch_folderThatIsGone_isReportedOnce();
    void watch_whileAnotherJobRuns_isPutOff();
    void watch_reopenedWorkspace_goesOnAndSaysSo();
    void stopWatching_reopened_staysStopped();
    void freshness_states_areSaidInWords();
    void freshnessLine_narrowWindow_elides();
    void watchDialog_folder_isCheckedBeforeItStarts();
};

void WatchTest::folderWatch_minutes_areBroughtWithinTheirLimits()
{
    FolderWatch watch;
    watch.setHeld(true);
    watch.start(QStringLiteral("/x"), 0);
    QCOMPARE(watch.minutes(), 1);
    watch.start(QStringLiteral("/x"), 9999);
    QCOMPARE(watch.minutes(), 1440);
    watch.start(QStringLiteral("/x"), 30, {1'000});
    QCOMPARE(watch.nextAt().ms, std::int64_t{1'000 + 30 * 60'000});
    watch.stop();
    QVERIFY(!watch.active());
}

void WatchTest::folderWatch_held_doesNotBecomeDue()
{
    FolderWatch watch;
    watch.setMinute(10);
    watch.setHeld(true);
    QSignalSpy due(&watch, &FolderWatch::due);
    watch.start(QStringLiteral("/x"), 1);
    QTest::qWait(60);
    QCOMPARE(due.count(), 0);
    watch.setHeld(false);
    QVERIFY(due.wait(2000));
}

void WatchTest::watchFolder_newFile_isPickedUpByItself()
{
    Watched watched;
    watched.small.session.watch().setMinute(150);
    watched.small.session.watchFolder(watched.folder(), 1);
    QVERIFY(watched.reaches(1));
    tests::writeFile(watched.file(QStringLiteral("2.jsonl")), failure(2, 1));
    QVERIFY(watched.reaches(2));
    tests::writeFile(watched.file(QStringLiteral("2.jsonl")), failure(2, 1) + failure(3, 2));
    QVERIFY(watched.reaches(3));
    QVERIFY(watched.small.session.freshness()->dataUntil.ms > 0);
    QCOMPARE(watched.errors(), size_t{0});
    watched.small.session.stopWatching();
    QVERIFY(SmallSession::waitFor([&] { return watched.small.session.currentJob() == nullptr; }));
}

void WatchTest::refreshNow_nothingNew_leavesTheReplayAlone()
{
    Watched watched;
    tests::writeFile(watched.file(QStringLiteral("README.md")), "# nothing\n");
    watched.small.session.watchFolder(watched.folder(), 60);
    QVERIFY(watched.reaches(1));
    QTest::qWait(200);
    QSignalSpy changed(&watched.small.session, &Session::dataChanged);
    QSignalSpy ended(&watched.small.session, &Session::jobEnded);
    watched.small.session.refreshNow();
    QVERIFY(ended.wait(60'000));
    QTest::qWait(200);
    QCOMPARE(changed.count(), 0);
    QVERIFY(watched.small.session.watch().nextAt().ms > clockNow().ms + 59 * 60'000);
    QCOMPARE(watched.errors(), size_t{0});
}

void WatchTest::refreshNow_withoutAFolder_saysWhatToDo()
{
    Watched watched;
    watched.small.session.refreshNow();
    QCOMPARE(watched.small.errors.size(), size_t{1});
    QVERIFY(!watched.small.errors[0].hint.empty());
}

void WatchTest::watch_folderThatIsGone_isReportedOnce()
{
    Watched watched;
    watched.small.session.watch().setMinute(30);
    QSignalSpy ended(&watched.small.session, &Session::jobEnded);
    watched.small.session.watchFolder(QStringLiteral("/nowhere/gone"), 1);
    QVERIFY(SmallSession::waitFor([&] { return ended.count() >= 3; }));
    QCOMPARE(watched.errors(), size_t{1});
    QVERIFY(watched.small.session.refreshError().has_value());
    const auto said = freshnessText(watched.small.session, clockNow());
    QVERIFY(said.warning);
    QVERIFY(said.text.contains(QLatin1String("the last refresh failed")));
    watched.small.session.stopWatching();
    QVERIFY(!watched.small.session.refreshError().has_value());
}

void WatchTest::watch_whileAnotherJobRuns_isPutOff()
{
    Watched watched;
    tests::writeFile(watched.small.folder.filePath(QStringLiteral("big.jsonl")), tests::smallHistory());
    watched.small.session.importPaths({watched.small.folder.filePath(QStringLiteral("big.jsonl"))});
    QVERIFY(watched.small.session.currentJob() != nullptr);
    watched.small.session.watch().setMinute(100);
    watched.small.session.watchFolder(watched.folder(), 1);
    // Due at once, but the import goes first; nobody is told of an error.
    QVERIFY(watched.reaches(2 * tests::kJobs * tests::kRunsOfJob + 1));
    QCOMPARE(watched.errors(), size_t{0});
}

void WatchTest::watch_reopenedWorkspace_goesOnAndSaysSo()
{
    Watched watched;
    tests::writeFile(watched.file(QStringLiteral("1.jsonl")), tests::smallHistory());
    watched.small.session.watchFolder(watched.folder(), 45);
    QVERIFY(watched.reaches(2 * tests::kJobs * tests::kRunsOfJob));
    watched.small.session.closeWorkspace();
    QVERIFY(!watched.small.session.watch().active());
    QSettings kept(watched.small.folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    MainWindow window(watched.small.session, kept);
    window.show();
    watched.small.session.openWorkspace(watched.small.path());
    QVERIFY(watched.small.session.watch().active());
    QCOMPARE(watched.small.session.watch().minutes(), 45);
    auto *bar = window.findChild<MessageBar *>();
    QVERIFY(bar->isVisible());
    // It was looked at a moment ago, so the next look comes in its turn and not at once.
    QVERIFY(SmallSession::waitFor([&] { return watched.small.session.freshness().has_value(); }));
    QTest::qWait(100);
    QVERIFY(watched.small.session.currentJob() == nullptr);
    QVERIFY(watched.small.session.watch().nextAt().ms > clockNow().ms + 40 * 60'000);
    for (auto *button : bar->findChildren<QPushButton *>()) {
        if (button->text() == QLatin1String("Stop watching"))
            button->click();
    }
    QVERIFY(!watched.small.session.watch().active());
}

void WatchTest::stopWatching_reopened_staysStopped()
{
    Watched watched;
    watched.small.session.watchFolder(watched.folder(), 45);
    QVERIFY(watched.reaches(1));
    watched.small.session.stopWatching();
    watched.small.session.openWorkspace(watched.small.path());
    QVERIFY(!watched.small.session.watch().active());
}

void WatchTest::freshness_states_areSaidInWords()
{
    Watched watched;
    QVERIFY(freshnessText(watched.small.session, clockNow()).text.isEmpty()
            || !freshnessText(watched.small.session, clockNow()).warning);
    watched.small.session.watchFolder(watched.folder(), 30);
    QVERIFY(watched.reaches(1));
    const base::Instant at = watched.small.session.freshness()->refreshedAt;
    const auto said = freshnessText(watched.small.session, {at.ms + 5 * 60'000});
    QVERIFY2(said.text.contains(QLatin1String("Data until 2026-01-01 00:30")), qPrintable(said.text));
    QVERIFY2(said.text.contains(QStringLiteral("refreshed 5\u00A0min ago")), qPrintable(said.text));
    QVERIFY2(said.text.contains(QStringLiteral("next in 25\u00A0min")), qPrintable(said.text));
    QVERIFY(!said.warning);
    QVERIFY(said.explanation.contains(watched.folder()));
}

void WatchTest::freshnessLine_narrowWindow_elides()
{
    Watched watched;
    watched.small.session.watchFolder(watched.folder(), 30);
    QVERIFY(watched.reaches(1));
    FreshnessLine line(watched.small.session);
    line.resize(150, 24);
    line.show();
    line.refresh();
    QVERIFY(line.text().size() < line.fullText().size());
    QVERIFY(line.minimumSizeHint().width() < 250);
    line.resize(1600, 24);
    QTRY_COMPARE(line.text(), line.fullText());
}

void WatchTest::watchDialog_folder_isCheckedBeforeItStarts()
{
    Watched watched;
    WatchDialog dialog(watched.small.session);
    auto *folder = dialog.findChild<QLineEdit *>();
    QPushButton *start = nullptr;
    for (auto *button : dialog.findChildren<QPushButton *>()) {
        if (button->text() == QLatin1String("Watch"))
            start = button;
    }
    for (auto *edit : dialog.findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == QLatin1String("Folder"))
            folder = edit;
    }
    QVERIFY(start != nullptr && !start->isEnabled());
    folder->setText(QStringLiteral("/nowhere/gone"));
    QVERIFY(!start->isEnabled());
    folder->setText(watched.folder());
    QVERIFY(start->isEnabled());
    QCOMPARE(dialog.findChild<QSpinBox *>()->value(), kWatchMinutes);
    start->click();
    QVERIFY(watched.small.session.watch().active());
    QVERIFY(watched.reaches(1));
}

QTEST_MAIN(WatchTest)
#include "tst_watch.moc"
