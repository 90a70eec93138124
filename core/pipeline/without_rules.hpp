#pragma once

#include "classify/classifier.hpp"
#include "model/history.hpp"
#include "store/stored_matches.hpp"

#include <set>
#include <string>

namespace mulligan::pipeline
{

/// Gives every failure that one of `disabledRules` decided the verdict that its stored matches leave without them.
void resolveWithout(model::History &history, const store::StoredMatches &matches, const classify::Classifier &rules,
                    const std::set<std::string> &disabledRules);

} // namespace mulligan::pipeline
