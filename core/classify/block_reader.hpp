#pragma once

#include "base/result.hpp"
#include "classify/rule.hpp"
#include "formats/yaml.hpp"

#include <vector>

namespace mulligan::classify
{

/// A rule's `match.block` as far as it could be read.
struct ReadBlock {
    Block block;
    std::vector<base::Error> faults; ///< each with its line and column
};

/// Reads it for a rule whose place to look at and options are known; see `readRule` for its keys.
[[nodiscard]] ReadBlock readBlock(const formats::YamlNode &node, const Rule &rule);

} // namespace mulligan::classify
