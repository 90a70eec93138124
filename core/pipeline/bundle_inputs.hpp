#pragma once

#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "deploy/bundle.hpp"
#include "optimize/space.hpp"
#include "pipeline/replay_session.hpp"
#include "pipeline/resources.hpp"
#include "predict/context.hpp"

#include <memory>
#include <string>

namespace mulligan::pipeline
{

/// What decisions in production are made from: everything a bundle holds before anything is decided with it.
struct BundleInputs {
    deploy::Bundle bundle; ///< rules, policy, economics, space, models, history as of the data's end; no manifest yet
    optimize::ParameterSpace space;
    predict::PastIndex past;
    size_t rules = 0; ///< how many
};

/// Gathers them. `rules` null: the shipped pack; `spaceFile` empty: the shipped space.
[[nodiscard]] base::Result<BundleInputs> gatherBundleInputs(const Resources &resources, const ReplaySession &session,
                                                            const policy::Policy &policy,
                                                            const policy::Economics &economics,
                                                            std::shared_ptr<const classify::Classifier> rules,
                                                            const std::string &spaceFile);

} // namespace mulligan::pipeline
