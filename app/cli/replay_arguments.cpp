#include "replay_arguments.hpp"

namespace mulligan::cli
{

void addReplayOptions(CLI::App &command, ReplayArguments &arguments)
{
    command.add_option("WORKSPACE", arguments.workspace, "Workspace file")->required();
    command.add_option("--policy", arguments.policy, "policy.yaml; the workspace's own, else the shipped one");
    command.add_option("--economics", arguments.economics, "economics.yaml; the workspace's own, else the shipped one");
    command.add_option("--space", arguments.space, "space.yaml; the shipped one by default");
    command.add_option("--rules", arguments.rules,
                       "Rule files or folders; by default the rules that the workspace was classified by");
    command.add_option("--set", arguments.settings, "key=value changes one setting of the policy or economics");
    command.add_option("--from", arguments.from, "Only episodes that start at or after this time (RFC 3339 or a date)");
    command.add_option("--to", arguments.to, "Only episodes that start before this time");
    command.add_option("--by", arguments.by, "Break down by class, team, owner, job or week (class)");
}

base::Result<ReplaySetup> prepareReplay(const Globals &globals, const ReplayArguments &arguments, store::OpenMode mode)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    return withProgress<ReplaySetup>(globals, [&](auto stop, auto &progress) {
        return pipeline::prepareReplay(shipped, arguments, mode, stop, progress);
    });
}

base::Result<simulate::ReplayResult> runReplay(const Globals &globals, const ReplaySetup &setup)
{
    MULLIGAN_TRY(auto result, withProgress<simulate::ReplayResult>(globals, [&](auto stop, auto &progress) {
                     return setup.session->replay(setup.policy, setup.economics, setup.options, stop, progress);
                 }));
    pipeline::addCaveat(result.report, setup.rulesCaveat);
    return result;
}

} // namespace mulligan::cli
