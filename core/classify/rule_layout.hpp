#pragma once

#include "base/result.hpp"
#include "formats/yaml.hpp"
#include "formats/yaml_extent.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// Where the rules of a file stand in its text.
struct RuleLayout {
    /// One rule: the whole lines it takes with the comments directly above it, and those below that are indented deeper
    /// than its dash.
    struct Block {
        size_t begin = 0;
        size_t end = 0;
    };
    formats::YamlNode root;
    formats::YamlExtent extent; ///< of `root`
    size_t list = 0;            ///< index of 'rules' among the members of both
    std::vector<Block> blocks;  ///< one a rule; empty when the rules stand in brackets
    int column = 2;             ///< of the dashes
    bool spaced = false;        ///< rules are set apart by blank lines

    [[nodiscard]] const formats::YamlNode &rules() const { return root.members[list].value; }
    [[nodiscard]] const formats::YamlExtent &rulesExtent() const { return extent.children[list]; }
    /// Whether rules can be added, removed and moved.
    [[nodiscard]] bool isBlock() const;
};

/// Errors: those of parseYaml and locateYaml.
[[nodiscard]] base::Result<RuleLayout> layOut(std::string_view text);

/// Text with the lines [begin, end) gone, and one of the blank gaps around them where there were two.
struct Cut {
    size_t begin = 0;
    size_t end = 0;
};
[[nodiscard]] Cut cutOf(std::string_view text, const RuleLayout &layout, size_t index);

} // namespace mulligan::classify
