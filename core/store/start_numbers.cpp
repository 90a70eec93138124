#include "store/start_numbers.hpp"

#include <algorithm>
#include <string>

namespace mulligan::store
{

namespace
{

// A profile that takes the number from somewhere has a field for it. ?3 is the source being written, ?4 whether it is
// one that gives no numbers; its profile is not noted yet.
constexpr std::string_view kGivesNone = "(CASE WHEN s.id = ?3 THEN ?4 ELSE s.mapping <> '' AND instr(s.mapping, "
                                        "char(10) || '  attempt:') = 0 END)";

std::string rowsQuery()
{
    const std::string givesNone(kGivesNone);
    return "SELECT a.id, a.attempt, a.started_ms, a.ended_ms, " + givesNone
           + " AND NOT EXISTS (SELECT 1 FROM witness w JOIN source s ON s.id = w.source_id WHERE w.attempt_id = a.id "
             "AND w.job_id = ?1 AND w.run = ?2 AND NOT "
           + givesNone
           + "), s.id = ?3 OR EXISTS (SELECT 1 FROM witness w WHERE w.attempt_id = a.id AND w.source_id = ?3) "
             "FROM attempt a JOIN source s ON s.id = a.source_id WHERE a.job_id = ?1 AND a.run = ?2 ORDER BY a.attempt";
}

/// A run of so many attempts is remembered: looking it up for each record would take their square.
constexpr std::size_t kManyAttempts = 32;

/// Attempts of one run follow one another.
bool overlap(const model::Attempt &record, std::int64_t startMs, std::int64_t endMs)
{
    return record.startedAt.ms <= endMs && startMs <= record.endedAt.ms;
}

} // namespace

base::Result<void> StartNumbers::prepare(const sqlite::Connection &connection, std::int64_t source, bool numbersByStart)
{
    m_connection = &connection;
    m_source = source;
    m_numbersByStart = numbersByStart;
    MULLIGAN_TRY(m_rows, connection.prepare(rowsQuery()));
    MULLIGAN_TRY(auto others, connection.prepare("SELECT EXISTS (SELECT 1 FROM source s WHERE s.id <> ?3 AND "
                                                 + std::string(kGivesNone) + ")"));
    others.bind(3, source);
    others.bind(4, 0);
    MULLIGAN_TRY(const bool row, others.step());
    m_othersDo = row && others.integer(0) != 0;
    return {};
}

base::Result<std::vector<StartNumbers::Row>> StartNumbers::rowsOf(std::int64_t job, std::string_view run)
{
    m_rows.bind(1, job);
    m_rows.bind(2, run);
    m_rows.bind(3, m_source);
    m_rows.bind(4, m_numbersByStart ? 1 : 0);
    std::vector<Row> rows;
    for (;;) {
        MULLIGAN_TRY(const bool more, m_rows.step());
        if (!more)
            break;
        rows.push_back({m_rows.integer(0), static_cast<int>(m_rows.integer(1)), m_rows.integer(2), m_rows.integer(3),
                        m_rows.integer(4) != 0, m_rows.integer(5) != 0});
    }
    m_rows.reset();
    return rows;
}

StartNumbers::Known StartNumbers::knownOf(const std::vector<Row> &rows)
{
    Known known;
    for (const Row &row : rows) {
        if (!row.own)
            known.others.emplace(row.startMs, row.number);
        known.taken.emplace(row.number, Taken{row.byStart, row.startMs, row.endMs});
        known.last = std::max(known.last, row.number);
        known.latestMs = std::max(known.latestMs, row.startMs);
    }
    return known;
}

base::Result<int> StartNumbers::numberOf(const model::Attempt &record, std::int64_t job)
{
    if (const auto large = m_large.find(Run(job, record.run)); large != m_large.end())
        return assign(large->second, record, job);
    MULLIGAN_TRY(const std::vector<Row> rows, rowsOf(job, record.run));
    Known known = knownOf(rows);
    const int number = assign(known, record, job);
    if (rows.size() >= kManyAttempts)
        m_large.emplace(Run(job, record.run), std::move(known));
    return number;
}

int StartNumbers::assign(Known &known, const model::Attempt &record, std::int64_t job)
{
    if (const auto same = known.others.find(record.startedAt.ms); same != known.others.end()) {
        const int number = same->second;
        known.others.erase(same); // another record of that start is another attempt
        return number;
    }
    const auto taken = known.taken.find(record.attempt);
    if (taken != known.taken.end() && !taken->second.byStart
        && overlap(record, taken->second.startMs, taken->second.endMs))
        return record.attempt;
    const int number = taken == known.taken.end() ? record.attempt : known.last + 1;
    if (!known.taken.empty() && (record.startedAt.ms < known.latestMs || number < known.last))
        m_late.emplace(job, record.run);
    known.taken.emplace(number, Taken{true, record.startedAt.ms, record.endedAt.ms});
    known.last = std::max(known.last, number);
    known.latestMs = std::max(known.latestMs, record.startedAt.ms);
    return number;
}

base::Result<void> StartNumbers::makeWay(const model::Attempt &record, std::int64_t job)
{
    if (!m_othersDo)
        return {};
    if (const auto large = m_largeRows.find(Run(job, record.run)); large != m_largeRows.end())
        return makeWayIn(large->second, record, job);
    MULLIGAN_TRY(std::vector<Row> rows, rowsOf(job, record.run));
    MULLIGAN_CHECK(makeWayIn(rows, record, job));
    if (rows.size() >= kManyAttempts)
        m_largeRows.emplace(Run(job, record.run), std::move(rows));
    return {};
}

base::Result<void> StartNumbers::makeWayIn(std::vector<Row> &rows, const model::Attempt &record, std::int64_t job)
{
    const auto holder =
        std::find_if(rows.begin(), rows.end(), [&](const Row &row) { return row.number == record.attempt; });
    const bool held = holder != rows.end();
    const auto same = std::find_if(rows.begin(), rows.end(),
                                   [&](const Row &row) { return row.byStart && row.startMs == record.startedAt.ms; });
    const bool known = same != rows.end();
    if (held && (!holder->byStart || same == holder || (!known && overlap(record, holder->startMs, holder->endMs)))) {
        holder->byStart = false;
        return {};
    }
    // What is about to be stored under its number is no longer free, as long as the rows are remembered.
    const Row added{0, record.attempt, record.startedAt.ms, record.endedAt.ms, false, true};
    if (!held && !known) {
        rows.push_back(added);
        return {};
    }
    Numbers moved;
    if (known)
        moved.emplace_back(same->id, record.attempt);
    if (held) {
        int last = record.attempt;
        for (const Row &row : rows)
            last = std::max(last, row.number);
        holder->number = known ? same->number : last + 1;
        moved.emplace_back(holder->id, holder->number);
    }
    if (known) {
        same->number = record.attempt;
        same->byStart = false;
    } else {
        rows.push_back(added);
    }
    m_late.emplace(job, record.run);
    return renumber(moved);
}

base::Result<void> StartNumbers::bringInOrder()
{
    for (const auto &[job, run] : m_late) {
        MULLIGAN_TRY(std::vector<Row> rows, rowsOf(job, run));
        std::set<int> given;
        for (const Row &row : rows)
            if (!row.byStart)
                given.insert(row.number);
        std::erase_if(rows, [](const Row &row) { return !row.byStart; });
        std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) { return a.startMs < b.startMs; });
        Numbers moved;
        int number = 0;
        for (const Row &row : rows) {
            while (given.contains(++number)) {
            }
            if (row.number != number)
                moved.emplace_back(row.id, number);
        }
        MULLIGAN_CHECK(renumber(moved));
    }
    return {};
}

/// Job, run and number are unique at every moment, so all first get numbers that no attempt has.
base::Result<void> StartNumbers::renumber(const Numbers &numbers)
{
    MULLIGAN_TRY(auto row, m_connection->prepare("UPDATE attempt SET attempt = ?1, changed_source = ?2 WHERE id = ?3"));
    MULLIGAN_TRY(auto said, m_connection->prepare("UPDATE witness SET attempt = ?1 WHERE attempt_id = ?2 AND "
                                                  "(job_id, run) = (SELECT job_id, run FROM attempt WHERE id = ?2)"));
    for (const int sign : {-1, 1}) {
        for (const auto &[id, number] : numbers) {
            row.bind(1, sign * number);
            row.bind(2, m_source);
            row.bind(3, id);
            MULLIGAN_CHECK(row.run());
            said.bind(1, sign * number);
            said.bind(2, id);
            MULLIGAN_CHECK(said.run());
        }
    }
    return {};
}

} // namespace mulligan::store
