#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "store/undetermined.hpp"

#include "pipeline/classify_workspace.hpp"
#include "store/source_writer.hpp"

#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;

namespace
{

classify::Rule rule(const std::string &id, const std::string &pattern)
{
    classify::Rule made;
    made.id = id;
    made.errorClass = "test.kind";
    made.any = {pattern};
    return made;
}

} // namespace

/// Rules whose step budget ran out, from matching to what is stored and asked for.
class TestUndetermined : public QObject
{
    Q_OBJECT

private slots:
    void undeterminedRules_classifiedWorkspace_namesRuleAndInput()
    {
        QTemporaryDir folder;
        auto workspace = store::Workspace::create(folder.filePath("w.mulligan").toStdString());
        QVERIFY2(workspace.has_value(), workspace ? "" : workspace.error().text().c_str());
        auto writer = store::SourceWriter::begin(*workspace, {"history.jsonl", "attempts", "sha", 1, {}});
        QVERIFY(writer.has_value());
        const std::string hostile(5000, 'a');
        const std::vector<std::pair<model::Outcome, std::string>> texts = {{model::Outcome::Failed, "sound"},
                                                                           {model::Outcome::Failed, hostile},
                                                                           {model::Outcome::Killed, hostile},
                                                                           {model::Outcome::Succeeded, hostile}};
        for (size_t i = 0; i < texts.size(); ++i) {
            model::Attempt made;
            made.job = "daily";
            made.run = "run" + std::to_string(i);
            made.attempt = 2;
            made.outcome = texts[i].first;
            made.errorText = texts[i].second;
            QVERIFY(writer->add(made, "", 0).has_value());
        }
        QVERIFY(writer->commit({}).has_value());
        QVERIFY(store::undeterminedRules(*workspace)->empty());

        classify::RulePack pack;
        pack.rules = {rule("slow", "(?:a|aa)+(?=!)"), rule("sound", "sound"), rule("z.slow", "(?:a+)+(?=b)")};
        const auto classifier = classify::Classifier::make(std::move(pack));
        QVERIFY(classifier.has_value());
        base::Progress progress;
        const auto report = pipeline::classifyWorkspace(*workspace, **classifier, {}, progress);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->undetermined, std::uint64_t{2});
        QCOMPARE(report->classified, std::uint64_t{1});
        const auto rules = store::undeterminedRules(*workspace);
        QVERIFY2(rules.has_value(), rules ? "" : rules.error().text().c_str());
        const std::vector<store::UndeterminedRule> expected = {{"slow", 2, "daily", "run1", 2},
                                                               {"z.slow", 2, "daily", "run1", 2}};
        QCOMPARE(*rules, expected);
    }
};

QTEST_APPLESS_MAIN(TestUndetermined)
#include "tst_undetermined.moc"
