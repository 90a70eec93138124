#include "pipeline/classify_workspace.hpp"

#include "store/source_writer.hpp"
#include "store/verdict_store.hpp"
#include "stored_verdicts.hpp"

#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;

namespace
{

std::shared_ptr<const classify::Classifier> rules(const std::string &pattern)
{
    classify::Rule rule;
    rule.id = "disk.full";
    rule.errorClass = "storage.disk_full";
    rule.any = {pattern};
    classify::RulePack pack;
    pack.rules = {rule};
    auto made = classify::Classifier::make(std::move(pack));
    return made ? std::move(made).value() : nullptr;
}

model::Attempt attempt(const std::string &run, model::Outcome outcome, const std::string &text)
{
    model::Attempt made;
    made.job = "daily";
    made.run = run;
    made.attempt = 1;
    made.outcome = outcome;
    made.errorText = text;
    return made;
}

} // namespace

class TestClassifyWorkspace : public QObject
{
    Q_OBJECT

private slots:
    void classifyWorkspace_failuresAndSuccesses_areCountedAndStored()
    {
        QTemporaryDir folder;
        auto workspace = store::Workspace::create(folder.filePath("w.mulligan").toStdString());
        QVERIFY2(workspace.has_value(), workspace ? "" : workspace.error().text().c_str());
        auto writer = store::SourceWriter::begin(*workspace, {"history.jsonl", "attempts", "sha", 1, {}});
        QVERIFY(writer.has_value());
        QVERIFY(writer->add(attempt("1", model::Outcome::Failed, "No space left on device"), "", 0).has_value());
        QVERIFY(writer->add(attempt("2", model::Outcome::Killed, "No space left on device"), "", 0).has_value());
        QVERIFY(writer->add(attempt("3", model::Outcome::Failed, "something else"), "", 0).has_value());
        QVERIFY(writer->add(attempt("4", model::Outcome::Succeeded, "retried: No space left on device"), "", 0)
                    .has_value());
        QVERIFY(writer->commit({}).has_value());

        base::Progress progress;
        const auto report = pipeline::classifyWorkspace(*workspace, *rules("No space left"), {}, progress);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->failures, std::uint64_t{3});
        QCOMPARE(report->classified, std::uint64_t{2});
        QCOMPARE(report->unclassified, std::uint64_t{1});
        QCOMPARE(report->byClass.at("storage.disk_full"), std::uint64_t{2});
        QCOMPARE(report->byRule.at("disk.full"), std::uint64_t{2});
        QCOMPARE(report->hitsOnSuccesses.at("disk.full"), std::uint64_t{1});
        const auto stored = tests::loadVerdicts(*workspace);
        QVERIFY(stored.has_value());
        QCOMPARE(stored->byAttempt.size(), size_t{3});

        std::stop_source stop;
        stop.request_stop();
        const auto cancelled =
            pipeline::classifyWorkspace(*workspace, *rules("never there"), stop.get_token(), progress);
        QVERIFY(!cancelled.has_value());
        QCOMPARE(cancelled.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(workspace->info()->classes.at("storage.disk_full"), std::uint64_t{2}); // the old verdicts stay
    }
};

QTEST_APPLESS_MAIN(TestClassifyWorkspace)
#include "tst_classify_workspace.moc"
