#include "store/rule_hits.hpp"

#include "store/source_writer.hpp"
#include "store/verdict_overview.hpp"
#include "store/verdict_store.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace mulligan;
using namespace mulligan::store;

class TestRuleHits : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Workspace> m_workspace;

    static model::Attempt attempt(const std::string &run, model::Outcome outcome, std::int64_t startedMs)
    {
        model::Attempt made;
        made.job = "daily";
        made.run = run;
        made.attempt = 1;
        made.outcome = outcome;
        made.startedAt.ms = startedMs;
        made.endedAt.ms = startedMs + 1000;
        made.errorText = "text of " + run;
        return made;
    }

    [[nodiscard]] bool run(const std::string &sql) const { return m_workspace->connection().run(sql).has_value(); }
    [[nodiscard]] std::vector<RuleUse> use() const
    {
        return ruleUse(*m_workspace, {}).value_or(std::vector<RuleUse>());
    }

private slots:
    /// Attempts 1 and 2 failed, 3 and 4 succeeded; rule "a" decides 1 and matches 2, "b" decides 2; "a" hits 3.
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        auto made = Workspace::create(m_folder->filePath("w.mulligan").toStdString());
        QVERIFY(made.has_value());
        m_workspace = std::make_unique<Workspace>(std::move(*made));
        auto source = SourceWriter::begin(*m_workspace, {"history.jsonl", "attempts", "sha", 1, {}});
        QVERIFY(source.has_value());
        QVERIFY(source->add(attempt("1", model::Outcome::Failed, 1000), "", 0).has_value());
        QVERIFY(source->add(attempt("2", model::Outcome::Killed, 5000), "", 0).has_value());
        QVERIFY(source->add(attempt("3", model::Outcome::Succeeded, 7000), "", 0).has_value());
        QVERIFY(source->add(attempt("4", model::Outcome::Succeeded, 8000), "", 0).has_value());
        QVERIFY(source->commit({}).has_value());
        const auto successes = successesWithText(*m_workspace, {});
        QVERIFY(successes.has_value());
        QCOMPARE(successes->size(), size_t(2));
        auto writer = VerdictWriter::begin(*m_workspace);
        QVERIFY(writer.has_value());
        model::Verdict one;
        one.rule = "a";
        one.matches = {{"a", 0, 1, 0, 4, true}};
        model::Verdict two;
        two.rule = "b";
        two.matches = {{"b", 0, 1, 0, 4, true}, {"a", 0, 1, 0, 4, false}};
        QVERIFY(writer->assign(1, *writer->addVerdict(one, VerdictSubject{1, 0})).has_value());
        QVERIFY(writer->assign(2, *writer->addVerdict(two, VerdictSubject{2, 0})).has_value());
        QVERIFY(writer->noteSuccess((*successes)[0], {{"a", 0, 1, 0, 4, true}}).has_value());
        QVERIFY(writer->noteSuccess((*successes)[1], {}).has_value());
        QVERIFY(writer->setRules({{"a", "m", "n", "body"}}).has_value());
        QVERIFY(writer->commit().has_value());
    }

    void ruleUse_hitsWinsAndSuccesses_areCounted()
    {
        const std::vector<RuleUse> expected{{"a", 2, 1, 1, base::Instant{5000}}, {"b", 1, 1, 0, base::Instant{5000}}};
        QVERIFY(use() == expected);
        QCOMPARE(use().front().successShare(), 1.0 / 3.0);
        QCOMPARE(RuleUse().successShare(), 0.0);
        QVERIFY(*successesHit(*m_workspace, "a") == std::vector<std::int64_t>{3});
        QVERIFY(successesHit(*m_workspace, "b")->empty());
    }

    void ruleUse_successThatTurnsOutToHaveFailed_isNoHitOnASuccess()
    {
        QVERIFY(run("UPDATE attempt SET outcome = 1 WHERE id = 3"));
        QCOMPARE(use().front().hitsOnSuccesses, std::uint64_t{0});
        QVERIFY(successesHit(*m_workspace, "a")->empty());
    }

    void successesWithText_whatChanged_isToBeTriedAgain_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<int>("tried");
        QTest::newRow("nothing") << "SELECT 1" << 2;
        QTest::newRow("its text") << "UPDATE attempt SET text_id = 1 WHERE id = 3" << 1;
        QTest::newRow("its root cause") << "UPDATE attempt SET cause_id = 9 WHERE id = 3" << 1;
        QTest::newRow("its configuration") << "UPDATE attempt SET config_id = 9 WHERE id = 3" << 1;
        QTest::newRow("its job") << "UPDATE attempt SET job_id = 9 WHERE id = 3" << 1;
        QTest::newRow("its owner, which rules do not see") << "UPDATE attempt SET owner_id = 9 WHERE id = 3" << 2;
        QTest::newRow("it is gone") << "DELETE FROM attempt WHERE id = 3" << 1;
    }
    void successesWithText_whatChanged_isToBeTriedAgain()
    {
        QFETCH(QString, change);
        QFETCH(int, tried);
        QVERIFY(run(change.toStdString()));
        const auto rows = successesWithText(*m_workspace, {});
        QVERIFY(rows.has_value());
        QCOMPARE(int(std::count_if(rows->begin(), rows->end(), [](const SuccessRow &row) { return row.tried; })),
                 tried);
        // What it matched before says nothing any more.
        QCOMPARE(use().front().hitsOnSuccesses, std::uint64_t(tried == 2 ? 1 : 0));
    }

    void begin_replacing_forgetsWhereVerdictsCameFrom()
    {
        QCOMPARE(classifiedRules(*m_workspace)->size(), size_t(1));
        auto writer = VerdictWriter::begin(*m_workspace);
        QVERIFY(writer.has_value() && writer->commit().has_value());
        QVERIFY(classifiedRules(*m_workspace)->empty());
        QVERIFY(use().empty());
    }

    void verdictOverview_verdictsWithAndWithoutFailures_areToldApart()
    {
        QVERIFY(run("UPDATE attempt SET verdict_id = NULL WHERE id = 1"));
        auto overview = verdictOverview(*m_workspace, {});
        QVERIFY(overview.has_value());
        QCOMPARE(overview->rows.size(), size_t(1));
        QCOMPARE(overview->rows.front().failures, 1u);
        QCOMPARE(overview->names.at(overview->rows.front().rule), std::string("b"));
        QCOMPARE(overview->unused.size(), size_t(1));
        QCOMPARE(overview->unjudged, std::uint64_t{1});
        QVERIFY(overview->subjectsKnown);
        QVERIFY(run("DELETE FROM verdict_subject"));
        overview = verdictOverview(*m_workspace, {});
        QVERIFY(overview.has_value() && !overview->subjectsKnown);
    }
};

QTEST_APPLESS_MAIN(TestRuleHits)
#include "tst_rule_hits.moc"
