#include "ingest/amount_limit.hpp"

#include <algorithm>
#include <array>

namespace mulligan::ingest
{

const AmountLimit *limitOf(Field field)
{
    static constexpr std::array kLimits{
        AmountLimit{Field::VcoreSeconds, 1e12, "1e12 vcore-seconds, 30,000 vcores for a year"},
        AmountLimit{Field::MemoryGbSeconds, 1e13, "1e13 GB-seconds, 300,000 GB for a year"},
        AmountLimit{Field::CostUsd, 1e9, "1e9 USD"},
        AmountLimit{Field::ManualMinutes, 1e7, "1e7 minutes, 19 years"},
    };
    const auto found =
        std::find_if(kLimits.begin(), kLimits.end(), [&](const AmountLimit &limit) { return limit.field == field; });
    return found != kLimits.end() ? &*found : nullptr;
}

} // namespace mulligan::ingest
