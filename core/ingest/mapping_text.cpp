#include "ingest/mapping.hpp"

#include "formats/file.hpp"
#include "formats/line_reader.hpp"
#include "formats/yaml.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

constexpr std::int64_t kVersion = 1;
using formats::YamlNode;

base::Error at(const YamlNode &node, base::Error error)
{
    return std::move(error).in(node.place());
}

base::Result<void> readText(const YamlNode &map, std::string_view key, std::string &into)
{
    if (const YamlNode *node = map.find(key)) {
        MULLIGAN_TRY(into, node->asString());
    }
    return {};
}

base::Result<std::vector<std::string>> readTexts(const YamlNode &node)
{
    std::vector<std::string> out;
    if (node.kind != YamlNode::Kind::Sequence)
        return at(node, base::makeError(base::ErrorCode::Parse, "Expected a list of texts", "Write it as [a, b]."));
    for (const auto &item : node.items) {
        MULLIGAN_TRY(auto text, item.asString());
        out.push_back(std::move(text));
    }
    return out;
}

base::Result<void> readWhole(const YamlNode &map, std::string_view key, int &into)
{
    const YamlNode *node = map.find(key);
    if (node == nullptr)
        return {};
    MULLIGAN_TRY(const std::int64_t number, node->asInteger());
    if (number < -1'000'000 || number > 1'000'000)
        return at(*node, base::makeError(base::ErrorCode::Parse,
                                         "'" + std::string(key) + "' must lie between -1000000 and 1000000"));
    into = static_cast<int>(number);
    return {};
}

base::Result<void> readDialect(const YamlNode &node, Dialect &dialect)
{
    MULLIGAN_CHECK(
        formats::checkKeys(node, {"delimiter", "quote", "escape", "header", "skip_lines", "comment"}, "The dialect"));
    MULLIGAN_CHECK(readText(node, "delimiter", dialect.delimiter));
    if (dialect.delimiter == "tab" || dialect.delimiter == "\\t")
        dialect.delimiter = "\t";
    MULLIGAN_CHECK(readText(node, "quote", dialect.quote));
    MULLIGAN_CHECK(readText(node, "comment", dialect.comment));
    MULLIGAN_CHECK(readWhole(node, "skip_lines", dialect.skipLines));
    if (const YamlNode *header = node.find("header")) {
        MULLIGAN_TRY(dialect.header, header->asBool());
    }
    if (const YamlNode *escape = node.find("escape")) {
        MULLIGAN_TRY(const std::string text, escape->asString());
        if (text != "doubled" && text != "backslash")
            return at(*escape,
                      base::makeError(base::ErrorCode::Parse, "Expected doubled or backslash, found '" + text + "'"));
        dialect.escape = text == "backslash" ? formats::CsvEscape::Backslash : formats::CsvEscape::Doubled;
    }
    return {};
}

base::Result<void> readNumbers(const YamlNode &node, NumberStyle &numbers)
{
    MULLIGAN_CHECK(formats::checkKeys(node, {"decimal", "thousands"}, "The style of numbers"));
    MULLIGAN_CHECK(readText(node, "decimal", numbers.decimal));
    return readText(node, "thousands", numbers.thousands);
}

base::Result<void> readValues(const YamlNode &node, MappedField &field)
{
    if (node.kind != YamlNode::Kind::Map)
        return at(node, base::makeError(base::ErrorCode::Parse, "'values' must be a map of source text to meaning",
                                        "Write it as {FAILED: failed, OK: succeeded}."));
    for (const auto &member : node.members) {
        MULLIGAN_TRY(auto meaning, member.value.asString());
        field.values.emplace_back(member.key, std::move(meaning));
    }
    return {};
}

base::Result<void> readKeys(const YamlNode &node, MappedField &field)
{
    MULLIGAN_CHECK(formats::checkKeys(
        node,
        {"column", "columns", "template", "constant", "duration", "values", "otherwise", "time", "zone", "unit", "add"},
        "The field '" + targetName(field) + "'"));
    if (const YamlNode *column = node.find("column")) {
        MULLIGAN_TRY(auto text, column->asString());
        field.columns.push_back(std::move(text));
    }
    if (const YamlNode *columns = node.find("columns")) {
        if (!field.columns.empty())
            return at(*columns, base::makeError(base::ErrorCode::Parse, "Give either 'column' or 'columns'"));
        MULLIGAN_TRY(field.columns, readTexts(*columns));
    }
    for (const auto &[key, into] :
         {std::pair("template", &field.text), std::pair("duration", &field.duration), std::pair("time", &field.time),
          std::pair("zone", &field.zone), std::pair("unit", &field.unit)})
        MULLIGAN_CHECK(readText(node, key, *into));
    for (const auto &[key, into] : {std::pair("constant", &field.constant), std::pair("otherwise", &field.otherwise)}) {
        if (const YamlNode *text = node.find(key)) {
            MULLIGAN_TRY(*into, text->asString());
        }
    }
    if (const YamlNode *values = node.find("values"))
        MULLIGAN_CHECK(readValues(*values, field));
    return readWhole(node, "add", field.add);
}

base::Result<MappedField> readField(const YamlNode::Member &member)
{
    MappedField field;
    if (!setTarget(field, member.key)) {
        std::vector<std::string_view> names;
        for (std::size_t i = 0; i < kFieldCount; ++i)
            names.push_back(name(static_cast<Field>(i)));
        const std::string near = formats::nearestName(member.key, names);
        return base::makeError(base::ErrorCode::Parse, "An attempt has no field '" + member.key + "'",
                               near.empty() ? "Fields are job, run, attempt, outcome, started_at, ended_at and more; "
                                              "other amounts go to metrics.<name>, settings to config.<property>."
                                            : "Did you mean '" + near + "'?")
            .in("line " + std::to_string(member.keyLine) + ", column " + std::to_string(member.keyColumn));
    }
    if (member.value.kind == YamlNode::Kind::Map) {
        MULLIGAN_CHECK(readKeys(member.value, field));
        return field;
    }
    if (member.value.kind != YamlNode::Kind::Scalar)
        return at(member.value,
                  base::makeError(base::ErrorCode::Parse, "The field '" + member.key + "' must be a column or a map",
                                  "Write it as 'job: JobName' or 'job: {column: JobName}'."));
    field.columns.push_back(member.value.scalar);
    return field;
}

base::Result<void> readFields(const YamlNode &node, Mapping &mapping)
{
    if (node.kind != YamlNode::Kind::Map)
        return at(node, base::makeError(base::ErrorCode::Parse, "'fields' must be a map of fields"));
    for (const auto &member : node.members) {
        MULLIGAN_TRY(auto field, readField(member));
        if (auto problem = problemOf(mapping, field))
            return at(member.value, std::move(*problem));
        mapping.fields.push_back(std::move(field));
    }
    return {};
}

base::Result<void> readVersion(const YamlNode &root)
{
    const YamlNode *version = root.find("version");
    if (version == nullptr)
        return at(root, base::makeError(base::ErrorCode::Parse, "The profile has no 'version'",
                                        "Begin it with 'version: 1'."));
    MULLIGAN_TRY(const std::int64_t number, version->asInteger());
    if (number > kVersion)
        return at(*version, base::makeError(base::ErrorCode::NewerVersion,
                                            "The profile is of version " + std::to_string(number) + ", this program "
                                                + "reads version " + std::to_string(kVersion),
                                            "Use a newer Mulligan."));
    if (number < 1)
        return at(*version, base::makeError(base::ErrorCode::Parse, "The version must be 1"));
    return {};
}

/// Everything but the fields, whose checks need it.
base::Result<void> readFrame(const YamlNode &root, Mapping &mapping)
{
    if (const YamlNode *format = root.find("format")) {
        MULLIGAN_TRY(const std::string text, format->asString());
        const auto known = rowFormatFromName(text);
        if (!known)
            return at(*format,
                      base::makeError(base::ErrorCode::Parse, "Expected csv, jsonl or json, found '" + text + "'"));
        mapping.format = *known;
    }
    MULLIGAN_CHECK(readText(root, "records", mapping.records));
    if (const YamlNode *nulls = root.find("nulls")) {
        MULLIGAN_TRY(mapping.nulls, readTexts(*nulls));
    }
    // Each is checked as soon as it is read, so that the place is that of the one which is wrong.
    for (const std::string_view part : {"encoding", "dialect", "numbers", "zone"}) {
        const YamlNode *node = root.find(part);
        if (node == nullptr)
            continue;
        if (part == "encoding")
            MULLIGAN_CHECK(readText(root, part, mapping.encoding));
        if (part == "zone")
            MULLIGAN_CHECK(readText(root, part, mapping.zone));
        if (part == "dialect")
            MULLIGAN_CHECK(readDialect(*node, mapping.dialect));
        if (part == "numbers")
            MULLIGAN_CHECK(readNumbers(*node, mapping.numbers));
        if (auto problem = problemOf(mapping))
            return at(*node, std::move(*problem));
    }
    return {};
}

base::Result<Mapping> mappingOf(std::string_view text)
{
    if (!formats::isValidUtf8(text))
        return base::makeError(base::ErrorCode::Parse, "The profile is not valid UTF-8", "Save it as UTF-8.");
    MULLIGAN_TRY(const YamlNode root, formats::parseYaml(text));
    MULLIGAN_CHECK(formats::checkKeys(
        root, {"version", "format", "encoding", "dialect", "records", "numbers", "nulls", "zone", "fields"},
        "The profile"));
    MULLIGAN_CHECK(readVersion(root));
    Mapping mapping;
    MULLIGAN_CHECK(readFrame(root, mapping));
    const YamlNode *fields = root.find("fields");
    if (fields == nullptr)
        return at(root, base::makeError(base::ErrorCode::Parse, "The profile has no 'fields'",
                                        "Say which columns become job, run, outcome, started_at and ended_at."));
    MULLIGAN_CHECK(readFields(*fields, mapping));
    return mapping;
}

formats::Json textsJson(const std::vector<std::string> &texts)
{
    formats::Json out = formats::Json::array();
    for (const auto &text : texts)
        out.push(text);
    return out;
}

formats::Json fieldJson(const MappedField &field)
{
    formats::Json out = formats::Json::object();
    const auto text = [&](const char *key, const std::string &value) {
        if (!value.empty())
            out.set(key, value);
    };
    if (field.columns.size() == 1)
        out.set("column", field.columns.front());
    else if (!field.columns.empty())
        out.set("columns", textsJson(field.columns));
    text("template", field.text);
    if (field.constant)
        out.set("constant", *field.constant);
    text("duration", field.duration);
    text("time", field.time);
    text("zone", field.zone);
    text("unit", field.unit);
    if (field.add != 0)
        out.set("add", field.add);
    if (!field.values.empty()) {
        formats::Json values = formats::Json::object();
        for (const auto &[from, to] : field.values)
            values.set(from, to);
        out.set("values", std::move(values));
    }
    if (field.otherwise)
        out.set("otherwise", *field.otherwise);
    return out;
}

formats::Json dialectJson(const Dialect &dialect)
{
    formats::Json out;
    out.set("delimiter", dialect.delimiter).set("quote", dialect.quote);
    out.set("escape", dialect.escape == formats::CsvEscape::Backslash ? "backslash" : "doubled");
    out.set("header", dialect.header).set("skip_lines", dialect.skipLines).set("comment", dialect.comment);
    return out;
}

} // namespace

base::Result<Mapping> parseMapping(std::string_view text, const std::string &path)
{
    auto mapping = mappingOf(text);
    if (!mapping)
        return std::move(mapping).error().in("file " + path);
    return mapping;
}

base::Result<Mapping> readMapping(const std::string &path)
{
    constexpr std::size_t kMaxBytes = 1u << 20;
    MULLIGAN_TRY(const std::string text, formats::readTextFile(path, kMaxBytes));
    return parseMapping(text, path);
}

std::string mappingText(const Mapping &mapping)
{
    formats::Json out;
    out.set("version", kVersion).set("format", name(mapping.format)).set("encoding", mapping.encoding);
    if (mapping.format == RowFormat::Csv)
        out.set("dialect", dialectJson(mapping.dialect));
    else if (mapping.dialect != Dialect())
        out.set("dialect", dialectJson(mapping.dialect));
    if (!mapping.records.empty())
        out.set("records", mapping.records);
    formats::Json numbers;
    numbers.set("decimal", mapping.numbers.decimal).set("thousands", mapping.numbers.thousands);
    out.set("numbers", std::move(numbers)).set("nulls", textsJson(mapping.nulls));
    if (!mapping.zone.empty())
        out.set("zone", mapping.zone);
    formats::Json fields = formats::Json::object();
    for (const auto &field : mapping.fields)
        fields.set(targetName(field), fieldJson(field));
    return formats::writeYaml(out.set("fields", std::move(fields)));
}

} // namespace mulligan::ingest
