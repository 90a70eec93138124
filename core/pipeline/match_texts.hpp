#pragma once

#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "formats/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

struct IdentifiedText {
    std::string id;
    std::string text;
};

/// Splits input into texts: JSON Lines of {"id","text"} when the first line is such an object, else the whole as one
/// text with id "1". Errors: Parse with the line.
[[nodiscard]] base::Result<std::vector<IdentifiedText>> readTexts(std::string_view input);

/// Classifies one text; the result has the keys of cli.md's `match`.
[[nodiscard]] formats::Json matchText(const classify::Classifier &classifier, const IdentifiedText &text);

} // namespace mulligan::pipeline
