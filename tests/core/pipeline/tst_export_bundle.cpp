#include "pipeline/export_bundle.hpp"

#include "classify/rule_file.hpp"
#include "deploy/bundle.hpp"
#include "exported_world.hpp"
#include "formats/file.hpp"
#include "formats/hash.hpp"
#include "formats/json.hpp"
#include "formats/zip.hpp"
#include "pipeline/decider.hpp"
#include "pipeline/failure_reader.hpp"
#include "pipeline/failure_record.hpp"

#include <QtTest>

#include <set>

using namespace mulligan;

namespace
{

std::vector<formats::Json> linesOf(std::string_view text)
{
    std::vector<formats::Json> out;
    while (!text.empty()) {
        const size_t end = text.find('\n');
        out.push_back(formats::parseJson(text.substr(0, end)).value());
        text.remove_prefix(end + 1);
    }
    return out;
}

/// Rewrites one file of a bundle with hashes that fit, as somebody would who knows the format.
void forge(const std::string &from, const std::string &to, const std::string &file, const std::string &content)
{
    auto bundle = deploy::readTrustedBundle(from).value();
    bundle.files[file] = content;
    QVERIFY(deploy::writeBundle(bundle, to).has_value());
}

} // namespace

class TestExportBundle : public QObject
{
    Q_OBJECT

private:
    tests::ExportedWorld m_world;
    pipeline::ExportReport m_report;
    deploy::Bundle m_bundle;

private slots:
    void initTestCase()
    {
        const auto prepared = m_world.prepare(false);
        QVERIFY2(prepared.has_value(), prepared ? "" : prepared.error().text().c_str());
        pipeline::ExportOptions options;
        options.targets = {"spark"};
        options.approver = "A. Reviewer";
        options.createdAt = base::fromCivil(2026, 5, 1);
        options.goldenRecords = 60;
        options.rollingPoints = 80;
        const auto report = m_world.exportTo("b.zip", options);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        m_report = *report;
        m_bundle = deploy::readTrustedBundle(m_world.path("b.zip")).value();
    }

    void exportBundle_holdsEveryFileOfTheContract()
    {
        for (const char *file : {"rules.yaml", "policy.yaml", "economics.yaml", "space.yaml", "history.jsonl",
                                 "recommendations.jsonl", "golden.jsonl", "targets/spark/tuning.json"})
            QVERIFY2(m_bundle.files.contains(file), file);
        QVERIFY(!m_bundle.folder("model/").empty());
        QCOMPARE(m_bundle.files["space.yaml"], formats::readTextFile(m_world.resources.spaceFile()).value());
        QCOMPARE(m_report.files.size(), m_bundle.files.size());
        for (const auto &file : m_report.files)
            QCOMPARE(file.sha256, formats::sha256Hex(m_bundle.files[file.path]));
    }

    void exportBundle_manifestStatesDataModelPromiseAndApprover()
    {
        const formats::Json &m = m_bundle.manifest;
        QCOMPARE(m["approver"].string(), std::string("A. Reviewer"));
        QCOMPARE(m["created_at"].string(), std::string("2026-05-01T00:00:00Z"));
        QCOMPARE(m["data_to"].string(), base::formatInstant(m_world.session->history().dataEnd));
        QCOMPARE(m["economics_hash"].string(), pipeline::economicsHash(m_world.economics));
        QCOMPARE(m["golden"].integer(), std::int64_t(60));
        QVERIFY(m["promised_savings"]["savings"]["net_usd"]["value"].isNumber());
        QVERIFY(m["model"]["fallback"].boolean());
        QCOMPARE(m["warnings"].size(), size_t(1));
    }

    void exportBundle_twice_givesTheSameBytes()
    {
        pipeline::ExportOptions options;
        options.goldenRecords = 10;
        options.rollingPoints = 0;
        QVERIFY(m_world.exportTo("one.zip", options).has_value());
        QVERIFY(m_world.open().has_value());
        QVERIFY(m_world.exportTo("two.zip", options).has_value());
        QCOMPARE(formats::readTextFile(m_world.path("one.zip")).value(),
                 formats::readTextFile(m_world.path("two.zip")).value());
    }

    void exportBundle_goldenDecisions_coverTheClasses()
    {
        std::set<std::string> seen;
        for (const auto &line : linesOf(m_bundle.files["golden.jsonl"]))
            seen.insert(line["decision"]["class"].string());
        std::set<std::string> all;
        for (const auto &a : m_world.session->history().attempts) {
            if (model::isDecisionPoint(a))
                all.insert(a.verdict->errorClass);
        }
        QVERIFY(all.size() > 5);
        QCOMPARE(seen.size(), std::min<size_t>(all.size(), 60));
    }

    void exportBundle_recommendations_areForOpenChainsAndExpire()
    {
        const auto open = pipeline::openFailures(m_world.session->history());
        QVERIFY(!open.empty());
        const auto lines = linesOf(m_bundle.files["recommendations.jsonl"]);
        QCOMPARE(lines.size(), open.size());
        QCOMPARE(m_report.recommendations, std::uint64_t(open.size()));
        for (const auto &line : lines) {
            QCOMPARE(line["scope"].string(), std::string("next_retry"));
            QCOMPARE(line["action"].string() == "stop", line["expires_at"].isNull());
        }
    }

    /// Class rates of a week are the rates known by then, so decisions may differ by date, but neither classes nor
    /// limits may: a difference in those would mean that a record does not say what the workspace holds.
    void exportBundle_recordsSayWhatTheWorkspaceHolds()
    {
        const model::History &history = m_world.session->history();
        const auto decider = pipeline::Decider::make(m_bundle).value();
        const pipeline::FailureReader reader(*m_world.workspace, history);
        int compared = 0;
        for (const std::uint32_t index : pipeline::spreadOverClasses(history, 120)) {
            const auto decision = decider->decideRecord(reader.lineAt(index).value()).value();
            const auto detail =
                m_world.session->decisionAt(history.attempts[index].id, m_world.policy, m_world.economics).value();
            QCOMPARE(decision["class"].string(), detail.decision.errorClass);
            QCOMPARE(decision["rule"].string(), detail.decision.rule);
            QCOMPARE(decision["reason"].string() == "limit", detail.decision.reason == policy::Reason::Limit);
            ++compared;
        }
        QVERIFY(compared > 50);
        QVERIFY(m_report.rolling.points > 0);
        QVERIFY(m_report.rolling.differing < m_report.rolling.points);
    }

    void exportBundle_secretsInTexts_doNotReachTheBundle()
    {
        const model::History &history = m_world.session->history();
        const pipeline::FailureReader reader(*m_world.workspace, history);
        auto &connection = m_world.workspace->connection();
        const auto index = pipeline::spreadOverClasses(history, 1).front();
        const std::string id = std::to_string(history.attempts[index].id);
        QVERIFY(
            connection.run("INSERT OR IGNORE INTO config(id, body) VALUES(987654, "
                           "'{\"spark.ssl.keyPassword\":\"hunter2hunter2\"}'); UPDATE attempt SET config_id = 987654 "
                           "WHERE id = "
                           + id));
        const auto line = reader.lineAt(index);
        QVERIFY(line.has_value());
        QVERIFY(line->find("hunter2") == std::string::npos);
        QVERIFY(line->find("spark.ssl.keyPassword") != std::string::npos);
    }

    void exportBundle_otherRules_shipsThoseInForce()
    {
        QFile file(m_world.folder.filePath("own.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            "schema: 1\nrules:\n  - id: own.everything\n    title: Something failed\n    class: code.exception\n"
            "    domain: user\n    transient: false\n    action: stop\n    match:\n      any: ['(?i)error|exception']\n"
            "    samples:\n      positive: ['an error']\n");
        file.close();
        const auto rules = pipeline::loadClassifier(m_world.resources, {m_world.path("own.yaml")});
        QVERIFY2(rules.has_value(), rules ? "" : rules.error().text().c_str());
        pipeline::ExportOptions options;
        options.rules = *rules;
        options.goldenRecords = 40;
        options.rollingPoints = 0;
        const auto report = m_world.exportTo("own.zip", options);
        QVERIFY(report.has_value());
        QVERIFY(report->warnings.front().starts_with("The bundle's rules are not those that the workspace was"));
        const auto bundle = deploy::readTrustedBundle(m_world.path("own.zip")).value();
        QCOMPARE(bundle.manifest["rules"].integer(), std::int64_t(1));
        const auto &differs = bundle.manifest["rules_differ_from_verdicts"];
        QCOMPARE(differs["added"].items().size(), size_t(1));
        QCOMPARE(differs["added"].items()[0].string(), std::string("own.everything"));
        QVERIFY(!differs["removed"].items().empty());
        QCOMPARE(bundle.files.at("rules.yaml"), classify::writePack((*rules)->pack()));
        std::set<std::string> seen;
        for (const auto &line : linesOf(bundle.files.at("golden.jsonl")))
            seen.insert(line["decision"]["rule"].isNull() ? "" : line["decision"]["rule"].string());
        QVERIFY(seen.contains("own.everything"));
        QVERIFY(seen.size() <= 2);
    }

    void exportBundle_classifiedByAnotherPack_shipsThatOneAndSaysSo()
    {
        auto pack = m_world.shipped->pack();
        const std::string gone = pack.rules.front().id;
        pack.rules.erase(pack.rules.begin());
        classify::Rule mined = pack.rules.front();
        mined.id = "mined.first";
        mined.owner = "Ada";
        mined.any = {"nothing says this"};
        mined.positive = {"nothing says this"};
        pack.rules.push_back(mined);
        const auto other = classify::Classifier::make(pack);
        QVERIFY2(other.has_value(), other ? "" : other.error().text().c_str());
        base::Progress progress;
        QVERIFY(pipeline::classifyWorkspace(*m_world.workspace, **other, {}, progress).has_value());
        pipeline::ExportOptions options;
        options.goldenRecords = 2;
        options.rollingPoints = 0;
        const auto report = m_world.exportTo("mined.zip", options);
        QVERIFY(pipeline::classifyWorkspace(*m_world.workspace, *m_world.shipped, {}, progress).has_value());
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QVERIFY2(report->warnings.front().find("1 rule new (" + gone + "), 1 rule gone (mined.first)")
                     != std::string::npos,
                 report->warnings.front().c_str());
        const auto bundle = deploy::readTrustedBundle(m_world.path("mined.zip")).value();
        const auto shipped = classify::packFromText(bundle.files.at("rules.yaml"), "rules.yaml").value();
        QCOMPARE(shipped.rules.size(), pack.rules.size());
        const auto find = [&](const std::string &id) {
            return std::find_if(shipped.rules.begin(), shipped.rules.end(),
                                [&](const classify::Rule &rule) { return rule.id == id; });
        };
        QVERIFY(find(gone) == shipped.rules.end());
        QCOMPARE(find("mined.first")->owner, std::string("Ada"));
        QVERIFY(bundle.manifest["rules_differ_from_verdicts"].isNull());
    }

    void exportBundle_unknownTarget_isRefused()
    {
        pipeline::ExportOptions options;
        options.targets = {"fortran"};
        const auto report = m_world.exportTo("x.zip", options);
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::InvalidArgument);
        QVERIFY(!QFile::exists(m_world.folder.filePath("x.zip")));
    }

    void exportBundle_cancelled_leavesNoFile()
    {
        std::stop_source stop;
        stop.request_stop();
        base::Progress progress;
        pipeline::ExportOptions options;
        options.out = m_world.path("cancelled.zip");
        const auto report =
            pipeline::exportBundle(*m_world.workspace, m_world.resources, *m_world.session, m_world.policy,
                                   m_world.economics, options, stop.get_token(), progress);
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::Cancelled);
        QVERIFY(!QFile::exists(m_world.folder.filePath("cancelled.zip")));
    }

    void verifyBundle_soundBundle_recomputesEveryGoldenDecision()
    {
        const auto report = pipeline::verifyBundle(m_world.path("b.zip"));
        QVERIFY(report.has_value());
        QVERIFY2(report->ok, report->problems.empty() ? "" : report->problems[0].c_str());
        QCOMPARE(report->golden, std::uint64_t(60));
        QCOMPARE(report->files, std::uint64_t(m_bundle.files.size()));
    }

    void verifyBundle_badBundle_saysWhat_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("problem");
        QTest::newRow("another policy under fitting hashes changes golden decisions")
            << "policy.yaml"
            << "name: other\nversion: \"77\"\n"
            << "golden decision 1 comes out differently";
        QTest::newRow("a policy that cannot be read") << "policy.yaml"
                                                      << "thresholds: 3\n"
                                                      << "policy.yaml";
        QTest::newRow("rules that are none") << "rules.yaml"
                                             << "rules: 12\n"
                                             << "rules.yaml";
        QTest::newRow("a history without its moment") << "history.jsonl"
                                                      << "{}\n"
                                                      << "as_of";
        QTest::newRow("golden lines that are no JSON") << "golden.jsonl"
                                                       << "nonsense\n"
                                                       << "golden.jsonl, line 1";
        QTest::newRow("a golden line without its decision") << "golden.jsonl"
                                                            << "{\"input\":{}}\n"
                                                            << "needs 'input'";
    }
    void verifyBundle_badBundle_saysWhat()
    {
        QFETCH(QString, file);
        QFETCH(QString, content);
        QFETCH(QString, problem);
        forge(m_world.path("b.zip"), m_world.path("forged.zip"), file.toStdString(), content.toStdString());
        const auto report = pipeline::verifyBundle(m_world.path("forged.zip"));
        QVERIFY(report.has_value());
        QVERIFY(!report->ok);
        QVERIFY2(QString::fromStdString(report->problems.front()).contains(problem), report->problems.front().c_str());
    }

    void verifyBundle_tampered_isListedAndNotRun()
    {
        auto entries = formats::readZip(m_world.path("b.zip")).value();
        for (auto &entry : entries) {
            if (entry.name == "policy.yaml")
                entry.content += "# changed\n";
        }
        QVERIFY(formats::writeFileAtomically(m_world.path("t.zip"), formats::makeZip(entries).value()).has_value());
        const auto report = pipeline::verifyBundle(m_world.path("t.zip"));
        QVERIFY(report.has_value() && !report->ok);
        QCOMPARE(report->golden, std::uint64_t(0));
        QVERIFY(report->problems[0].find("'policy.yaml' was changed") != std::string::npos);
    }

    void verifyBundle_unreadablePath_isAnError()
    {
        const auto report = pipeline::verifyBundle(m_world.path("none.zip"));
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestExportBundle)
#include "tst_export_bundle.moc"
