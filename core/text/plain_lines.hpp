#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mulligan::text
{

/// A text as it was written, before its lines were put into a container runtime's form.
struct PlainLines {
    std::string text;
    /// Where in `text` a piece begins, and where the line does that held it, in the order of both.
    std::vector<std::pair<std::size_t, std::size_t>> pieces;

    /// Where the line begins that held what stands at a place of `text`.
    [[nodiscard]] std::size_t placeOf(std::size_t at) const;
};

/// Takes the lines out of what container runtimes keep them in: Docker's json-file driver, one object a line
/// ({"log":"…\n","stream":"stderr","time":"…"}), and CRI's logs where a long line is told in parts ("… stderr P …", the
/// last one "… stderr F …"). Lines in another form stay as they are. Absent where none of the first lines has such a
/// form, or is a part. Linear in the text.
[[nodiscard]] std::optional<PlainLines> plainLinesOf(std::string_view text);

} // namespace mulligan::text
