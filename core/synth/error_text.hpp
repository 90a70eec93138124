#pragma once

#include "base/instant.hpp"
#include "synth/draw.hpp"
#include "synth/world.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mulligan::synth
{

/// What a log says of a failure.
struct ErrorText {
    std::string whole; ///< the tail of the log, harmless lines around the error
    std::string core;  ///< the error alone
};

/// Where and when the text is written.
struct TextScene {
    const Job &job;
    const Resources &resources;
    std::string_view run;
    std::string_view applicationId;
    base::Instant at;
    double neededMib = 0.0; ///< of the setting that was too small; 0: not a memory failure
    double secondsLimit = 0.0;
};

/// The text of a failure of this kind: one of its phrasings with ids, hosts, names and numbers filled in.
[[nodiscard]] ErrorText failureText(const Kind &kind, const TextScene &scene, Draw &draw);
/// What a successful run may leave: warnings that mean nothing.
[[nodiscard]] std::string harmlessText(const TextScene &scene, Draw &draw);

} // namespace mulligan::synth
