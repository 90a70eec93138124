#pragma once

#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "formats/json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

struct IdentifiedText {
    std::string id;
    std::string text;
    std::optional<base::Error> error = {}; ///< set: the line cannot be read, and `id` is empty unless it names one
    size_t record = 1;                     ///< place among the non-blank lines, from 1
};

/// Splits input into texts: JSON Lines of {"id","text"} when the first line begins an object (other than a record of a
/// log written as JSON) or begins with a brace and any line is such an object, else the whole as one text with id "1".
/// A line that cannot be read, be it the only one, keeps its place, with an error (Parse) that names the line. Input
/// that is binary gives one error (Unsupported) that names the line of its first zero byte. Blank input holds no text.
[[nodiscard]] std::vector<IdentifiedText> readTexts(std::string_view input);

/// Classifies one text; the result has the keys of cli.md's `match`, or is {"error":{…},"record":N} (error_line.hpp)
/// for a text that could not be read.
[[nodiscard]] formats::Json matchText(const classify::Classifier &classifier, const IdentifiedText &text);

} // namespace mulligan::pipeline
