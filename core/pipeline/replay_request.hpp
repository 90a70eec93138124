#pragma once

#include "pipeline/replay_session.hpp"
#include "pipeline/resources.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// What a replay is asked for in words, as a command's options give it: the same for every command and every format of
/// a report.
struct ReplayRequest {
    std::string workspace;
    std::string policy;                ///< file; empty: the workspace's own, else the shipped one
    std::string economics;             ///< file; empty: the workspace's own, else the shipped one
    std::string space;                 ///< file; empty: the shipped one
    std::vector<std::string> rules;    ///< files or folders; none: those it was classified by
    std::vector<std::string> settings; ///< key=value
    std::string from;                  ///< RFC 3339 or a date; empty: from the beginning
    std::string to;
    std::string by = "class";
    std::string cadence = "on_failure";   ///< as simulate::cadenceFromText reads it
    std::string whenAbsent = "fall_back"; ///< as simulate::whenAbsentFromText reads it
};

/// What a request names, read and checked.
struct ReplayInputs {
    store::Workspace workspace;
    policy::Policy policy;
    policy::Economics economics;
    optimize::ParameterSpace space;
    simulate::ReplayOptions options;
    std::shared_ptr<const classify::Classifier> rules;  ///< asked for, else those the workspace was classified by
    std::shared_ptr<const classify::Classifier> atHand; ///< asked for, else the shipped pack
    std::string rulesCaveat; ///< how those at hand differ from those that the verdicts are of; "": they do not
};

/// Opens the workspace, reads the files and applies the settings, which is quick beside a replay.
/// Errors: those of the files, with their place; InvalidArgument naming the option; a workspace without classified
/// failures.
[[nodiscard]] base::Result<ReplayInputs> readReplayInputs(const Resources &shipped, const ReplayRequest &request,
                                                          store::OpenMode mode = store::OpenMode::ReadOnly);

/// Everything a replay needs, loaded.
struct ReplaySetup {
    Resources resources;
    store::Workspace workspace;
    policy::Policy policy;
    policy::Economics economics;
    simulate::ReplayOptions options;
    std::shared_ptr<const classify::Classifier> rules; ///< as of ReplayInputs, like the next two
    std::shared_ptr<const classify::Classifier> atHand;
    std::string rulesCaveat;
    std::shared_ptr<const ReplaySession> session;
};

/// readReplayInputs, and the session of history and models under them.
[[nodiscard]] base::Result<ReplaySetup> prepareReplay(const Resources &shipped, const ReplayRequest &request,
                                                      store::OpenMode mode, std::stop_token stop,
                                                      base::Progress &progress);

/// Sets the report's caveat on the rules and puts it first among the notes that every format shows; "" is none.
void addCaveat(model::SavingsReport &report, const std::string &caveat);

} // namespace mulligan::pipeline
