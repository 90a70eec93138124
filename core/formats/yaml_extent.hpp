#pragma once

#include "base/result.hpp"
#include "formats/yaml.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace mulligan::formats
{

/// How a node is written. Other: an alias, or a node with an anchor or a tag.
enum class YamlStyle {
    Null,
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
    FlowSequence,
    FlowMap,
    BlockSequence,
    BlockMap,
    Other
};

/// Which bytes of its text a node takes.
struct YamlExtent {
    YamlStyle style = YamlStyle::Null;
    size_t begin = 0;                 ///< first byte of the value
    size_t end = 0;                   ///< past the last one; comments and the line's end after it are not in it
    size_t entry = 0;                 ///< where its key or its dash begins (of items in brackets: the value)
    size_t head = 0;                  ///< past the colon or the dash (of items in brackets: the value)
    int column = 0;                   ///< 0-based column of a block collection's keys or dashes
    std::vector<YamlExtent> children; ///< values of members or items, in the node's order; empty for Other
};

/// Finds the bytes of `root`, which parseYaml made of `text`, and of everything in it, so that a part of a file can be
/// replaced and the rest left as it is. Errors: Unsupported for what is not followed (keys after '?', keys with
/// anchors), with the place.
[[nodiscard]] base::Result<YamlExtent> locateYaml(std::string_view text, const YamlNode &root);

/// Start of the line that holds byte `at`.
[[nodiscard]] size_t lineBegin(std::string_view text, size_t at);
/// Past the line break of the line that holds byte `at`; the text's end for its last line.
[[nodiscard]] size_t lineEnd(std::string_view text, size_t at);

} // namespace mulligan::formats
