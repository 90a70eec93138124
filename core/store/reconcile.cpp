#include "store/reconcile.hpp"

#include "base/units.hpp"
#include "store/attempt_columns.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
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
constexpr std::size_t kAttemptColumn = 2;
constexpr std::size_t kStartedColumn = 3;
constexpr std::size_t kEndedColumn = 4;
constexpr std::size_t kOutcomeColumn = 5;
constexpr std::size_t kApplicationAttemptColumn = 12;
constexpr std::size_t kMetricsColumn = 18;
static_assert(kFactColumns[kAttemptColumn] == "attempt" && kFactColumns[kEndedColumn] == "ended_ms"
              && kFactColumns[kOutcomeColumn] == "outcome"
              && kFactColumns[kApplicationAttemptColumn] == "application_attempt"
              && kFactColumns[kMetricsColumn] == "metrics");

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

bool failed(const Cells &cells)
{
    const Cell &cell = cells[kOutcomeColumn];
    return cell == Cell(std::int64_t(stored(model::Outcome::Failed)))
           || cell == Cell(std::int64_t(stored(model::Outcome::Killed)));
}

bool succeeded(const Cells &cells)
{
    return cells[kOutcomeColumn] == Cell(std::int64_t(stored(model::Outcome::Succeeded)));
}

bool tellsOfFailure(const FactRule &rule)
{
    return rule.name == "text" || rule.name == "exit_code";
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

/// Which of its application's attempts a log is of; 0: none, or it does not say.
std::int64_t applicationAttemptOf(const Witness &witness)
{
    if (witness.standing == Standing::Scheduler)
        return 0;
    return integerOf(
        witness.cells[witness.standing == Standing::EventLog ? kApplicationAttemptColumn : kAttemptColumn]);
}

/// Whether the log of a later attempt of the application saw it fail: a resource manager attempted it again by itself,
/// and how the last of these attempts failed is how the whole did.
bool isFollowed(const Witness &witness, std::span<const Witness> witnesses)
{
    const std::int64_t own = applicationAttemptOf(witness);
    return own > 0 && std::any_of(witnesses.begin(), witnesses.end(), [&](const Witness &other) {
               return applicationAttemptOf(other) > own && failed(other.cells)
                      && integerOf(other.cells[kEndedColumn]) > integerOf(witness.cells[kEndedColumn]);
           });
}

bool isBelievedOver(const FactRule &rule, const Witness &a, const Witness &b, std::span<const Witness> witnesses)
{
    // Kinds of cost are numbered best first. The source's number decides only between two of one path.
    const auto rank = [&](const Witness &w) {
        const std::int64_t kind = rule.name == "cost" ? integerOf(w.cells[rule.first + 1]) : 0;
        const bool last =
            (rule.name == "times" && isOutlived(w, witnesses)) || (tellsOfFailure(rule) && isFollowed(w, witnesses));
        return std::tuple(kind, last ? 0 : -belief(rule.believed, w.standing), knowsOutcome(w) ? 0 : 1,
                          -integerOf(w.cells[kEndedColumn]), std::string_view(w.path), w.source);
    };
    return rank(a) < rank(b);
}

/// Those who speak of a fact, the most believed first. Where the attempt is believed to have succeeded, one that saw it
/// fail is not heard about the failure.
std::vector<std::size_t> speakersOf(const FactRule &rule, std::span<const Witness> witnesses, const Cells &believed)
{
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < witnesses.size(); ++i) {
        const Cells &cells = witnesses[i].cells;
        const bool denied = tellsOfFailure(rule) && succeeded(believed) && failed(cells);
        if (!denied && !isSilent(rule, cells))
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

bool growsWithTime(const FactRule &rule)
{
    return rule.name == "vcore_seconds" || rule.name == "memory_gb_seconds" || rule.name == "cost";
}

/// What was used up to the last event, lengthened at the same rate to an end that came later.
double goneOn(const FactRule &rule, const Cells &said, std::int64_t endMs)
{
    const auto lasted = static_cast<double>(integerOf(said[kEndedColumn]) - integerOf(said[kStartedColumn]));
    const auto whole = static_cast<double>(endMs - integerOf(said[kStartedColumn]));
    const double used = numberOf(said[rule.first]);
    return lasted > 0.0 && whole > lasted ? used * whole / lasted : used;
}

/// What an event log without an end counted up to its last event is taken to have gone on at the same rate until the
/// end: seconds of cores and memory, and the cost, which is linear in either.
void goOnToTheEnd(std::span<const Witness> witnesses, Reconciled &out)
{
    const std::span<const FactRule> rules = factRules();
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const FactRule &rule = rules[i];
        if (!growsWithTime(rule) || !out.owners[i] || !isOutlived(witnesses[*out.owners[i]], witnesses))
            continue;
        out.cells[rule.first] = goneOn(rule, witnesses[*out.owners[i]].cells, integerOf(out.cells[kEndedColumn]));
    }
}

bool isIncomplete(const Cells &cells)
{
    return metricsFromText(textOf(cells[kMetricsColumn])).contains(std::string(model::metric::kHistoryIncomplete));
}

/// Spark deletes events of long running applications: what had been counted from them is kept, and what the attempt has
/// used since is taken to go on at the same rate.
void keepWhatWasCounted(Cells &newer, const Cells &older)
{
    newer[kMetricsColumn] = older[kMetricsColumn];
    const auto lasted = static_cast<double>(integerOf(older[kEndedColumn]) - integerOf(older[kStartedColumn]));
    const auto lasts = static_cast<double>(integerOf(newer[kEndedColumn]) - integerOf(newer[kStartedColumn]));
    const double growth = lasted > 0.0 ? std::max(1.0, lasts / lasted) : 1.0;
    for (const FactRule &rule : factRules()) {
        if (!growsWithTime(rule) || isSilent(rule, older))
            continue;
        std::copy_n(older.begin() + static_cast<std::ptrdiff_t>(rule.first), rule.columns,
                    newer.begin() + static_cast<std::ptrdiff_t>(rule.first));
        newer[rule.first] = numberOf(older[rule.first]) * growth;
    }
}

/// Of an attempt whose application the resource manager attempted again by itself, each of these was counted alone: the
/// most believed of each number.
void addUpApplicationAttempts(std::span<const Witness> witnesses, Reconciled &out)
{
    const std::span<const FactRule> rules = factRules();
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const FactRule &rule = rules[i];
        if (!growsWithTime(rule) || !out.owners[i] || witnesses[*out.owners[i]].standing != Standing::EventLog)
            continue;
        std::set<std::int64_t> counted{integerOf(witnesses[*out.owners[i]].cells[kApplicationAttemptColumn])};
        for (const std::size_t at : speakersOf(rule, witnesses, out.cells)) {
            const Witness &witness = witnesses[at];
            const bool alike =
                rule.name != "cost" || witness.cells[rule.first + 1] == witnesses[*out.owners[i]].cells[rule.first + 1];
            if (witness.standing == Standing::EventLog && alike
                && counted.insert(integerOf(witness.cells[kApplicationAttemptColumn])).second)
                out.cells[rule.first] =
                    numberOf(out.cells[rule.first])
                    + (isOutlived(witness, witnesses) ? goneOn(rule, witness.cells, integerOf(out.cells[kEndedColumn]))
                                                      : numberOf(witness.cells[rule.first]));
        }
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
        const std::vector<std::size_t> speakers = speakersOf(rule, witnesses, out.cells);
        out.owners.push_back(speakers.empty() ? std::nullopt : std::optional(speakers.front()));
        if (speakers.empty()) {
            if (tellsOfFailure(rule))
                std::fill_n(out.cells.begin() + static_cast<std::ptrdiff_t>(rule.first), rule.columns, Cell());
            continue;
        }
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
    addUpApplicationAttempts(witnesses, out);
    return out;
}

void keepCounts(Witness &newer, const Witness &older)
{
    if (isIncomplete(newer.cells) && !isIncomplete(older.cells))
        keepWhatWasCounted(newer.cells, older.cells);
}

void standInFor(Witness &newer, const Witness &older)
{
    keepCounts(newer, older);
    for (const FactRule &rule : factRules()) {
        // What an older version told of a failure that was none in the end is not known any more.
        const bool overcome = tellsOfFailure(rule) && succeeded(newer.cells) && !succeeded(older.cells);
        if (overcome || isSilent(rule, older.cells))
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

void goOnWith(Witness &witness, Witness other)
{
    if (integerOf(other.cells[kEndedColumn]) > integerOf(witness.cells[kEndedColumn]))
        std::swap(witness, other);
    const std::int64_t start =
        std::min(integerOf(witness.cells[kStartedColumn]), integerOf(other.cells[kStartedColumn]));
    standInFor(witness, other);
    witness.cells[kStartedColumn] = start;
}

} // namespace mulligan::store
