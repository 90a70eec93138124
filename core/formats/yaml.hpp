#pragma once

#include "base/result.hpp"
#include "formats/json.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mulligan::formats
{

/// A YAML node with its place in the file. Keys keep their order; anchors and aliases are resolved.
struct YamlNode {
    enum class Kind { Null, Scalar, Sequence, Map };
    struct Member;

    Kind kind = Kind::Null;
    std::string scalar;          ///< text of a scalar
    bool quoted = false;         ///< the scalar stood in quotes (then "true" and "12" are text)
    int line = 0;                ///< 1-based
    int column = 0;              ///< 1-based
    std::vector<YamlNode> items; ///< of a sequence
    std::vector<Member> members; ///< of a map

    /// Member by key, or nullptr.
    [[nodiscard]] const YamlNode *find(std::string_view key) const;
    /// "line 3, column 5".
    [[nodiscard]] std::string place() const;

    // Typed reads. Errors: Parse, with place, what was expected and what stood there.
    [[nodiscard]] base::Result<std::string> asString() const;
    [[nodiscard]] base::Result<double> asNumber() const;
    [[nodiscard]] base::Result<std::int64_t> asInteger() const;
    [[nodiscard]] base::Result<bool> asBool() const;
};
struct YamlNode::Member {
    std::string key;
    int keyLine = 0;
    int keyColumn = 0;
    YamlNode value;
};

/// Parses one YAML document (yaml-cpp). Refuses duplicate keys, alias bombs (more than 100,000 nodes) and depth
/// over 64. Errors: Parse with line and column.
[[nodiscard]] base::Result<YamlNode> parseYaml(std::string_view text);
/// The candidate that is spelt most like `text`, for "did you mean"; empty when none is near.
[[nodiscard]] std::string nearestName(std::string_view text, const std::vector<std::string_view> &candidates);
/// Fails on the first key of a map that is not in `known`, naming it, its place and the nearest known key.
[[nodiscard]] base::Result<void> checkKeys(const YamlNode &map, std::initializer_list<std::string_view> known,
                                           std::string_view what);
/// Block-style YAML of a JSON value, quoting where needed, so that parseYaml reads it back.
[[nodiscard]] std::string writeYaml(const Json &value);

} // namespace mulligan::formats
