#pragma once

#include "base/result.hpp"
#include "classify/rule.hpp"
#include "formats/yaml.hpp"

#include <string>
#include <vector>

namespace mulligan::classify
{

/// A rule as far as it could be read. It may only be used when nothing is wrong with it.
struct ReadRule {
    Rule rule;
    std::vector<base::Error> faults; ///< in the order of the keys of a rule, each with its line and column
};

/// Reads one entry of a rule file's list `rules`, a map. Reads on past a fault, so that all are found at once; what
/// only follows from another fault is left out.
[[nodiscard]] ReadRule readRule(const formats::YamlNode &map, const std::string &file);

/// An error about a value, with the value's place.
[[nodiscard]] base::Error wrongValue(const formats::YamlNode &node, const std::string &what, const std::string &remedy);

} // namespace mulligan::classify
