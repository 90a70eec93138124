#include "small_history.hpp"

#include <QFileInfo>

using namespace mulligan;
using desktop::Session;
using tests::SmallSession;

class SessionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void openWorkspace_badFile_saysWhyAndStaysClosed_data();
    void openWorkspace_badFile_saysWhyAndStaysClosed();
    void createWorkspace_existingFile_isRefused();
    void importPaths_withoutWorkspace_saysWhatToDo();
    void importPaths_history_isImportedClassifiedAndReplayed();
    void importPaths_whileAnotherRuns_isRefused();
    void setPolicy_sameThingTwice_isOneStepToUndo();
    void setPolicy_thereAndBack_leavesNothingToUndo();
    void setPolicy_manyTimesQuickly_replaysTheNewest();
    void setEconomics_otherPrices_loadTheHistoryAnew();
    void rules_anotherPack_keepTheHistoryThatIsLoaded();
    void rules_anotherPackWhileOneIsSwitchedOff_replayAnew();
    void classify_afterAnotherPack_changesVerdictsOfTheSameHistory();
    void savePolicy_reopened_isInForceAgain();
    void rules_fileRewrittenOrReplaced_areReloaded_data();
    void rules_fileRewrittenOrReplaced_areReloaded();
    void rules_otherFileBesideThem_areNotReloaded();
    void rules_packThatDoesNotCompile_keepsTheOldOneAndSaysWhere();
    void startRules_workspaceWithItsOwn_goFirstAndAreNotRemembered();
    void closeWorkspace_whileImporting_cancels();
};

void SessionTest::openWorkspace_badFile_saysWhyAndStaysClosed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");
    QTest::addRow("there is no such file") << QByteArray() << static_cast<int>(base::ErrorCode::NotFound);
    QTest::addRow("it is no database") << QByteArray("hello, world") << static_cast<int>(base::ErrorCode::Unsupported);
}

void SessionTest::openWorkspace_badFile_saysWhyAndStaysClosed()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    SmallSession small;
    if (!bytes.isEmpty())
        tests::writeFile(small.path(), bytes);
    small.session.openWorkspace(small.path());
    QVERIFY(!small.session.isOpen());
    QCOMPARE(small.errors.size(), size_t{1});
    QCOMPARE(static_cast<int>(small.errors[0].code), code);
    QVERIFY(!small.errors[0].hint.empty());
    QVERIFY(small.session.workspace() == nullptr);
}

void SessionTest::createWorkspace_existingFile_isRefused()
{
    SmallSession small;
    tests::writeFile(small.path(), "precious");
    small.session.createWorkspace(small.path());
    QCOMPARE(small.errors.size(), size_t{1});
    QCOMPARE(small.errors[0].code, base::ErrorCode::Conflict);
    QCOMPARE(QFileInfo(small.path()).size(), 8);
}

void SessionTest::importPaths_withoutWorkspace_saysWhatToDo()
{
    SmallSession small;
    small.session.importPaths({QStringLiteral("x.jsonl")});
    QCOMPARE(small.errors.size(), size_t{1});
    QVERIFY(!small.errors[0].hint.empty());
    QVERIFY(small.session.currentJob() == nullptr);
}

void SessionTest::importPaths_history_isImportedClassifiedAndReplayed()
{
    SmallSession small;
    QVERIFY(small.fill());
    for (const auto &error : small.errors)
        qWarning("%s", error.text().c_str());
    QVERIFY(small.errors.empty());
    const auto &info = small.session.info();
    QCOMPARE(info.jobs, std::uint64_t{tests::kJobs});
    QCOMPARE(info.attempts, std::uint64_t{2 * tests::kJobs * tests::kRunsOfJob});
    QCOMPARE(info.episodes, std::uint64_t{tests::kJobs * tests::kRunsOfJob});
    QVERIFY(info.classes.at("memory_config.executor_heap") > 0);
    QVERIFY(info.classes.at("unclassified") > 0);
    QVERIFY(small.session.lastImport().has_value());
    QCOMPARE(small.session.lastImport()->rejectedRows, std::uint64_t{1});
    QVERIFY(small.session.lastClassify().has_value());
    QCOMPARE(small.session.lastClassify()->failures, info.failures);
    QVERIFY(small.session.replaySession() != nullptr);
    QVERIFY(SmallSession::waitFor([&] { return small.session.lab().has_value(); }));
}

void SessionTest::importPaths_whileAnotherRuns_isRefused()
{
    SmallSession small;
    tests::writeFile(small.folder.filePath(QStringLiteral("h.jsonl")), tests::smallHistory());
    small.session.createWorkspace(small.path());
    small.session.importPaths({small.folder.filePath(QStringLiteral("h.jsonl"))});
    QVERIFY(small.session.currentJob() != nullptr);
    small.session.train();
    QCOMPARE(small.errors.size(), size_t{1});
    QCOMPARE(small.errors[0].code, base::ErrorCode::Conflict);
}

void SessionTest::setPolicy_sameThingTwice_isOneStepToUndo()
{
    SmallSession small;
    auto &session = small.session;
    const auto original = session.policy();
    QSignalSpy changed(&session, &Session::policyChanged);
    auto policy = original;
    for (const double threshold : {0.31, 0.32, 0.33}) {
        policy.defaultThreshold = threshold;
        session.setPolicy(policy, QStringLiteral("threshold"));
    }
    policy.retryLimit[0] = 5;
    session.setPolicy(policy, QStringLiteral("retry limit"));
    QCOMPARE(changed.count(), 4);
    QCOMPARE(session.undoStack()->count(), 2);
    session.undoStack()->undo();
    QCOMPARE(session.policy().defaultThreshold, 0.33);
    QCOMPARE(session.policy().retryLimit[0], original.retryLimit[0]);
    session.undoStack()->undo();
    QVERIFY(session.policy() == original);
    session.undoStack()->redo();
    QCOMPARE(session.policy().defaultThreshold, 0.33);
}

void SessionTest::setPolicy_thereAndBack_leavesNothingToUndo()
{
    SmallSession small;
    const auto original = small.session.policy();
    auto policy = original;
    policy.defaultThreshold = 0.9;
    small.session.setPolicy(policy, QStringLiteral("threshold"));
    small.session.setPolicy(original, QStringLiteral("threshold"));
    QCOMPARE(small.session.undoStack()->count(), 0);
    QVERIFY(small.session.policy() == original);
}

void SessionTest::setPolicy_manyTimesQuickly_replaysTheNewest()
{
    SmallSession small;
    QVERIFY(small.fill());
    auto policy = small.session.policy();
    for (int i = 0; i <= 20; ++i) {
        policy.defaultThreshold = 0.05 * i;
        policy.retryLimit[0] = i % 4;
        small.session.setPolicy(policy, QStringLiteral("drag"));
        QVERIFY(small.session.stale());
        QTest::qWait(5);
    }
    QVERIFY(SmallSession::waitFor([&] { return !small.session.stale(); }));
    base::Progress progress;
    const auto direct = small.session.replaySession()->replay(policy, small.session.economics(), {}, {}, progress);
    QVERIFY(direct.has_value());
    QVERIFY(small.session.replay()->report == direct->report);
}

void SessionTest::setEconomics_otherPrices_loadTheHistoryAnew()
{
    SmallSession small;
    QVERIFY(small.fill());
    const auto before = small.session.replaySession();
    auto economics = small.session.economics();
    economics.labourRatePerHour += 10.0;
    small.session.setEconomics(economics, QStringLiteral("labour"));
    QVERIFY(SmallSession::waitFor([&] { return !small.session.stale(); }));
    QCOMPARE(small.session.replaySession(), before);
    economics.defaultPrice.vcoreHour *= 2.0;
    small.session.setEconomics(economics, QStringLiteral("price"));
    QVERIFY(SmallSession::waitFor([&] { return !small.session.stale(); }));
    QVERIFY(small.session.replaySession() != before);
}

void SessionTest::rules_anotherPack_keepTheHistoryThatIsLoaded()
{
    SmallSession small;
    QVERIFY(small.fill());
    const model::History *history = &small.session.replaySession()->history();
    const auto replay = small.session.replay();
    const auto pack = small.session.rules();
    const QString file = small.folder.filePath(QStringLiteral("pack.yaml"));
    tests::writeFile(file, tests::smallPack("the sky fell"));
    QSignalSpy changed(&small.session, &Session::rulesChanged);
    small.session.setRulePaths({file});
    QVERIFY(changed.wait(60'000));
    QVERIFY(small.session.rules() != pack);
    QCOMPARE(&small.session.replaySession()->history(), history);
    QCOMPARE(small.session.replaySession()->rules(), small.session.rules());
    // No figure depends on a pack that nothing was classified by.
    QVERIFY(!small.session.stale());
    QCOMPARE(small.session.replay(), replay);
}

void SessionTest::rules_anotherPackWhileOneIsSwitchedOff_replayAnew()
{
    SmallSession small;
    QVERIFY(small.fill());
    auto policy = small.session.policy();
    policy.disabledRules = {"test.heap"};
    small.session.setPolicy(policy, QStringLiteral("off"));
    QVERIFY(SmallSession::waitFor([&] { return !small.session.stale(); }));
    const auto replay = small.session.replay();
    const QString file = small.folder.filePath(QStringLiteral("pack.yaml"));
    tests::writeFile(file, tests::smallPack("the sky fell"));
    small.session.setRulePaths({file});
    QVERIFY(SmallSession::waitFor([&] { return !small.session.stale() && small.session.replay() != replay; }));
    QCOMPARE(small.session.replaySession()->rules(), small.session.rules());
}

void SessionTest::classify_afterAnotherPack_changesVerdictsOfTheSameHistory()
{
    SmallSession small;
    QVERIFY(small.fill());
    const auto before = small.session.replaySession();
    const QString file = small.folder.filePath(QStringLiteral("pack.yaml"));
    tests::writeFile(file, tests::smallPack("the sky fell"));
    QSignalSpy changed(&small.session, &Session::rulesChanged);
    small.session.setRulePaths({file});
    QVERIFY(changed.wait(60'000));
    QSignalSpy loaded(&small.session, &Session::sessionLoaded);
    small.session.classify();
    QVERIFY(SmallSession::waitFor([&] { return loaded.count() > 0 && !small.session.stale(); }));
    const auto &then = before->history();
    const auto &now = small.session.replaySession()->history();
    QVERIFY(&then != &now);
    QCOMPARE(now.attempts.size(), then.attempts.size());
    std::uint64_t other = 0;
    for (std::size_t i = 0; i < now.attempts.size(); ++i) {
        QCOMPARE(now.attempts[i].id, then.attempts[i].id);
        other += now.attempts[i].verdict == then.attempts[i].verdict ? 0 : 1;
    }
    QCOMPARE(other, small.session.info().failures); // what the one pack knows, the other does not
    QVERIFY(small.errors.empty());
}

void SessionTest::savePolicy_reopened_isInForceAgain()
{
    SmallSession small;
    small.session.createWorkspace(small.path());
    QVERIFY(SmallSession::waitFor([&] { return small.session.info().schemaVersion == store::kSchemaVersion; }));
    auto policy = small.session.policy();
    policy.name = "Ours";
    policy.thresholds["memory_config"] = 0.4;
    small.session.setPolicy(policy, QStringLiteral("name"));
    auto economics = small.session.economics();
    economics.labourRatePerHour = 123.0;
    small.session.setEconomics(economics, QStringLiteral("labour"));
    small.session.savePolicy();
    QVERIFY(small.errors.empty());
    QVERIFY(small.session.undoStack()->isClean());
    Session other(SmallSession::resources());
    other.openWorkspace(small.path());
    QVERIFY(other.policy() == policy);
    QVERIFY(other.economics() == economics);
}

void SessionTest::rules_fileRewrittenOrReplaced_areReloaded_data()
{
    QTest::addColumn<bool>("replaced");
    QTest::addRow("written in place") << false;
    QTest::addRow("replaced, as editors do") << true;
}

void SessionTest::rules_fileRewrittenOrReplaced_areReloaded()
{
    QFETCH(bool, replaced);
    SmallSession small;
    const QString file = small.folder.filePath(QStringLiteral("rules.yaml"));
    tests::writeFile(file, tests::smallPack());
    small.session.setRulePaths({file});
    QVERIFY(SmallSession::waitFor(
        [&] { return small.session.rules() && small.session.rules()->pack().rules.size() == 1; }));
    for (const char *pattern : {"first change", "second change"}) {
        if (replaced) {
            tests::writeFile(file + QStringLiteral("~"), tests::smallPack(pattern));
            QFile::remove(file);
            QVERIFY(QFile::rename(file + QStringLiteral("~"), file));
        } else {
            tests::writeFile(file, tests::smallPack(pattern));
        }
        QVERIFY(
            SmallSession::waitFor([&] { return small.session.rules()->pack().rules[0].any[0] == pattern; }, 10'000));
    }
}

void SessionTest::rules_otherFileBesideThem_areNotReloaded()
{
    SmallSession small;
    const QString file = small.folder.filePath(QStringLiteral("rules.yaml"));
    tests::writeFile(file, tests::smallPack());
    small.session.setRulePaths({file});
    QVERIFY(SmallSession::waitFor([&] { return small.hasSmallPack(); }));
    const auto before = small.session.rules();
    // As a workspace in the same folder does whenever it is opened.
    tests::writeFile(small.folder.filePath(QStringLiteral("beside.mulligan-wal")), "x");
    QTest::qWait(600);
    QVERIFY(small.session.rules() == before);
    tests::writeFile(file, tests::smallPack("something else"));
    QVERIFY(SmallSession::waitFor([&] { return small.session.rules() != before; }, 10'000));
}

void SessionTest::rules_packThatDoesNotCompile_keepsTheOldOneAndSaysWhere()
{
    SmallSession small;
    const QString file = small.folder.filePath(QStringLiteral("rules.yaml"));
    tests::writeFile(file, tests::smallPack());
    small.session.setRulePaths({file});
    QVERIFY(SmallSession::waitFor(
        [&] { return small.session.rules() && small.session.rules()->pack().rules.size() == 1; }));
    tests::writeFile(file, tests::smallPack("unbalanced ("));
    QVERIFY(SmallSession::waitFor([&] { return small.session.rulesError().has_value(); }, 10'000));
    QCOMPARE(small.session.rules()->pack().rules[0].any[0], std::string("OutOfMemoryError: Java heap space"));
    const std::string said = small.session.rulesError()->text();
    QVERIFY2(said.find("rules.yaml") != std::string::npos, said.c_str());
    QVERIFY2(said.find("line") != std::string::npos, said.c_str());
    tests::writeFile(file, tests::smallPack("mended"));
    QVERIFY(SmallSession::waitFor([&] { return !small.session.rulesError().has_value(); }, 10'000));
}

void SessionTest::startRules_workspaceWithItsOwn_goFirstAndAreNotRemembered()
{
    SmallSession small;
    const QString own = small.folder.filePath(QStringLiteral("own.yaml"));
    const QString other = small.folder.filePath(QStringLiteral("other.yaml"));
    for (const QString &file : {own, other})
        tests::writeFile(file, tests::smallPack());
    small.session.createWorkspace(small.path());
    small.session.setRulePaths({own});
    {
        Session started(SmallSession::resources());
        started.setStartRules({other});
        QCOMPARE(started.rulePaths(), QStringList{other});
        started.openWorkspace(small.path());
        QCOMPARE(started.rulePaths(), QStringList{other});
    }
    Session later(SmallSession::resources());
    later.openWorkspace(small.path());
    QCOMPARE(later.rulePaths(), QStringList{own});
    later.setStartRules({other});
    later.setRulePaths({other}); // chosen in the window, which is remembered
    small.session.closeWorkspace();
    small.session.openWorkspace(small.path());
    QCOMPARE(small.session.rulePaths(), QStringList{other});
}

void SessionTest::closeWorkspace_whileImporting_cancels()
{
    SmallSession small;
    tests::writeFile(small.folder.filePath(QStringLiteral("h.jsonl")), tests::smallHistory());
    small.session.createWorkspace(small.path());
    small.session.importPaths({small.folder.filePath(QStringLiteral("h.jsonl"))});
    small.session.closeWorkspace();
    QVERIFY(!small.session.isOpen());
    QVERIFY(small.session.currentJob() == nullptr);
    QVERIFY(small.session.path().isEmpty());
    QTest::qWait(50);
    QVERIFY(small.errors.empty());
}

QTEST_MAIN(SessionTest)
#include "tst_session.moc"
