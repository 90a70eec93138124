#include "ingest/mapping.hpp"

#include "formats/local_time.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;

namespace
{

constexpr const char *kSmallest = "version: 1\n"
                                  "fields:\n"
                                  "  job: Job\n"
                                  "  run: Run\n"
                                  "  outcome: State\n"
                                  "  started_at: Start\n"
                                  "  ended_at: End\n";

Mapping everything()
{
    Mapping mapping;
    mapping.format = RowFormat::Csv;
    mapping.encoding = "SHIFT_JIS";
    mapping.dialect = {"\t", "'", formats::CsvEscape::Backslash, false, 3, "#"};
    mapping.numbers = {",", "."};
    mapping.nulls = {"", "NULL", "n/a", "yes", "12"};
    mapping.zone = "Asia/Tokyo";
    const auto add = [&](const char *target, auto set) {
        MappedField field;
        QVERIFY(setTarget(field, target));
        set(field);
        mapping.fields.push_back(field);
    };
    add("job", [](MappedField &f) { f.text = "{dag: id}.{task}{{x}}"; });
    add("run", [](MappedField &f) { f.columns = {"run", "1", "失敗", "a\tb"}; });
    add("attempt", [](MappedField &f) { f.columns = {"try"}, f.add = 1; });
    add("outcome", [](MappedField &f) {
        f.columns = {"state"};
        f.values = {{"Ended OK", "succeeded"},
                    {"FAILED: x", "failed"},
                    {"", "skip"},
                    {"going", "continues"},
                    {"true", "succeeded"}};
        f.otherwise = "unknown";
    });
    add("started_at", [](MappedField &f) { f.columns = {"start"}, f.time = "%d.%m.%Y %H:%M:%S", f.zone = "UTC"; });
    add("ended_at", [](MappedField &f) { f.duration = "secs", f.unit = "min"; });
    add("cluster", [](MappedField &f) { f.constant = "main"; });
    add("owner", [](MappedField &f) { f.constant = ""; });
    add("config.spark.executor.memory", [](MappedField &f) { f.columns = {"mem"}, f.unit = "GiB"; });
    add("metrics.input_bytes", [](MappedField &f) { f.columns = {"in"}, f.unit = "KB"; });
    add("config", [](MappedField &f) { f.columns = {"conf"}; });
    return mapping;
}

} // namespace

class TestMappingProfile : public QObject
{
    Q_OBJECT

private slots:
    void mappingText_everything_isReadBackEqual()
    {
        const Mapping mapping = everything();
        const std::string text = mappingText(mapping);
        const auto back = parseMapping(text, "profile.yaml");
        QVERIFY2(back.has_value(), back ? "" : (back.error().text() + "\n" + text).c_str());
        QCOMPARE(QString::fromStdString(mappingText(*back)), QString::fromStdString(text));
        QVERIFY(*back == mapping);
    }

    void mappingText_json_isReadBackEqual()
    {
        Mapping mapping;
        mapping.format = RowFormat::Json;
        mapping.records = "apps.app";
        mapping.fields.push_back({});
        mapping.fields.front().columns = {"a.b[0].c"};
        const auto back = parseMapping(mappingText(mapping), "profile.yaml");
        QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
        QVERIFY(*back == mapping);
    }

    void parseMapping_smallest_takesDefaults()
    {
        const auto mapping = parseMapping(kSmallest, "profile.yaml");
        QVERIFY2(mapping.has_value(), mapping ? "" : mapping.error().text().c_str());
        QCOMPARE(mapping->dialect, Dialect());
        QVERIFY(checkComplete(*mapping).has_value());
        QCOMPARE(mapping->find(Field::Job)->columns, std::vector<std::string>{"Job"});
    }

    void checkComplete_openFields_areNamed()
    {
        const auto mapping = parseMapping("version: 1\nfields: {job: Job, outcome: State}\n", "p.yaml");
        QVERIFY(mapping.has_value());
        const auto complete = checkComplete(*mapping);
        QVERIFY(!complete.has_value());
        QVERIFY2(complete.error().message.find("run, started_at, ended_at") != std::string::npos,
                 complete.error().message.c_str());
    }

    void parseMapping_badProfiles_sayWhatAndWhere_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("hint");
        const auto row = [](const char *name, const QByteArray &text, const char *message, const char *place,
                            const char *hint = "") { QTest::newRow(name) << text << message << place << hint; };
        const auto field = [](const char *rest) { return QByteArray("version: 1\nfields:\n  ") + rest + "\n"; };
        row("empty", "", "must be a map of keys", "line 1");
        row("no version", "fields: {}\n", "has no 'version'", "line 1");
        row("a newer version", "version: 2\nfields: {}\n", "is of version 2", "line 1, column 10");
        row("a version that is no number", "version: one\nfields: {}\n", "Expected a whole number", "line 1");
        row("no fields", "version: 1\n", "has no 'fields'", "line 1");
        row("fields that are a list", "version: 1\nfields: [job]\n", "'fields' must be a map", "line 2");
        row("an unknown key", "version: 1\nencodng: UTF-8\nfields: {}\n", "has no key 'encodng'", "line 2, column 1",
            "Did you mean 'encoding'?");
        row("an unknown field", field("job: a\n  start_at: b"), "has no field 'start_at'", "line 4, column 3",
            "Did you mean 'started_at'?");
        row("a field far from any", field("zebra: b"), "has no field 'zebra'", "line 3", "metrics.<name>");
        row("an unknown key of a field", field("job: {colunm: b}"), "has no key 'colunm'", "line 3, column 9",
            "Did you mean 'column'?");
        row("a field twice", field("job: a\n  job: b"), "'job' appears twice", "line 4");
        row("a field from nowhere", field("job: {unit: s}"), "says not where it comes from", "line 3");
        row("a field from two places", field("job: {column: a, constant: b}"), "more than one of", "line 3");
        row("column and columns", field("job: {column: a, columns: [b]}"), "either 'column' or 'columns'", "line 3");
        row("a field that is a list", field("job: [a]"), "must be a column or a map", "line 3, column 8");
        row("an open brace", field("job: {template: \"{dag.{task\"}"), "never closes it", "line 3");
        row("a stray brace", field("job: {template: \"dag}\"}"), "closes a brace", "line 3");
        row("Excel's days without a zone", field("started_at: {column: a, time: excel}"), "carry no zone", "line 3");
        row("a duration for the start", field("started_at: {duration: a}"), "cannot come from a duration", "line 3");
        row("an outcome that is not there", field("outcome: {column: a, values: {OK: good}}"), "'good' is no outcome",
            "line 3", "skip passes the row over");
        row("values that are a list", field("outcome: {column: a, values: [OK]}"), "'values' must be a map", "line 3");
        row("a unit that is not there", field("vcore_seconds: {column: a, unit: hours}"), "has no unit 'hours'",
            "line 3", "vcore-hours");
        row("a unit for a name", field("job: {column: a, unit: s}"), "takes no unit", "line 3");
        row("a zone for a name", field("job: {column: a, zone: UTC}"), "is not a time", "line 3");
        row("add for an amount", field("cost_usd: {column: a, add: 1}"), "'add' belongs to attempt", "line 3");
        row("a pattern without a zone", field("started_at: {column: a, time: \"%d.%m.%Y\"}"), "carry no zone", "line 3",
            "zone: Europe/Berlin");
        row("a bad pattern", field("started_at: {column: a, time: dd.MM.yyyy, zone: UTC}"), "is no time pattern",
            "line 3");
        row("a zone that is not there", "version: 1\nzone: Europe/Berln\nfields: {}\n", "no time zone 'Europe/Berln'",
            "line 2, column 7", "Europe/Berlin");
        row("an encoding that is not there", "version: 1\nencoding: UTF-99\nfields: {}\n", "no encoding 'UTF-99'",
            "line 2, column 11");
        row("a delimiter of two characters", "version: 1\ndialect: {delimiter: \"||\"}\nfields: {}\n",
            "must be one character", "line 2");
        row("quote and delimiter the same", "version: 1\ndialect: {delimiter: \"|\", quote: \"|\"}\nfields: {}\n",
            "cannot be the same", "line 2");
        row("an unknown way to escape", "version: 1\ndialect: {escape: slash}\nfields: {}\n",
            "Expected doubled or backslash", "line 2, column 19");
        row("lines to skip below zero", "version: 1\ndialect: {skip_lines: -1}\nfields: {}\n", "skip_lines", "line 2");
        row("a header that is neither", "version: 1\ndialect: {header: maybe}\nfields: {}\n", "true or false",
            "line 2");
        row("a decimal sign that is none", "version: 1\nnumbers: {decimal: \";\"}\nfields: {}\n",
            "decimal sign must be", "line 2");
        row("one sign for both", "version: 1\nnumbers: {decimal: \",\", thousands: \",\"}\nfields: {}\n",
            "cannot be the same", "line 2");
        row("an unknown format", "version: 1\nformat: xml\nfields: {}\n", "Expected csv, jsonl or json, found 'xml'",
            "line 2, column 9");
        row("nulls that are no list", "version: 1\nnulls: NULL\nfields: {}\n", "Expected a list of texts", "line 2");
        row("no YAML", "version: [1\nfields: {}\n", "Not valid YAML", "line 2");
        row("no UTF-8", QByteArray("version: 1\nfields: {job: \xFF}\n"), "not valid UTF-8", "file p.yaml");
    }
    void parseMapping_badProfiles_sayWhatAndWhere()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        QFETCH(QString, place);
        QFETCH(QString, hint);
        const auto mapping = parseMapping({text.data(), static_cast<std::size_t>(text.size())}, "p.yaml");
        QVERIFY(!mapping.has_value());
        const base::Error &error = mapping.error();
        QVERIFY2(QString::fromStdString(error.message).contains(message), error.text().c_str());
        QCOMPARE(error.context.front(), std::string("file p.yaml"));
        QVERIFY2(QString::fromStdString(error.text()).contains(place), error.text().c_str());
        QVERIFY2(QString::fromStdString(error.hint).contains(hint), error.text().c_str());
    }
};

QTEST_GUILESS_MAIN(TestMappingProfile)
#include "tst_mapping_profile.moc"
