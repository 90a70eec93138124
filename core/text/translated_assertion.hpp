#pragma once

#include "text/portability.hpp"

#include <optional>
#include <string>

namespace mulligan::text
{

/// What takes no text (an end of a line, a word boundary …) written for an engine.
struct AssertionText {
    std::string text;
    std::string note;         ///< what was rewritten; "" where nothing was
    std::string needsLooking; ///< not "": it takes a look-around, and this says of what
    bool wordClass = false;   ///< it speaks of words, which Python takes for Unicode's
};

[[nodiscard]] AssertionText lineBeginFor(Engine engine, bool multiline);
[[nodiscard]] AssertionText lineEndFor(Engine engine, bool multiline);
/// Of an escape such as `\b` or `\z`; nothing for a letter that takes text or is not known.
[[nodiscard]] std::optional<AssertionText> assertionFor(Engine engine, char letter);

} // namespace mulligan::text
