#include "pipeline/compare_cadences.hpp"

#include "simulate/cadence_figures.hpp"

#include <algorithm>

namespace mulligan::pipeline
{

base::Result<std::vector<model::CadenceRow>> compareCadences(const ReplaySession &session, const policy::Policy &policy,
                                                             const policy::Economics &economics,
                                                             simulate::ReplayOptions options,
                                                             std::span<const simulate::Cadence> cadences,
                                                             std::stop_token stop, base::Progress &progress)
{
    std::vector<model::CadenceRow> rows;
    rows.reserve(cadences.size());
    for (const simulate::Cadence &cadence : cadences) {
        options.cadence = cadence;
        MULLIGAN_TRY(const auto result, session.replay(policy, economics, options, stop, progress));
        rows.push_back(simulate::cadenceRow(result));
    }
    return rows;
}

base::Result<std::vector<simulate::Cadence>> cadencesFromText(std::string_view text, simulate::WhenAbsent whenAbsent)
{
    std::vector<simulate::Cadence> cadences;
    for (size_t begin = 0; begin <= text.size();) {
        const size_t end = std::min(text.find(',', begin), text.size());
        MULLIGAN_TRY(auto cadence, simulate::cadenceFromText(text.substr(begin, end - begin)));
        cadence.whenAbsent = whenAbsent;
        cadences.push_back(cadence);
        begin = end + 1;
    }
    return cadences;
}

} // namespace mulligan::pipeline
