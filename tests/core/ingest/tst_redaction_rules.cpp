#include "ingest/redact.hpp"
#include "ingest/redaction_rules.hpp"

#include <QFile>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;

namespace
{

const QByteArray kWhole = R"(version: 1
emails: true
user_paths: false
allow: [changeme, 'x y']
patterns:
  - name: employee
    pattern: 'EMP-(?<id>\d{6})'
    replace: id
    sample: 'by EMP-004711'
    not_sample: 'TEMP-1'
  - name: host
    pattern: 'node-\d+'
    sample: node-12
)";

base::Result<std::shared_ptr<const RedactionRules>> rulesOf(const QByteArray &yaml)
{
    MULLIGAN_TRY(auto settings, parseRedactionSettings(yaml.toStdString()));
    return RedactionRules::make(std::move(settings));
}

} // namespace

class TestRedactionRules : public QObject
{
    Q_OBJECT

private slots:
    void readme_exampleOfAFile_doesWhatItSays()
    {
        QFile file(MULLIGAN_SOURCE_DIR "/README.md");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString readme = QString::fromUtf8(file.readAll());
        const qsizetype end = readme.indexOf("\n```", readme.indexOf("  - name: employee_id"));
        const qsizetype begin = readme.lastIndexOf("```yaml\n", end);
        QVERIFY(begin > 0 && end > begin);
        auto settings = parseRedactionSettings(readme.mid(begin + 8, end - begin - 8).toStdString());
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().text().c_str());
        auto rules = RedactionRules::make(*settings);
        QVERIFY2(rules.has_value(), rules ? "" : rules.error().text().c_str());
        std::string text = "by EMP-123456";
        Redactor(*rules).redact(text);
        QCOMPARE(text, std::string("by EMP-[redacted:employee_id]"));
    }

    void parse_wholeFile_isRead()
    {
        const auto settings = parseRedactionSettings(kWhole.toStdString());
        QVERIFY(settings.has_value());
        const RedactionSettings expected{true,
                                         false,
                                         {"changeme", "x y"},
                                         {{"employee", "EMP-(?<id>\\d{6})", "id", "by EMP-004711", "TEMP-1", 6},
                                          {"host", "node-\\d+", "", "node-12", "", 11}}};
        QVERIFY(*settings == expected);
        const auto rules = rulesOf(kWhole);
        QVERIFY(rules.has_value());
        QVERIFY((*rules)->allows("changeme") && !(*rules)->allows("change"));
        QCOMPARE((*rules)->patterns()->size(), std::size_t(2));
    }

    void parse_versionAlone_isEnough()
    {
        const auto rules = rulesOf("version: 1\n");
        QVERIFY(rules.has_value());
        QVERIFY((*rules)->patterns() == nullptr);
    }

    void make_badFile_isRefused_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("told");
        const auto add = [](const char *name, const QByteArray &yaml, base::ErrorCode code, const char *told) {
            QTest::newRow(name) << yaml << static_cast<int>(code) << QString(told);
        };
        using base::ErrorCode;
        const QByteArray head = "version: 1\npatterns:\n  - ";
        add("a list", "- a\n", ErrorCode::Parse, "a map of settings");
        add("no version", "emails: true\n", ErrorCode::Parse, "no 'version'");
        add("a newer version", "version: 2\n", ErrorCode::NewerVersion, "Version 2");
        add("an unknown key", "version: 1\nemail: true\n", ErrorCode::Parse, "line 2");
        add("a switch that is none", "version: 1\nemails: perhaps\n", ErrorCode::Parse, "line 2");
        add("patterns that are no list", "version: 1\npatterns: x\n", ErrorCode::Parse, "'patterns' must be a list");
        add("a pattern that is no map", head + "x\n", ErrorCode::Parse, "line 3");
        add("a pattern without a sample", head + "{name: a, pattern: b}\n", ErrorCode::Parse, "no 'sample'");
        add("a pattern without a name", head + "{pattern: b, sample: b}\n", ErrorCode::Parse, "no 'name'");
        add("an unknown key of a pattern", head + "{name: a, pattern: b, sample: b, kind: x}\n", ErrorCode::Parse,
            "kind");
        add("an empty pattern", head + "{name: a, pattern: '', sample: b}\n", ErrorCode::Parse, "'pattern' is empty");
        add("a name with spaces", head + "{name: A b, pattern: b, sample: b}\n", ErrorCode::InvalidArgument,
            "cannot name a kind");
        add("a name given twice", head + "{name: a, pattern: b, sample: b}\n  - {name: a, pattern: c, sample: c}\n",
            ErrorCode::InvalidArgument, "given twice");
        add("a pattern that does not compile", head + "{name: a, pattern: '(b', sample: b}\n",
            ErrorCode::InvalidArgument, "line 3");
        add("a pattern that matches nothing", head + "{name: a, pattern: 'x*', sample: b}\n",
            ErrorCode::InvalidArgument, "pattern 'a'");
        add("a sample that is not matched", head + "{name: a, pattern: b, sample: c}\n", ErrorCode::InvalidArgument,
            "does not match its sample");
        add("a not_sample that is matched", head + "{name: a, pattern: b, sample: b, not_sample: abc}\n",
            ErrorCode::InvalidArgument, "matches its not_sample");
        add("a group that is not there", head + "{name: a, pattern: b, replace: x, sample: b}\n",
            ErrorCode::InvalidArgument, "no group 'x'");
        add("not YAML", "version: [\n", ErrorCode::Parse, "line");
    }
    void make_badFile_isRefused()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(int, code);
        QFETCH(QString, told);
        const auto rules = rulesOf(yaml);
        QVERIFY(!rules.has_value());
        QCOMPARE(static_cast<int>(rules.error().code), code);
        const QString text = QString::fromStdString(rules.error().text());
        QVERIFY2(text.contains(told), qPrintable(text));
    }

    void load_missingFile_saysWhich()
    {
        const auto settings = loadRedactionSettings("/nowhere/redact.yaml");
        QVERIFY(!settings.has_value());
        QCOMPARE(static_cast<int>(settings.error().code), static_cast<int>(base::ErrorCode::NotFound));
    }
};

QTEST_GUILESS_MAIN(TestRedactionRules)
#include "tst_redaction_rules.moc"
