#include "model/savings.hpp"

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

} // namespace mulligan::model
