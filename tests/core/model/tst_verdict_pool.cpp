#include "model/verdict_pool.hpp"

#include <QtTest>

#include <functional>

using namespace mulligan::model;

namespace
{

Verdict full()
{
    Verdict verdict;
    verdict.errorClass = "memory_config.executor_heap";
    verdict.domain = Domain::User;
    verdict.rule = "executor-heap";
    verdict.action = RuleAction::AskModel;
    verdict.exitCode = 52;
    verdict.title = "Out of memory";
    verdict.summary = "An executor ran out of 4 GB.";
    verdict.advice = "Give it more.";
    verdict.captures["limit"] = {"4 GB", "bytes", 4e9};
    verdict.matches = {{"executor-heap", 0, 3, 10, 20, true}};
    verdict.undetermined = {"slow-rule"};
    return verdict;
}

} // namespace

class TestVerdictPool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void share_anyVerdict_keepsWhatDecisionsDependOn()
    {
        VerdictPool pool;
        Verdict expected = full();
        expected.title.clear();
        expected.summary.clear();
        expected.advice.clear();
        expected.matches.clear();
        expected.undetermined.clear();
        QVERIFY(*pool.share(full()) == expected);
    }

    void share_verdictsThatDifferInWordsAlone_areOne()
    {
        VerdictPool pool;
        Verdict other = full();
        other.summary = "An executor ran out of 8 GB.";
        other.matches.clear();
        QVERIFY(pool.share(full()).sharesWith(pool.share(other)));
        QCOMPARE(pool.size(), size_t(1));
    }

    void share_verdictsThatDifferInAnythingElse_staySeparate_data()
    {
        QTest::addColumn<int>("change");
        const char *names[] = {"another class",     "another rule",          "another domain",
                               "transient",         "another action",        "no exit code",
                               "exit code 0",       "another text captured", "another value, its last bit",
                               "no value captured", "another unit",          "one capture more"};
        for (int i = 0; i < static_cast<int>(std::size(names)); ++i)
            QTest::newRow(names[i]) << i;
    }
    void share_verdictsThatDifferInAnythingElse_staySeparate()
    {
        QFETCH(int, change);
        const std::vector<std::function<void(Verdict &)>> changes{
            [](Verdict &v) { v.errorClass = "memory_config.executor_hea"; },
            [](Verdict &v) { v.rule = "pexecutor-heap"; },
            [](Verdict &v) { v.domain = Domain::Timeout; },
            [](Verdict &v) { v.transient = true; },
            [](Verdict &v) { v.action = RuleAction::Stop; },
            [](Verdict &v) { v.exitCode.reset(); },
            [](Verdict &v) { v.exitCode = 0; },
            [](Verdict &v) { v.captures["limit"].text = "4 G"; },
            [](Verdict &v) { v.captures["limit"].value = std::nextafter(4e9, 5e9); },
            [](Verdict &v) { v.captures["limit"].value.reset(); },
            [](Verdict &v) { v.captures["limit"].unit.clear(); },
            [](Verdict &v) {
                v.captures["used"] = {"3", "bytes", 3.0};
            },
        };
        VerdictPool pool;
        Verdict other = full();
        changes[static_cast<size_t>(change)](other);
        QVERIFY(!pool.share(full()).sharesWith(pool.share(other)));
        QVERIFY(!(*pool.share(full()) == *pool.share(other)));
    }

    void edit_aCopy_leavesTheOthersAlone()
    {
        SharedVerdict none;
        QCOMPARE(none->errorClass, std::string(kUnclassified));
        SharedVerdict first = full();
        SharedVerdict copy = first;
        QVERIFY(copy.sharesWith(first) && copy == first);
        copy.edit().rule = "another";
        QCOMPARE(first->rule, std::string("executor-heap"));
        QCOMPARE(copy->rule, std::string("another"));
        QVERIFY(!(copy == first));
        none.edit().rule = "mine";
        QCOMPARE(SharedVerdict()->rule, std::string());
    }
};

QTEST_APPLESS_MAIN(TestVerdictPool)
#include "tst_verdict_pool.moc"
