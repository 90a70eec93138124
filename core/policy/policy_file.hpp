#pragma once

#include "base/result.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"

#include <string>
#include <string_view>

namespace mulligan::policy
{

/// Reads `policy.yaml`. Keys that are absent keep their defaults. `name` names the source in errors.
/// Errors: Parse or InvalidArgument with file, line, column and remedy, for unknown keys and values out of range.
[[nodiscard]] base::Result<Policy> parsePolicy(std::string_view text, const std::string &name);
/// Canonical YAML of a policy: every key, fixed order; `parsePolicy` reads back an equal policy.
[[nodiscard]] std::string writePolicy(const Policy &policy);

/// Reads `economics.yaml`; as `parsePolicy`.
[[nodiscard]] base::Result<Economics> parseEconomics(std::string_view text, const std::string &name);
/// Canonical YAML; `parseEconomics` reads back equal economics. Hashed into every result.
[[nodiscard]] std::string writeEconomics(const Economics &economics);

/// Changes one value, with the keys of the two files joined by dots: "threshold=0.3", "thresholds.memory_config=0.4",
/// "retry_limit.user=3", "backoff.cap.platform=1800", "labour_rate=120". Lists are separated by commas.
/// Errors: InvalidArgument; an unknown key names the nearest known one. On error neither argument has changed.
[[nodiscard]] base::Result<void> applySetting(Policy &policy, Economics &economics, std::string_view keyEqualsValue);

} // namespace mulligan::policy
