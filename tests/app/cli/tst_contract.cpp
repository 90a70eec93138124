#include "program.hpp"

#include "formats/file.hpp"
#include "pipeline/decider.hpp"

#include "deploy/bundle.hpp"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QtTest>

using namespace mulligan;

/// Walks the whole way once on a small synthetic world and holds every command to the keys of its contract.
class Contract : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_workspace;
    QString m_bundle;
    QJsonObject m_lint; ///< of the pack and the workspace: reading so large a pack against itself takes long

    [[nodiscard]] QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    static void hasKeys(const QJsonObject &object, const QStringList &contract)
    {
        const QStringList missing = cli::missingKeys(object, contract);
        QVERIFY2(missing.isEmpty(), qPrintable(QStringLiteral("missing: ") + missing.join(QStringLiteral(", "))));
    }
    static QStringList words(const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }
    static double figure(const QJsonObject &group, const char *key)
    {
        return group.value(QString::fromLatin1(key)).toObject().value(QStringLiteral("value")).toDouble();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        m_workspace = path("w.mulligan");
        m_bundle = path("bundle.zip");
    }

    void synth_smallWorld_writesFiles()
    {
        const auto run =
            cli::mulligan({"synth", "--out", path("world"), "--jobs", "120", "--days", "100", "--seed", "7", "--json"});
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(), words("files attempts failures"));
        QVERIFY(run.json()["failures"].toInt() > 100);
        QVERIFY(QFile::exists(path("world/truth.jsonl")));
    }

    void init_newFile_isMade()
    {
        const auto run = cli::mulligan({"init", m_workspace, "--json"});
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(), words("workspace schema_version"));
        QCOMPARE(run.json()["schema_version"].toInt(), 9);
    }

    void import_folder_isImported()
    {
        const auto run = cli::mulligan({"import", m_workspace, path("world"), "--json"});
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(), words("sources attempts failures rejected_rows seconds"));
        QVERIFY(!run.json()["sources"].toArray().isEmpty());
        for (const auto &source : run.json()["sources"].toArray())
            hasKeys(source.toObject(),
                    words("path format sha256 status attempts failures rejected_rows warnings reason"));
        QCOMPARE(run.json()["rejected_rows"].toInt(), 0);
    }

    void import_again_changesNothing()
    {
        const auto before = cli::mulligan({"info", m_workspace, "--json"}).json();
        const auto run = cli::mulligan({"import", m_workspace, path("world"), "--json"});
        QCOMPARE(run.exitCode, 0);
        for (const auto &source : run.json()["sources"].toArray()) {
            const QString status = source.toObject()["status"].toString();
            QVERIFY2(status == "duplicate" || status == "skipped", qPrintable(status));
        }
        QCOMPARE(cli::mulligan({"info", m_workspace, "--json"}).json(), before);
    }

    void rejects_badRows_areListed()
    {
        QFile file(path("bad.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"job\":\"a\"}\nnot json\n");
        file.close();
        const QString other = path("rejects.mulligan");
        QCOMPARE(cli::mulligan({"init", other}).exitCode, 0);
        const auto import = cli::mulligan({"import", other, path("bad.jsonl"), "--format", "attempts", "--json"});
        QCOMPARE(import.json()["rejected_rows"].toInt(), 2);
        const auto run = cli::mulligan({"rejects", other});
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.lines().size(), 2);
        for (const auto &line : run.lines())
            hasKeys(line, words("source line column reason text cut"));
        QCOMPARE(run.lines()[1]["text"].toString(), QStringLiteral("not json"));
        QCOMPARE(run.lines()[1]["cut"].toBool(true), false);
    }

    void train_beforeClassify_saysSo()
    {
        const auto run = cli::mulligan({"train", m_workspace, "--json"});
        QCOMPARE(run.exitCode, 1);
        QCOMPARE(run.json()["error"].toObject()["code"].toString(), QStringLiteral("insufficient_data"));
        QVERIFY(run.json()["error"].toObject()["hint"].toString().contains("mulligan classify"));
        QCOMPARE(cli::mulligan({"simulate", m_workspace}).exitCode, 1);
    }

    void classify_workspace_counts()
    {
        const auto run = cli::mulligan({"classify", m_workspace, "--json"});
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(), words("failures classified unclassified undetermined undetermined_rules by_class by_rule "
                                  "hits_on_successes seconds"));
        QCOMPARE(run.json()["classified"].toInt() + run.json()["unclassified"].toInt(), run.json()["failures"].toInt());
        QVERIFY(run.json()["hits_on_successes"].toObject().isEmpty());
    }

    void mine_workspace_hasItsKeys()
    {
        const auto run = cli::mulligan({"mine", m_workspace, "--all", "--by", "cost", "--limit", "4", "--json"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        hasKeys(run.json(), words("clusters by failures all_failures without_text without_cluster cluster_count "
                                  "new_causes new_clusters seconds"));
        const QJsonArray clusters = run.json()["clusters"].toArray();
        QCOMPARE(clusters.size(), 4);
        for (const auto &each : clusters) {
            hasKeys(each.toObject(),
                    words("id size share template pattern examples cost_usd exception frames first_seen last_seen jobs "
                          "job_count owners owner_count unclassified classified rule neighbours checks"));
            hasKeys(each.toObject()["checks"].toObject(),
                    words("members members_matched other_causes other_clusters successes undetermined clean"));
            for (const auto &near : each.toObject()["neighbours"].toArray())
                hasKeys(near.toObject(), words("id similarity template rule class size"));
        }
        const QString cluster = clusters[0].toObject()["id"].toString();
        const auto draft = cli::mulligan({"mine", m_workspace, "--rule", cluster, "--json"});
        QVERIFY2(draft.exitCode == 0, draft.err.constData());
        hasKeys(draft.json(), words("cluster form rule checks preview proposal yaml"));
        hasKeys(draft.json()["preview"].toObject(),
                words("failures cost_usd unclassified_failures unclassified_cost_usd jobs from_rules"));
    }

    void match_text_isClassified()
    {
        const auto run =
            cli::mulligan({"match"}, "{\"id\":\"a\",\"text\":\"java.lang.OutOfMemoryError: Java heap space\"}\n"
                                     "{\"id\":\"b\",\"text\":\"nothing known\"}\n");
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.lines().size(), 2);
        for (const auto &line : run.lines())
            hasKeys(line, words("id class domain transient rule action summary line span captures all_rules"));
        QCOMPARE(run.lines()[0]["class"].toString(), QStringLiteral("memory_config.executor_heap"));
        QCOMPARE(run.lines()[1]["class"].toString(), QStringLiteral("unclassified"));
    }

    void rules_shippedPack_isCleanAndTested()
    {
        const auto lint = cli::mulligan({"rules", "lint", "--json"});
        hasKeys(lint.json(), words("problems"));
        QVERIFY2(lint.json()["problems"].toArray().isEmpty(), lint.out.constData());
        QCOMPARE(lint.exitCode, 0);
        const auto test = cli::mulligan({"rules", "test", "--json"});
        hasKeys(test.json(), words("samples samples_of_drafts failed"));
        QVERIFY2(test.json()["failed"].toArray().isEmpty(), test.out.constData());
        const auto shown = cli::mulligan({"rules", "show", "access.permission"});
        QVERIFY2(shown.out.contains("access.yaml:") && shown.out.contains("- id: access.permission\n"),
                 shown.out.constData());
        hasKeys(cli::mulligan({"rules", "show", "access.permission", "--json"}).json(), words("rule status file line"));
        const auto unknown = cli::mulligan({"rules", "show", "access.permision"});
        QCOMPARE(unknown.exitCode, 1);
        QVERIFY2(unknown.err.contains("Did you mean 'access.permission'?"), unknown.err.constData());
        const auto list = cli::mulligan({"rules", "list", "--json"});
        QVERIFY(list.json()["rules"].toArray().size() >= 60);
        for (const auto &value : list.json()["rules"].toArray()) {
            const QJsonObject rule = value.toObject();
            hasKeys(rule, words("rule title status file line class domain transient action priority engines patterns"));
            hasKeys(rule["engines"].toObject(), words("boost java python re2"));
            for (const auto &pattern : rule["patterns"].toArray()) {
                hasKeys(pattern.toObject(), words("role pattern engines"));
                for (const auto &engine : pattern.toObject()["engines"].toObject())
                    hasKeys(engine.toObject(), words("fit pattern notes"));
            }
        }
    }

    void rulesLint_workspace_namesRulesThatNeverHit()
    {
        const auto run = cli::mulligan({"rules", "lint", "--workspace", m_workspace, "--json"});
        QCOMPARE(run.exitCode, 0);
        m_lint = run.json();
        const auto classified = cli::mulligan({"classify", m_workspace, "--json"}).json()["by_rule"].toObject();
        QStringList idle;
        for (const auto &problem : run.json()["problems"].toArray()) {
            if (problem.toObject()["severity"].toString() == QLatin1String("note"))
                continue;
            QCOMPARE(problem.toObject()["kind"].toString(), QStringLiteral("never_hit"));
            idle.append(problem.toObject()["rule"].toString());
        }
        QVERIFY(!idle.isEmpty());
        for (const QString &rule : classified.keys())
            QVERIFY2(!idle.contains(rule), qPrintable(rule));
        const auto missing = cli::mulligan({"rules", "lint", "--workspace", path("no.mulligan"), "--json"});
        QCOMPARE(missing.exitCode, 1);
        QCOMPARE(missing.json()["error"].toObject()["code"].toString(), QStringLiteral("not_found"));
    }

    void classify_ruleThatRanOutOfSteps_namesTheCommandWithItsRules()
    {
        QFile file(path("slow rule.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("schema: 1\nrules:\n  - id: slow\n    title: t\n    class: code.exception\n    domain: user\n"
                   "    action: stop\n    match: {any: ['(?:a|aa)+(?=!)']}\n");
        file.close();
        const QString w = path("slow.mulligan");
        QCOMPARE(cli::mulligan({"init", w}).exitCode, 0);
        const QByteArray attempt = "{\"job\":\"j\",\"run\":\"r\",\"attempt\":1,\"outcome\":\"failed\",\"started_at\":"
                                   "\"2026-01-01T00:00:00Z\",\"ended_at\":\"2026-01-01T00:10:00Z\",\"error_text\":\""
                                   + QByteArray(4000, 'a') + "\"}\n";
        QCOMPARE(cli::mulligan({"import", w, "-"}, attempt).exitCode, 0);
        const auto run = cli::mulligan({"classify", w, "--rules", file.fileName()});
        QVERIFY2(run.out.contains("to see why: mulligan rules lint --workspace " + w.toUtf8() + " --rules '"
                                  + file.fileName().toUtf8() + "'"),
                 run.out.constData());
        const auto health = cli::mulligan({"rules", "health", w, "--rules", file.fileName(), "--json"}).json();
        QCOMPARE(health["rules"].toArray().at(0).toObject()["concerns"].toArray(),
                 (QJsonArray{QStringLiteral("undetermined"), QStringLiteral("never_hit")}));
    }

    void rules_draftWhoseSampleCannotMatch_failsItsTestAndIsCounted()
    {
        QFile file(path("draft.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("schema: 1\nrules:\n  - id: my.draft\n    title: t\n    status: draft\n    class: code.exception\n"
                   "    domain: user\n    action: stop\n    match: {any: ['FrobException']}\n"
                   "    samples: {positive: [nothing], negative: [all is well]}\n");
        file.close();
        const auto lint = cli::mulligan({"rules", "lint", "--rules", file.fileName()});
        QCOMPARE(lint.exitCode, 1);
        QVERIFY2(lint.out.contains("draft.yaml:10: error: my.draft: failing_sample"), lint.out.constData());
        const auto test = cli::mulligan({"rules", "test", "--rules", file.fileName()});
        QCOMPARE(test.exitCode, 1);
        QVERIFY2(test.out.contains("2 samples (2 of drafts, tried on their own patterns), 1 failed"),
                 test.out.constData());
        const auto json = cli::mulligan({"rules", "test", "--rules", file.fileName(), "--json"}).json();
        const QJsonObject failure = json["failed"].toArray().at(0).toObject();
        hasKeys(failure, words("rule sample expected got message draft file line"));
        QCOMPARE(failure["line"].toInt(), 10);
        const QStringList diff{"rules", "diff", m_workspace, file.fileName(), file.fileName(), "--no-savings"};
        const auto text = cli::mulligan(diff);
        QVERIFY2(text.out.contains("Drafts take no part: A holds 1 draft, B 1 draft"), text.out.constData());
        QCOMPARE(cli::mulligan(diff + QStringList{"--json"}).json()["drafts"].toObject()["b"].toInt(), 1);
    }

    void match_patternThatTakesTooLong_isNamed()
    {
        QFile file(path("slow.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("schema: 1\nrules:\n  - id: slow\n    title: t\n    class: code.exception\n    domain: user\n"
                   "    action: stop\n    match: {any: ['(?:a|aa)+(?=!)']}\n");
        file.close();
        const QByteArray text = "{\"id\":\"a\",\"text\":\"" + QByteArray(4000, 'a') + "\"}\n";
        const auto run = cli::mulligan({"match", "--rules", file.fileName()}, text);
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.lines()[0]["undetermined"].toArray(), QJsonArray{QStringLiteral("slow")});
        QCOMPARE(run.lines()[0]["class"].toString(), QStringLiteral("unclassified"));
        const auto lint = cli::mulligan({"rules", "lint", "--rules", file.fileName()});
        QVERIFY2(lint.out.contains("slow: backtracking"), lint.out.constData());
        const auto list = cli::mulligan({"rules", "list", "--rules", file.fileName()});
        QVERIFY2(list.out.contains("active") && list.out.contains("slow.yaml:3)"), list.out.constData());
    }

    void rulesHealth_workspace_listsRulesClassesAndUnclassified()
    {
        const auto run = cli::mulligan({"rules", "health", m_workspace, "--json"});
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(),
                words("from to failures unjudged pack profiled_texts profiled_bytes rules classes unclassified"));
        hasKeys(run.json()["pack"].toObject(), words("known added changed removed"));
        for (const auto &rule : run.json()["rules"].toArray())
            hasKeys(rule.toObject(),
                    words("rule title class status owner file line created modified expires age_days modified_days "
                          "expires_in_days hits wins hits_on_successes success_share first_hit last_hit by_week "
                          "precision seconds concerns"));
        const auto classes = run.json()["classes"].toArray();
        QVERIFY(classes.size() > 3);
        for (const auto &each : classes)
            hasKeys(each.toObject(), words("class failures recent previous weekly_factor by_week"));
        const QJsonObject unclassified = run.json()["unclassified"].toObject();
        hasKeys(unclassified, words("failures unclassified share low high by_week by_job by_team"));
        QVERIFY(!unclassified["by_week"].toArray().isEmpty());
        for (const auto &row : unclassified["by_job"].toArray())
            hasKeys(row.toObject(), words("job failures unclassified share low high by_week"));
        const auto profiled = cli::mulligan({"rules", "health", m_workspace, "--profile", "--most", "3"});
        QCOMPARE(profiled.exitCode, 0);
        QVERIFY(profiled.out.contains("seconds"));
        QVERIFY2(!profiled.out.contains("another pack"), profiled.out.constData());
        QVERIFY(profiled.out.contains("Rules with a concern, most serious first\n"));
        QVERIFY(profiled.out.contains("Rules without a concern, by hits\n"));
        QVERIFY(profiled.out.contains("Classes, by the low end of their change per week\n  Over "));
        QVERIFY(profiled.out.contains("whole weeks only; weeks before a class first occurred count as 0"));
        // Of the systems whose rules never hit as many as of everything else.
        const QByteArray idle = profiled.out.mid(profiled.out.indexOf("Never hit: "));
        QVERIFY2(idle.contains(" (--json names them)\n  "), idle.constData());
        QCOMPARE(idle.split('\n')[1].count(','), 2);
        QVERIFY2(idle.split('\n')[2].contains(" more; --most shows more rows, --json all"), idle.constData());
    }

    void rulesHealth_otherPack_saysInOneLineWhatToDo()
    {
        QFile file(path("other.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("schema: 1\nrules:\n  - {id: my.own, title: T, class: code.own, domain: user, action: stop, match: "
                   "{any: ['own']}}\n");
        file.close();
        const auto run = cli::mulligan({"rules", "health", m_workspace, "--rules", file.fileName()});
        QCOMPARE(run.exitCode, 0);
        const QByteArray line = [&] {
            for (const QByteArray &each : run.out.split('\n'))
                if (each.startsWith("The verdicts come from another pack"))
                    return each;
            return QByteArray();
        }();
        QVERIFY2(line.contains("the pack given has 1 rule new, ") && line.contains(" rules gone"), run.out.constData());
        QVERIFY2(
            line.contains("'mulligan classify " + m_workspace.toUtf8() + " --rules " + file.fileName().toUtf8() + "'"),
            line.constData());
        QVERIFY(!run.out.contains("my.own "));
    }

    void rulesLint_workspace_countsRulesThatNeverHit()
    {
        const auto text = cli::mulligan({"rules", "lint", "--workspace", m_workspace});
        QCOMPARE(text.exitCode, 0);
        QCOMPARE(text.out.count("never_hit"), 0);
        int never = 0;
        for (const auto &problem : m_lint["problems"].toArray())
            never += problem.toObject()["kind"].toString() == "never_hit" ? 1 : 0;
        QVERIFY(never > 3);
        QVERIFY2(text.out.contains(QLocale(QLocale::English).toString(never).toUtf8() + " of ")
                     && text.out.contains(" rules never hit in this history (warnings); --json or 'mulligan rules "
                                          "health' lists them\n"),
                 text.out.constData());
    }

    void rulesLint_classMisspelt_isHeldAgainstTheShippedOnes()
    {
        QFile file(path("misspelt.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("schema: 1\nrules:\n  - {id: my.own, title: T, class: storage.disk_ful, domain: user, action: stop, "
                   "match: {any: ['own words']}, samples: {positive: ['own words'], negative: [other]}}\n");
        file.close();
        const auto run = cli::mulligan({"rules", "lint", "--rules", file.fileName()});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.out.contains("lone_class: No other rule has the class 'storage.disk_ful'. Did you mean "
                                  "'storage.disk_full'?\n0 errors and 1 warning in 1 rule\n"),
                 run.out.constData());
    }

    void audit_sheetAndAnswers_giveFigures()
    {
        const auto sheet = cli::mulligan(
            {"audit", m_workspace, "--size", "40", "--seed", "3", "--out", path("sheet.jsonl"), "--json"});
        QCOMPARE(sheet.exitCode, 0);
        hasKeys(sheet.json(),
                words("sample seed size minimum drawn_at without_text items answered unanswered gone changed "
                      "answered_population_share precision coverage recall has_cause by_class by_rule "
                      "strata replies rows_read samples_added out"));
        QCOMPARE(sheet.json()["answered"].toInt(), 0);
        QVERIFY(sheet.json()["precision"].toObject()["value"].isNull());
        QFile file(path("sheet.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray answers;
        int items = 0;
        for (QByteArray line = file.readLine(); !line.isEmpty(); line = file.readLine(), ++items) {
            QJsonObject item = QJsonDocument::fromJson(line).object();
            hasKeys(item, words("id job run attempt class rule title line text answer"));
            item["answer"] = QStringLiteral("confirmed");
            answers += QJsonDocument(item).toJson(QJsonDocument::Compact) + '\n';
        }
        QCOMPARE(items, sheet.json()["items"].toInt());
        const auto done = cli::mulligan({"audit", m_workspace, "--answers", "-", "--who", "Ada", "--json"}, answers);
        QCOMPARE(done.exitCode, 0);
        QCOMPARE(done.json()["replies"].toInt(), items);
        QCOMPARE(done.json()["answered"].toInt(), items);
        QCOMPARE(done.json()["sample"].toInt(), sheet.json()["sample"].toInt());
        for (const char *key : {"precision", "coverage", "recall"}) {
            const QJsonObject figure = done.json()[QLatin1String(key)].toObject();
            hasKeys(figure, words("value low high sampled right effective_sample population"));
            QCOMPARE(figure["value"].toDouble(), 1.0);
            QVERIFY(figure["low"].toDouble() > 0.5 && figure["low"].toDouble() < 1.0);
        }
        const auto wrong =
            cli::mulligan({"audit", m_workspace, "--answers", "-", "--json"}, "{\"id\": 1, \"answer\": \"maybe\"}\n");
        QCOMPARE(wrong.exitCode, 1);
        QVERIFY(wrong.json()["error"].toObject()["message"].toString().contains("no answer"));
    }

    void train_workspace_givesACard()
    {
        const auto run = cli::mulligan({"train", m_workspace, "--json"}, {}, 280'000);
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(), words("model_id rows split success cost baselines by_class seconds"));
        hasKeys(run.json()["success"].toObject(), words("auc pr_auc log_loss brier ece"));
        hasKeys(run.json()["cost"].toObject(), words("mae mape bias"));
        hasKeys(run.json()["baselines"].toObject(), words("overall_rate class_rate job_rate"));
    }

    void simulate_workspace_addsUp()
    {
        const auto run = cli::mulligan({"simulate", m_workspace, "--json"});
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(), words("history policy savings provenance groups"));
        const QStringList kpis =
            words("episodes failures remediated_share remediated_share_memory_config interventions intervention_hours "
                  "retry_cost_usd retry_cost_gross_usd recovery_seconds_median recovery_seconds_p95 wrongly_stopped "
                  "censored");
        hasKeys(run.json()["history"].toObject(), kpis);
        hasKeys(run.json()["policy"].toObject(), kpis);
        const QJsonObject savings = run.json()["savings"].toObject();
        const QStringList parts = words("doomed_retries_avoided_usd added_retries_usd dearer_config_usd "
                                        "fixed_by_config_usd interventions_avoided_usd wrongly_stopped_usd");
        hasKeys(savings, parts);
        hasKeys(savings, words("net_usd retry_cost_share all_error_cost_share memory_config_cost_share"));
        qint64 cents = 0;
        for (const QString &part : parts)
            cents += qRound64(figure(savings, part.toLatin1().constData()) * 100.0);
        QCOMPARE(cents, qRound64(figure(savings, "net_usd") * 100.0));
        for (const char *share : {"retry_cost_share", "all_error_cost_share", "memory_config_cost_share"})
            QVERIFY(!savings[QLatin1String(share)].toObject()["denominator"].toString().isEmpty());
        hasKeys(run.json()["provenance"].toObject(), words("observed estimated modelled assumed unsupported"));
        QVERIFY(figure(run.json()["history"].toObject(), "episodes") > 50);
    }

    void simulate_cadences_areComparedWithTheirKeys()
    {
        const QStringList keys =
            words("cadence when_absent decision_points bound_points own_share older_share none_share "
                  "staleness_seconds_median staleness_seconds_p95 waiting_seconds_mean jobs jobs_without "
                  "jobs_without_share batches recomputed recomputed_per_batch");
        const auto plain = cli::mulligan({"simulate", m_workspace, "--json"});
        hasKeys(plain.json()["cadence"].toObject(), keys);
        QVERIFY(!plain.json().contains("cadences"));
        const auto run = cli::mulligan(
            {"simulate", m_workspace, "--json", "--cadence", "30m", "--cadences", "on_failure,30m,daily"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QCOMPARE(run.json()["cadence"].toObject()["cadence"].toString(), QStringLiteral("30m"));
        const QJsonArray rows = run.json()["cadences"].toArray();
        QCOMPARE(rows.size(), 3);
        for (const auto &row : rows) {
            const QJsonObject of = row.toObject();
            hasKeys(of, keys + words("net_usd unsupported_net_usd policy"));
            const double shares =
                of["own_share"].toDouble() + of["older_share"].toDouble() + of["none_share"].toDouble();
            QVERIFY(std::abs(shares - 1.0) < 1e-9);
        }
        const QJsonObject now = rows[0].toObject();
        QCOMPARE(now["own_share"].toDouble(), 1.0);
        QCOMPARE(figure(now, "net_usd"), figure(plain.json()["savings"].toObject(), "net_usd"));
        QCOMPARE(figure(rows[1].toObject(), "net_usd"), figure(run.json()["savings"].toObject(), "net_usd"));
        QVERIFY(rows[2].toObject()["own_share"].toDouble() <= rows[1].toObject()["own_share"].toDouble());
        QVERIFY(rows[2].toObject()["batches"].toDouble() < rows[1].toObject()["batches"].toDouble());
        const auto text = cli::mulligan({"simulate", m_workspace, "--cadences", "on_failure,30m,daily@6"});
        for (const char *title : {"on failure", "every 30 minutes", "daily, 06:00 UTC"})
            QVERIFY2(text.out.contains(title), title);
        for (const QByteArray &line : text.out.split('\n'))
            QVERIFY2(QString::fromUtf8(line).size() <= 80, line.constData());
    }

    void simulate_incumbent_reproducesHistory()
    {
        const auto run = cli::mulligan({"simulate", m_workspace, "--json", "--policy",
                                        QStringLiteral(MULLIGAN_SOURCE_DIR "/resources/incumbent.yaml")});
        QCOMPARE(run.exitCode, 0);
        const QJsonObject history = run.json()["history"].toObject();
        const QJsonObject policy = run.json()["policy"].toObject();
        const double episodes = figure(history, "episodes");
        const QJsonObject provenance = run.json()["provenance"].toObject();
        const auto count = [&](const char *name) {
            return provenance[QLatin1String(name)].toObject()["count"].toDouble();
        };
        // The world also holds a few randomised decisions, which no fixed policy can follow: only these may differ.
        const double elsewhere = count("modelled") + count("unsupported");
        const double shares = figure(policy, "remediated_share") - figure(history, "remediated_share");
        QVERIFY2(std::abs(shares) * episodes <= elsewhere, qPrintable(QString::number(shares)));
        QVERIFY(std::abs(figure(policy, "interventions") - figure(history, "interventions")) < 0.03 * episodes);
        QVERIFY2(elsewhere < 0.06 * count("observed"), qPrintable(QString::number(elsewhere)));
    }

    void evaluate_knownTruth_hasItsKeys()
    {
        const QString table = path("truth.md");
        const auto run = cli::mulligan(
            {"evaluate", m_workspace, "--truth", path("world/truth.jsonl"), "--folds", "3", "--out", table, "--json"},
            {}, 280'000);
        QVERIFY2(run.exitCode == 0, run.err.constData());
        hasKeys(run.json(), words("truth out"));
        const QJsonObject truth = run.json()["truth"].toObject();
        hasKeys(truth, words("leave_out units folds class_rate_folds seed truth_rows truth_cells episodes "
                             "memory_config_episodes episodes_without_truth dominance_share policies by_workflow "
                             "predicted realised learning_curve bars"));
        QCOMPARE(truth["folds"].toInt(), 3);
        QVERIFY(truth["episodes"].toInt() > 50);
        QStringList policies;
        for (const auto &each : truth["policies"].toArray()) {
            const QJsonObject policy = each.toObject();
            hasKeys(policy, words("policy scope episodes fixable unknown_truth_share fixed_first_share "
                                  "fixed_within_two_share remediated_share failed_usd dearer_usd retry_cost_usd "
                                  "labour_usd total_cost_usd total_above_policy_usd wrongly_stopped retries "
                                  "unsupported_share regret_median regret_p90"));
            hasKeys(policy["total_cost_usd"].toObject(), words("value low high unit"));
            policies += policy["policy"].toString();
            // The parts add up, and nobody beats who knows the truth at fixing.
            const double parts =
                figure(policy, "failed_usd") + figure(policy, "dearer_usd") + figure(policy, "labour_usd");
            QVERIFY(std::abs(parts - figure(policy, "total_cost_usd")) < 1e-6 * (1.0 + std::abs(parts)));
            QVERIFY(figure(policy, "fixed_first_share") <= figure(policy, "fixed_within_two_share") + 1e-9);
        }
        const QStringList each = words("policy keep x2 ladder ceiling oracle history");
        QCOMPARE(policies, each + each);
        for (const char *side : {"predicted", "realised"})
            for (const char *scope : {"memory_config", "all"})
                hasKeys(truth[QLatin1String(side)].toObject()[QLatin1String(scope)].toObject(),
                        words("fixed_first_share remediated_share retry_cost_usd retry_cost_gross_usd total_cost_usd"));
        for (const auto &part : truth["by_workflow"].toArray())
            hasKeys(part.toObject(), words("workflow scope episodes fixable fixable_fixed_first_share "
                                           "fixable_fixed_within_two_share predicted realised oracle_retry_cost_usd "
                                           "unsupported_share unknown_truth_share"));
        for (const auto &bar : truth["bars"].toArray())
            hasKeys(bar.toObject(), words("name meaning value bar direction held"));
        QFile file(table);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("| ceiling |"));
    }

    void evaluate_wrongUsage_saysSo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("message");
        QTest::newRow("no truth") << QStringList() << 2 << "known truth";
        QTest::newRow("nothing that can be left out")
            << QStringList{"--truth", "x", "--leave-out", "week"} << 2 << "leave-out";
        QTest::newRow("a truth that is not there")
            << QStringList{"--truth", "/nowhere/truth.jsonl"} << 1 << "truth.jsonl";
    }
    void evaluate_wrongUsage_saysSo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QString, message);
        const auto run = cli::mulligan(QStringList{"evaluate", m_workspace, "--json"} + arguments);
        QCOMPARE(run.exitCode, exitCode);
        const QString said = QString::fromUtf8(QJsonDocument(run.json()["error"].toObject()).toJson());
        QVERIFY2(said.contains(message), qPrintable(said));
    }

    void report_everyEnding_isWritten_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("begins");
        QTest::newRow("html") << "r.html" << QByteArray("<!");
        QTest::newRow("csv") << "r.csv" << QByteArray("section,");
        QTest::newRow("xlsx") << "r.xlsx" << QByteArray("PK");
    }
    void report_everyEnding_isWritten()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, begins);
        const QString out = m_folder.filePath(name);
        const auto run = cli::mulligan({"report", m_workspace, "--out", out, "--json"});
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(), words("out"));
        QFile file(out);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().startsWith(begins));
    }

    void report_pdf_takesTheOptionsOfTheOthers()
    {
        if (!QFile::exists(QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan-desktop")))
            QSKIP("PDF is drawn by the desktop program, which was not built");
        const QString policy = path("own.yaml");
        QFile file(policy);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("name: own\nthreshold: 0.77\n");
        file.close();
        const QString out = path("options.pdf");
        const auto run = cli::mulligan({"report", m_workspace, "--out", out, "--policy", policy, "--set",
                                        "currency=EUR", "--by", "job", "--json"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QCOMPARE(run.json()["out"].toString(), out);
        QFile written(out);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.read(8).startsWith("%PDF"));
    }

    void export_bundle_verifies()
    {
        const auto run = cli::mulligan({"export", m_workspace, "--out", m_bundle, "--target", "spark", "--json"});
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(), words("out files differs_from_rolling"));
        hasKeys(run.json()["differs_from_rolling"].toObject(), words("points differing"));
        for (const auto &file : run.json()["files"].toArray())
            hasKeys(file.toObject(), words("path sha256"));
        const auto verify = cli::mulligan({"verify", m_bundle, "--json"});
        QCOMPARE(verify.exitCode, 0);
        hasKeys(verify.json(), words("ok problems"));
        QVERIFY(verify.json()["ok"].toBool());
    }

    void simulate_otherRulesThanTheVerdicts_saysSo()
    {
        const QStringList plain{"simulate", m_workspace, "--json"};
        QVERIFY(cli::mulligan(plain).json()["rules_caveat"].isNull());
        const auto run = cli::mulligan(
            plain + QStringList{"--rules", QStringLiteral(MULLIGAN_SOURCE_DIR "/resources/rules/memory.yaml")});
        QCOMPARE(run.exitCode, 0);
        const QString caveat = run.json()["rules_caveat"].toString();
        QVERIFY2(caveat.contains("Compared with them the rules given have ") && caveat.contains(" rules gone ("),
                 qPrintable(caveat));
        QCOMPARE(run.json()["notes"].toArray().at(0).toString(), caveat);
    }

    void export_otherRules_areTheOnesShipped()
    {
        const QString out = path("own.zip");
        const auto run = cli::mulligan({"export", m_workspace, "--out", out, "--json", "--rules",
                                        QStringLiteral(MULLIGAN_SOURCE_DIR "/resources/rules/memory.yaml")});
        QCOMPARE(run.exitCode, 0);
        const auto whole = deploy::readTrustedBundle(m_bundle.toStdString());
        const auto own = deploy::readTrustedBundle(out.toStdString());
        QVERIFY(whole.has_value() && own.has_value());
        QVERIFY(own->manifest["rules"].integer() > 0);
        QVERIFY(own->manifest["rules"].integer() < whole->manifest["rules"].integer());
        QCOMPARE(cli::mulligan({"verify", out}).exitCode, 0);
        const auto missing = cli::mulligan({"export", m_workspace, "--out", out, "--json", "--rules", path("no.yaml")});
        QCOMPARE(missing.exitCode, 1);
    }

    void decide_thousandFailures_sameBytesAsInProcess()
    {
        QByteArray input;
        int records = 0;
        QDir world(path("world"));
        for (const QString &name : world.entryList({"*.jsonl"}, QDir::Files)) {
            QFile file(world.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            while (!file.atEnd() && records < 1000) {
                const QByteArray line = file.readLine();
                if (!line.contains("\"outcome\":\"failed\"") || !line.contains("\"run\""))
                    continue;
                input += line;
                ++records;
            }
        }
        QVERIFY(records > 100);
        const auto run = cli::mulligan({"decide", "--bundle", m_bundle}, input);
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.lines().size(), records);
        for (const auto &line : run.lines())
            hasKeys(line, words("id action config scope delay_seconds reason class rule p_success cost_usd supported "
                                "action_probability policy_version"));
        const auto bundle = deploy::readTrustedBundle(m_bundle.toStdString());
        QVERIFY(bundle.has_value());
        const auto decider = pipeline::Decider::make(*bundle);
        QVERIFY(decider.has_value());
        QByteArray inProcess;
        for (const QByteArray &line : input.split('\n'))
            if (!line.isEmpty())
                inProcess += QByteArray::fromStdString((*decider)->decideLine(line.toStdString())) + '\n';
        QCOMPARE(run.out, inProcess);
    }

    void rulesDiff_samePack_changesNothing()
    {
        const auto run =
            cli::mulligan({"rules", "diff", m_workspace, "shipped", "shipped", "--no-savings", "--strict", "--json"});
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(), words("failures changed changed_cost_usd changed_class changed_action moves rules "
                                  "newly_classified newly_unclassified undetermined hits_on_successes savings "
                                  "without_savings"));
        hasKeys(run.json()["hits_on_successes"].toObject(), words("a b"));
        QVERIFY(run.json()["failures"].toInt() > 100);
        QCOMPARE(run.json()["changed"].toInt(), 0);
        QVERIFY(run.json()["savings"].isNull());
    }

    void rulesDiff_packWithOneRule_movesFailuresAndExitsWith3WhenStrict()
    {
        QFile file(path("heap.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("schema: 1\nrules:\n- id: own.heap\n  title: Heap\n  class: memory_config.executor_heap\n"
                   "  domain: user\n  transient: false\n  action: stop\n  match:\n    where: whole_log\n"
                   "    any: ['java\\.lang\\.OutOfMemoryError']\n");
        file.close();
        const auto run =
            cli::mulligan({"rules", "diff", m_workspace, "shipped", path("heap.yaml"), "--json"}, {}, 280'000);
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const QJsonObject json = run.json();
        const int changed = json["changed"].toInt();
        QVERIFY(changed > 0);
        int moved = 0;
        for (const auto &move : json["moves"].toArray()) {
            hasKeys(move.toObject(), words("from_rule to_rule from_class to_class from_action to_action count cost_usd "
                                           "actions_changed examples"));
            moved += move.toObject()["count"].toInt();
        }
        QCOMPARE(moved, changed);
        for (const auto &rule : json["rules"].toArray())
            hasKeys(rule.toObject(), words("rule hits wins wins_cost_usd hits_on_successes undetermined"));
        hasKeys(json["savings"].toObject(), words("a b net_gain_usd"));
        for (const char *side : {"a", "b"})
            hasKeys(json["savings"].toObject()[QLatin1String(side)].toObject(), words("history policy savings"));
        const QStringList quick{"rules", "diff", m_workspace, "shipped", path("heap.yaml"), "--no-savings"};
        QCOMPARE(json["currency"].toString(), QStringLiteral("USD"));
        const QByteArray text = cli::mulligan(quick).out;
        QVERIFY2(text.contains(" USD: ") && text.contains("  failures        cost, USD  rule and class"),
                 text.constData());
        QCOMPARE(cli::mulligan(quick + QStringList{"--strict"}).exitCode, 3);
        QCOMPARE(cli::mulligan(quick + QStringList{"--max-changed", QString::number(changed)}).exitCode, 0);
        QCOMPARE(cli::mulligan(quick + QStringList{"--max-changed", QString::number(changed - 1)}).exitCode, 3);
    }

    void rulesDiff_packThatIsNotThere_saysWhichOne()
    {
        const auto run = cli::mulligan({"rules", "diff", m_workspace, "shipped", path("none.yaml"), "--json"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY(run.out.contains("pack B"));
        QVERIFY(run.out.contains("none.yaml"));
    }

    void info_workspace_hasItsKeys()
    {
        const auto run = cli::mulligan({"info", m_workspace, "--json"});
        QCOMPARE(run.exitCode, 0);
        hasKeys(run.json(),
                words("schema_version sources jobs runs attempts failures episodes classes models policies from to"));
    }
};

QTEST_GUILESS_MAIN(Contract)
#include "tst_contract.moc"
