#include "pipeline/workspace_redaction.hpp"

#include "formats/json.hpp"

#include <algorithm>
#include <cstdlib>

namespace mulligan::pipeline
{

namespace
{

using formats::Json;
using ingest::RedactionPattern;
using ingest::RedactionSettings;

constexpr std::string_view kSetting = "import.redaction";
constexpr std::string_view kEarlierSetting = "import.redaction_earlier";
constexpr std::string_view kKeySetting = "import.redaction_key";

/// Samples are kept as well: a pattern is held to them whenever it is compiled.
std::string written(const RedactionSettings &settings)
{
    Json allow = Json::array();
    for (const auto &literal : settings.allow)
        allow.push(literal);
    Json patterns = Json::array();
    for (const auto &pattern : settings.patterns)
        patterns.push(Json()
                          .set("name", pattern.name)
                          .set("pattern", pattern.pattern)
                          .set("replace", pattern.group)
                          .set("sample", pattern.sample)
                          .set("not_sample", pattern.notSample));
    return formats::writeJson(Json()
                                  .set("version", 1)
                                  .set("emails", settings.emails)
                                  .set("user_paths", settings.userPaths)
                                  .set("allow", std::move(allow))
                                  .set("patterns", std::move(patterns)));
}

/// Whether something is to be redacted that was not before.
bool asksMore(const RedactionSettings &now, const RedactionSettings &before)
{
    const bool patterns = std::all_of(now.patterns.begin(), now.patterns.end(), [&](const RedactionPattern &each) {
        return std::any_of(before.patterns.begin(), before.patterns.end(), [&](const RedactionPattern &known) {
            return known.pattern == each.pattern && known.group == each.group;
        });
    });
    const bool allowed = std::all_of(before.allow.begin(), before.allow.end(), [&](const std::string &each) {
        return std::find(now.allow.begin(), now.allow.end(), each) != now.allow.end();
    });
    return (now.emails && !before.emails) || (now.userPaths && !before.userPaths) || !patterns || !allowed;
}

base::Result<RedactionSettings> readSettings(const std::string &text)
{
    MULLIGAN_TRY(const Json json, formats::parseJson(text));
    if (json["version"].integer() != 1)
        return base::makeError(base::ErrorCode::NewerVersion, "The workspace's redaction is of an unknown version",
                               "Use a newer Mulligan, or choose it anew with --redact.");
    RedactionSettings out;
    out.emails = json["emails"].boolean();
    out.userPaths = json["user_paths"].boolean();
    for (const Json &literal : json["allow"].items())
        out.allow.push_back(literal.string());
    for (const Json &each : json["patterns"].items()) {
        RedactionPattern pattern;
        pattern.name = each["name"].string();
        pattern.pattern = each["pattern"].string();
        pattern.group = each["replace"].string();
        pattern.sample = each["sample"].string();
        pattern.notSample = each["not_sample"].string();
        out.patterns.push_back(std::move(pattern));
    }
    return out;
}

} // namespace

base::Result<std::optional<RedactionSettings>> workspaceRedaction(store::Workspace &workspace)
{
    MULLIGAN_TRY(const auto text, workspace.setting(kSetting));
    if (!text)
        return std::optional<RedactionSettings>();
    auto settings = readSettings(*text);
    if (!settings)
        return std::move(settings).error().in("the workspace's redaction");
    return std::optional(std::move(settings).value());
}

base::Result<std::shared_ptr<const ingest::RedactionRules>>
redactionOfImport(store::Workspace &workspace, std::shared_ptr<const ingest::RedactionRules> chosen)
{
    if (chosen == nullptr) {
        MULLIGAN_TRY(auto settings, workspaceRedaction(workspace));
        if (!settings)
            return std::shared_ptr<const ingest::RedactionRules>();
        auto rules = ingest::RedactionRules::make(std::move(*settings));
        if (!rules)
            return std::move(rules).error().in("the workspace's redaction");
        return rules;
    }
    const std::string text = written(chosen->settings());
    MULLIGAN_TRY(const auto before, workspace.setting(kSetting));
    if (before == text)
        return chosen;
    MULLIGAN_TRY(const auto settings, workspaceRedaction(workspace));
    if (asksMore(chosen->settings(), settings.value_or(RedactionSettings()))) {
        MULLIGAN_TRY(const auto newest, workspace.connection().text("SELECT coalesce(max(id), 0) FROM source"));
        MULLIGAN_CHECK(workspace.setSetting(kEarlierSetting, newest));
    }
    MULLIGAN_CHECK(workspace.setSetting(kSetting, text));
    return chosen;
}

base::Result<std::int64_t> lastSourceOfEarlierRedaction(store::Workspace &workspace)
{
    MULLIGAN_TRY(const auto last, workspace.setting(kEarlierSetting));
    return last ? std::atoll(last->c_str()) : 0;
}

base::Result<std::uint64_t> sourcesOfEarlierRedaction(store::Workspace &workspace)
{
    MULLIGAN_TRY(const std::int64_t last, lastSourceOfEarlierRedaction(workspace));
    MULLIGAN_TRY(const std::int64_t count,
                 workspace.connection().integer("SELECT count(*) FROM source WHERE id <= " + std::to_string(last)));
    return static_cast<std::uint64_t>(count);
}

base::Result<std::string> redactionKeyOf(store::Workspace &workspace)
{
    MULLIGAN_TRY(auto key, workspace.setting(kKeySetting));
    if (!key) {
        // Of two imports that begin at once both take the key of the first.
        const auto made = workspace.connection().run("INSERT OR IGNORE INTO setting(key, value) VALUES('"
                                                     + std::string(kKeySetting) + "', lower(hex(randomblob(16))))");
        // While another process writes, most likely nothing can be stored; what can all the same stays apart.
        if (!made && made.error().code == base::ErrorCode::Conflict)
            return workspace.connection().text("SELECT lower(hex(randomblob(16)))");
        if (!made)
            return made.error();
        MULLIGAN_TRY(key, workspace.setting(kKeySetting));
    }
    return key.value_or(std::string());
}

} // namespace mulligan::pipeline
