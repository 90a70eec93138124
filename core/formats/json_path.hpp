#pragma once

#include "formats/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mulligan::formats
{

/// The way to a value inside a JSON document: "a.b[0].c". A member that is itself called "a.b" is found as well.
/// Nothing is there: null pointer. Cost: the length of the path.
[[nodiscard]] const Json *valueAt(const Json &json, std::string_view path);
/// The paths of all values that are neither objects nor lists of objects, in the order of the document; lists are
/// followed to their first `listItems` items.
[[nodiscard]] std::vector<std::string> leafPaths(const Json &json, std::size_t listItems = 1);

} // namespace mulligan::formats
