#include "command.hpp"

#include "base/remaining_time.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <thread>

#include <poll.h>
#include <unistd.h>

namespace mulligan::cli
{

namespace
{

// The handler may only touch this; the watcher's thread turns it into a stop request.
volatile std::sig_atomic_t interrupted = 0;

void onInterrupt(int)
{
    interrupted = 1;
}

/// Whether standard output is a pipe that nobody reads any more.
bool pipeClosed()
{
    pollfd out{STDOUT_FILENO, 0, 0};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/// "1.2 GiB of 10 GiB", "300 of 2,000".
std::string amount(const base::Progress::Sample &sample)
{
    if (sample.unit == base::Progress::Unit::Bytes)
        return base::formatBytes(static_cast<double>(sample.done)) + " of "
               + base::formatBytes(static_cast<double>(sample.total));
    return grouped(sample.done) + " of " + grouped(sample.total);
}

void drawBar(const base::Progress::Sample &sample, std::optional<double> secondsLeft)
{
    constexpr int kWidth = 24;
    constexpr std::size_t kStageBytes = 60;
    // A stage may name a file by its whole path, of which the end tells most.
    std::string stage = sample.stage;
    if (stage.size() > kStageBytes)
        stage = "..." + stage.substr(stage.size() - kStageBytes);
    if (sample.total == 0) {
        std::fprintf(stderr, "\r\033[K%s  %s", stage.c_str(), sample.done > 0 ? grouped(sample.done).c_str() : "");
    } else {
        const double share = std::min(1.0, static_cast<double>(sample.done) / static_cast<double>(sample.total));
        const int filled = static_cast<int>(share * kWidth);
        const std::string left = secondsLeft ? ", " + base::formatRemaining(*secondsLeft) + " left" : "";
        std::fprintf(stderr, "\r\033[K[%s%s] %3.0f %%  %s%s  %s", std::string(static_cast<size_t>(filled), '#').c_str(),
                     std::string(static_cast<size_t>(kWidth - filled), '.').c_str(), share * 100.0,
                     amount(sample).c_str(), left.c_str(), stage.c_str());
    }
    std::fflush(stderr);
}

} // namespace

int Globals::threadCount() const
{
    if (threads > 0)
        return threads;
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

struct Watcher::State {
    const base::Progress &progress;
    std::stop_source stop;
    bool showBar;
    std::mutex mutex;
    std::condition_variable changed;
    bool ended = false;
    std::thread thread;

    void run()
    {
        using namespace std::chrono_literals;
        bool drawn = false;
        int ticks = 0;
        base::RemainingTime remaining;
        const auto begun = std::chrono::steady_clock::now();
        std::unique_lock lock(mutex);
        while (!changed.wait_for(lock, 50ms, [&] { return ended; })) {
            if (interrupted != 0)
                stop.request_stop();
            // A bar that flashes up for a moment is noise, so it waits a quarter of a second.
            if (showBar && ++ticks > 5) {
                const auto sample = progress.sample();
                const std::chrono::duration<double> now = std::chrono::steady_clock::now() - begun;
                drawBar(sample, remaining.left(sample, now.count()));
                drawn = true;
            }
        }
        if (drawn)
            std::fprintf(stderr, "\r\033[K");
    }
};

Watcher::Watcher(const base::Progress &progress, std::stop_source stop, bool showBar)
    : m_state(new State{progress, std::move(stop), showBar && isatty(STDERR_FILENO) != 0, {}, {}, false, {}})
{
    std::signal(SIGINT, onInterrupt);
    std::signal(SIGTERM, onInterrupt);
    // Of a terminal that went away nothing is heard any more, unless `nohup` has it ignored.
    if (std::signal(SIGHUP, onInterrupt) == SIG_IGN)
        std::signal(SIGHUP, SIG_IGN);
    m_state->thread = std::thread([this] { m_state->run(); });
}

Watcher::~Watcher()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->ended = true;
    }
    m_state->changed.notify_all();
    m_state->thread.join();
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    if (std::signal(SIGHUP, SIG_DFL) == SIG_IGN)
        std::signal(SIGHUP, SIG_IGN);
}

int fail(const Globals &globals, const base::Error &error)
{
    if (globals.json) {
        formats::Json context = formats::Json::array();
        for (const auto &place : error.context)
            context.push(place);
        formats::Json body;
        body.set("code", base::codeName(error.code)).set("message", error.message).set("context", context);
        body.set("hint", error.hint);
        printJson(formats::Json().set("error", body));
    }
    std::cerr << "mulligan: " << error.message << '\n';
    for (const auto &place : error.context)
        std::cerr << "  where: " << place << '\n';
    if (!error.hint.empty())
        std::cerr << "  remedy: " << error.hint << '\n';
    if (error.code == base::ErrorCode::Cancelled)
        return kCancelled;
    // What is wrong in a file is no wrong usage, whatever the one who read it thinks of the value.
    const bool inFile = std::any_of(error.context.begin(), error.context.end(),
                                    [](const std::string &place) { return place.starts_with("file "); });
    return error.code == base::ErrorCode::InvalidArgument && !inFile ? kWrongUsage : kFailed;
}

void printJson(const formats::Json &value)
{
    std::cout << formats::writeJson(value) << '\n';
}

base::Result<pipeline::Resources> resources(const Globals &globals)
{
    return pipeline::findResources(globals.program, MULLIGAN_RESOURCE_DIR);
}

bool colourOut()
{
    return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
}

void finish(Globals &globals, const std::function<base::Result<int>()> &body)
{
    const auto result = body();
    globals.exitCode = result.has_value() ? result.value() : fail(globals, result.error());
    std::cout.flush();
    const bool printed = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
    if (globals.exitCode == kDone && !printed) {
        // A reader that has had enough (`| head`) is nobody's mistake: what was to be done is done, and we end as any
        // program does whose pipe is closed. A failure of the work itself has said so by its exit code.
        if (pipeClosed()) {
            std::signal(SIGPIPE, SIG_DFL);
            std::raise(SIGPIPE);
        }
        globals.exitCode = fail(globals, base::makeError(base::ErrorCode::Io, "Cannot write to standard output",
                                                         "Check the pipe or the disk it goes to."));
    }
}

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<size_t>(at), ",");
    return digits;
}

std::string counted(std::uint64_t number, const std::string &one, const std::string &many)
{
    return grouped(number) + ' ' + (number == 1 ? one : many.empty() ? one + 's' : many);
}

base::Result<void> refuseExisting(const std::string &path)
{
    MULLIGAN_CHECK(store::Workspace::refuseToReplace(path));
    std::error_code failed;
    if (path.empty() || !std::filesystem::exists(path, failed))
        return {};
    return base::makeError(base::ErrorCode::Conflict, "'" + path + "' exists already and is not written over",
                           "Give another name with --out, or move the file away first.");
}

} // namespace mulligan::cli
