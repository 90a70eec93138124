#include "store/attempt_columns.hpp"

namespace mulligan::store
{

std::string configText(const model::Config &config)
{
    formats::Json::Object members;
    members.reserve(config.size());
    for (const auto &[property, value] : config)
        members.emplace_back(property, formats::Json(value));
    return formats::writeJson(formats::Json(std::move(members)));
}

model::Config configFromText(std::string_view text)
{
    model::Config config;
    if (const auto json = formats::parseJson(text)) {
        for (const auto &[property, value] : json.value().members())
            config.emplace_hint(config.end(), property, value.string());
    }
    return config;
}

std::string metricsText(const model::Metrics &metrics)
{
    formats::Json::Object members;
    members.reserve(metrics.size());
    for (const auto &[metric, value] : metrics)
        members.emplace_back(metric, formats::Json(value));
    return formats::writeJson(formats::Json(std::move(members)));
}

model::Metrics metricsFromText(std::string_view text)
{
    model::Metrics metrics;
    if (const auto json = formats::parseJson(text)) {
        for (const auto &[metric, value] : json.value().members())
            metrics.emplace_hint(metrics.end(), metric, value.number());
    }
    return metrics;
}

} // namespace mulligan::store
