#pragma once

#include "base/result.hpp"
#include "model/attempt.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::optimize
{

enum class ParameterUnit { Bytes, Count };

/// One property a retry may change.
struct Parameter {
    std::string name; ///< Spark property
    std::string flag; ///< JVM flag within a property of Java options ("-XX:MaxDirectMemorySize"), may be empty
    ParameterUnit unit = ParameterUnit::Bytes;
    double bareUnit = 1.0;       ///< bytes that a number without a unit stands for
    double initial = 0.0;        ///< taken where a configuration does not set the property
    double initialShareOf = 0.0; ///< …at least this share of `initialOf` (memory overhead: 0.10)
    std::string initialOf;       ///< property that `initialShareOf` refers to, may be empty
    double lower = 0.0;          ///< in the unit: bytes or count
    double upper = 0.0;
    std::vector<double> multipliers;        ///< new ÷ old
    std::vector<double> steps;              ///< absolute values, in the unit
    std::vector<std::string> classes;       ///< groups or classes it can help
    std::map<std::string, double> ceilings; ///< by cluster, tighter than `upper`
    bool memory = false;                    ///< counts in `memoryRatio`
    std::string peakMetric;                 ///< values below this observed peak are not offered, may be empty

    bool operator==(const Parameter &) const = default;
};

/// Joint constraint: the sum of some properties stays at or below a limit (memory + overhead ≤ container).
struct SumConstraint {
    std::vector<std::string> properties;
    double atMost = 0.0;
    std::map<std::string, double> byCluster;

    bool operator==(const SumConstraint &) const = default;
};

/// What a retry may change, and how far: `space.yaml`.
struct ParameterSpace {
    std::vector<Parameter> parameters;
    std::vector<SumConstraint> constraints;
    std::uint64_t exactUpTo = 4096;    ///< combinations enumerated exactly, at most
    std::uint64_t searchBudget = 1024; ///< combinations drawn beyond that
    std::uint64_t seed = 1;

    bool operator==(const ParameterSpace &) const = default;
};

/// Reads `space.yaml`. `name` names the source in errors. Errors: Parse or InvalidArgument with file, line and column.
[[nodiscard]] base::Result<ParameterSpace> parseSpace(std::string_view text, const std::string &name);

/// A configuration to be scored.
struct ScoreableConfig {
    model::Config patch; ///< empty: unchanged
    std::string label;
    double memoryRatio = 1.0;

    bool operator==(const ScoreableConfig &) const = default;
};

/// Configurations a retry after a failure of `errorClass` could run with; [0] is always `old` unchanged. Only
/// properties that can help the class and are not off (0) are varied; bounds, ceilings and joint constraints hold for
/// all but [0]. Exact up to `exactUpTo` combinations, else `searchBudget` draws seeded by the space's seed and the
/// failure, without repeats. Same inputs, same list.
[[nodiscard]] std::vector<ScoreableConfig> enumerate(const ParameterSpace &space, const model::Config &old,
                                                     std::string_view errorClass, const model::Metrics &metrics,
                                                     std::string_view cluster);

} // namespace mulligan::optimize
