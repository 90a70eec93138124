#pragma once

#include "command.hpp"

#include "pipeline/replay_request.hpp"

namespace mulligan::cli
{

/// What `simulate`, `report` and `export` have in common: which policy to replay on what.
using ReplayArguments = pipeline::ReplayRequest;
using ReplaySetup = pipeline::ReplaySetup;

/// Adds the options to a command.
void addReplayOptions(CLI::App &command, ReplayArguments &arguments);

/// Opens the workspace, reads the files, applies the settings and loads the session, with a progress bar.
base::Result<ReplaySetup> prepareReplay(const Globals &globals, const ReplayArguments &arguments,
                                        store::OpenMode mode = store::OpenMode::ReadOnly);

/// Replays with a progress bar.
base::Result<simulate::ReplayResult> runReplay(const Globals &globals, const ReplaySetup &setup);

} // namespace mulligan::cli
