#pragma once

#include "text/pattern_set.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::text
{

/// Regular expression engines that patterns are written for: our own (Boost.Regex), java.util.regex, Python's `re` (3.6
/// or newer), RE2 (also Go and what is built on it).
enum class Engine { Boost, Java, Python, Re2 };
inline constexpr std::size_t kEngineCount = 4;
/// "boost", "java", "python", "re2".
[[nodiscard]] std::string_view name(Engine engine);

enum class Fit { Same, Rewritten, Impossible };
/// "ok", "rewritten", "impossible".
[[nodiscard]] std::string_view name(Fit fit);

/// What a pattern becomes for one engine. It finds a match in the same texts; of the match the begin may differ where
/// `\K` stood. Equality is that of texts in ASCII: engines that read characters count others than bytes do.
struct EnginePattern {
    Fit fit = Fit::Same;
    std::string expression;         ///< for the engine, options included as flags; "" where it is impossible
    std::vector<std::string> notes; ///< what was rewritten, or why it is impossible
    std::size_t at = 0;             ///< of an impossible one: 1-based character of the pattern that has no counterpart

    bool operator==(const EnginePattern &) const = default;
};

/// Translates a pattern for an engine. Linear in the pattern. A pattern that Boost does not take is impossible for all.
[[nodiscard]] EnginePattern patternFor(Engine engine, const Pattern &pattern);
/// For every engine, in the order of `Engine`.
[[nodiscard]] std::array<EnginePattern, kEngineCount> portability(const Pattern &pattern);

} // namespace mulligan::text
