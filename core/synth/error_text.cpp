#include "synth/error_text.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace mulligan::synth
{

namespace
{

/// Values of the placeholders, drawn once a text so that a host or an executor is the same throughout.
using Values = std::vector<std::pair<std::string_view, std::string>>;

std::string logTime(base::Instant at)
{
    const base::CivilTime t = base::toCivil(at);
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%02d/%02d/%02d %02d:%02d:%02d", t.year % 100, t.month, t.day, t.hour,
                  t.minute, t.second);
    return buffer;
}

/// "4.3 GB", with one decimal.
std::string gibText(double mib, std::string_view unit)
{
    const auto tenths = static_cast<std::int64_t>(std::round(std::max(mib, 52.0) / 102.4));
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + std::string(unit);
}

std::string hexText(Draw &draw)
{
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (int i = 0; i < 12; ++i)
        text += kDigits[draw.below(16)];
    return text;
}

std::string capitalised(std::string text)
{
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

void addSizes(Values &values, const TextScene &scene, Draw &draw)
{
    const double container = scene.resources.executorMemory + scene.resources.executorOverhead;
    const double over = scene.neededMib > 0.0 ? scene.neededMib : scene.resources.executorMemory;
    values.emplace_back("limit", gibText(container, "GB"));
    values.emplace_back("used", gibText(container * draw.uniform(1.001, 1.02), "GB"));
    values.emplace_back("limit2", gibText(scene.resources.maxResult, "GiB"));
    values.emplace_back("used2", gibText(scene.resources.maxResult * draw.uniform(1.0, 1.1) + 60, "GiB"));
    values.emplace_back("bytes", std::to_string(static_cast<std::int64_t>(over) * 1048576 + draw.between(1, 65000)));
    values.emplace_back("bytes2",
                        std::to_string(static_cast<std::int64_t>(scene.resources.executorOverhead) * 1048576));
}

Values valuesFor(const TextScene &scene, Draw &draw)
{
    static constexpr std::array kColumns{"region",  "channel", "discount", "locale",
                                         "carrier", "tier",    "basket",   "device"};
    static constexpr std::array kBuckets{"lake-raw", "lake-curated", "exchange-in", "marts-eu"};
    const std::string column = kColumns[draw.below(kColumns.size())];
    Values values{{"ts", logTime(scene.at)},
                  {"run", std::string(scene.run)},
                  {"app", std::string(scene.applicationId)},
                  {"user", scene.job.owner},
                  {"queue", scene.job.queue},
                  {"pkg", scene.job.package},
                  {"name", scene.job.stem},
                  {"Name", capitalised(scene.job.stem)},
                  {"table", scene.job.team + "." + scene.job.stem + "_" + column},
                  {"col", column},
                  {"bucket", kBuckets[draw.below(kBuckets.size())]}};
    values.emplace_back("host", "node-" + std::to_string(draw.between(11, 98)));
    values.emplace_back("exec", std::to_string(draw.between(1, scene.resources.instances)));
    values.emplace_back("task", std::to_string(draw.between(0, 199)));
    values.emplace_back("stage", std::to_string(draw.between(1, 19)));
    values.emplace_back("tid", std::to_string(draw.between(1000, 29999)));
    values.emplace_back("line", std::to_string(draw.between(24, 480)));
    values.emplace_back("few", std::to_string(draw.between(2, 9)));
    values.emplace_back("n", std::to_string(draw.between(10, 60)));
    values.emplace_back("hex", hexText(draw));
    values.emplace_back("secs", std::to_string(static_cast<std::int64_t>(scene.secondsLimit)));
    addSizes(values, scene, draw);
    return values;
}

std::string filled(std::string_view text, const Values &values)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t open = text.find('{', i);
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) {
            out += text.substr(i);
            break;
        }
        out += text.substr(i, open - i);
        const std::string_view name = text.substr(open + 1, close - open - 1);
        std::string_view value = text.substr(open, close - open + 1);
        for (const auto &[key, known] : values)
            if (key == name)
                value = known;
        out += value;
        i = close + 1;
    }
    return out;
}

constexpr std::array kQuiet{
    "INFO SparkContext: Running job for {name} on queue {queue}",
    "INFO DAGScheduler: Submitting {n} tasks of stage {stage} ({name} at {Name}Main)",
    "INFO TaskSchedulerImpl: Adding task set {stage}.0 with {n} tasks",
    "INFO MemoryStore: Block broadcast_{few} stored as values in memory",
    "INFO CodeGenerator: Code generated in {n}.{few} ms",
    "WARN HeartbeatReceiver: clock of {host} is {few} ms ahead",
    "INFO BlockManagerInfo: Added rdd_{few}_{n} on {host}",
    "WARN SparkConf: spark.yarn.access.hadoopFileSystems is an old name of spark.kerberos.access.hadoopFileSystems",
    "INFO FileSourceScanExec: Planning scan with bin packing, {n} files",
};

constexpr std::array kHarmless{
    "WARN HeartbeatReceiver: clock of {host} is {few} ms ahead",
    "WARN SharedInMemoryCache: Evicting cached table partition metadata of {table}",
    "WARN DAGScheduler: Broadcasting large task binary with size {few}.{few} MiB",
    "WARN WindowExec: No partition defined for a window of {name}; moving all data to one partition",
    "WARN TaskSetManager: Stage {stage} contains a task of very large size ({n}21 KiB)",
    "WARN ProcfsMetricsGetter: process tree of {exec} is gone, its memory is not reported",
    "WARN {Name}Main: {n} rows of {table} had no {col}; kept with a default",
};

void addLines(std::string &out, int count, const TextScene &scene, const Values &values, Draw &draw)
{
    for (int i = 0; i < count; ++i) {
        out += logTime(scene.at.plusSeconds(-2.0 * (count - i)));
        out += ' ';
        out += filled(kQuiet[draw.below(kQuiet.size())], values);
        out += '\n';
    }
}

} // namespace

ErrorText failureText(const Kind &kind, const TextScene &scene, Draw &draw)
{
    const Values values = valuesFor(scene, draw);
    ErrorText text;
    text.core = filled(kind.texts[draw.below(kind.texts.size())], values);
    addLines(text.whole, static_cast<int>(draw.between(1, 4)), scene, values, draw);
    text.whole += text.core;
    if (draw.chance(0.6))
        text.whole += "\n" + logTime(scene.at.plusSeconds(1)) + " INFO ShutdownHookManager: Shutdown hook called";
    return text;
}

std::string harmlessText(const TextScene &scene, Draw &draw)
{
    const Values values = valuesFor(scene, draw);
    std::string text;
    addLines(text, static_cast<int>(draw.between(1, 2)), scene, values, draw);
    text += logTime(scene.at) + " " + filled(kHarmless[draw.below(kHarmless.size())], values);
    return text;
}

} // namespace mulligan::synth
