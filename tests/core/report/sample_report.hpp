#pragma once

#include "report/report.hpp"

#include <cmath>

namespace mulligan::tests
{

/// A report with figures of the size a real one has; synthetic.
inline report::ReportInput sampleReport()
{
    using model::Figure;
    report::ReportInput in;
    in.workspace = "platform.mulligan";
    in.generatedAt = base::fromCivil(2026, 4, 2, 9, 30);
    in.policy = {{"name", "Careful retries"}, {"retry_limit.user", "2"}, {"threshold", "0.2"}};
    in.economics = {{"currency", "USD"}, {"labour_rate", "90"}};
    auto &r = in.savings;
    r.policyName = "Careful retries";
    r.policyVersion = "3";
    r.economicsHash = "4f1c9a0b7d2e8836";
    r.modelId = "m-6c2f1a";
    r.from = base::fromCivil(2026, 1, 1);
    r.to = base::fromCivil(2026, 3, 31);
    r.jobs = 412;
    r.unscoredEpisodes = 230;
    const auto usd = [](double v, double spread) { return Figure{v, v - spread, v + spread, "usd", {}}; };
    const auto count = [](double v) { return Figure{v, {}, {}, "count", {}}; };
    auto &s = r.savings;
    s.doomedRetriesAvoided = usd(18342.417, 2900.0);
    s.addedRetries = usd(-2110.226, 640.0);
    s.dearerConfig = usd(-911.382, 350.0);
    s.fixedByConfig = usd(9632.005, 2100.0);
    s.interventionsAvoided = usd(1260.5149, 700.0);
    s.wronglyStopped = usd(-1484.333, 420.0);
    double net = 0.0;
    for (const auto &[key, value] : s.parts())
        net += value;
    s.net = usd(net, 4120.0);
    s.netPer30Days = usd(net / 3.0, 1373.0);
    s.retryCostShare = {0.462, 0.39, 0.53, "share", "history's F, 33,150.20 USD"};
    s.allErrorCostShare = {0.281, 0.22, 0.34, "share", "history's F + L, 88,010.11 USD"};
    s.memoryConfigCostShare = {0.512, 0.43, 0.6, "share", "history's F + L of memory_config, 21,440.00 USD"};
    const auto world = [&](double remediated, double memory, double people, double cost, double median) {
        model::Kpis k;
        k.episodes = count(3218);
        k.failures = count(6904);
        k.remediatedShare = {remediated, remediated - 0.02, remediated + 0.02, "share", "3,218 episodes"};
        k.remediatedShareMemoryConfig = {memory, memory - 0.05, memory + 0.05, "share", "611 of them memory_config"};
        k.interventions = {people, people - 90.0, people + 90.0, "count", {}};
        k.interventionHours = {people / 2.0, people / 2.0 - 45.0, people / 2.0 + 45.0, "hours", {}};
        k.retryCost = usd(cost, 2500.0);
        k.retryCostGross = usd(cost * 1.6, 3900.0);
        k.recoverySecondsMedian = {median, median * 0.9, median * 1.1, "seconds", {}};
        k.recoverySecondsP95 = {median * 14.0, median * 11.0, median * 19.0, "seconds", {}};
        k.censored = count(184);
        return k;
    };
    r.history = world(0.334, 0.121, 1219, 33150.2, 2640.0);
    r.policy = world(0.421, 0.574, 1051.6, 17829.4, 2160.0);
    r.policy.wronglyStopped = {33.2, 21.0, 47.0, "count", {}};
    r.history.wronglyStopped = count(0);
    r.provenance = {{{4210, 21450.0}, {0, 0.0}, {1804, 15980.0}, {960, 6312.0}, {77, 2210.0}}};
    r.unsupportedNet = 1804.22;
    r.groupedBy = "class";
    r.groups = {{"memory_config.executor_heap", 402, 15210.3, 6120.7, usd(9089.6, 1900.0), 0.12, 0.58},
                {"code.udf", 611, 22100.8, 13904.2, usd(8196.6, 1600.0), 0.05, 0.05},
                {"memory_config.container_limit", 209, 6229.7, 3210.5, usd(3019.2, 800.0), 0.124, 0.56},
                {"unclassified", 508, 18450.0, 15120.1, usd(3329.9, 1700.0), 0.22, 0.24},
                {"network.timeout", 740, 9010.2, 8214.1, usd(796.1, 500.0), 0.71, 0.78},
                {"storage.throttled", 748, 17009.11, 16711.514, usd(297.596, 600.0), 0.66, 0.65}};
    double grouped = 0.0;
    for (const auto &group : r.groups)
        grouped += group.net.value;
    r.months = {{"2026-01", 1090, 29110.0, 21220.5, usd(7889.5, 2100.0), 0.33, 0.41},
                {"2026-02", 1011, 27800.0, 19530.3, usd(8269.7, 2000.0), 0.34, 0.42},
                {"2026-03", 1117, 31100.11, 22530.314, usd(grouped - 16159.2, 2200.0), 0.33, 0.43}};
    r.notes = {"184 episodes are left out of both worlds because the data end before their chain does.",
               "230 episodes are left out of both worlds because they lie before the first model.",
               "960 episodes take the minutes of an intervention from the economics, because the data log none."};
    model::ModelCard card;
    card.modelId = r.modelId;
    card.rows = 11240;
    card.scoredRows = 8120;
    card.refits = 12;
    card.success = {0.842, 0.611, 0.391, 0.121, 0.013};
    card.cost = {1.42, 0.21, -0.05};
    card.baselines = {{"overall_rate", {0.5, 0.31, 0.612, 0.214, 0.01}},
                      {"class_rate", {0.731, 0.482, 0.489, 0.162, 0.02}},
                      {"job_rate", {0.764, 0.51, 0.47, 0.155, 0.04}}};
    for (int i = 0; i < 10; ++i) {
        const double p = 0.05 + 0.1 * i;
        const double seen = p + 0.02 * std::sin(i * 1.7);
        card.calibration.push_back({p, seen, std::max(0.0, seen - 0.04), std::min(1.0, seen + 0.04), 800});
    }
    in.card = card;
    return in;
}

} // namespace mulligan::tests
