#pragma once

#include "model/attempt.hpp"

#include <map>
#include <string>
#include <string_view>

namespace mulligan::policy
{

/// Dollars an hour for one virtual core and for one GiB of memory.
struct Price {
    double vcoreHour = 0.05;
    double gibHour = 0.006;

    bool operator==(const Price &) const = default;
};

/// What things cost. Read from `economics.yaml`; hashed into every result.
struct Economics {
    std::string currency = "USD";
    double labourRatePerHour = 90.0;
    double defaultMinutes = 30.0;          ///< minutes of a person's time an intervention takes
    std::map<std::string, double> minutes; ///< by class, else by group, else the default
    Price defaultPrice;
    std::map<std::string, Price> prices; ///< by cluster
    /// Resources assumed for an attempt that declares none, when cost comes from its duration.
    double assumedVcores = 4.0;
    double assumedMemoryGib = 16.0;

    bool operator==(const Economics &) const = default;
    [[nodiscard]] double minutesFor(std::string_view errorClass) const;
    /// L: dollars of one intervention of this class.
    [[nodiscard]] double interventionCost(std::string_view errorClass) const;
    [[nodiscard]] const Price &priceFor(std::string_view cluster) const;
};

/// Dollars an hour of what a configuration asks for: executors × instances plus the driver, memory with overhead, at
/// the cluster's prices. Missing properties take Spark's defaults; a configuration that names none of them takes
/// `assumedVcores` and `assumedMemoryGib`.
[[nodiscard]] double hourlyRate(const Economics &economics, const model::Config &config, std::string_view cluster);

struct CostOf {
    double usd = 0.0;
    model::CostSource source = model::CostSource::None;
};
/// The cost of an attempt: logged, else resource seconds × price book, else duration × requested resources (from
/// `spark.executor.instances/cores/memory`, `spark.driver.*`) × price book (design.md, section 4).
[[nodiscard]] CostOf costOf(const model::Attempt &attempt, const Economics &economics);

} // namespace mulligan::policy
