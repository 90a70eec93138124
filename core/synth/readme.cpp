#include "synth/readme.hpp"

#include "formats/json.hpp"
#include "synth/output.hpp"

namespace mulligan::synth
{

namespace
{

/// The command with every option that is not at its default.
std::string command(const SynthOptions &options)
{
    const SynthOptions defaults;
    const auto number = [](double value) { return formats::writeJson(formats::Json(value)); };
    std::string text = "mulligan synth --out DIR --jobs " + std::to_string(options.jobs) + " --days "
                       + std::to_string(options.days) + " --seed " + std::to_string(options.seed);
    if (options.eventLogShare != defaults.eventLogShare)
        text += " --event-log-share " + number(options.eventLogShare);
    if (options.exploration != defaults.exploration)
        text += " --exploration " + number(options.exploration);
    return text + (options.compress ? " --compress" : "");
}

std::string counts(const SynthReport &report)
{
    return "| what | count |\n|---|---:|\n| attempts | " + std::to_string(report.attempts) + " |\n| failed or killed | "
           + std::to_string(report.failures) + " |\n| runs | " + std::to_string(report.runs)
           + " |\n| runs with a failure | " + std::to_string(report.episodes) + " |\n| decisions drawn at random | "
           + std::to_string(report.explored) + " |\n| rows of truth | " + std::to_string(report.truthRows) + " |\n";
}

} // namespace

std::string readmeText(const SynthOptions &options, const SynthReport &report)
{
    const std::string codec = options.compress ? ".zst" : "";
    return std::string(kReadmeTitle) + "\n\n"
           + "Everything here is synthetic: made by a program from random numbers. No job, person, company, cluster or "
             "log\n"
             "in it is real. It was made by\n\n    "
           + command(options)
           + "\n\nand the same command makes the same content again, on any machine (zstd of another version may pack "
             "it differently).\n\n"
           + counts(report) + "\n## Files\n\n- `history.jsonl" + codec
           + "`: attempts of the runs of the first three quarters of the time, native JSON Lines.\n- `history_2.csv"
           + codec
           + "`: attempts of the other runs, native CSV.\n"
             "- `event_logs/`: Spark event logs of some of the runs (single files and rolling folders), which join "
             "the\n"
             "  attempts by application id.\n"
             "- `truth.jsonl"
           + codec
           + "`: what cannot be known of a real platform. After every failure that the scheduler had to\n"
             "  decide on, what the next attempt would have done, under the unchanged configuration (first) and, "
             "where\n"
             "  memory was short, under others. `variant` is `RUN/ATTEMPT`; `config` is the whole configuration. "
             "Never\n"
             "  train on it.\n\n"
             "Import the first three: `mulligan import WORKSPACE DIR` passes over the rest. Of the three clusters "
             "`harbour`\n"
             "logs dollars, `meadow` resource seconds and `quarry` nothing; all have the prices of the shipped "
             "`economics.yaml`\n"
             "(0.05 dollars a vcore hour, 0.006 a GiB hour).\n\n"
             "## The world\n\n"
             "Jobs have log-normal sizes, growth, weekends and a heavy-tailed tendency to fail. Each needs more memory "
             "than\n"
             "its owner can see (executor heap and overhead, driver, results, broadcasts, Kryo buffers), growing with "
             "its\n"
             "data and varying from run to run, hardly from try to try. Outages hit many jobs of a cluster at once "
             "and\n"
             "pass; single mishaps of the platform pass at once; user errors stay until a person repairs them, mostly "
             "in\n"
             "working hours (UTC); some errors come from in-house tools that no rule knows. The scheduler retries "
             "whatever\n"
             "failed, unchanged, twice (user) or ten times (platform), not at all after a timeout, waiting 60 s · 2^k "
             "up to\n"
             "600 s or 3,600 s. After a run's first memory failure it draws the configuration at random now and then, "
             "with\n"
             "the probability logged in `action_probability`. People mostly raise the setting that was too small. "
             "Chains\n"
             "that the end of the data cuts off are in it.\n";
}

} // namespace mulligan::synth
