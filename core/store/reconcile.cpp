#include "store/reconcile.hpp"

#include "base/units.hpp"
#include "store/attempt_columns.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace mulligan::store
{

namespace
{

// A hostile pair of configurations could differ in thousands of properties.
constexpr int kMostConfigConflicts = 20;
constexpr double kCostTolerance = 0.01;
/// A process outlives its last event by a little.
constexpr std::int64_t kEndToleranceMs = 60'000;
constexpr std::size_t kStartedColumn = 3;
constexpr std::size_t kEndedColumn = 4;
constexpr std::size_t kOutcomeColumn = 5;
static_assert(kFactColumns[kEndedColumn] == "ended_ms" && kFactColumns[kOutcomeColumn] == "outcome");

bool sameFact(const FactRule &rule, const Cells &a, const Cells &b)
{
    for (std::size_t i = rule.first; i < rule.first + rule.columns; ++i) {
        if (a[i] != b[i])
            return false;
    }
    return true;
}

/// "4g" and "4096m" are one value.
bool sameSetting(const std::string &a, const std::string &b)
{
    if (a == b)
        return true;
    const auto left = base::parseBytes(a);
    const auto right = base::parseBytes(b);
    return left && right && *left == *right;
}

/// Whether a difference says that somebody is wrong; a scheduler's attempt spans its application, so only times that
/// lie apart do.
bool contradicts(const FactRule &rule, const Cells &a, const Cells &b)
{
    if (sameFact(rule, a, b))
        return false;
    const std::size_t first = rule.first;
    if (rule.name == "times")
        return integerOf(a[kStartedColumn]) > integerOf(b[kEndedColumn])
               || integerOf(b[kStartedColumn]) > integerOf(a[kEndedColumn]);
    // That one of them saw no fault is told by the outcome.
    if (rule.name == "exit_code")
        return integerOf(a[first]) != 0 && integerOf(b[first]) != 0;
    if (rule.name == "cost") {
        const bool logged = integerOf(a[first + 1]) == stored(model::CostSource::Logged)
                            && integerOf(b[first + 1]) == stored(model::CostSource::Logged);
        const double one = numberOf(a[first]);
        const double other = numberOf(b[first]);
        return logged && std::abs(one - other) > kCostTolerance * std::max(one, other);
    }
    return true;
}

bool knowsOutcome(const Witness &witness)
{
    const Cell &cell = witness.cells[kOutcomeColumn];
    return !std::holds_alternative<std::monostate>(cell) && integerOf(cell) != stored(model::Outcome::Unknown);
}

/// Whether it is an event log without an end, of which another witness saw the end come later: its last event is no
/// more than the earliest time at which the application can have ended.
bool isOutlived(const Witness &witness, std::span<const Witness> witnesses)
{
    if (witness.standing != Standing::EventLog || witness.sawItsEnd || knowsOutcome(witness))
        return false;
    return std::any_of(witnesses.begin(), witnesses.end(), [&](const Witness &other) {
        return knowsOutcome(other) && integerOf(other.cells[kEndedColumn]) > integerOf(witness.cells[kEndedColumn]);
    });
}

bool isBelievedOver(const FactRule &rule, const Witness &a, const Witness &b, std::span<const Witness> witnesses)
{
    // Kinds of cost are numbered best first. The source's number decides only between two of one path.
    const auto rank = [&](const Witness &w) {
        const std::int64_t kind = rule.name == "cost" ? integerOf(w.cells[rule.first + 1]) : 0;
        const bool last = rule.name == "times" && isOutlived(w, witnesses);
        return std::tuple(kind, last ? 0 : -belief(rule.believed, w.standing), knowsOutcome(w) ? 0 : 1,
                          -integerOf(w.cells[kEndedColumn]), std::string_view(w.path), w.source);
    };
    return rank(a) < rank(b);
}

/// Those who speak of a fact, the most believed first.
std::vector<std::size_t> speakersOf(const FactRule &rule, std::span<const Witness> witnesses)
{
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < witnesses.size(); ++i) {
        if (!isSilent(rule, witnesses[i].cells))
            out.push_back(i);
    }
    std::sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) {
        return isBelievedOver(rule, witnesses[a], witnesses[b], witnesses);
    });
    return out;
}

void uniteConfigs(const FactRule &rule, std::span<const Witness> witnesses, std::span<const std::size_t> speakers,
                  Reconciled &out)
{
    std::map<std::string_view, std::size_t> saidBy;
    for (const std::size_t at : speakers) {
        int listed = 0;
        for (const auto &[property, value] : witnesses[at].config) {
            const auto [kept, fresh] = out.config.emplace(property, value);
            if (fresh)
                saidBy.emplace(property, at);
            else if (!sameSetting(kept->second, value) && ++listed <= kMostConfigConflicts)
                out.differences.push_back({&rule, property, saidBy.at(property), at});
        }
    }
}

/// Logs name an attempt by what they know, schedulers by what it is: one of two names would be lost without a word.
bool namesAnother(const FactRule &rule, const Witness &believed, const Witness &other)
{
    return rule.name == "identity" && believed.standing == Standing::Scheduler && other.standing == Standing::Scheduler
           && !sameFact(rule, believed.cells, other.cells);
}

bool endsElsewhere(const FactRule &rule, const Witness &believed, const Witness &other,
                   std::span<const Witness> witnesses)
{
    return rule.name == "times" && isOutlived(other, witnesses)
           && integerOf(believed.cells[kEndedColumn]) - integerOf(other.cells[kEndedColumn]) > kEndToleranceMs;
}

/// What an event log without an end counted up to its last event is taken to have gone on at the same rate until the
/// end: seconds of cores and memory, and the cost, which is linear in either.
void goOnToTheEnd(std::span<const Witness> witnesses, Reconciled &out)
{
    const std::span<const FactRule> rules = factRules();
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const FactRule &rule = rules[i];
        const bool grows = rule.name == "vcore_seconds" || rule.name == "memory_gb_seconds" || rule.name == "cost";
        if (!grows || !out.owners[i] || !isOutlived(witnesses[*out.owners[i]], witnesses))
            continue;
        const Cells &said = witnesses[*out.owners[i]].cells;
        const auto lasted = static_cast<double>(integerOf(said[kEndedColumn]) - integerOf(said[kStartedColumn]));
        const auto whole = static_cast<double>(integerOf(out.cells[kEndedColumn]) - integerOf(said[kStartedColumn]));
        if (lasted > 0.0 && whole > lasted)
            out.cells[rule.first] = numberOf(said[rule.first]) * whole / lasted;
    }
}

std::string unitedMetrics(std::span<const Witness> witnesses, std::span<const std::size_t> speakers, std::size_t column)
{
    model::Metrics kept;
    for (const std::size_t at : speakers)
        kept.merge(metricsFromText(textOf(witnesses[at].cells[column])));
    return metricsText(kept);
}

} // namespace

std::int64_t integerOf(const Cell &cell)
{
    const auto *number = std::get_if<std::int64_t>(&cell);
    return number != nullptr ? *number : 0;
}

double numberOf(const Cell &cell)
{
    const auto *real = std::get_if<double>(&cell);
    return real != nullptr ? *real : static_cast<double>(integerOf(cell));
}

std::string_view textOf(const Cell &cell)
{
    const auto *text = std::get_if<std::string>(&cell);
    return text != nullptr ? std::string_view(*text) : std::string_view();
}

Reconciled reconcile(std::span<const Witness> witnesses)
{
    Reconciled out;
    // What nobody speaks of keeps the column's own word for it: an unknown outcome, no trigger.
    if (!witnesses.empty())
        out.cells = witnesses.front().cells;
    for (const FactRule &rule : factRules()) {
        const std::vector<std::size_t> speakers = speakersOf(rule, witnesses);
        out.owners.push_back(speakers.empty() ? std::nullopt : std::optional(speakers.front()));
        if (speakers.empty())
            continue;
        const Witness &believed = witnesses[speakers.front()];
        for (std::size_t i = rule.first; i < rule.first + rule.columns; ++i)
            out.cells[i] = believed.cells[i];
        if (rule.name == "config") {
            uniteConfigs(rule, witnesses, speakers, out);
            continue;
        }
        if (rule.name == "metrics") {
            if (speakers.size() > 1)
                out.cells[rule.first] = unitedMetrics(witnesses, speakers, rule.first);
            continue;
        }
        for (const std::size_t other : std::span(speakers).subspan(1)) {
            const Witness &differing = witnesses[other];
            if ((rule.listed && contradicts(rule, believed.cells, differing.cells))
                || namesAnother(rule, believed, differing) || endsElsewhere(rule, believed, differing, witnesses))
                out.differences.push_back({&rule, {}, speakers.front(), other});
        }
    }
    goOnToTheEnd(witnesses, out);
    return out;
}

void standInFor(Witness &newer, const Witness &older)
{
    for (const FactRule &rule : factRules()) {
        if (isSilent(rule, older.cells))
            continue;
        if (rule.name == "metrics" && !isSilent(rule, newer.cells)) {
            model::Metrics metrics = metricsFromText(textOf(newer.cells[rule.first]));
            metrics.merge(metricsFromText(textOf(older.cells[rule.first])));
            newer.cells[rule.first] = metricsText(metrics);
        } else if (isSilent(rule, newer.cells)) {
            for (std::size_t i = rule.first; i < rule.first + rule.columns; ++i)
                newer.cells[i] = older.cells[i];
        }
    }
    newer.config.insert(older.config.begin(), older.config.end());
}

} // namespace mulligan::store
