#pragma once

#include "text/airflow_lines.hpp"
#include "text/pattern_set.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::text
{

/// A text as it was written, before its lines were put into another form or behind heads.
struct PlainLines {
    /// A part of `text`, up to where the next one begins.
    struct Piece {
        std::size_t begin = 0; ///< in `text`
        std::size_t held = 0;  ///< where it stands in the text that held it, or the line does that it was decoded from
        bool verbatim = false; ///< it stands there as it is
        Speaker speaker = Speaker::Itself;
    };

    std::string text;
    std::vector<Piece> pieces; ///< in the order of both texts

    /// Where in the text that held it stands what is at a place of `text`: the begin of its line where it was decoded.
    [[nodiscard]] std::size_t placeOf(std::size_t at) const;
    /// Likewise of a part, which is the whole line where it was decoded; `whole`: the text that held it.
    [[nodiscard]] Span placeOf(Span part, std::string_view whole) const;
    /// Whether a part stands there as it is, but for what was taken off before and behind its lines.
    [[nodiscard]] bool isVerbatim(Span part) const;
    /// Where in `text` stands what is at a place of the text that held it.
    [[nodiscard]] std::size_t heldAt(std::size_t place) const;

    /// Puts a piece behind the others.
    void add(std::string_view piece, std::size_t held, bool verbatim, Speaker speaker = Speaker::Itself);

private:
    [[nodiscard]] const Piece *pieceAt(std::size_t at) const;
};

/// Takes the lines out of what keeps them: Docker's json-file driver, one object a line ({"log":"…\n","stream":
/// "stderr","time":"…"}), CRI's logs where a long line is told in parts ("… stderr P …", the last one "… stderr F …"),
/// and Airflow 3, as it stores and shows its tasks' logs: what a child wrote there is taken out, and other lines lose
/// their source (`airflowLine`). Lines in another form stay as they are. Absent where none of the first lines has such
/// a form, or is a part. Linear in the text.
[[nodiscard]] std::optional<PlainLines> plainLinesOf(std::string_view text);

/// Takes off what runners and collectors put before lines (`withoutHead`), so that patterns over several lines hold.
/// Absent where no line has such a head, or the first ones look as if none had. Linear in the text.
[[nodiscard]] std::optional<PlainLines> withoutHeads(std::string_view text);

} // namespace mulligan::text
