#include "classify/rule_file.hpp"

#include "classify/templates.hpp"
#include "formats/file.hpp"
#include "formats/yaml.hpp"
#include "text/pattern_set.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace mulligan::classify
{

namespace
{

using base::ErrorCode;
using base::makeError;
using formats::YamlNode;

constexpr int kSchema = 1;
constexpr int kMaxLastLines = 100'000;

base::Error wrongValue(const YamlNode &node, const std::string &what, const std::string &remedy)
{
    return makeError(ErrorCode::InvalidArgument, what, remedy).in(node.place());
}

/// Reads the members of one rule; every error carries its place.
class RuleReader
{
public:
    RuleReader(const YamlNode &map, const std::string &file) : m_map(map) { m_rule.file = file; }

    base::Result<Rule> read()
    {
        m_rule.line = m_map.line;
        MULLIGAN_CHECK(formats::checkKeys(m_map,
                                          {"id", "title", "status", "owner", "links", "created", "modified", "class",
                                           "domain", "transient", "priority", "scope", "match", "captures", "action",
                                           "exit_code", "summary", "advice", "samples"},
                                          "a rule"));
        MULLIGAN_CHECK(required("id", m_rule.id));
        if (auto rest = readRest(); !rest)
            return std::move(rest).error().in("rule '" + m_rule.id + "'");
        return std::move(m_rule);
    }

private:
    base::Result<void> readRest()
    {
        MULLIGAN_CHECK(checkName(*m_map.find("id"), m_rule.id));
        MULLIGAN_CHECK(required("title", m_rule.title));
        MULLIGAN_CHECK(required("class", m_rule.errorClass));
        MULLIGAN_CHECK(checkClass());
        MULLIGAN_CHECK(readWords());
        for (auto &[key, into] : {std::pair<const char *, std::string *>{"owner", &m_rule.owner},
                                  {"created", &m_rule.created},
                                  {"modified", &m_rule.modified},
                                  {"summary", &m_rule.summary},
                                  {"advice", &m_rule.advice}})
            MULLIGAN_CHECK(text(m_map, key, *into));
        MULLIGAN_CHECK(texts(m_map, "links", m_rule.links));
        MULLIGAN_CHECK(readNumbers());
        MULLIGAN_CHECK(readScope());
        MULLIGAN_CHECK(readMatch());
        MULLIGAN_CHECK(readCaptures());
        return readSamples();
    }

    base::Result<void> required(const char *key, std::string &into) const
    {
        const YamlNode *node = m_map.find(key);
        if (node == nullptr)
            return wrongValue(m_map, std::string("A rule needs '") + key + "'", std::string("Add '") + key + ": …'.");
        MULLIGAN_TRY(into, node->asString());
        if (into.empty())
            return wrongValue(*node, std::string("'") + key + "' is empty", "Give it a value.");
        return {};
    }

    static base::Result<void> text(const YamlNode &map, const char *key, std::string &into)
    {
        if (const YamlNode *node = map.find(key); node != nullptr && node->kind != YamlNode::Kind::Null) {
            MULLIGAN_TRY(into, node->asString());
        }
        return {};
    }

    static base::Result<void> texts(const YamlNode &map, const char *key, std::vector<std::string> &into)
    {
        const YamlNode *node = map.find(key);
        if (node == nullptr || node->kind == YamlNode::Kind::Null)
            return {};
        if (node->kind != YamlNode::Kind::Sequence)
            return wrongValue(*node, std::string("'") + key + "' must be a list", "Write one entry a line after '- '.");
        for (const YamlNode &item : node->items) {
            MULLIGAN_TRY(std::string value, item.asString());
            into.push_back(std::move(value));
        }
        return {};
    }

    static base::Result<void> checkName(const YamlNode &node, const std::string &id)
    {
        const bool good = std::all_of(id.begin(), id.end(), [](char byte) {
            return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '.' || byte == '-'
                   || byte == '_';
        });
        if (!good || id.size() > 100)
            return wrongValue(node, "The id '" + id + "' is not a rule id",
                              "Use lower-case letters, digits, '.', '-' and '_', at most 100.");
        return {};
    }

    base::Result<void> checkClass() const
    {
        const YamlNode &node = *m_map.find("class");
        const std::string &name = m_rule.errorClass;
        const size_t dot = name.find('.');
        const bool letters = std::all_of(name.begin(), name.end(), [](char byte) {
            return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == '.';
        });
        if (!letters || dot == 0 || dot == std::string::npos || dot + 1 == name.size()
            || name.find('.', dot + 1) != std::string::npos)
            return wrongValue(node, "'" + name + "' is not an error class",
                              "Write group.kind in lower case, such as memory_config.executor_heap.");
        return {};
    }

    base::Result<void> readWords()
    {
        if (const YamlNode *node = m_map.find("status")) {
            if (node->scalar == "draft")
                m_rule.status = RuleStatus::Draft;
            else if (node->scalar == "retired")
                m_rule.status = RuleStatus::Retired;
            else if (node->scalar != "active")
                return wrongValue(*node, "'" + node->scalar + "' is no status", "Use draft, active or retired.");
        }
        std::string word;
        MULLIGAN_CHECK(required("domain", word));
        const auto domain = model::domainFromName(word);
        if (!domain)
            return wrongValue(*m_map.find("domain"), "'" + word + "' is no domain", "Use user, platform or timeout.");
        m_rule.domain = *domain;
        MULLIGAN_CHECK(required("action", word));
        const auto action = model::ruleActionFromName(word);
        if (!action)
            return wrongValue(*m_map.find("action"), "'" + word + "' is no action", "Use retry, stop or ask_model.");
        m_rule.action = *action;
        return {};
    }

    base::Result<void> readNumbers()
    {
        if (const YamlNode *node = m_map.find("transient")) {
            MULLIGAN_TRY(m_rule.transient, node->asBool());
        }
        if (const YamlNode *node = m_map.find("priority")) {
            MULLIGAN_TRY(const std::int64_t value, node->asInteger());
            if (value < 0 || value > 100)
                return wrongValue(*node, "The priority " + std::to_string(value) + " is out of range", "Use 0 to 100.");
            m_rule.priority = static_cast<int>(value);
        }
        if (const YamlNode *node = m_map.find("exit_code"); node != nullptr && node->kind != YamlNode::Kind::Null) {
            MULLIGAN_TRY(const std::int64_t value, node->asInteger());
            if (value < -1'000'000 || value > 1'000'000)
                return wrongValue(*node, "The exit code " + std::to_string(value) + " is out of range",
                                  "Use the process's code.");
            m_rule.exitCode = static_cast<int>(value);
        }
        return {};
    }

    base::Result<void> readScope()
    {
        const YamlNode *scope = m_map.find("scope");
        if (scope == nullptr)
            return {};
        MULLIGAN_CHECK(formats::checkKeys(*scope, {"stream", "job", "spark_version"}, "a scope"));
        MULLIGAN_CHECK(text(*scope, "stream", m_rule.scopeStream));
        MULLIGAN_CHECK(text(*scope, "job", m_rule.scopeJobGlob));
        return text(*scope, "spark_version", m_rule.scopeSparkVersion);
    }

    base::Result<void> readMatch()
    {
        const YamlNode *match = m_map.find("match");
        if (match == nullptr)
            return wrongValue(m_map, "A rule needs 'match'", "Add 'match:' with 'any:' and a list of patterns.");
        MULLIGAN_CHECK(formats::checkKeys(*match, {"where", "last_lines", "case", "all", "any", "none"}, "a match"));
        MULLIGAN_CHECK(readWhere(*match));
        if (const YamlNode *node = match->find("case")) {
            if (node->scalar != "sensitive" && node->scalar != "insensitive")
                return wrongValue(*node, "'" + node->scalar + "' is no case", "Use sensitive or insensitive.");
            m_rule.caseless = node->scalar == "insensitive";
        }
        MULLIGAN_CHECK(readPatterns(*match, "all", m_rule.all));
        MULLIGAN_CHECK(readPatterns(*match, "any", m_rule.any));
        MULLIGAN_CHECK(readPatterns(*match, "none", m_rule.none));
        if (m_rule.all.empty() && m_rule.any.empty())
            return wrongValue(*match, "The rule has no pattern that must match",
                              "Add at least one under 'any' or 'all'.");
        return {};
    }

    base::Result<void> readWhere(const YamlNode &match)
    {
        if (const YamlNode *node = match.find("where")) {
            const auto where = whereFromName(node->scalar);
            if (!where)
                return wrongValue(*node, "'" + node->scalar + "' is no place to match",
                                  "Use root_cause, message, whole_log or last_lines.");
            m_rule.where = *where;
        }
        const YamlNode *lines = match.find("last_lines");
        if ((lines != nullptr) != (m_rule.where == MatchWhere::LastLines))
            return wrongValue(match, "'where: last_lines' and 'last_lines: N' go together", "Give both or neither.");
        if (lines != nullptr) {
            MULLIGAN_TRY(const std::int64_t value, lines->asInteger());
            if (value < 1 || value > kMaxLastLines)
                return wrongValue(*lines, "The number of last lines is out of range", "Use 1 to 100,000.");
            m_rule.lastLines = static_cast<int>(value);
        }
        return {};
    }

    base::Result<void> readPatterns(const YamlNode &match, const char *key, std::vector<std::string> &into) const
    {
        MULLIGAN_CHECK(texts(match, key, into));
        for (size_t i = 0; i < into.size(); ++i)
            if (auto good = text::checkPattern({into[i], m_rule.caseless}); !good)
                return std::move(good).error().in(match.find(key)->items[i].place()).in(std::string("match.") + key);
        return {};
    }

    base::Result<void> readCaptures()
    {
        const YamlNode *captures = m_map.find("captures");
        if (captures == nullptr || captures->kind == YamlNode::Kind::Null)
            return {};
        if (captures->kind != YamlNode::Kind::Map)
            return wrongValue(*captures, "'captures' must map names to units", "Write 'captures: {used: bytes}'.");
        for (const auto &member : captures->members) {
            MULLIGAN_TRY(std::string unit, member.value.asString());
            if (!isUnit(unit))
                return wrongValue(member.value, "'" + unit + "' is no unit", "Use bytes, seconds, count or word.");
            m_rule.captures.emplace(member.key, std::move(unit));
        }
        return {};
    }

    base::Result<void> readSamples()
    {
        const YamlNode *samples = m_map.find("samples");
        if (samples == nullptr || samples->kind == YamlNode::Kind::Null)
            return {};
        MULLIGAN_CHECK(formats::checkKeys(*samples, {"positive", "negative"}, "samples"));
        MULLIGAN_CHECK(texts(*samples, "positive", m_rule.positive));
        return texts(*samples, "negative", m_rule.negative);
    }

    const YamlNode &m_map;
    Rule m_rule;
};

base::Result<void> checkHead(const YamlNode &root)
{
    if (root.kind != YamlNode::Kind::Map)
        return makeError(ErrorCode::Parse, "A rule file must be a map with 'schema' and 'rules'",
                         "Begin it with 'schema: 1' and 'rules:'.")
            .in(root.place());
    MULLIGAN_CHECK(formats::checkKeys(root, {"schema", "rules"}, "a rule file"));
    const YamlNode *schema = root.find("schema");
    if (schema == nullptr)
        return wrongValue(root, "The rule file has no 'schema'", "Add 'schema: 1' as its first line.");
    MULLIGAN_TRY(const std::int64_t version, schema->asInteger());
    if (version > kSchema)
        return makeError(ErrorCode::NewerVersion,
                         "The rule file has schema " + std::to_string(version) + "; this program reads up to 1",
                         "Update Mulligan, or write the file with schema 1.")
            .in(schema->place());
    if (version != kSchema)
        return wrongValue(*schema, "'" + schema->scalar + "' is no schema version", "Write 'schema: 1'.");
    return {};
}

/// Refuses a second rule of the same id, naming both places.
base::Result<void> addUnique(RulePack &pack, std::vector<Rule> rules)
{
    for (Rule &rule : rules) {
        const auto other =
            std::find_if(pack.rules.begin(), pack.rules.end(), [&](const Rule &known) { return known.id == rule.id; });
        if (other != pack.rules.end())
            return makeError(ErrorCode::InvalidArgument,
                             "The rule id '" + rule.id + "' is used twice: " + other->file + " line "
                                 + std::to_string(other->line) + " and " + rule.file + " line "
                                 + std::to_string(rule.line),
                             "Give one of them another id.");
        pack.rules.push_back(std::move(rule));
    }
    return {};
}

/// Rule files of a folder, sorted by name, or the file itself.
base::Result<std::vector<std::string>> filesOf(const std::string &path)
{
    std::error_code code;
    if (!std::filesystem::is_directory(path, code))
        return std::vector<std::string>{path};
    std::vector<std::string> files;
    std::filesystem::directory_iterator entries(path, code);
    for (; !code && entries != std::filesystem::directory_iterator(); entries.increment(code)) {
        const std::string extension = entries->path().extension().string();
        if (extension == ".yaml" || extension == ".yml")
            files.push_back(entries->path().string());
    }
    if (code)
        return base::systemError(code.value(), "list", path);
    if (files.empty())
        return makeError(ErrorCode::NotFound, "The folder " + path + " holds no rule file",
                         "Rule files end in .yaml or .yml.");
    std::sort(files.begin(), files.end());
    return files;
}

formats::Json list(const std::vector<std::string> &texts)
{
    formats::Json array = formats::Json::array();
    for (const std::string &text : texts)
        array.push(text);
    return array;
}

void setText(formats::Json &map, const char *key, const std::string &value)
{
    if (!value.empty())
        map.set(key, value);
}

void setList(formats::Json &map, const char *key, const std::vector<std::string> &values)
{
    if (!values.empty())
        map.set(key, list(values));
}

formats::Json matchJson(const Rule &rule)
{
    formats::Json match = formats::Json::object();
    match.set("where", std::string(name(rule.where)));
    if (rule.where == MatchWhere::LastLines)
        match.set("last_lines", rule.lastLines);
    if (rule.caseless)
        match.set("case", "insensitive");
    setList(match, "all", rule.all);
    setList(match, "any", rule.any);
    setList(match, "none", rule.none);
    return match;
}

formats::Json scopeJson(const Rule &rule)
{
    formats::Json scope = formats::Json::object();
    setText(scope, "stream", rule.scopeStream);
    setText(scope, "job", rule.scopeJobGlob);
    setText(scope, "spark_version", rule.scopeSparkVersion);
    return scope;
}

formats::Json samplesJson(const Rule &rule)
{
    formats::Json samples = formats::Json::object();
    setList(samples, "positive", rule.positive);
    setList(samples, "negative", rule.negative);
    return samples;
}

formats::Json ruleJson(const Rule &rule)
{
    formats::Json map = formats::Json::object();
    map.set("id", rule.id);
    map.set("title", rule.title);
    map.set("status", std::string(name(rule.status)));
    setText(map, "owner", rule.owner);
    setList(map, "links", rule.links);
    setText(map, "created", rule.created);
    setText(map, "modified", rule.modified);
    map.set("class", rule.errorClass);
    map.set("domain", std::string(model::name(rule.domain)));
    map.set("transient", rule.transient);
    map.set("priority", rule.priority);
    if (const formats::Json scope = scopeJson(rule); scope.size() > 0)
        map.set("scope", scope);
    map.set("match", matchJson(rule));
    if (!rule.captures.empty()) {
        formats::Json captures = formats::Json::object();
        for (const auto &[capture, unit] : rule.captures)
            captures.set(capture, unit);
        map.set("captures", std::move(captures));
    }
    map.set("action", std::string(model::name(rule.action)));
    if (rule.exitCode)
        map.set("exit_code", *rule.exitCode);
    setText(map, "summary", rule.summary);
    setText(map, "advice", rule.advice);
    if (const formats::Json samples = samplesJson(rule); samples.size() > 0)
        map.set("samples", samples);
    return map;
}

} // namespace

base::Result<std::vector<Rule>> parseRules(std::string_view text, const std::string &name)
{
    auto root = formats::parseYaml(text);
    if (!root)
        return std::move(root).error().in("file " + name);
    if (auto head = checkHead(*root); !head)
        return std::move(head).error().in("file " + name);
    std::vector<Rule> rules;
    const YamlNode *list = root->find("rules");
    if (list == nullptr || list->kind != YamlNode::Kind::Sequence)
        return wrongValue(list == nullptr ? *root : *list, "The rule file has no list 'rules'",
                          "Add 'rules:' with one entry a rule.")
            .in("file " + name);
    for (const YamlNode &item : list->items) {
        if (item.kind != YamlNode::Kind::Map)
            return wrongValue(item, "A rule must be a map", "Begin it with '- id: …'.").in("file " + name);
        auto rule = RuleReader(item, name).read();
        if (!rule)
            return std::move(rule).error().in("file " + name);
        rules.push_back(std::move(rule).value());
    }
    return rules;
}

base::Result<RulePack> loadPack(const std::vector<std::string> &paths)
{
    RulePack pack;
    for (const std::string &path : paths) {
        MULLIGAN_TRY(const std::vector<std::string> files, filesOf(path));
        for (const std::string &file : files) {
            MULLIGAN_TRY(const std::string text, formats::readTextFile(file));
            MULLIGAN_TRY(std::vector<Rule> rules, parseRules(text, file));
            MULLIGAN_CHECK(addUnique(pack, std::move(rules)));
            pack.files.push_back(file);
        }
    }
    if (pack.rules.empty())
        return makeError(ErrorCode::InvalidArgument, "The rule files hold no rule",
                         "Name a file or folder with rules.");
    return pack;
}

base::Result<RulePack> packFromText(std::string_view text, const std::string &name)
{
    RulePack pack;
    MULLIGAN_TRY(std::vector<Rule> rules, parseRules(text, name));
    MULLIGAN_CHECK(addUnique(pack, std::move(rules)));
    if (pack.rules.empty())
        return makeError(ErrorCode::InvalidArgument, "The rule file holds no rule", "Add at least one.")
            .in("file " + name);
    pack.files.push_back(name);
    return pack;
}

std::string writePack(const RulePack &pack)
{
    formats::Json rules = formats::Json::array();
    for (const Rule &rule : pack.rules)
        rules.push(ruleJson(rule));
    formats::Json root = formats::Json::object();
    root.set("schema", kSchema);
    root.set("rules", std::move(rules));
    return formats::writeYaml(root);
}

} // namespace mulligan::classify
