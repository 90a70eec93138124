#include "store/attempt_columns.hpp"

namespace mulligan::store
{

namespace
{

void appendKey(std::string &out, std::string_view key)
{
    if (out.size() > 1)
        out += ',';
    formats::appendJsonString(out, key);
    out += ':';
}

} // namespace

std::string configText(const model::Config &config)
{
    std::string out = "{";
    for (const auto &[property, value] : config) {
        appendKey(out, property);
        formats::appendJsonString(out, value);
    }
    return out += '}';
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
    std::string out = "{";
    for (const auto &[metric, value] : metrics) {
        appendKey(out, metric);
        formats::appendJsonNumber(out, value);
    }
    return out += '}';
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
