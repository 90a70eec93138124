#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::text
{

/// A value of a JSON text as logs hold it, which may be cut off or wrong: what is there is taken. Views into the text.
struct JsonNode {
    enum class Kind { Text, Scalar, Object, Array };

    std::string_view key;  ///< of an object's member, as it is escaped; else empty
    std::string_view text; ///< of a text what stands between its quotes, as it is escaped; of a scalar its letters
    std::size_t begin = 0; ///< of the value, in bytes of the JSON text
    Kind kind = Kind::Scalar;
    std::vector<JsonNode> children;

    [[nodiscard]] bool isObject() const { return kind == Kind::Object; }
    [[nodiscard]] bool isArray() const { return kind == Kind::Array; }
    [[nodiscard]] bool isText() const { return kind == Kind::Text; }
    /// The first member of that name; null where there is none.
    [[nodiscard]] const JsonNode *member(std::string_view name) const;
};

/// Reads the value that a text begins with. What lies deeper than 24 containers is passed over. Linear in the text.
[[nodiscard]] JsonNode readJsonTree(std::string_view json);

/// Where the value that a text begins with ends, by its brackets; npos where the text ends first.
[[nodiscard]] std::size_t jsonEnd(std::string_view json);

/// What an escaped text says: "\n", "\t", "\"", "\uXXXX" and their like are decoded, and colours of a terminal are left
/// out. An escape that is none stays as it is written.
[[nodiscard]] std::string unescaped(std::string_view text);

/// Where a text within quotes ends that begins at a place: at the next quote that is not escaped, or where all ends.
[[nodiscard]] std::size_t quoteEnd(std::string_view json, std::size_t at);

} // namespace mulligan::text
