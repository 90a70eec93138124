#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace mulligan::formats
{

/// Whether a text can be read as YAML at all: UTF-8 without zero bytes, or UTF-16 or UTF-32 with a byte order mark.
/// yaml-cpp would take anything else and change it without a word. Errors: Parse with line and column, and the remedy.
[[nodiscard]] base::Result<void> checkYamlText(std::string_view text);

/// "The quote opened on line 4, column 12 …": of a text in quotes that spans lines and goes on at, or ends on, `line`:
/// the likely cause of what is found there. "" where there is none. A reading by the line, for a hint only.
[[nodiscard]] std::string openQuoteAt(std::string_view text, int line);

/// Whether a text in quotes is closed before the end. `line`, `column`: 0-based, of its opening quote; true where none
/// stands there, and where a byte order mark makes the place uncertain.
[[nodiscard]] bool closesQuote(std::string_view text, int line, int column);

} // namespace mulligan::formats
