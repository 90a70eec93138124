#include "pipeline/replay_request.hpp"

#include "pipeline/classified_pack.hpp"
#include "pipeline/classify_workspace.hpp"
#include "policy/policy_file.hpp"

#include <optional>
#include <utility>

namespace mulligan::pipeline
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

base::Result<simulate::Cadence> cadenceOf(const std::string &text, const std::string &whenAbsent)
{
    auto cadence = simulate::cadenceFromText(text);
    if (!cadence)
        return std::move(cadence).error().in("--cadence");
    auto absent = simulate::whenAbsentFromText(whenAbsent);
    if (!absent)
        return std::move(absent).error().in("--when-absent");
    cadence->whenAbsent = *absent;
    return cadence;
}

base::Result<simulate::ReplayOptions> optionsOf(const ReplayRequest &request)
{
    simulate::ReplayOptions options;
    MULLIGAN_TRY(options.from, timeOption(request.from, "--from"));
    MULLIGAN_TRY(options.to, timeOption(request.to, "--to"));
    if (options.from && options.to && *options.from >= *options.to)
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "--from " + request.from + " does not lie before --to " + request.to,
                               "Give the earlier time as --from; a plain date such as 2026-03-01 works too.");
    const auto groupBy = simulate::groupByFromName(request.by);
    if (!groupBy)
        return base::makeError(base::ErrorCode::InvalidArgument, "Cannot break down by '" + request.by + "'",
                               "Use class, team, owner, job or week.");
    options.groupBy = *groupBy;
    MULLIGAN_TRY(options.cadence, cadenceOf(request.cadence, request.whenAbsent));
    return options;
}

constexpr const char *kShippedPack = "the shipped pack";

/// Replays rehearse the stored verdicts, whatever rules are at hand.
std::string caveatOf(const PackDifference &difference, const std::string &pack)
{
    const std::string differs = differenceText(difference);
    if (differs.empty())
        return {};
    const bool several = pack != kShippedPack;
    return "These figures are of the rules that the workspace was classified by. Compared with them " + pack
           + (several ? " have " : " has ") + differs + "; for figures of " + (several ? "these" : "that one")
           + ", run 'mulligan classify' with " + (several ? "them" : "it") + " first.";
}

} // namespace

base::Result<ReplayInputs> readReplayInputs(const Resources &shipped, const ReplayRequest &request,
                                            store::OpenMode mode)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(request.workspace, mode));
    MULLIGAN_TRY(auto policy,
                 request.policy.empty() ? workspacePolicy(workspace, shipped) : loadPolicy(shipped, request.policy));
    MULLIGAN_TRY(auto economics, request.economics.empty() ? workspaceEconomics(workspace, shipped)
                                                           : loadEconomics(shipped, request.economics));
    for (const auto &setting : request.settings)
        MULLIGAN_CHECK(policy::applySetting(policy, economics, setting));
    MULLIGAN_TRY(auto space, loadSpace(shipped, request.space));
    MULLIGAN_TRY(const auto options, optionsOf(request));
    MULLIGAN_TRY(const auto own, workspaceRules(workspace));
    MULLIGAN_TRY(auto atHand, workspaceClassifier(workspace, shipped, request.rules));
    MULLIGAN_CHECK(requireClassified(workspace));
    MULLIGAN_TRY(auto inForce, packInForce(workspace, atHand));
    // A pack of one's own need not know every class that the shipped policy and economics speak of.
    if (request.rules.empty() && own.empty())
        MULLIGAN_CHECK(checkNames(policy, economics, *atHand, *inForce.rules));
    return ReplayInputs{std::move(workspace),
                        std::move(policy),
                        std::move(economics),
                        std::move(space),
                        options,
                        request.rules.empty() ? std::move(inForce.rules) : atHand,
                        atHand,
                        caveatOf(inForce.difference, !request.rules.empty() ? "the rules given"
                                                     : !own.empty()         ? "the workspace's own rules"
                                                                            : kShippedPack)};
}

base::Result<ReplaySetup> prepareReplay(const Resources &shipped, const ReplayRequest &request, store::OpenMode mode,
                                        std::stop_token stop, base::Progress &progress)
{
    progress.begin("Opening " + request.workspace);
    MULLIGAN_TRY(auto inputs, readReplayInputs(shipped, request, mode));
    MULLIGAN_TRY(auto session, ReplaySession::open(inputs.workspace, inputs.economics, std::move(inputs.space),
                                                   inputs.rules, std::move(stop), progress));
    return ReplaySetup{
        shipped,           std::move(inputs.workspace), std::move(inputs.policy), std::move(inputs.economics),
        inputs.options,    std::move(inputs.rules),     std::move(inputs.atHand), std::move(inputs.rulesCaveat),
        std::move(session)};
}

void addCaveat(model::SavingsReport &report, const std::string &caveat)
{
    report.rulesCaveat = caveat;
    if (!caveat.empty())
        report.notes.insert(report.notes.begin(), caveat);
}

} // namespace mulligan::pipeline
