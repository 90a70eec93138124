#pragma once

#include <span>
#include <string_view>

namespace mulligan::text
{

/// Phrases that logs are full of, whatever happened: what stands in them tells little.
[[nodiscard]] std::span<const std::string_view> commonPhrases();

} // namespace mulligan::text
