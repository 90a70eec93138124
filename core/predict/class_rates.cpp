#include "predict/class_rates.hpp"

namespace mulligan::predict
{

namespace
{

/// Rows' worth of the wider rate in every rate, and of the failed run in every cost.
constexpr double kPriorRows = 10.0;
constexpr double kPriorCosts = 3.0;

} // namespace

void ClassRates::add(const Row &row)
{
    for (Rate *rate : {&m_all, &m_groups[std::string(model::groupOf(row.errorClass))], &m_classes[row.errorClass]}) {
        rate->rows += 1.0;
        rate->successes += row.success ? 1.0 : 0.0;
        (row.success ? rate->successHours : rate->failHours) += row.hours;
    }
}

model::Estimate ClassRates::estimate(const std::string &errorClass, double failedHours, double pastHours) const
{
    const auto find = [](const std::map<std::string, Rate> &rates, const std::string &key) {
        const auto it = rates.find(key);
        return it == rates.end() ? Rate() : it->second;
    };
    const Rate group = find(m_groups, std::string(model::groupOf(errorClass)));
    const Rate own = find(m_classes, errorClass);
    double p = (m_all.successes + 1.0) / (m_all.rows + 2.0);
    for (const Rate &rate : {group, own})
        p = (rate.successes + kPriorRows * p) / (rate.rows + kPriorRows);
    const double failures = own.rows - own.successes;
    return {p, (own.failHours + kPriorCosts * failedHours) / (failures + kPriorCosts),
            (own.successHours + kPriorCosts * pastHours) / (own.successes + kPriorCosts)};
}

formats::Json ClassRates::toJson() const
{
    const auto rate = [](const Rate &r) {
        return formats::Json(formats::Json::Array{r.rows, r.successes, r.failHours, r.successHours});
    };
    formats::Json json;
    json.set("all", rate(m_all));
    formats::Json groups = formats::Json::object();
    for (const auto &[key, r] : m_groups)
        groups.set(key, rate(r));
    formats::Json classes = formats::Json::object();
    for (const auto &[key, r] : m_classes)
        classes.set(key, rate(r));
    json.set("groups", std::move(groups));
    json.set("classes", std::move(classes));
    return json;
}

base::Result<ClassRates> ClassRates::fromJson(const formats::Json &json)
{
    const auto rate = [](const formats::Json &list) -> base::Result<Rate> {
        if (list.size() != 4)
            return base::makeError(base::ErrorCode::Parse, "A class rate must be a list of four numbers");
        const auto &items = list.items();
        return Rate{items[0].number(), items[1].number(), items[2].number(), items[3].number()};
    };
    ClassRates out;
    MULLIGAN_TRY(out.m_all, rate(json["all"]));
    for (const auto &[key, value] : json["groups"].members()) {
        MULLIGAN_TRY(out.m_groups[key], rate(value));
    }
    for (const auto &[key, value] : json["classes"].members()) {
        MULLIGAN_TRY(out.m_classes[key], rate(value));
    }
    return out;
}

} // namespace mulligan::predict
