#include "ingest/redaction_rules.hpp"

#include "formats/file.hpp"
#include "formats/yaml.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

using base::ErrorCode;
using base::Result;
using formats::YamlNode;

constexpr std::size_t kMostPatterns = 500;
constexpr std::size_t kMostNameBytes = 40;

base::Error about(base::Error error, const RedactionPattern &pattern)
{
    error = std::move(error).in("pattern '" + pattern.name + "'");
    return pattern.line > 0 ? std::move(error).in("line " + std::to_string(pattern.line)) : error;
}

Result<void> checkName(const RedactionPattern &pattern)
{
    const std::string &name = pattern.name;
    const bool plain = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    if (name.empty() || name.size() > kMostNameBytes || !plain || name.front() < 'a')
        return base::makeError(ErrorCode::InvalidArgument, "'" + name.substr(0, 100) + "' cannot name a kind of secret",
                               "Use lower-case letters, digits and '_', a letter first, at most 40.");
    return {};
}

bool hasGroup(const text::Match &match, const std::string &group)
{
    return std::any_of(match.groups.begin(), match.groups.end(),
                       [&](const text::NamedSpan &span) { return span.name == group; });
}

/// A pattern is held to what its author says of it.
Result<void> checkSamples(const text::PatternSet &set, std::uint32_t id, const RedactionPattern &pattern)
{
    text::Match match;
    const text::Outcome hit = set.search(id, pattern.sample, 0, match);
    if (hit != text::Outcome::Match)
        return base::makeError(ErrorCode::InvalidArgument,
                               hit == text::Outcome::NoMatch ? "The pattern does not match its sample"
                                                             : "The pattern gives up on its own sample",
                               "Correct the pattern or the sample.");
    if (!pattern.group.empty() && !hasGroup(match, pattern.group))
        return base::makeError(ErrorCode::InvalidArgument,
                               "The pattern has no group '" + pattern.group + "' that matches in its sample",
                               "Name the part to replace as (?<" + pattern.group + ">…).");
    if (!pattern.notSample.empty() && set.search(id, pattern.notSample, 0, match) != text::Outcome::NoMatch)
        return base::makeError(ErrorCode::InvalidArgument, "The pattern matches its not_sample",
                               "Make the pattern narrower, or correct the not_sample.");
    return {};
}

Result<std::string> readText(const YamlNode &node, std::string_view key, bool needed)
{
    const YamlNode *value = node.find(key);
    if (value == nullptr && !needed)
        return std::string();
    if (value == nullptr)
        return base::makeError(ErrorCode::Parse, "The pattern has no '" + std::string(key) + "'",
                               "Every pattern needs name, pattern and sample.")
            .in(node.place());
    MULLIGAN_TRY(auto text, value->asString());
    if (text.empty())
        return base::makeError(ErrorCode::Parse, "'" + std::string(key) + "' is empty",
                               "Write what it is, or leave "
                               "the key out.")
            .in(value->place());
    return text;
}

Result<RedactionPattern> readPattern(const YamlNode &node)
{
    if (node.kind != YamlNode::Kind::Map)
        return base::makeError(ErrorCode::Parse, "A pattern is a map", "Write name, pattern and sample.")
            .in(node.place());
    MULLIGAN_CHECK(formats::checkKeys(node, {"name", "pattern", "replace", "sample", "not_sample"}, "pattern"));
    RedactionPattern pattern;
    pattern.line = node.line;
    MULLIGAN_TRY(pattern.name, readText(node, "name", true));
    MULLIGAN_TRY(pattern.pattern, readText(node, "pattern", true));
    MULLIGAN_TRY(pattern.group, readText(node, "replace", false));
    MULLIGAN_TRY(pattern.sample, readText(node, "sample", true));
    MULLIGAN_TRY(pattern.notSample, readText(node, "not_sample", false));
    return pattern;
}

Result<const YamlNode *> listAt(const YamlNode &root, std::string_view key)
{
    const YamlNode *list = root.find(key);
    if (list != nullptr && list->kind != YamlNode::Kind::Sequence)
        return base::makeError(ErrorCode::Parse, "'" + std::string(key) + "' must be a list",
                               "Begin each entry with '- '.")
            .in(list->place());
    return list;
}

Result<void> checkVersion(const YamlNode &root)
{
    const YamlNode *version = root.find("version");
    if (version == nullptr)
        return base::makeError(ErrorCode::Parse, "The redaction file has no 'version'", "Begin it with 'version: 1'.");
    MULLIGAN_TRY(const auto number, version->asInteger());
    if (number != 1)
        return base::makeError(number > 1 ? ErrorCode::NewerVersion : ErrorCode::Parse,
                               "Version " + std::to_string(number) + " of redaction files is not known",
                               "Write 'version: 1'.")
            .in(version->place());
    return {};
}

Result<void> readSwitch(const YamlNode &root, std::string_view key, bool &target)
{
    if (const YamlNode *value = root.find(key)) {
        MULLIGAN_TRY(target, value->asBool());
    }
    return {};
}

} // namespace

Result<std::shared_ptr<const RedactionRules>> RedactionRules::make(RedactionSettings settings)
{
    std::shared_ptr<RedactionRules> rules(new RedactionRules(std::move(settings)));
    const auto &patterns = rules->m_settings.patterns;
    if (patterns.size() > kMostPatterns)
        return base::makeError(ErrorCode::LimitExceeded,
                               "There are more than " + std::to_string(kMostPatterns) + " redaction patterns",
                               "Join some of them with '|'.");
    std::vector<text::Pattern> compiled;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        const RedactionPattern &pattern = patterns[i];
        if (auto fine = checkName(pattern); !fine)
            return about(std::move(fine).error(), pattern);
        const auto same = std::find_if(patterns.begin(), patterns.begin() + static_cast<std::ptrdiff_t>(i),
                                       [&](const RedactionPattern &p) { return p.name == pattern.name; });
        if (same - patterns.begin() < static_cast<std::ptrdiff_t>(i))
            return about(base::makeError(ErrorCode::InvalidArgument, "The name is given twice",
                                         "Give each pattern a name of its own."),
                         pattern);
        compiled.push_back({pattern.pattern, false});
        if (auto fine = text::checkPattern(compiled.back()); !fine)
            return about(std::move(fine).error(), pattern);
    }
    std::sort(rules->m_settings.allow.begin(), rules->m_settings.allow.end());
    if (compiled.empty())
        return std::shared_ptr<const RedactionRules>(std::move(rules));
    MULLIGAN_TRY(rules->m_patterns, text::PatternSet::make(std::move(compiled)));
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (auto fine = checkSamples(*rules->m_patterns, static_cast<std::uint32_t>(i), patterns[i]); !fine)
            return about(std::move(fine).error(), patterns[i]);
    }
    return std::shared_ptr<const RedactionRules>(std::move(rules));
}

bool RedactionRules::allows(std::string_view secret) const
{
    return std::binary_search(m_settings.allow.begin(), m_settings.allow.end(), secret);
}

Result<RedactionSettings> parseRedactionSettings(std::string_view yaml)
{
    MULLIGAN_TRY(const YamlNode root, formats::parseYaml(yaml));
    if (root.kind != YamlNode::Kind::Map)
        return base::makeError(ErrorCode::Parse, "A redaction file is a map of settings", "Begin it with 'version: 1'.")
            .in(root.place());
    MULLIGAN_CHECK(
        formats::checkKeys(root, {"version", "emails", "user_paths", "allow", "patterns"}, "redaction file"));
    MULLIGAN_CHECK(checkVersion(root));
    RedactionSettings settings;
    MULLIGAN_CHECK(readSwitch(root, "emails", settings.emails));
    MULLIGAN_CHECK(readSwitch(root, "user_paths", settings.userPaths));
    MULLIGAN_TRY(const YamlNode *allow, listAt(root, "allow"));
    for (std::size_t i = 0; allow != nullptr && i < allow->items.size(); ++i) {
        MULLIGAN_TRY(auto literal, allow->items[i].asString());
        settings.allow.push_back(std::move(literal));
    }
    MULLIGAN_TRY(const YamlNode *patterns, listAt(root, "patterns"));
    for (std::size_t i = 0; patterns != nullptr && i < patterns->items.size(); ++i) {
        MULLIGAN_TRY(auto pattern, readPattern(patterns->items[i]));
        settings.patterns.push_back(std::move(pattern));
    }
    return settings;
}

Result<RedactionSettings> loadRedactionSettings(const std::string &path)
{
    MULLIGAN_TRY(const auto yaml, formats::readTextFile(path, 4u << 20));
    auto settings = parseRedactionSettings(yaml);
    if (!settings)
        return std::move(settings).error().in("file " + path);
    return settings;
}

} // namespace mulligan::ingest
