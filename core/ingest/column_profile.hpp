#pragma once

#include "ingest/mapping_proposal.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace mulligan::ingest
{

/// Judges the values of one column. `style` is how its numbers are written.
[[nodiscard]] ColumnProfile profileColumn(std::string name, const std::vector<std::string> &values,
                                          const NumberStyle &style);
/// How the numbers of a table are written: with a decimal comma where values such as "12,5" or "1.234,5" occur and none
/// that would need a point.
[[nodiscard]] NumberStyle guessNumberStyle(const std::vector<std::vector<std::string>> &columns);

/// A scheduler's word for an outcome ("FINISHED", "Ended Not OK", "success") → succeeded, failed, killed, unknown, or
/// "skip" for what has not ended or never ran; nothing for a word that is not known. Case does not matter.
[[nodiscard]] std::optional<std::string_view> outcomeOfWord(std::string_view word);

/// Share of a column's different texts that are such words, from 0 to 1.
[[nodiscard]] double outcomeShare(const ColumnProfile &column);

/// Whether `fits` holds for nine in ten of a column's different texts: a few cells may be dirty.
template <typename Fits> bool mostFit(const ColumnProfile &column, Fits fits)
{
    constexpr std::size_t kTextsPerOdd = 10;
    const auto fitting = static_cast<std::size_t>(std::count_if(column.distinct.begin(), column.distinct.end(), fits));
    return column.distinct.size() - fitting <= column.distinct.size() / kTextsPerOdd;
}

/// Letters and digits of a name in lower case: "finalStatus" and "Final Status" are one.
[[nodiscard]] std::string plainName(std::string_view name);

} // namespace mulligan::ingest
