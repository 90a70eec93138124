#include "pipeline/resources.hpp"

#include "classify/rule_file.hpp"
#include "formats/file.hpp"
#include "formats/hash.hpp"
#include "policy/policy_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string_view>

namespace mulligan::pipeline
{

namespace fs = std::filesystem;

namespace
{

constexpr const char *kPolicySetting = "policy.yaml";
constexpr const char *kEconomicsSetting = "economics.yaml";
constexpr const char *kRulesSetting = "rule_paths"; ///< a path a line
constexpr std::string_view kShipped = "shipped";

bool holdsResources(const fs::path &folder)
{
    std::error_code ignored;
    return fs::is_directory(folder / "rules", ignored) && fs::is_regular_file(folder / "policy.yaml", ignored);
}

std::vector<fs::path> resourceFolders(const std::string &programPath, const std::string &builtIn)
{
    std::vector<fs::path> folders;
    if (const char *chosen = std::getenv("MULLIGAN_RESOURCES"); chosen != nullptr && *chosen != '\0')
        return {chosen};
    std::error_code ignored;
    const fs::path beside = fs::weakly_canonical(programPath, ignored).parent_path();
    if (!beside.empty()) {
        folders.push_back(beside / "resources");
        folders.push_back(beside.parent_path() / "share" / "mulligan");
        folders.push_back(beside.parent_path() / "resources");
    }
    if (!builtIn.empty())
        folders.emplace_back(builtIn);
    return folders;
}

} // namespace

base::Result<Resources> findResources(const std::string &programPath, const std::string &builtIn)
{
    std::string tried;
    for (const fs::path &folder : resourceFolders(programPath, builtIn)) {
        if (holdsResources(folder))
            return Resources{folder.string()};
        tried += (tried.empty() ? "" : ", ") + folder.string();
    }
    return base::makeError(base::ErrorCode::NotFound,
                           "The program's rules and defaults were not found; looked in: " + tried,
                           "Set MULLIGAN_RESOURCES to the folder that holds rules/ and policy.yaml.");
}

std::vector<std::string> rulePaths(const Resources &resources, const std::vector<std::string> &words)
{
    if (words.empty())
        return {resources.rulesFolder()};
    std::vector<std::string> paths = words;
    std::replace(paths.begin(), paths.end(), std::string(kShipped), resources.rulesFolder());
    return paths;
}

base::Result<std::shared_ptr<const classify::Classifier>> loadClassifier(const Resources &resources,
                                                                         const std::vector<std::string> &files)
{
    MULLIGAN_TRY(auto pack, classify::loadPack(rulePaths(resources, files)));
    return classify::Classifier::make(std::move(pack));
}

base::Result<policy::Policy> loadPolicy(const Resources &resources, const std::string &path)
{
    const std::string file = path.empty() ? resources.policyFile() : path;
    MULLIGAN_TRY(const auto text, formats::readTextFile(file));
    return policy::parsePolicy(text, file);
}

base::Result<policy::Economics> loadEconomics(const Resources &resources, const std::string &path)
{
    const std::string file = path.empty() ? resources.economicsFile() : path;
    MULLIGAN_TRY(const auto text, formats::readTextFile(file));
    return policy::parseEconomics(text, file);
}

base::Result<optimize::ParameterSpace> loadSpace(const Resources &resources, const std::string &path)
{
    const std::string file = path.empty() ? resources.spaceFile() : path;
    MULLIGAN_TRY(const auto text, formats::readTextFile(file));
    return optimize::parseSpace(text, file);
}

namespace
{

bool classKnown(const classify::RulePack &pack, std::string_view selector)
{
    return selector == model::kUnclassified
           || std::any_of(pack.rules.begin(), pack.rules.end(),
                          [&](const classify::Rule &rule) { return model::classCovered(selector, rule.errorClass); });
}

base::Error unknownName(std::string_view what, std::string_view name, std::string_view setting)
{
    return base::makeError(
        base::ErrorCode::InvalidArgument,
        "There is no " + std::string(what) + " '" + std::string(name) + "', named in " + std::string(setting),
        "'mulligan rules list' shows the rules and their classes; with a pack of your own add --rules.");
}

} // namespace

base::Result<void> checkNames(const policy::Policy &policy, const policy::Economics &economics,
                              const classify::Classifier &rules, const classify::Classifier &others)
{
    const auto ruleKnown = [&](const std::string &rule) {
        return rules.find(rule) != nullptr || others.find(rule) != nullptr;
    };
    const auto selectorKnown = [&](std::string_view selector) {
        return classKnown(rules.pack(), selector) || classKnown(others.pack(), selector);
    };
    for (const auto &[rule, action] : policy.ruleActions)
        if (!ruleKnown(rule))
            return unknownName("rule", rule, "rule_actions");
    for (const auto &rule : policy.disabledRules)
        if (!ruleKnown(rule))
            return unknownName("rule", rule, "disabled_rules");
    for (const auto &each : policy.overrides)
        if (!each.rule.empty() && !ruleKnown(each.rule))
            return unknownName("rule", each.rule, "overrides");
    for (const auto &[selector, threshold] : policy.thresholds)
        if (!selectorKnown(selector))
            return unknownName("class", selector, "thresholds");
    for (const auto &selector : policy.askModel)
        if (!selectorKnown(selector))
            return unknownName("class", selector, "ask_model");
    for (const auto &[selector, minutes] : economics.minutes)
        if (!selectorKnown(selector))
            return unknownName("class", selector, "minutes");
    return {};
}

base::Result<policy::Policy> workspacePolicy(store::Workspace &workspace, const Resources &resources)
{
    MULLIGAN_TRY(const auto saved, workspace.setting(kPolicySetting));
    if (saved.has_value())
        return policy::parsePolicy(*saved, "policy saved in " + workspace.path());
    return loadPolicy(resources);
}

base::Result<std::vector<std::string>> workspaceRules(store::Workspace &workspace)
{
    MULLIGAN_TRY(const auto saved, workspace.setting(kRulesSetting));
    std::vector<std::string> paths;
    std::istringstream lines(saved.value_or(std::string()));
    for (std::string path; std::getline(lines, path);)
        if (!path.empty())
            paths.push_back(path);
    return paths;
}

base::Result<void> saveWorkspaceRules(store::Workspace &workspace, const std::vector<std::string> &paths)
{
    std::string lines;
    for (const std::string &path : paths)
        lines += (lines.empty() ? "" : "\n") + path;
    return workspace.setSetting(kRulesSetting, lines);
}

base::Result<std::vector<std::string>> rulesToUse(store::Workspace &workspace, const std::vector<std::string> &files)
{
    if (files.empty())
        return workspaceRules(workspace);
    return files.size() == 1 && files.front() == kShipped ? std::vector<std::string>() : files;
}

base::Result<std::shared_ptr<const classify::Classifier>>
workspaceClassifier(store::Workspace &workspace, const Resources &resources, const std::vector<std::string> &files)
{
    MULLIGAN_TRY(const std::vector<std::string> rules, rulesToUse(workspace, files));
    auto classifier = loadClassifier(resources, rules);
    if (!classifier && files.empty() && !rules.empty())
        return std::move(classifier).error().in("the workspace's own rules, which '--rules shipped' leaves aside");
    return classifier;
}

base::Result<policy::Economics> workspaceEconomics(store::Workspace &workspace, const Resources &resources)
{
    MULLIGAN_TRY(const auto saved, workspace.setting(kEconomicsSetting));
    if (saved.has_value())
        return policy::parseEconomics(*saved, "economics saved in " + workspace.path());
    return loadEconomics(resources);
}

base::Result<void> saveWorkspacePolicy(store::Workspace &workspace, const policy::Policy &policy)
{
    return workspace.setSetting(kPolicySetting, policy::writePolicy(policy));
}

base::Result<void> saveWorkspaceEconomics(store::Workspace &workspace, const policy::Economics &economics)
{
    return workspace.setSetting(kEconomicsSetting, policy::writeEconomics(economics));
}

std::string economicsHash(const policy::Economics &economics)
{
    return formats::sha256Hex(policy::writeEconomics(economics)).substr(0, 16);
}

} // namespace mulligan::pipeline
