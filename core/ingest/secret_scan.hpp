#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mulligan::ingest
{

/// A secret found in a text.
struct FoundSecret {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view kind;
};

/// The first secret that begins at `from` or later. Walks the text once and looks around only at bytes that can belong
/// to an anchor (such as '=', or the 'J' of a token's "eyJ"); how far it looks back is bounded by `from` and by the
/// longest name.
[[nodiscard]] std::optional<FoundSecret> nextSecret(std::string_view text, std::size_t from);

} // namespace mulligan::ingest
