#pragma once

#include "ingest/mapping.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// Units that a field may be counted in, the field's own first; empty where a unit makes no sense. "hms" reads
/// "1:02:03" (also with days before it); "auto" reads a unit out of each value ("4g", "90 min", of
/// durations also "1h 5m 3s", "00:10:00" and "PT5M").
[[nodiscard]] std::vector<std::string_view> unitsOf(const MappedField &field);

/// An amount in the field's own unit: seconds for a duration, bytes or seconds for metrics and config, vcore-seconds,
/// GiB-seconds, minutes, US dollars. Currency signs and codes around a cost are passed over. Nothing: it is no such
/// amount. `literal`: a number of JSON, written with a point whatever the style.
[[nodiscard]] std::optional<double> readAmount(std::string_view text, const MappedField &field,
                                               const NumberStyle &style, bool literal = false);
/// A number in the given style; groups of thousands must be of three digits (or two, as in India).
[[nodiscard]] std::optional<double> readNumber(std::string_view text, const NumberStyle &style);
/// Whether the unit counts bytes, as opposed to time.
[[nodiscard]] bool isByteUnit(std::string_view unit);

} // namespace mulligan::ingest
