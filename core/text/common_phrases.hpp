#pragma once

#include <span>
#include <string_view>

namespace mulligan::text
{

/// Phrases that logs are full of, whatever happened: what stands in them tells little.
[[nodiscard]] std::span<const std::string_view> commonPhrases();

/// Lines, or parts of such, that logs of jobs hold by the thousand while all goes well, and frames of every trace.
[[nodiscard]] std::span<const std::string_view> commonLines();

} // namespace mulligan::text
