#include "classify/rule_reader.hpp"

#include "base/instant.hpp"
#include "classify/block_reader.hpp"
#include "classify/rule_values.hpp"
#include "classify/templates.hpp"
#include "text/pattern_set.hpp"

#include <algorithm>
#include <utility>

namespace mulligan::classify
{

namespace
{

using formats::YamlNode;

constexpr int kMaxLastLines = 100'000;

bool isNameByte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == '.';
}

/// Reads the members of one rule, on past every fault; each carries its place.
class RuleReader
{
public:
    RuleReader(const YamlNode &map, const std::string &file) : m_map(map) { m_rule.file = file; }

    ReadRule read()
    {
        m_rule.line = m_map.line;
        m_rule.places = placesOf(m_map);
        note(formats::checkKeys(m_map, kRuleKeys, "a rule"));
        if (isToBeRead("id") && note(required("id", m_rule.id))) {
            m_named = true;
            note(checkName(*m_map.find("id"), m_rule.id));
        }
        if (isToBeRead("title"))
            note(required("title", m_rule.title));
        if (isToBeRead("class") && note(required("class", m_rule.errorClass)))
            note(checkClass());
        note(readStatus());
        if (isToBeRead("domain"))
            note(readDomain());
        if (isToBeRead("action"))
            note(readAction());
        for (auto &[key, into] : {std::pair<const char *, std::string *>{"owner", &m_rule.owner},
                                  {"created", &m_rule.created},
                                  {"modified", &m_rule.modified},
                                  {"summary", &m_rule.summary},
                                  {"advice", &m_rule.advice}})
            note(text(m_map, key, *into));
        note(readExpires());
        note(texts(m_map, "links", m_rule.links));
        readNumbers();
        note(readScope());
        readMatch();
        readCaptures();
        readSamples();
        return {std::move(m_rule), std::move(m_faults)};
    }

private:
    /// What is only misspelt, as checkKeys said, is not missing as well.
    [[nodiscard]] bool isToBeRead(std::string_view key) const
    {
        if (m_map.find(key) != nullptr)
            return true;
        const auto unknown = std::find_if(m_map.members.begin(), m_map.members.end(), [](const auto &member) {
            return std::find(kRuleKeys.begin(), kRuleKeys.end(), member.key) == kRuleKeys.end();
        });
        return unknown == m_map.members.end() || formats::nearestName(unknown->key, kRuleKeys) != key;
    }

    /// Keeps what went wrong; whether nothing did.
    bool note(base::Result<void> done)
    {
        if (done)
            return true;
        base::Error fault = std::move(done).error();
        m_faults.push_back(m_named ? std::move(fault).in("rule '" + m_rule.id + "'") : std::move(fault));
        return false;
    }

    base::Result<void> required(const char *key, std::string &into) const
    {
        const YamlNode *node = m_map.find(key);
        if (node == nullptr)
            return wrongValue(m_map, std::string("A rule needs '") + key + "'", std::string("Add '") + key + ": …'.");
        MULLIGAN_TRY(into, ofKey(node->asString(), key, "Write one text, in quotes where it holds a ': '."));
        if (into.empty())
            return wrongValue(*node, std::string("'") + key + "' is empty", "Give it a value.");
        return {};
    }

    static base::Result<void> text(const YamlNode &map, const char *key, std::string &into)
    {
        if (const YamlNode *node = map.find(key); node != nullptr && node->kind != YamlNode::Kind::Null) {
            MULLIGAN_TRY(into, ofKey(node->asString(), key, "Write one text, in quotes where it holds a ': '."));
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
            MULLIGAN_TRY(std::string value,
                         ofKey(item.asString(), key, "Write each entry as one text, in quotes where it holds a ': '."));
            into.push_back(std::move(value));
        }
        return {};
    }

    static base::Result<void> checkName(const YamlNode &node, const std::string &id)
    {
        const bool good = std::all_of(id.begin(), id.end(), [](char byte) { return isNameByte(byte) || byte == '-'; });
        if (!good || id.size() > 100)
            return wrongValue(node, "The id '" + id + "' is not a rule id",
                              "Use lower-case letters, digits, '.', '-' and '_', at most 100.");
        return {};
    }

    base::Result<void> checkClass() const
    {
        const YamlNode &node = *m_map.find("class");
        const std::string &name = m_rule.errorClass;
        const YamlNode *status = m_map.find("status");
        const bool draft = status != nullptr && status->scalar == "draft";
        if (name == model::kUnclassified && draft)
            return {}; // mined, and waiting for somebody to choose
        if (name == model::kUnclassified)
            return wrongValue(node, "A rule in force needs an error class",
                              "Write group.kind, such as memory_config.executor_heap, or keep it a draft.");
        const size_t dot = name.find('.');
        const bool letters = std::all_of(name.begin(), name.end(), isNameByte);
        if (!letters || dot == 0 || dot == std::string::npos || dot + 1 == name.size()
            || name.find('.', dot + 1) != std::string::npos)
            return wrongValue(node, "'" + name + "' is not an error class",
                              "Write group.kind in lower case, words joined by _, such as memory_config.executor_heap.");
        return {};
    }

    base::Result<void> readStatus()
    {
        const YamlNode *node = m_map.find("status");
        if (node == nullptr)
            return {};
        if (node->scalar == "draft")
            m_rule.status = RuleStatus::Draft;
        else if (node->scalar == "retired")
            m_rule.status = RuleStatus::Retired;
        else if (node->scalar != "active")
            return wrongValue(*node, "'" + node->scalar + "' is no status", "Use draft, active or retired.");
        return {};
    }

    base::Result<void> readDomain()
    {
        std::string word;
        MULLIGAN_CHECK(required("domain", word));
        const auto domain = model::domainFromName(word);
        if (!domain)
            return wrongValue(*m_map.find("domain"), "'" + word + "' is no domain", "Use user, platform or timeout.");
        m_rule.domain = *domain;
        return {};
    }

    base::Result<void> readAction()
    {
        std::string word;
        MULLIGAN_CHECK(required("action", word));
        const auto action = model::ruleActionFromName(word);
        if (!action)
            return wrongValue(*m_map.find("action"), "'" + word + "' is no action", "Use retry, stop or ask_model.");
        m_rule.action = *action;
        return {};
    }

    void readNumbers()
    {
        note(readTransient());
        note(readPriority());
        note(readExitCode());
    }

    base::Result<void> readTransient()
    {
        if (const YamlNode *node = m_map.find("transient")) {
            MULLIGAN_TRY(m_rule.transient, ofKey(node->asBool(), "transient", "Write true or false."));
        }
        return {};
    }

    base::Result<void> readPriority()
    {
        const YamlNode *node = m_map.find("priority");
        if (node == nullptr)
            return {};
        MULLIGAN_TRY(const std::int64_t value, ofKey(node->asInteger(), "priority", "Use 0 to 100."));
        if (value < 0 || value > 100)
            return wrongValue(*node, "The priority " + std::to_string(value) + " is out of range", "Use 0 to 100.");
        m_rule.priority = static_cast<int>(value);
        return {};
    }

    /// A day that is mistyped would never come, so it must be one.
    base::Result<void> readExpires()
    {
        MULLIGAN_CHECK(text(m_map, "expires", m_rule.expires));
        if (!m_rule.expires.empty()
            && (m_rule.expires.size() != 10 || !base::parseInstant(m_rule.expires + "T00:00:00Z")))
            return wrongValue(*m_map.find("expires"), "'" + m_rule.expires + "' is no date",
                              "Write the last day as YYYY-MM-DD.");
        return {};
    }

    base::Result<void> readExitCode()
    {
        const YamlNode *node = m_map.find("exit_code");
        if (node == nullptr || node->kind == YamlNode::Kind::Null)
            return {};
        MULLIGAN_TRY(const std::int64_t value, ofKey(node->asInteger(), "exit_code", "Use the process's code."));
        if (value < -1'000'000 || value > 1'000'000)
            return wrongValue(*node, "The exit code " + std::to_string(value) + " is out of range",
                              "Use the process's code.");
        m_rule.exitCode = static_cast<int>(value);
        return {};
    }

    base::Result<void> readScope()
    {
        const YamlNode *scope = m_map.find("scope");
        if (scope == nullptr)
            return {};
        MULLIGAN_CHECK(formats::checkKeys(*scope, {"stream", "job", "spark_version", "config"}, "a scope"));
        MULLIGAN_CHECK(text(*scope, "stream", m_rule.scopeStream));
        MULLIGAN_CHECK(text(*scope, "job", m_rule.scopeJobGlob));
        MULLIGAN_CHECK(text(*scope, "spark_version", m_rule.scopeSparkVersion));
        const YamlNode *config = scope->find("config");
        if (config == nullptr || config->kind == YamlNode::Kind::Null)
            return {};
        if (config->kind != YamlNode::Kind::Map)
            return wrongValue(*config, "'config' must be a map of properties to values",
                              "Write 'config: {spark.memory.offHeap.enabled: \"true\"}'.");
        for (const YamlNode::Member &member : config->members) {
            MULLIGAN_TRY(m_rule.scopeConfig[member.key], member.value.asString());
        }
        return {};
    }

    void readMatch()
    {
        const YamlNode *match = m_map.find("match");
        if (match == nullptr) {
            if (isToBeRead("match"))
                note(wrongValue(m_map, "A rule needs 'match'", "Add 'match:' with 'any:' and a list of patterns."));
            return;
        }
        const size_t before = m_faults.size();
        note(formats::checkKeys(
            *match, {"where", "last_lines", "least_level", "case", "multiline", "block", "all", "any", "none"},
            "a match"));
        note(readWhere(*match));
        note(readLeastLevel(*match));
        note(readCase(*match));
        note(readMultiline(*match));
        readBlockOf(*match);
        readPatterns(*match, "all", m_rule.all);
        readPatterns(*match, "any", m_rule.any);
        readPatterns(*match, "none", m_rule.none);
        if (m_faults.size() == before && m_rule.all.empty() && m_rule.any.empty())
            note(wrongValue(*match, "The rule has no pattern that must match",
                            "Add at least one under 'any' or 'all'."));
    }

    base::Result<void> readLeastLevel(const YamlNode &match)
    {
        const YamlNode *node = match.find("least_level");
        const auto level = node == nullptr ? LeastLevel::Any : leastLevelFromName(node->scalar);
        if (!level)
            return wrongValue(*node, "'" + node->scalar + "' is no least level",
                              "Use warn or error, or leave it out: then every line counts.");
        m_rule.leastLevel = *level;
        return {};
    }

    base::Result<void> readCase(const YamlNode &match)
    {
        const YamlNode *node = match.find("case");
        if (node == nullptr)
            return {};
        if (node->scalar != "sensitive" && node->scalar != "insensitive")
            return wrongValue(*node, "'" + node->scalar + "' is no case", "Use sensitive or insensitive.");
        m_rule.caseless = node->scalar == "insensitive";
        return {};
    }

    base::Result<void> readMultiline(const YamlNode &match)
    {
        if (const YamlNode *node = match.find("multiline")) {
            MULLIGAN_TRY(m_rule.multiline, ofKey(node->asBool(), "multiline", "Write true or false."));
        }
        return {};
    }

    void readBlockOf(const YamlNode &match)
    {
        const YamlNode *node = match.find("block");
        if (node == nullptr || node->kind == YamlNode::Kind::Null)
            return;
        auto [block, faults] = readBlock(*node, m_rule);
        for (base::Error &fault : faults)
            note(std::move(fault));
        m_rule.block = std::move(block);
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
            MULLIGAN_TRY(const std::int64_t value, ofKey(lines->asInteger(), "last_lines", "Use 1 to 100,000."));
            if (value < 1 || value > kMaxLastLines)
                return wrongValue(*lines, "The number of last lines is out of range", "Use 1 to 100,000.");
            m_rule.lastLines = static_cast<int>(value);
        }
        return {};
    }

    void readPatterns(const YamlNode &match, const char *key, std::vector<std::string> &into)
    {
        if (!note(texts(match, key, into)))
            return;
        for (size_t i = 0; i < into.size(); ++i)
            if (auto good = text::checkPattern({into[i], m_rule.caseless, m_rule.multiline}); !good)
                note(wrongPattern(match.find(key)->items[i], std::move(good).error()).in(std::string("match.") + key));
    }

    void readCaptures()
    {
        const YamlNode *captures = m_map.find("captures");
        if (captures == nullptr || captures->kind == YamlNode::Kind::Null)
            return;
        if (captures->kind != YamlNode::Kind::Map) {
            note(wrongValue(*captures, "'captures' must map names to units", "Write 'captures: {used: bytes}'."));
            return;
        }
        for (const auto &member : captures->members)
            note(readCapture(member.key, member.value));
    }

    base::Result<void> readCapture(const std::string &name, const YamlNode &value)
    {
        MULLIGAN_TRY(std::string unit, value.asString());
        if (unit.empty())
            return wrongValue(value, "The capture '" + name + "' has no unit",
                              "Write 'name: unit', each name once; units are bytes, seconds, count and word.");
        if (!isUnit(unit))
            return wrongValue(value, "'" + unit + "' is no unit", "Use bytes, seconds, count or word.");
        m_rule.captures.emplace(name, std::move(unit));
        return {};
    }

    void readSamples()
    {
        const YamlNode *samples = m_map.find("samples");
        if (samples == nullptr || samples->kind == YamlNode::Kind::Null)
            return;
        if (!note(formats::checkKeys(*samples, {"positive", "negative"}, "samples")))
            return;
        note(texts(*samples, "positive", m_rule.positive));
        note(texts(*samples, "negative", m_rule.negative));
    }

    const YamlNode &m_map;
    Rule m_rule;
    bool m_named = false; ///< the id is known, so that faults can name it
    std::vector<base::Error> m_faults;
};

} // namespace

ReadRule readRule(const YamlNode &map, const std::string &file)
{
    return RuleReader(map, file).read();
}

} // namespace mulligan::classify
