#include "model/savings.hpp"

#include "base/money.hpp"

namespace mulligan::model
{

std::string_view name(Provenance provenance)
{
    switch (provenance) {
    case Provenance::Observed: return "observed";
    case Provenance::Estimated: return "estimated";
    case Provenance::Modelled: return "modelled";
    case Provenance::Assumed: return "assumed";
    case Provenance::Unsupported: return "unsupported";
    }
    return {};
}

std::array<std::pair<std::string_view, double>, 6> Savings::parts() const
{
    return {{{"doomed_retries_avoided_usd", doomedRetriesAvoided.value},
             {"added_retries_usd", addedRetries.value},
             {"dearer_config_usd", dearerConfig.value},
             {"fixed_by_config_usd", fixedByConfig.value},
             {"interventions_avoided_usd", interventionsAvoided.value},
             {"wrongly_stopped_usd", wronglyStopped.value}}};
}

std::vector<SavingsGroup> inWholeCents(std::vector<SavingsGroup> groups)
{
    const auto round = [&groups](auto column) {
        std::vector<double> values;
        values.reserve(groups.size());
        for (auto &group : groups)
            values.push_back(column(group));
        const std::vector<double> rounded = base::roundPartsToCents(values);
        for (size_t i = 0; i < groups.size(); ++i)
            column(groups[i]) = rounded[i];
    };
    round([](SavingsGroup &g) -> double & { return g.historyCost; });
    round([](SavingsGroup &g) -> double & { return g.policyCost; });
    round([](SavingsGroup &g) -> double & { return g.net.value; });
    return groups;
}

} // namespace mulligan::model
