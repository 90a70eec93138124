#include "program.hpp"

#include <QFile>
#include <QRegularExpression>
#include <QtTest>

#include <csignal>

/// What a user gets for wrong usage and bad files: an exit code, an error object, and a message that says what to do.
class BadInput : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString write(const char *name, const QByteArray &content) const
    {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(content);
        return path;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QCOMPARE(cli::mulligan({"init", m_folder.filePath("w.mulligan")}).exitCode, 0);
    }

    void command_badInput_saysWhatToDo_data()
    {
        const QString w = m_folder.filePath("w.mulligan");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, QStringList arguments, int exitCode, const char *code, const char *says) {
            QTest::newRow(name) << arguments << exitCode << QString::fromLatin1(code) << QString::fromUtf8(says);
        };
        row("no command", {}, 2, "invalid_argument", "subcommand");
        row("an unknown command", {"conjure"}, 2, "invalid_argument", "conjure");
        row("help of an unknown command", {"conjure", "--help"}, 2, "invalid_argument",
            "There is no command 'conjure'");
        row("help of an unknown subcommand", {"rules", "shew", "--help"}, 2, "invalid_argument",
            "'shew' is not a subcommand of 'mulligan rules'");
        row("nothing to match", {"match"}, 1, "insufficient_data", "Standard input is empty");
        const QString rules = QStringLiteral(MULLIGAN_SOURCE_DIR "/resources/rules/memory.yaml");
        const QString log = write("driver.log", "ERROR it went wrong\n");
        row("a log behind the rules to match with", {"match", "--rules", rules, log}, 1, "parse",
            qPrintable(QStringLiteral("'mulligan match --rules %1 < %2'").arg(rules, log)));
        row("a command spelt wrong", {"imprt", w}, 2, "invalid_argument", "Did you mean 'mulligan import'?");
        row("an unknown subcommand", {"rules", "bogus"}, 2, "invalid_argument",
            "'bogus' is not a subcommand of 'mulligan rules'\n  remedy: There are lint, test, list, show, health and "
            "diff.");
        row("a subcommand spelt wrong", {"--threads", "2", "rules", "lnt"}, 2, "invalid_argument",
            "Did you mean 'mulligan rules lint'?");
        row("a subcommand spelt wrong behind a flag", {"--quiet", "rules", "lnt"}, 2, "invalid_argument",
            "Did you mean 'mulligan rules lint'?");
        row("no subcommand", {"rules"}, 2, "invalid_argument",
            "needs a subcommand: lint, test, list, show, health or diff");
        row("a rule folder without its option", {"rules", "lint", "extra"}, 2, "invalid_argument",
            "'mulligan rules lint --rules extra'");
        row("the same of the samples", {"rules", "test", "extra"}, 2, "invalid_argument",
            "'mulligan rules test --rules extra'");
        row("a file to match", {"match", "driver.log"}, 2, "invalid_argument", "'mulligan match < driver.log'");
        row("a dash to match", {"match", "-"}, 2, "invalid_argument", "leave '-' out");
        row("the manual of an unknown subcommand", {"man", "rules", "bogus"}, 2, "invalid_argument", "'bogus'");
        row("the manual of what has no subcommands", {"man", "init", "x"}, 2, "invalid_argument", "no subcommands");
        row("a negative limit", {"mine", w, "--limit", "-1"}, 2, "invalid_argument", "'-1' is negative");
        row("a negative number of changes", {"rules", "diff", w, "shipped", "shipped", "--max-changed", "-1"}, 2,
            "invalid_argument", "'-1' is negative");
        row("a cluster without a name", {"mine", w, "--rule", ""}, 2, "invalid_argument", "--rule");
        row("an unknown option", {"info", w, "--shiny"}, 2, "invalid_argument", "shiny");
        row("a missing argument", {"info"}, 2, "invalid_argument", "WORKSPACE");
        row("a workspace that is not there", {"info", m_folder.filePath("none.mulligan")}, 1, "not_found",
            "none.mulligan");
        row("a workspace that exists already", {"init", w}, 1, "conflict", "w.mulligan");
        row("a folder instead of a workspace", {"info", m_folder.path()}, 1, "", m_folder.path().toUtf8().constData());
        row("a text file instead of a workspace", {"info", write("text.mulligan", "just some text, nothing more\n")}, 1,
            "", "text.mulligan");
        row("an empty file instead of a workspace", {"info", write("empty.mulligan", "")}, 1, "", "empty.mulligan");
        row("an unknown format", {"import", w, ".", "--format", "parquet"}, 2, "invalid_argument", "parquet");
        row("a policy that is not there", {"simulate", w, "--policy", m_folder.filePath("no.yaml")}, 1, "not_found",
            "no.yaml");
        row("a threshold of 1.7", {"simulate", w, "--policy", write("p.yaml", "name: x\nthreshold: 1.7\n")}, -1, "",
            "1.7");
        row("a setting nobody knows", {"simulate", w, "--set", "treshold=0.3"}, 2, "invalid_argument", "threshold");
        row("a setting nobody knows, in a PDF",
            {"report", w, "--out", m_folder.filePath("r.pdf"), "--set", "treshold=0.3"}, 2, "invalid_argument",
            "threshold");
        row("an earlier end than beginning", {"simulate", w, "--from", "2026-04-01", "--to", "2026-03-01"}, 2,
            "invalid_argument", "--from");
        row("a threshold for a class nobody knows", {"simulate", w, "--set", "thresholds.nonsense=0.2"}, 2,
            "invalid_argument", "nonsense");
        row("an action for a rule nobody knows", {"simulate", w, "--set", "rule_actions.nonsense=retry"}, 2,
            "invalid_argument", "nonsense");
        row("rejects written over the workspace", {"rejects", w, "--out", w}, 1, "conflict", "w.mulligan");
        row("a bundle written over the workspace", {"export", w, "--out", w}, 1, "conflict", "w.mulligan");
        row("a breakdown nobody knows", {"simulate", w, "--by", "moon"}, 2, "invalid_argument", "moon");
        row("a cadence nobody keeps", {"simulate", w, "--cadence", "hourly"}, 2, "invalid_argument", "--cadence");
        row("a cadence without a unit among several", {"simulate", w, "--cadences", "on_failure,30"}, 2,
            "invalid_argument", "'30'");
        row("a cadence left empty", {"simulate", w, "--cadences", "30m,"}, 2, "invalid_argument", "--cadences");
        row("an hour that no day has", {"simulate", w, "--cadence", "daily@25"}, 2, "invalid_argument", "25");
        row("neither falling back nor waiting", {"simulate", w, "--when-absent", "panic"}, 2, "invalid_argument",
            "fall_back");
        row("a time without sense", {"simulate", w, "--from", "yesterday"}, 2, "invalid_argument", "yesterday");
        row("a rule file with a bad pattern",
            {"rules", "test", "--rules",
             write("r.yaml",
                   "schema: 1\nrules:\n  - id: a.b\n    title: t\n    class: code.exception\n    domain: user\n"
                   "    transient: false\n    action: stop\n    match:\n      any:\n        - 'oops ('\n")},
            1, "parse", "r.yaml");
        row("a rule file with an unknown key",
            {"rules", "test", "--rules",
             write("k.yaml", "schema: 1\nrules:\n  - id: a.b\n    titel: t\n    class: code.exception\n")},
            1, "parse", "titel");
        row("a bundle that is not there", {"verify", m_folder.filePath("no.zip")}, 1, "not_found", "no.zip");
        row("a bundle that is no zip", {"decide", "--bundle", write("b.zip", "PK? no.")}, 1, "", "b.zip");
        row("a report of an unknown kind", {"report", w, "--out", m_folder.filePath("r.docx")}, -1, "", "docx");
        row("a report into no folder", {"report", w, "--out", m_folder.filePath("no/where.html")}, -1, "", "");
        row("synthetic history over a file",
            {"synth", "--out", write("file-in-the-way", "x"), "--jobs", "2", "--days", "2"}, 1, "", "file-in-the-way");
    }
    void command_badInput_saysWhatToDo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QString, code);
        QFETCH(QString, says);
        const auto run = cli::mulligan(arguments + QStringList{"--json"});
        if (exitCode >= 0)
            QCOMPARE(run.exitCode, exitCode);
        else
            QVERIFY(run.exitCode == 1 || run.exitCode == 2);
        const QJsonObject error = run.json()["error"].toObject();
        QVERIFY2(cli::missingKeys(error, {"code", "message", "context", "hint"}).isEmpty(), run.out.constData());
        if (!code.isEmpty())
            QCOMPARE(error["code"].toString(), code);
        QVERIFY2(run.err.contains(says.toUtf8()) || run.out.contains(says.toUtf8()), run.err.constData());
        QVERIFY(!error["message"].toString().isEmpty());
    }

    void lint_problems_exitBySeverity_data()
    {
        const QByteArray rule = "schema: 1\nrules:\n  - id: a.b\n    title: t\n    class: code.exception\n"
                                "    domain: user\n    action: stop\n    match: {any: ['oops (\\d+ )+']}\n";
        const QByteArray samples = "    samples: {positive: ['oops 1 '], negative: ['fine']}\n";
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("problem");
        QTest::newRow("a sound rule") << QByteArray(rule + samples).replace(" )+", ")") << 0 << QString();
        QTest::newRow("a rule without samples") << rule << 0 << QStringLiteral("warning no_samples");
        QTest::newRow("YAML that is none") << QByteArray("rules: [[\n") << 1 << QStringLiteral("error unreadable");
        QTest::newRow("a rule with a bad class")
            << QByteArray(rule).replace("code.exception", "code") << 1 << QStringLiteral("error invalid");
        QTest::newRow("a sample that fails") << QByteArray(rule + samples).replace("['fine']", "['oops 2 ']") << 1
                                             << QStringLiteral("error failing_sample");
    }
    void lint_problems_exitBySeverity()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, exitCode);
        QFETCH(QString, problem);
        const QString file = write("lint.yaml", content);
        const auto run = cli::mulligan({"rules", "lint", "--rules", file, "--json"});
        QCOMPARE(run.exitCode, exitCode);
        QStringList found;
        for (const auto &value : run.json()["problems"].toArray()) {
            const QJsonObject each = value.toObject();
            QVERIFY(cli::missingKeys(each, {"rule", "kind", "message", "line", "severity", "file"}).isEmpty());
            QCOMPARE(each["file"].toString(), file);
            found.push_back(each["severity"].toString() + ' ' + each["kind"].toString());
        }
        QCOMPARE(found.isEmpty(), problem.isEmpty());
        QVERIFY2(problem.isEmpty() || found.contains(problem), run.out.constData());
        QCOMPARE(cli::mulligan({"rules", "lint", "--rules", file}).exitCode, exitCode);
    }

    void import_missingFile_isReportedAndFails()
    {
        const auto run =
            cli::mulligan({"import", m_folder.filePath("w.mulligan"), m_folder.filePath("gone.jsonl"), "--json"});
        QCOMPARE(run.exitCode, 1);
        const QJsonObject source = run.json()["sources"].toArray().first().toObject();
        QCOMPARE(source["status"].toString(), QStringLiteral("rejected"));
        QVERIFY(source["reason"].toString().contains("gone.jsonl"));
    }

    void import_strictWithRejects_exitsWith3()
    {
        const QByteArray good = "{\"job\":\"a\",\"run\":\"r1\",\"attempt\":1,\"outcome\":\"succeeded\",\"started_at\":"
                                "\"2026-01-01T00:00:00Z\",\"ended_at\":\"2026-01-01T00:10:00Z\"}\n";
        const QString file = write("half.jsonl", good + "{\"job\":\"a\",\"run\":\"r2\"}\n");
        const QString w = m_folder.filePath("strict.mulligan");
        QCOMPARE(cli::mulligan({"init", w}).exitCode, 0);
        QCOMPARE(cli::mulligan({"import", w, file, "--strict"}).exitCode, 3);
    }

    void import_damagedFileInAFolder_isRejectedWithTheRemedyAndStrictExitsWith3()
    {
        const QString w = m_folder.filePath("damaged.mulligan");
        QVERIFY(QDir(m_folder.path()).mkdir("damaged"));
        write("damaged/rows.csv", "job,run,attempt,outcome,started_at,ended_at\nj,r,1,failed,0,0\n");
        // A gzip member whose checksum is wrong.
        write("damaged/rows.csv.gz", QByteArray::fromHex("1f8b08000000000002ff4b4c4ae602004f81884704000000"));
        QCOMPARE(cli::mulligan({"init", w}).exitCode, 0);
        const auto run = cli::mulligan({"import", w, m_folder.filePath("damaged"), "--strict"});
        QCOMPARE(run.exitCode, 3);
        QVERIFY2(run.out.contains("rejected  "), run.out.constData());
        QVERIFY2(run.out.contains("Copy the file from its source again."), run.out.constData());
        QVERIFY2(run.out.contains("0 rows rejected, 1 file rejected, "), run.out.constData());
    }

    void import_manyFilesShownAsOne_namesThoseWithRejects()
    {
        const QString w = m_folder.filePath("many.mulligan");
        QVERIFY(QDir(m_folder.path()).mkdir("many"));
        const QByteArray header = "job,run,attempt,outcome,started_at,ended_at\n";
        for (int i = 0; i < 6; ++i)
            write(qPrintable(QStringLiteral("many/rows%1.csv").arg(i)),
                  header + "j,r" + QByteArray::number(i) + ",1,failed,0,0\n" + (i % 3 == 2 ? "j,r\n" : ""));
        QCOMPARE(cli::mulligan({"init", w}).exitCode, 0);
        const auto run = cli::mulligan({"import", w, m_folder.filePath("many")});
        QVERIFY2(run.out.contains("6 sources in "), run.out.constData());
        QVERIFY2(run.out.contains("\n    1 row rejected in rows2.csv\n    1 row rejected in rows5.csv\n"),
                 run.out.constData());
    }

    void import_standardInput_isRead()
    {
        const QString w = m_folder.filePath("stdin.mulligan");
        QCOMPARE(cli::mulligan({"init", w}).exitCode, 0);
        const auto run =
            cli::mulligan({"import", w, "-", "--json"},
                          "{\"job\":\"a\",\"run\":\"r1\",\"attempt\":1,\"outcome\":\"failed\",\"started_at\":"
                          "\"2026-01-01T00:00:00Z\",\"ended_at\":\"2026-01-01T00:10:00Z\"}\n");
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.json()["attempts"].toInt(), 1);
    }

    void simulate_emptyWorkspace_saysWhatIsMissing()
    {
        const auto run = cli::mulligan({"simulate", m_folder.filePath("w.mulligan"), "--json"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY(!run.json()["error"].toObject()["hint"].toString().isEmpty());
    }

    void train_tooLittleData_saysHowMuchIsNeeded()
    {
        const QString w = m_folder.filePath("stdin.mulligan");
        QCOMPARE(cli::mulligan({"classify", w}).exitCode, 0);
        const auto run = cli::mulligan({"train", w});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.out.contains("200"), run.out.constData());
        QVERIFY(run.out.contains("Class rates"));
    }

    void synth_interrupted_exitsWith130()
    {
        QProcess process;
        process.start(QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan"),
                      {"synth", "--out", m_folder.filePath("big"), "--jobs", "20000", "--days", "400"});
        QVERIFY(process.waitForStarted());
        QTest::qWait(500);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
    }

    void help_everyCommand_isPrinted()
    {
        QCOMPARE(cli::mulligan({"--version"}).exitCode, 0);
        for (const char *command : {"init", "import", "map", "rejects", "classify", "match", "rules", "train",
                                    "simulate", "report", "export", "verify", "decide", "synth", "info"}) {
            const auto run = cli::mulligan({QString::fromLatin1(command), "--help"});
            QCOMPARE(run.exitCode, 0);
            QVERIFY(run.out.size() > 80);
        }
        for (const char *shell : {"bash", "zsh", "fish"})
            QVERIFY(cli::mulligan({"completion", QString::fromLatin1(shell)}).out.contains("simulate"));
        QVERIFY(cli::mulligan({"man", "simulate"}).out.startsWith(".TH"));
        const QByteArray page = cli::mulligan({"man", "rules", "lint"}).out;
        QVERIFY2(page.contains("\\fBmulligan\\fR \\fBrules\\fR \\fBlint\\fR [options]"), page.constData());
        QVERIFY2(page.contains("\\fB\\-\\-rules\\fR \\fIPATH ...\\fR\n"), page.constData());
        const QRegularExpression name(QStringLiteral("\\.SH NAME\n([^\n]*)\n"));
        const QStringList pages{"init",         "import",    "map",        "rejects",    "classify",   "match",
                                "rules",        "audit",     "mine",       "train",      "simulate",   "evaluate",
                                "report",       "export",    "verify",     "decide",     "synth",      "info",
                                "watch",        "conflicts", "rules lint", "rules test", "rules list", "rules show",
                                "rules health", "rules diff"};
        for (const QString &each : pages) {
            const auto lines = name.match(QString::fromUtf8(cli::mulligan(QStringList{"man"} + each.split(' ')).out));
            QVERIFY2(lines.hasMatch() && lines.captured(1).size() < 150, qPrintable(each + lines.captured(1)));
        }
    }

    void help_optionWithAValue_saysWhatItTakes()
    {
        const QRegularExpression unnamed(QStringLiteral("^ +--[a-z-]+( +(TEXT|U?INT|FLOAT|ENUM)\\b|  +\\.\\.\\.)"),
                                         QRegularExpression::MultilineOption);
        for (const char *command :
             {"init",  "import",   "map",       "rejects",    "classify",     "match",     "audit",  "mine",
              "train", "simulate", "evaluate",  "report",     "export",       "verify",    "decide", "synth",
              "info",  "watch",    "conflicts", "rules lint", "rules health", "rules diff"}) {
            const auto run = cli::mulligan(QString::fromLatin1(command).split(' ') + QStringList{"--help"});
            const auto found = unnamed.match(QString::fromUtf8(run.out));
            QVERIFY2(!found.hasMatch(), qPrintable(QString::fromLatin1(command) + found.captured()));
        }
        const QByteArray mine = cli::mulligan({"mine", "--help"}).out;
        QVERIFY(mine.contains("--rule CLUSTER"));
        for (const char *common : {"Options of every command:", "--json ", "--quiet ", "--threads N"})
            QVERIFY2(mine.contains(common), common);
    }

    void json_helpAndItsLike_areObjects()
    {
        QCOMPARE(cli::mulligan({"--version", "--json"}).json().keys(), QStringList{"version"});
        QVERIFY(cli::mulligan({"--json", "rules", "lint", "--help"}).json()["help"].toString().contains("--workspace"));
        const QJsonObject page = cli::mulligan({"man", "rules", "lint", "--json"}).json();
        QCOMPARE(page["command"].toString(), QStringLiteral("mulligan rules lint"));
        QVERIFY(page["page"].toString().startsWith(".TH"));
        const QJsonObject script = cli::mulligan({"completion", "fish", "--json"}).json();
        QCOMPARE(script["shell"].toString(), QStringLiteral("fish"));
        QVERIFY(script["script"].toString().contains("complete -c mulligan"));
    }

    /// As any program whose reader has had enough: by the signal, without a word.
    void output_readerGone_endsQuietly_data()
    {
        QTest::addColumn<QString>("arguments");
        for (const char *each : {"rules list", "rules lint", "rules list --json", "man rules", "completion bash",
                                 "--help", "--version --json"})
            QTest::newRow(each) << QString::fromLatin1(each);
    }
    void output_readerGone_endsQuietly()
    {
        QFETCH(QString, arguments);
        QProcess shell;
        // The writer waits until the reader is surely gone.
        shell.start(QStringLiteral("bash"),
                    {"-c", QStringLiteral("{ sleep 0.3; exec " MULLIGAN_BINARY_DIR "/mulligan %1; } | exec true; echo "
                                          "\"${PIPESTATUS[0]}\"")
                               .arg(arguments)});
        QVERIFY(shell.waitForFinished(60'000));
        QCOMPARE(shell.readAllStandardOutput(), QByteArray("141\n"));
        QCOMPARE(shell.readAllStandardError(), QByteArray());
    }

    /// What is wrong in a rule file or an answers file is no wrong usage, whichever command reads it.
    void rulesCommands_badContent_failWithOne_data()
    {
        QTest::addColumn<QString>("file");
        const auto rule = [](const char *id, const char *errorClass, const char *pattern) {
            return QByteArray("  - {id: ") + id + ", title: T, class: " + errorClass
                   + ", domain: user, action: stop, match: {any: ['" + pattern + "']}}\n";
        };
        const QByteArray head = "schema: 1\nrules:\n";
        QTest::newRow("a bad pattern") << write("pattern.yaml", head + rule("a.b", "code.x", "(foo"));
        QTest::newRow("no class") << write("class.yaml", head + rule("a.b", "nonsense", "foo"));
        QTest::newRow("an id twice") << write("twice.yaml",
                                              head + rule("a.b", "code.x", "foo") + rule("a.b", "code.x", "bar"));
        QTest::newRow("no schema") << write("schema.yaml", "rules:\n" + rule("a.b", "code.x", "foo"));
        QTest::newRow("a newer schema") << write("newer.yaml", "schema: 9\nrules:\n" + rule("a.b", "code.x", "foo"));
        QTest::newRow("no rules") << write("none.yaml", "schema: 1\nrules: []\n");
        QTest::newRow("nothing") << write("nothing.yaml", "");
        QTest::newRow("no YAML") << write("broken.yaml", "rules: [\n");
        QTest::newRow("no file") << m_folder.filePath("nowhere.yaml");
    }
    void rulesCommands_badContent_failWithOne()
    {
        QFETCH(QString, file);
        const QString w = m_folder.filePath("w.mulligan");
        for (QStringList arguments : {QStringList{"rules", "lint"}, QStringList{"rules", "test"},
                                      QStringList{"rules", "list"}, QStringList{"rules", "health", w},
                                      QStringList{"classify", w}, QStringList{"audit", w}, QStringList{"match"}}) {
            const auto run = cli::mulligan(arguments + QStringList{"--rules", file});
            QVERIFY2(run.exitCode == 1, qPrintable(arguments.join(' ') + ": " + QString::fromUtf8(run.err)));
        }
        QCOMPARE(cli::mulligan({"rules", "diff", w, "shipped", file}).exitCode, 1);
    }

    void desktop_optionsThatWouldDoNothing_areRefused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("an option of reports")
            << QStringList{"--policy", "own.yaml"} << QByteArray("--policy does nothing without --report");
        QTest::newRow("rules that are not there") << QStringList{"--rules", m_folder.filePath("nowhere")}
                                                  << QByteArray("Name a rule file or a folder of them");
    }
    void desktop_optionsThatWouldDoNothing_areRefused()
    {
        const QString desktop = QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan-desktop");
        if (!QFile::exists(desktop))
            QSKIP("the desktop program was not built");
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const auto run = cli::run(
            desktop, arguments + QStringList{"--screenshot", m_folder.filePath("pictures"), "--pages", "start"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.contains(says), run.err.constData());
    }

    void audit_badAnswers_failWithOne_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("an answer nobody knows") << QByteArray("{\"id\":1,\"answer\":\"perhaps\"}\n");
        QTest::newRow("a class nobody knows")
            << QByteArray("{\"id\":1,\"answer\":\"corrected\",\"class\":\"code.nonsense\"}\n");
        QTest::newRow("an item nobody drew") << QByteArray("{\"id\":99,\"answer\":\"confirmed\"}\n");
        QTest::newRow("no JSON") << QByteArray("id 1\n");
    }
    void audit_badAnswers_failWithOne()
    {
        QFETCH(QByteArray, line);
        const QString w = m_folder.filePath("audited.mulligan");
        if (!QFile::exists(w)) {
            QCOMPARE(cli::mulligan({"init", w}).exitCode, 0);
            const QString history =
                write("history.jsonl", "{\"job\":\"j\",\"run\":\"r\",\"attempt\":1,\"outcome\":\"failed\","
                                       "\"started_at\":\"2026-01-01T00:00:00Z\",\"ended_at\":\"2026-01-01T00:01:00Z\","
                                       "\"error_text\":\"java.lang.OutOfMemoryError: Java heap space\"}\n");
            QCOMPARE(cli::mulligan({"import", w, history}).exitCode, 0);
            QCOMPARE(cli::mulligan({"classify", w}).exitCode, 0);
            QCOMPARE(cli::mulligan({"audit", w}).exitCode, 0);
        }
        const auto run = cli::mulligan({"audit", w, "--answers", "-"}, line);
        QVERIFY2(run.exitCode == 1, run.err.constData());
        QCOMPARE(cli::mulligan({"audit", w, "--size", "0"}).exitCode, 2);
    }
};

QTEST_GUILESS_MAIN(BadInput)
#include "tst_bad_input.moc"
