#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "formats/json.hpp"
#include "pipeline/resources.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <stop_token>
#include <string>

namespace mulligan::cli
{

/// Exit codes of the contract.
enum Exit { kDone = 0, kFailed = 1, kWrongUsage = 2, kRejected = 3, kCancelled = 130 };

/// What every command is given: the common options and where to print. One per process.
struct Globals {
    bool json = false;
    bool quiet = false;
    int threads = 0;     ///< 0: as many as the machine has
    std::string program; ///< path of this program
    int exitCode = kDone;

    [[nodiscard]] int threadCount() const;
};

/// Adds one command to the program; its callback sets `globals.exitCode`.
using AddCommand = void (*)(CLI::App &app, Globals &globals);

/// Refuses to write over a file: what is there may be work by hand. "" is fine. Errors: Conflict.
[[nodiscard]] base::Result<void> refuseExisting(const std::string &path);

void addInit(CLI::App &app, Globals &globals);
void addImport(CLI::App &app, Globals &globals);
void addMap(CLI::App &app, Globals &globals);
void addRejects(CLI::App &app, Globals &globals);
void addClassify(CLI::App &app, Globals &globals);
void addMatch(CLI::App &app, Globals &globals);
void addRules(CLI::App &app, Globals &globals);
void addAudit(CLI::App &app, Globals &globals);
void addMine(CLI::App &app, Globals &globals);
void addTrain(CLI::App &app, Globals &globals);
void addSimulate(CLI::App &app, Globals &globals);
void addEvaluate(CLI::App &app, Globals &globals);
void addReport(CLI::App &app, Globals &globals);
void addExport(CLI::App &app, Globals &globals);
void addVerify(CLI::App &app, Globals &globals);
void addDecide(CLI::App &app, Globals &globals);
void addSynth(CLI::App &app, Globals &globals);
void addInfo(CLI::App &app, Globals &globals);
void addWatch(CLI::App &app, Globals &globals);
void addConflicts(CLI::App &app, Globals &globals);
void addCompletion(CLI::App &app, Globals &globals);
void addManual(CLI::App &app, Globals &globals);

/// A command below `rules`.
void addRulesHealth(CLI::App &rules, Globals &globals);

/// Prints an error (as text on standard error, with --json also as an object on standard output) and gives the exit
/// code: 130 when cancelled, 2 for an invalid argument, else 1.
int fail(const Globals &globals, const base::Error &error);

/// Prints one JSON object and a newline on standard output.
void printJson(const formats::Json &value);

/// Runs long work with a progress bar on a terminal's standard error; Ctrl-C asks it to stop.
template <typename T>
base::Result<T> withProgress(const Globals &globals,
                             const std::function<base::Result<T>(std::stop_token, base::Progress &)> &work);

/// Watches progress and Ctrl-C from a thread of its own while it lives.
class Watcher
{
public:
    Watcher(const base::Progress &progress, std::stop_source stop, bool showBar);
    ~Watcher();
    Watcher(const Watcher &) = delete;
    Watcher &operator=(const Watcher &) = delete;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

template <typename T>
base::Result<T> withProgress(const Globals &globals,
                             const std::function<base::Result<T>(std::stop_token, base::Progress &)> &work)
{
    base::Progress progress;
    std::stop_source stop;
    const Watcher watcher(progress, stop, !globals.quiet && !globals.json);
    return work(stop.get_token(), progress);
}

/// The shipped defaults, found from the program's own place.
base::Result<pipeline::Resources> resources(const Globals &globals);

/// Whether standard output is a terminal that shows colours (and NO_COLOR is not set).
bool colourOut();

/// Runs `body`, which returns an exit code or an error, and records the code.
void finish(Globals &globals, const std::function<base::Result<int>()> &body);

/// "1,234,567".
std::string grouped(std::uint64_t number);

/// "1 rule", "1,200 rules"; `many` where it is not the word with an s.
std::string counted(std::uint64_t number, const std::string &one, const std::string &many = {});

} // namespace mulligan::cli
