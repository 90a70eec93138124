#include "ingest/log_division.hpp"

#include <algorithm>
#include <utility>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kMostHeld = 256;
constexpr std::size_t kMostHeldBytes = 1u << 20;
constexpr int kSettledWithin = 2000;
/// Between two processes; within one, only work that writes no lines takes as long.
constexpr std::int64_t kPauseMs = 10'000;
/// What a process does after its shutdown hook ran takes less.
constexpr std::int64_t kAfterEndMs = 60'000;

/// Whether the log names two applications, or two attempts of one.
bool areOthers(const LogApplication &a, const LogApplication &b)
{
    return a.id != b.id || (a.attempt != 0 && b.attempt != 0 && a.attempt != b.attempt);
}

/// Whether a section is of an application, or of an attempt to start one, and not of what runs beside it.
bool isOfApplication(const LogFacts &facts)
{
    return facts.driver || facts.executor || facts.launcher || !facts.submitted.empty() || facts.uncaughtAt != 0
           || facts.pod != LogEnd::Unsaid;
}

} // namespace

LogLine LogDivision::Held::view() const
{
    LogLine out = line;
    out.text = text;
    out.logger = logger;
    out.message = std::string_view(text).substr(text.size() - messageBytes);
    return out;
}

void LogDivision::take(std::string_view raw, std::uint64_t number)
{
    m_records.read(raw, [&](const LogLine &line) { offer(line, number); });
}

std::vector<LogSection> LogDivision::takeEnded()
{
    return std::exchange(m_ended, {});
}

void LogDivision::offer(const LogLine &line, std::uint64_t number)
{
    if (beginsAnother(line)) {
        if (m_open)
            decide(looksDivided());
        divide(line);
    } else if (mayPrecedeStart(line) || (!m_held.empty() && !line.record)) {
        return hold(line, number);
    }
    release(m_held.size());
    feed(line, number);
}

bool LogDivision::beginsAnother(const LogLine &line) const
{
    const LogFacts &facts = m_current.reading.facts();
    if (facts.records == 0)
        return false;
    switch (startOf(line)) {
    case LogStart::None: return goesOnAfterEnd(line);
    case LogStart::Process: return facts.shutDown || (facts.driver && m_current.process);
    case LogStart::Context: {
        const bool ran = facts.started || facts.stoppedAt != 0 || facts.activityAt != 0;
        return facts.shutDown || (ran && !facts.master); // a master's process is one application's
    }
    case LogStart::Submission: {
        const auto named = applicationIn(line.message);
        return !facts.submitted.empty() && (!named || named->id != facts.submitted);
    }
    case LogStart::Master: return facts.master || facts.shutDown;
    }
    return false;
}

bool LogDivision::goesOnAfterEnd(const LogLine &line) const
{
    const LogFacts &facts = m_current.reading.facts();
    if (!facts.shutDown || !line.record || !line.time || !facts.last || isOfShutdown(line))
        return false;
    const auto lastTimed =
        std::find_if(m_held.rbegin(), m_held.rend(), [](const Held &held) { return held.line.time; });
    const base::Instant last = lastTimed == m_held.rend() ? *facts.last : *lastTimed->line.time;
    return line.time->ms - last.ms >= kAfterEndMs;
}

void LogDivision::hold(const LogLine &line, std::uint64_t number)
{
    m_held.push_back({std::string(line.text), std::string(line.logger), line, line.message.size(), number});
    m_heldBytes += line.text.size();
    while (m_held.size() > kMostHeld || (m_heldBytes > kMostHeldBytes && !m_held.empty()))
        release(1);
}

/// The first lines held are of the section before.
void LogDivision::release(std::size_t count)
{
    for (; count > 0; --count) {
        const Held held = std::move(m_held.front());
        m_held.pop_front();
        m_heldBytes -= held.text.size();
        feed(held.view(), held.number);
    }
}

void LogDivision::feed(const LogLine &line, std::uint64_t number)
{
    const auto give = [&](LogSection &section) {
        section.reading.take(line);
        section.process = section.process || startOf(line) == LogStart::Process;
        if (section.line == 0 && line.record)
            section.line = number;
    };
    give(m_current);
    if (!m_open)
        return;
    give(m_open->whole);
    decideByName();
}

/// Where the last process began of which the lines held say so; else behind them.
std::size_t LogDivision::lastProcess() const
{
    const auto found = std::find_if(m_held.rbegin(), m_held.rend(),
                                    [](const Held &held) { return startOf(held.view()) == LogStart::Process; });
    return found == m_held.rend() ? m_held.size() : static_cast<std::size_t>(m_held.rend() - found) - 1;
}

/// Of the lines held those before the longest pause, or before what a process writes as it starts, are still of the
/// section that ends.
std::size_t LogDivision::firstOfNext(const LogLine &next) const
{
    const LogFacts &facts = m_current.reading.facts();
    std::optional<base::Instant> last = facts.last;
    std::int64_t pause = kPauseMs - 1;
    std::optional<std::size_t> at;
    const std::size_t begun = lastProcess();
    for (std::size_t i = 0; i <= begun; ++i) {
        const auto time = i < m_held.size() ? m_held[i].line.time : next.time;
        if (time && last && time->ms - last->ms > pause) {
            pause = time->ms - last->ms;
            at = i;
        }
        last = time ? time : last;
    }
    if (at) {
        while (*at > 0 && !m_held[*at - 1].line.record && isPrelude(m_held[*at - 1].view()))
            --*at;
        return *at;
    }
    if (facts.shutDown)
        return 0;
    const auto prelude =
        std::find_if(m_held.begin(), m_held.end(), [](const Held &held) { return isPrelude(held.view()); });
    return static_cast<std::size_t>(prelude - m_held.begin());
}

void LogDivision::divide(const LogLine &next)
{
    release(firstOfNext(next));
    m_open.emplace(Open{m_current, std::move(m_current), 0});
    m_current = LogSection();
}

void LogDivision::decideByName()
{
    const LogFacts &facts = m_current.reading.facts();
    if (facts.certain)
        decide(areOthers(facts.application, m_open->before.reading.facts().application));
    else if (++m_open->lines >= kSettledWithin)
        decide(looksDivided());
}

/// Where no name is certain.
bool LogDivision::looksDivided() const
{
    const LogFacts &before = m_open->before.reading.facts();
    const LogFacts &facts = m_current.reading.facts();
    if (!facts.application.id.empty() && facts.application.id == before.application.id)
        return areOthers(facts.application, before.application);
    return isOfApplication(facts);
}

void LogDivision::decide(bool divided)
{
    if (divided)
        m_ended.push_back(std::move(m_open->before));
    else
        m_current = std::move(m_open->whole);
    m_open.reset();
}

void LogDivision::finish()
{
    release(m_held.size());
    if (m_open)
        decide(looksDivided());
    m_ended.push_back(std::move(m_current));
}

} // namespace mulligan::ingest
