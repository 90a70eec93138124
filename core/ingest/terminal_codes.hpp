#pragma once

#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// Takes out of lines what only tells a terminal how to show them: colours and other control sequences (ESC [ … m),
/// titles and links (ESC ] … BEL), character sets (ESC ( B). Source: ECMA-48.
class TerminalCodes
{
public:
    /// The text without them: itself when it holds none, else a copy that lives until the next call and has
    /// kJsonPadding readable bytes behind it. One pass of memchr over a text without, one over the others.
    [[nodiscard]] std::string_view without(std::string_view text);

private:
    std::string m_text;
};

} // namespace mulligan::ingest
