#include "replay_arguments.hpp"

#include "pipeline/classify_workspace.hpp"
#include "policy/policy_file.hpp"

namespace mulligan::cli
{

namespace
{

base::Result<std::optional<base::Instant>> timeOption(const std::string &text, const std::string &option)
{
    if (text.empty())
        return std::optional<base::Instant>();
    const std::string full = text.size() == 10 ? text + "T00:00:00Z" : text;
    auto parsed = base::parseInstant(full);
    if (!parsed)
        return base::makeError(base::ErrorCode::InvalidArgument, parsed.error().message, parsed.error().hint)
            .in(option);
    return std::optional(parsed.value());
}

} // namespace

void addReplayOptions(CLI::App &command, ReplayArguments &arguments)
{
    command.add_option("WORKSPACE", arguments.workspace, "Workspace file")->required();
    command.add_option("--policy", arguments.policy, "policy.yaml; the workspace's own, else the shipped one");
    command.add_option("--economics", arguments.economics, "economics.yaml; the workspace's own, else the shipped one");
    command.add_option("--space", arguments.space, "space.yaml; the shipped one by default");
    command.add_option("--rules", arguments.rules,
                       "Rule files or folders the workspace was classified by; the shipped pack by default");
    command.add_option("--set", arguments.settings, "key=value changes one setting of the policy or economics");
    command.add_option("--from", arguments.from, "Only episodes that start at or after this time (RFC 3339 or a date)");
    command.add_option("--to", arguments.to, "Only episodes that start before this time");
    command.add_option("--by", arguments.by, "Break down by class, team, owner, job or week (class)");
}

base::Result<ReplaySetup> prepareReplay(const Globals &globals, const ReplayArguments &arguments, store::OpenMode mode)
{
    MULLIGAN_TRY(auto shipped, resources(globals));
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, mode));
    MULLIGAN_TRY(auto policy, arguments.policy.empty() ? pipeline::workspacePolicy(workspace, shipped)
                                                       : pipeline::loadPolicy(shipped, arguments.policy));
    MULLIGAN_TRY(auto economics, arguments.economics.empty() ? pipeline::workspaceEconomics(workspace, shipped)
                                                             : pipeline::loadEconomics(shipped, arguments.economics));
    for (const auto &setting : arguments.settings)
        MULLIGAN_CHECK(policy::applySetting(policy, economics, setting));
    MULLIGAN_TRY(auto space, pipeline::loadSpace(shipped, arguments.space));
    simulate::ReplayOptions options;
    MULLIGAN_TRY(options.from, timeOption(arguments.from, "--from"));
    MULLIGAN_TRY(options.to, timeOption(arguments.to, "--to"));
    if (options.from && options.to && *options.from >= *options.to)
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "--from " + arguments.from + " does not lie before --to " + arguments.to,
                               "Give the earlier time as --from; a plain date such as 2026-03-01 works too.");
    const auto groupBy = simulate::groupByFromName(arguments.by);
    if (!groupBy)
        return base::makeError(base::ErrorCode::InvalidArgument, "Cannot break down by '" + arguments.by + "'",
                               "Use class, team, owner, job or week.");
    options.groupBy = *groupBy;
    MULLIGAN_TRY(auto classifier, pipeline::loadClassifier(shipped, arguments.rules));
    // A pack of one's own need not know every class that the shipped policy and economics speak of.
    if (arguments.rules.empty())
        MULLIGAN_CHECK(pipeline::checkNames(policy, economics, *classifier));
    MULLIGAN_CHECK(pipeline::requireClassified(workspace));
    using Session = std::shared_ptr<const pipeline::ReplaySession>;
    MULLIGAN_TRY(auto session, withProgress<Session>(globals, [&](auto stop, auto &progress) {
                     return pipeline::ReplaySession::open(workspace, economics, std::move(space), classifier, stop,
                                                          progress);
                 }));
    return ReplaySetup{std::move(shipped),    std::move(workspace), std::move(policy), std::move(economics), options,
                       std::move(classifier), std::move(session)};
}

base::Result<simulate::ReplayResult> runReplay(const Globals &globals, const ReplaySetup &setup)
{
    return withProgress<simulate::ReplayResult>(globals, [&](auto stop, auto &progress) {
        return setup.session->replay(setup.policy, setup.economics, setup.options, stop, progress);
    });
}

} // namespace mulligan::cli
