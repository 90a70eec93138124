#pragma once

#include "model/cadence.hpp"
#include "pipeline/replay_session.hpp"

#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

/// Replays history once under each cadence, in order, everything else as `options` and the policy have it.
/// `options.cadence` is not used. Errors: those of ReplaySession::replay.
[[nodiscard]] base::Result<std::vector<model::CadenceRow>>
compareCadences(const ReplaySession &session, const policy::Policy &policy, const policy::Economics &economics,
                simulate::ReplayOptions options, std::span<const simulate::Cadence> cadences, std::stop_token stop,
                base::Progress &progress);

/// Reads cadences separated by commas, "on_failure,30m,daily". Errors: InvalidArgument.
[[nodiscard]] base::Result<std::vector<simulate::Cadence>> cadencesFromText(std::string_view text,
                                                                            simulate::WhenAbsent whenAbsent);

} // namespace mulligan::pipeline
