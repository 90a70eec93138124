#pragma once

#include "command.hpp"

#include "pipeline/replay_session.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mulligan::cli
{

/// What `simulate`, `report` and `export` have in common: which policy to replay on what.
struct ReplayArguments {
    std::string workspace;
    std::string policy;
    std::string economics;
    std::string space;
    std::vector<std::string> rules;    ///< files or folders; none: the shipped pack
    std::vector<std::string> settings; ///< key=value
    std::string from;
    std::string to;
    std::string by = "class";
};

/// Adds the options to a command.
void addReplayOptions(CLI::App &command, ReplayArguments &arguments);

/// Everything a replay needs, loaded.
struct ReplaySetup {
    pipeline::Resources resources;
    store::Workspace workspace;
    policy::Policy policy;
    policy::Economics economics;
    simulate::ReplayOptions options;
    std::shared_ptr<const classify::Classifier> rules;
    std::shared_ptr<const pipeline::ReplaySession> session;
};

/// Opens the workspace, reads the files, applies the settings and loads the session.
base::Result<ReplaySetup> prepareReplay(const Globals &globals, const ReplayArguments &arguments,
                                        store::OpenMode mode = store::OpenMode::ReadOnly);

/// Replays with a progress bar.
base::Result<simulate::ReplayResult> runReplay(const Globals &globals, const ReplaySetup &setup);

} // namespace mulligan::cli
