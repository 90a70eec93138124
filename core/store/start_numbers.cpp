#include "store/start_numbers.hpp"

#include <algorithm>

namespace mulligan::store
{

namespace
{

// A profile that takes the number from somewhere has a field for it.
constexpr const char *kRows =
    "SELECT a.id, a.attempt, a.started_ms, "
    "s.id = ?3 OR (s.mapping <> '' AND instr(s.mapping, char(10) || '  attempt:') = 0), "
    "s.id = ?3 OR EXISTS (SELECT 1 FROM witness w WHERE w.attempt_id = a.id AND w.source_id = ?3) "
    "FROM attempt a JOIN source s ON s.id = a.source_id WHERE a.job_id = ?1 AND a.run = ?2 ORDER BY a.attempt";

/// A run of so many attempts is remembered: looking it up for each record would take their square.
constexpr std::size_t kManyAttempts = 32;

} // namespace

base::Result<void> StartNumbers::prepare(const sqlite::Connection &connection, std::int64_t source)
{
    m_connection = &connection;
    m_source = source;
    MULLIGAN_TRY(m_rows, connection.prepare(kRows));
    return {};
}

base::Result<std::vector<StartNumbers::Row>> StartNumbers::rowsOf(std::int64_t job, std::string_view run)
{
    m_rows.bind(1, job);
    m_rows.bind(2, run);
    m_rows.bind(3, m_source);
    std::vector<Row> rows;
    for (;;) {
        MULLIGAN_TRY(const bool more, m_rows.step());
        if (!more)
            break;
        rows.push_back({m_rows.integer(0), static_cast<int>(m_rows.integer(1)), m_rows.integer(2),
                        m_rows.integer(3) != 0, m_rows.integer(4) != 0});
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
        known.taken.emplace(row.number, row.byStart);
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
    if (taken != known.taken.end() && !taken->second)
        return record.attempt;
    const int number = taken == known.taken.end() ? record.attempt : known.last + 1;
    if (!known.taken.empty() && (record.startedAt.ms < known.latestMs || number < known.last))
        m_late.emplace(job, record.run);
    known.taken.emplace(number, true);
    known.last = std::max(known.last, number);
    known.latestMs = std::max(known.latestMs, record.startedAt.ms);
    return number;
}

base::Result<void> StartNumbers::bringInOrder()
{
    for (const auto &[job, run] : m_late) {
        MULLIGAN_TRY(std::vector<Row> rows, rowsOf(job, run));
        const auto earlier = [](const Row &a, const Row &b) { return a.startMs < b.startMs; };
        const bool all = std::all_of(rows.begin(), rows.end(), [](const Row &row) { return row.byStart; });
        if (!all || std::is_sorted(rows.begin(), rows.end(), earlier))
            continue;
        std::stable_sort(rows.begin(), rows.end(), earlier);
        MULLIGAN_CHECK(renumber(rows));
    }
    return {};
}

/// Job, run and number are unique at every moment, so all first get numbers that no attempt has.
base::Result<void> StartNumbers::renumber(const std::vector<Row> &inOrder)
{
    MULLIGAN_TRY(auto row, m_connection->prepare("UPDATE attempt SET attempt = ?1, changed_source = ?2 WHERE id = ?3"));
    MULLIGAN_TRY(auto said, m_connection->prepare("UPDATE witness SET attempt = ?1 WHERE attempt_id = ?2 AND "
                                                  "(job_id, run) = (SELECT job_id, run FROM attempt WHERE id = ?2)"));
    for (const int sign : {-1, 1}) {
        for (std::size_t i = 0; i < inOrder.size(); ++i) {
            const int number = sign * static_cast<int>(i + 1);
            row.bind(1, number);
            row.bind(2, m_source);
            row.bind(3, inOrder[i].id);
            MULLIGAN_CHECK(row.run());
            said.bind(1, number);
            said.bind(2, inOrder[i].id);
            MULLIGAN_CHECK(said.run());
        }
    }
    return {};
}

} // namespace mulligan::store
