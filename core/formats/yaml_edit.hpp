#pragma once

#include "base/result.hpp"
#include "formats/json.hpp"
#include "formats/yaml.hpp"
#include "formats/yaml_extent.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mulligan::formats
{

/// Bytes [begin, end) of a text to be replaced.
struct TextEdit {
    size_t begin = 0;
    size_t end = 0;
    std::string text;

    bool operator==(const TextEdit &) const = default;
};

/// The text with all edits made; edits at one place in the order given. Errors: Unsupported when two edits overlap that
/// are not both deletions.
[[nodiscard]] base::Result<std::string> applyEdits(std::string_view text, std::vector<TextEdit> edits);

/// Line break a text uses: "\r\n" where its first line ends so, else "\n".
[[nodiscard]] std::string_view lineBreakOf(std::string_view text);
/// Before the line break of the line that holds byte `at`.
[[nodiscard]] size_t lineStop(std::string_view text, size_t at);

/// The edits that make a map in a text, which must end with a line break, say `next` where it says `old`, both objects
/// of texts, numbers, truth values, lists of texts, and objects of these. `node` and `extent` are the map's. Only what
/// differs is touched: members and items that are equal keep their bytes, changed ones keep their quoting where it can
/// hold the new value, members that are new come after the one that precedes them in `next`, members that `old` has and
/// `next` has not go with their lines. Members that neither has stay (a key with nothing after it, say); members that
/// both have alike and the text has not are what goes without saying, and stay unwritten. Errors: Unsupported, with the
/// place, where a part is written in a way that cannot be edited so.
[[nodiscard]] base::Result<std::vector<TextEdit>>
editYamlMap(std::string_view text, const YamlNode &node, const YamlExtent &extent, const Json &old, const Json &next);

} // namespace mulligan::formats
