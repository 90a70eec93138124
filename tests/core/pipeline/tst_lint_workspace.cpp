#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "pipeline/lint_workspace.hpp"

#include "store/source_writer.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <memory>
#include <optional>

using namespace mulligan;

namespace
{

classify::Rule rule(const std::string &id, const std::string &pattern, const std::string &job = {})
{
    classify::Rule made;
    made.id = id;
    made.errorClass = "storage.disk_full";
    made.any = {pattern};
    made.scopeJobGlob = job;
    return made;
}

std::shared_ptr<const classify::Classifier> compiled(std::vector<classify::Rule> rules)
{
    classify::RulePack pack;
    pack.rules = std::move(rules);
    auto made = classify::Classifier::make(std::move(pack));
    return made ? std::move(made).value() : nullptr;
}

} // namespace

/// What a history says of rules, whatever its verdicts came from.
class TestLintWorkspace : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        auto made = store::Workspace::create(m_folder->filePath("w.mulligan").toStdString());
        QVERIFY2(made.has_value(), made ? "" : made.error().text().c_str());
        m_workspace.emplace(std::move(*made));
    }
    void cleanup() { m_workspace.reset(); }

    void countHits_failuresAndSuccesses_areCountedByAttempt()
    {
        fill();
        base::Progress progress;
        const auto hits = pipeline::countHits(
            *m_workspace, *compiled({rule("full", "No space left"), rule("device", "device"), rule("idle", "quota")}),
            {}, progress);
        QVERIFY2(hits.has_value(), hits ? "" : hits.error().text().c_str());
        QCOMPARE(hits->failures, std::uint64_t{3});
        QCOMPARE(hits->rules.at("full"), (classify::HitCounts{2, 1, 0}));
        QCOMPARE(hits->rules.at("device"), (classify::HitCounts{2, 0, 0}));
        QCOMPARE(hits->rules.count("idle"), size_t{0});
    }

    void countHits_scopedRule_countsItsJobsOnly()
    {
        fill();
        base::Progress progress;
        const auto hits =
            pipeline::countHits(*m_workspace, *compiled({rule("full", "No space left", "job2")}), {}, progress);
        QVERIFY(hits.has_value());
        QCOMPARE(hits->rules.at("full"), (classify::HitCounts{1, 0, 0}));
    }

    void lintWorkspace_history_namesIdleAndHarmfulRules()
    {
        fill();
        base::Progress progress;
        const auto problems = pipeline::lintWorkspace(
            *m_workspace, *compiled({rule("full", "No space left"), rule("device", "device"), rule("idle", "quota")}),
            {}, progress);
        QVERIFY(problems.has_value());
        QCOMPARE(problems->size(), size_t{2});
        QCOMPARE(problems->at(0).rule + " " + problems->at(0).kind, std::string("full fires_on_successes"));
        QCOMPARE(problems->at(1).rule + " " + problems->at(1).kind, std::string("idle never_hit"));
    }

    void lintWorkspace_patternThatGivesUp_isNamed()
    {
        fill();
        base::Progress progress;
        classify::RulePack pack;
        pack.rules = {rule("slow", "(?:(?:e|ee|c)*)+(?=!)")};
        classify::ClassifierOptions options;
        options.stepBudget = 20;
        const auto classifier = classify::Classifier::make(std::move(pack), options);
        QVERIFY(classifier.has_value());
        const auto problems = pipeline::lintWorkspace(*m_workspace, **classifier, {}, progress);
        QVERIFY(problems.has_value());
        QCOMPARE(problems->at(0).kind, std::string("undetermined"));
        QVERIFY2(problems->at(0).message.find("On 4 attempts") != std::string::npos, problems->at(0).message.c_str());
    }

    void lintWorkspace_emptyWorkspace_saysNothing()
    {
        base::Progress progress;
        const auto problems = pipeline::lintWorkspace(*m_workspace, *compiled({rule("idle", "quota")}), {}, progress);
        QVERIFY(problems.has_value());
        QVERIFY(problems->empty());
    }

    void lintWorkspace_cancelled_isNoAnswer()
    {
        fill();
        base::Progress progress;
        std::stop_source stop;
        stop.request_stop();
        const auto problems =
            pipeline::lintWorkspace(*m_workspace, *compiled({rule("idle", "quota")}), stop.get_token(), progress);
        QVERIFY(!problems.has_value());
        QCOMPARE(problems.error().code, base::ErrorCode::Cancelled);
    }

private:
    void fill()
    {
        auto writer = store::SourceWriter::begin(*m_workspace, {"history.jsonl", "attempts", "sha", 1, {}});
        QVERIFY(writer.has_value());
        add(*writer, "1", model::Outcome::Failed, "No space left on device");
        add(*writer, "2", model::Outcome::Killed, "No space left on device");
        add(*writer, "3", model::Outcome::Failed, "something else");
        add(*writer, "4", model::Outcome::Succeeded, "retried: No space left");
        QVERIFY(writer->commit({}).has_value());
    }
    static void add(store::SourceWriter &writer, const std::string &run, model::Outcome outcome,
                    const std::string &text)
    {
        model::Attempt made;
        made.job = "job" + run;
        made.run = run;
        made.attempt = 1;
        made.outcome = outcome;
        made.errorText = text;
        QVERIFY(writer.add(made, "", 0).has_value());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<store::Workspace> m_workspace;
};

QTEST_APPLESS_MAIN(TestLintWorkspace)
#include "tst_lint_workspace.moc"
