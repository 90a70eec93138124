#pragma once

#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "optimize/space.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"
#include "store/workspace.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// Where the shipped defaults lie: a folder with rules/, policy.yaml, incumbent.yaml, economics.yaml and space.yaml.
struct Resources {
    std::string folder;

    [[nodiscard]] std::string rulesFolder() const { return folder + "/rules"; }
    [[nodiscard]] std::string policyFile() const { return folder + "/policy.yaml"; }
    [[nodiscard]] std::string incumbentFile() const { return folder + "/incumbent.yaml"; }
    [[nodiscard]] std::string economicsFile() const { return folder + "/economics.yaml"; }
    [[nodiscard]] std::string spaceFile() const { return folder + "/space.yaml"; }
};

/// The folder of the shipped defaults: $MULLIGAN_RESOURCES, else `resources` or `share/mulligan` beside or above the
/// program, else `builtIn` (the source tree the program was built from).
/// Errors: NotFound, naming the folders that were tried.
[[nodiscard]] base::Result<Resources> findResources(const std::string &programPath, const std::string &builtIn);

/// Rule files and folders as commands take them: where there are none, and for each word "shipped", the shipped pack's.
[[nodiscard]] std::vector<std::string> rulePaths(const Resources &resources, const std::vector<std::string> &words);

/// Compiles the rules of `rulePaths(files)`.
[[nodiscard]] base::Result<std::shared_ptr<const classify::Classifier>>
loadClassifier(const Resources &resources, const std::vector<std::string> &files = {});

/// Reads a policy, economics or space file; an empty path reads the shipped one.
[[nodiscard]] base::Result<policy::Policy> loadPolicy(const Resources &resources, const std::string &path = {});
[[nodiscard]] base::Result<policy::Economics> loadEconomics(const Resources &resources, const std::string &path = {});
[[nodiscard]] base::Result<optimize::ParameterSpace> loadSpace(const Resources &resources,
                                                               const std::string &path = {});

/// Whether every rule and class that a policy and economics name is one of either pack: a mistyped name would be a
/// setting that does nothing. Errors: InvalidArgument, naming it.
[[nodiscard]] base::Result<void> checkNames(const policy::Policy &policy, const policy::Economics &economics,
                                            const classify::Classifier &rules, const classify::Classifier &others);

/// The policy or economics saved in the workspace, else the shipped one.
[[nodiscard]] base::Result<policy::Policy> workspacePolicy(store::Workspace &workspace, const Resources &resources);
[[nodiscard]] base::Result<policy::Economics> workspaceEconomics(store::Workspace &workspace,
                                                                 const Resources &resources);
[[nodiscard]] base::Result<void> saveWorkspacePolicy(store::Workspace &workspace, const policy::Policy &policy);
[[nodiscard]] base::Result<void> saveWorkspaceEconomics(store::Workspace &workspace,
                                                        const policy::Economics &economics);

/// The rule files and folders that are the workspace's own; none: it is classified by the shipped pack.
[[nodiscard]] base::Result<std::vector<std::string>> workspaceRules(store::Workspace &workspace);
[[nodiscard]] base::Result<void> saveWorkspaceRules(store::Workspace &workspace, const std::vector<std::string> &paths);

/// The rule files and folders to go by: `files`; where there are none, the workspace's own. None, also for the one word
/// "shipped": the shipped pack.
[[nodiscard]] base::Result<std::vector<std::string>> rulesToUse(store::Workspace &workspace,
                                                                const std::vector<std::string> &files);

/// Compiles those. Errors: of the workspace's own rules, that they are.
[[nodiscard]] base::Result<std::shared_ptr<const classify::Classifier>>
workspaceClassifier(store::Workspace &workspace, const Resources &resources,
                    const std::vector<std::string> &files = {});

/// First 16 hexadecimal digits of the SHA-256 of the canonical YAML; stamped on every result.
[[nodiscard]] std::string economicsHash(const policy::Economics &economics);

} // namespace mulligan::pipeline
