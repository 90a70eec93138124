#pragma once

#include "base/result.hpp"
#include "model/verdict.hpp"
#include "sqlite/connection.hpp"

#include <string>
#include <string_view>

namespace mulligan::store
{

/// Columns of a verdict, in the order `verdictFromRow` reads them; `v` is the table's alias.
inline constexpr std::string_view kVerdictColumns =
    "v.class, v.domain, v.transient, v.rule, v.action, v.exit_code, v.title, v.summary, v.advice, v.captures, "
    "v.undetermined";
inline constexpr int kVerdictColumnCount = 11;

/// Reads a verdict from column `first` on; its matches are left empty.
[[nodiscard]] model::Verdict verdictFromRow(const sqlite::Statement &row, int first);
[[nodiscard]] std::string capturesText(const model::Verdict &verdict);
[[nodiscard]] std::string undeterminedText(const model::Verdict &verdict);

} // namespace mulligan::store
