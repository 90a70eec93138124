#include "evaluate/truth_reader.hpp"
#include "evaluate/truth_table.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace mulligan;

/// Holds what every row and every answer must be, whatever the input was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    base::Progress progress;
    const auto source = formats::memorySource(text);
    const auto rows = evaluate::readTruth(*source, "truth.jsonl", {}, progress, 4096);
    if (!rows.has_value()) {
        if (rows.error().context.empty() || rows.error().hint.empty())
            std::abort();
        return 0;
    }
    evaluate::TruthRules rules;
    rules.knobs = [](const model::Config &config, const std::string &) {
        evaluate::Knobs knobs{{static_cast<double>(config.size())}, {}, {}};
        return knobs;
    };
    rules.price = [](const evaluate::TruthRow &row) { return row.costUsd; };
    rules.hourlyRate = [](const model::Config &config, const std::string &) {
        return static_cast<double>(config.size());
    };
    const auto table = evaluate::TruthTable::build(*rows, rules);
    for (const evaluate::TruthRow &row : *rows) {
        if (row.job.empty() || row.line == 0 || row.repeat < 1 || !(row.seconds >= 0.0) || !(row.costUsd >= 0.0))
            std::abort();
        const auto variant = table.variantOf(row.job, row.variant, 1);
        if (!variant)
            continue;
        const auto answer = table.answer(*variant, row.config);
        if (answer.basis != evaluate::Basis::Unknown && !(answer.success >= 0.0 && answer.success <= 1.0))
            std::abort();
    }
    return 0;
}
