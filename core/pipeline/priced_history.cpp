#include "pipeline/priced_history.hpp"

#include "formats/json.hpp"

namespace mulligan::pipeline
{

void reprice(model::History &history, const policy::Economics &economics)
{
    for (model::HistoryAttempt &attempt : history.attempts) {
        if (attempt.costSource == model::CostSource::Logged)
            continue;
        model::Attempt record;
        record.startedAt = attempt.startedAt;
        record.endedAt = attempt.endedAt;
        record.cluster = history.names.at(attempt.cluster);
        record.vcoreSeconds = attempt.vcoreSeconds;
        record.memoryGbSeconds = attempt.memoryGbSeconds;
        record.config = history.configs[attempt.config];
        const policy::CostOf cost = policy::costOf(record, economics);
        attempt.costUsd = cost.usd;
        attempt.costSource = cost.source;
    }
}

std::string priceKey(const policy::Economics &economics)
{
    formats::Json prices = formats::Json::object();
    for (const auto &[cluster, price] : economics.prices)
        prices.set(cluster, formats::Json::Array{price.vcoreHour, price.gibHour});
    formats::Json key;
    key.set("default", formats::Json::Array{economics.defaultPrice.vcoreHour, economics.defaultPrice.gibHour});
    key.set("clusters", std::move(prices));
    key.set("assumed", formats::Json::Array{economics.assumedVcores, economics.assumedMemoryGib});
    return formats::writeJson(key);
}

} // namespace mulligan::pipeline
