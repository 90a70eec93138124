#include "store/start_numbers.hpp"

#include <algorithm>

namespace mulligan::store
{

namespace
{

// A profile that takes the number from somewhere has a field for it.
constexpr const char *kRows =
    "SELECT a.id, a.attempt, a.started_ms, s.id = ?3 OR (s.mapping <> '' AND instr(s.mapping, char(10) || '  "
    "attempt:') "
    "= 0), s.id = ?3 OR EXISTS (SELECT 1 FROM witness w WHERE w.attempt_id = a.id AND w.source_id = ?3) "
    "FROM attempt a JOIN source s ON s.id = a.source_id WHERE a.job_id = ?1 AND a.run = ?2 ORDER BY a.attempt";

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

base::Result<int> StartNumbers::numberOf(const model::Attempt &record, std::int64_t job)
{
    MULLIGAN_TRY(const std::vector<Row> rows, rowsOf(job, record.run));
    const bool others = std::any_of(rows.begin(), rows.end(), [](const Row &row) { return !row.own; });
    if (others)
        m_touched.emplace(job, record.run);
    for (const Row &row : rows) {
        if (!row.own && row.startMs == record.startedAt.ms)
            return row.number;
    }
    const auto taken =
        std::find_if(rows.begin(), rows.end(), [&](const Row &row) { return row.number == record.attempt; });
    if (taken == rows.end() || !taken->byStart)
        return record.attempt;
    return rows.back().number + 1;
}

base::Result<void> StartNumbers::bringInOrder()
{
    for (const auto &[job, run] : m_touched) {
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
    for (const int sign : {-1, 1}) {
        for (std::size_t i = 0; i < inOrder.size(); ++i) {
            const std::string number = std::to_string(sign * static_cast<int>(i + 1));
            const std::string id = std::to_string(inOrder[i].id);
            MULLIGAN_CHECK(m_connection->run("UPDATE attempt SET attempt = " + number
                                             + ", changed_source = " + std::to_string(m_source) + " WHERE id = " + id));
            MULLIGAN_CHECK(m_connection->run("UPDATE witness SET attempt = " + number + " WHERE attempt_id = " + id
                                             + " AND (job_id, run) = (SELECT job_id, run FROM attempt WHERE id = " + id
                                             + ")"));
        }
    }
    return {};
}

} // namespace mulligan::store
