#include "ingest/airflow_tries.hpp"

#include <algorithm>

namespace mulligan::ingest::airflow
{

namespace
{

/// Of two rows for one try the one of the history is kept: it was written when the try ended. That the task's own row
/// says "restarting" remains: a person cleared it while it ran.
void dropDoubles(std::vector<HeldTry> &held, SettledRun &out)
{
    std::stable_sort(held.begin(), held.end(), [](const HeldTry &a, const HeldTry &b) {
        return std::pair(a.read.attempt, a.row.table == Table::TaskInstance)
               < std::pair(b.read.attempt, b.row.table == Table::TaskInstance);
    });
    std::vector<HeldTry> kept;
    for (HeldTry &one : held) {
        if (kept.empty() || kept.back().read.attempt != one.read.attempt) {
            kept.push_back(std::move(one));
        } else if (kept.back().row.table == one.row.table) {
            out.rejects.emplace_back(std::move(one.row), "try_number: another row has the same try");
        } else if (one.read.state == "restarting") {
            kept.back().read.state = one.read.state;
        }
    }
    held = std::move(kept);
}

/// task_fail has no try numbers, but its rows are failures in order of time, and the newest try's number is known: the
/// last failure before it is taken for the try before it, and so on down.
void numberFails(RunTries &tries, SettledRun &out)
{
    auto &fails = tries.fails;
    std::stable_sort(fails.begin(), fails.end(),
                     [](const HeldTry &a, const HeldTry &b) { return a.read.start < b.read.start; });
    // A try that was failed from two sides at once (by itself and as a zombie) has two rows with one start.
    fails.erase(std::unique(fails.begin(), fails.end(),
                            [](const HeldTry &a, const HeldTry &b) { return a.read.start == b.read.start; }),
                fails.end());
    std::erase_if(fails, [&](const HeldTry &fail) {
        return std::any_of(tries.held.begin(), tries.held.end(),
                           [&](const HeldTry &one) { return one.read.start == fail.read.start; });
    });
    int number = tries.newestIsHeld ? tries.newest - 1 : tries.newest;
    out.unnamed = std::max(0, number - static_cast<int>(std::min<std::size_t>(fails.size(), 1'000'000)));
    for (auto fail = fails.rbegin(); fail != fails.rend(); ++fail, --number) {
        if (number < 1) {
            out.rejects.emplace_back(std::move(fail->row), tries.newest == 0
                                                               ? "no row of task_instance tells which try failed"
                                                               : "there are more failures than tries");
            continue;
        }
        fail->read.attempt = number;
        tries.held.push_back(std::move(*fail));
    }
}

model::Trigger triggerOf(const std::vector<HeldTry> &held, std::size_t i, const Retries &retries)
{
    const Try &one = held[i].read;
    if (one.attempt == 1)
        return model::Trigger::Scheduled;
    const bool follows = i > 0 && held[i - 1].read.attempt == one.attempt - 1;
    if (follows && held[i - 1].read.maxTries && one.maxTries)
        return triggerAfter(held[i - 1].read, one);
    // task_fail keeps no max_tries; that of the newest try tells where the last clearing was.
    Try known = one;
    if (!known.maxTries && !held.empty())
        known.maxTries = held.back().read.maxTries;
    const auto trigger = airflow::triggerOf(known, retries);
    if (trigger != model::Trigger::Unset)
        return trigger;
    return follows ? triggerAfter(held[i - 1].read, one) : model::Trigger::AutoRetry;
}

} // namespace

void RunTries::clear()
{
    held.clear();
    fails.clear();
    newest = 0;
    newestIsHeld = false;
}

SettledRun settle(RunTries tries, const Retries &retries)
{
    SettledRun out;
    dropDoubles(tries.held, out);
    if (!tries.fails.empty())
        numberFails(tries, out);
    std::sort(tries.held.begin(), tries.held.end(),
              [](const HeldTry &a, const HeldTry &b) { return a.read.attempt < b.read.attempt; });
    for (std::size_t i = 0; i < tries.held.size(); ++i) {
        const HeldTry &one = tries.held[i];
        out.tries.push_back({attemptOf(one.read, triggerOf(tries.held, i, retries)), one.row.line,
                             tries.newestIsHeld && one.read.attempt == tries.newest});
    }
    return out;
}

} // namespace mulligan::ingest::airflow
