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
    std::size_t resume = 0; ///< where to look on, should it be left as it is
};

/// The secret of the first sign at `resume` or later that leads to one; it begins at `from` or later. Walks the text
/// once and looks around only where three characters stand that belong to a kind of secret (such as "oke" of a token);
/// how far it looks is bounded by the longest name and the longest value.
[[nodiscard]] std::optional<FoundSecret> nextSecret(std::string_view text, std::size_t from, std::size_t resume = 0);

} // namespace mulligan::ingest
