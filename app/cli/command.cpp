#include "command.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
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

void drawBar(const base::Progress::Sample &sample)
{
    constexpr int kWidth = 30;
    if (sample.total == 0) {
        std::fprintf(stderr, "\r\033[K%s  %s", sample.stage.c_str(),
                     sample.done > 0 ? grouped(sample.done).c_str() : "");
    } else {
        const double share = std::min(1.0, static_cast<double>(sample.done) / static_cast<double>(sample.total));
        const int filled = static_cast<int>(share * kWidth);
        std::fprintf(stderr, "\r\033[K[%s%s] %3.0f %%  %s", std::string(static_cast<size_t>(filled), '#').c_str(),
                     std::string(static_cast<size_t>(kWidth - filled), '.').c_str(), share * 100.0,
                     sample.stage.c_str());
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
        std::unique_lock lock(mutex);
        while (!changed.wait_for(lock, 50ms, [&] { return ended; })) {
            if (interrupted != 0)
                stop.request_stop();
            // A bar that flashes up for a moment is noise, so it waits a quarter of a second.
            if (showBar && ++ticks > 5) {
                drawBar(progress.sample());
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
    return error.code == base::ErrorCode::InvalidArgument ? kWrongUsage : kFailed;
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
    if (globals.exitCode == kDone && !std::cout.good()) {
        // A reader that has had enough (`| head`) is nobody's mistake.
        if (pipeClosed()) {
            globals.exitCode = kFailed;
            return;
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

} // namespace mulligan::cli
