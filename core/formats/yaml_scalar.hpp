#pragma once

#include "formats/json.hpp"
#include "formats/yaml_extent.hpp"

#include <string>
#include <string_view>

namespace mulligan::formats
{

/// Where a value is written.
struct YamlContext {
    int indent = 0;    ///< column of what stands deeper: lines of a literal block, entries of a list
    bool flow = false; ///< within brackets or braces
    std::string_view eol = "\n";
};

/// A text, number, truth value or null as YAML, so that parseYaml reads it back, in the style `wanted` where that can
/// hold it: plain, in single or double quotes, or as a literal block ("|-" and lines indented by `context.indent`).
/// YamlStyle::Null leaves the choice: words and dates plain, several lines as a literal block, else single quotes. What
/// neither can hold (control characters, line ends of other systems) stands in double quotes.
[[nodiscard]] std::string writeYamlScalar(const Json &value, YamlStyle wanted, const YamlContext &context);

/// A value within brackets or braces, on one line.
[[nodiscard]] std::string writeYamlFlow(const Json &value);

/// Lines "key: value" of an object, each begun by `context.indent` blanks and ended by a line break; lists and objects
/// in it as blocks two columns deeper.
[[nodiscard]] std::string writeYamlMembers(const Json &object, const YamlContext &context);

/// Lines "- value" of a list of scalars, likewise.
[[nodiscard]] std::string writeYamlItems(const Json &list, const YamlContext &context);

/// What follows "key:": " value" and a line break, or a line break and the block one step of two columns deeper.
[[nodiscard]] std::string writeYamlMember(const std::string &key, const Json &value, const YamlContext &context);

} // namespace mulligan::formats
