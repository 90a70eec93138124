#pragma once

#include "base/result.hpp"
#include "formats/json.hpp"
#include "model/candidate.hpp"
#include "predict/dataset.hpp"

#include <map>
#include <span>
#include <string>

namespace mulligan::predict
{

/// Success rates and mean costs of retries by class, each shrunk towards its group and all of history: what stands in
/// where there is too little data for boosters.
class ClassRates
{
public:
    void add(const Row &row);
    /// Costs in hours. `failedHours` and `pastHours` stand in where a class has no rows of its own.
    [[nodiscard]] model::Estimate estimate(const std::string &errorClass, double failedHours, double pastHours) const;

    [[nodiscard]] formats::Json toJson() const;
    [[nodiscard]] static base::Result<ClassRates> fromJson(const formats::Json &json);

private:
    struct Rate {
        double rows = 0.0;
        double successes = 0.0;
        double failHours = 0.0;    ///< summed
        double successHours = 0.0; ///< summed
    };
    Rate m_all;
    std::map<std::string, Rate> m_groups;
    std::map<std::string, Rate> m_classes;
};

} // namespace mulligan::predict
