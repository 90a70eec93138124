#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace mulligan::base
{

inline constexpr double kKiB = 1024.0;
inline constexpr double kMiB = 1024.0 * 1024.0;
inline constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

/// Reads a byte size as Spark writes it: "4g", "512m", "1.5t", "10kb", "4GiB"; units are powers of 1024, letters of any
/// case. A bare number is multiplied by `bareUnit` bytes (Spark's own default differs by property: MiB for memory
/// properties, bytes for most others). Errors: Parse. Source: Spark's JavaUtils.byteStringAs.
[[nodiscard]] Result<double> parseBytes(std::string_view text, double bareUnit = 1.0);
/// Reads a duration as Spark writes it: "30s", "5min", "100ms", "2h"; a bare number is multiplied by `bareUnit`
/// seconds.
[[nodiscard]] Result<double> parseSeconds(std::string_view text, double bareUnit = 1.0);
/// Spark's form of a byte size, the largest unit that divides it exactly down to a MiB: "4g", "1536m".
[[nodiscard]] std::string sparkBytes(double bytes);
/// For people: "1.5 GiB", "512 MiB", "12 B".
[[nodiscard]] std::string formatBytes(double bytes);
/// For people: "45 s", "12.5 min", "3.2 h", "2.1 d".
[[nodiscard]] std::string formatSeconds(double seconds);

} // namespace mulligan::base
