#pragma once

#include "base/result.hpp"
#include "model/attempt.hpp"
#include "sqlite/connection.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mulligan::store
{

/// Numbers the attempts of a source that gives none, by their start within job and run: among all that are there, so
/// that retries which come in several exports stay apart. Within the caller's transaction. One thread.
class StartNumbers
{
public:
    [[nodiscard]] base::Result<void> prepare(const sqlite::Connection &connection, std::int64_t source);
    /// Number under which a record is to be stored, whose own is that among its source's records: the number of the
    /// attempt that started when it did; else its own, where that is free or of a source that numbers by itself; else a
    /// new one. Cost: that of looking at a few rows, however many a run has.
    [[nodiscard]] base::Result<int> numberOf(const model::Attempt &record, std::int64_t job);
    /// At the end of the source: runs of which all attempts are numbered by their start are numbered anew where one
    /// came late.
    [[nodiscard]] base::Result<void> bringInOrder();

private:
    using Run = std::pair<std::int64_t, std::string>; ///< id of the job, and the run's name
    struct Row {
        std::int64_t id = 0;
        int number = 0;
        std::int64_t startMs = 0;
        bool byStart = false; ///< its source gives no numbers
        bool own = false;     ///< this source has spoken of it
    };
    /// What is known of a run's attempts.
    struct Known {
        std::unordered_map<std::int64_t, int> others; ///< numbers of those that others spoke of alone, by start
        std::unordered_map<int, bool> taken;          ///< numbers, and whether they go by the start
        int last = 0;
        std::int64_t latestMs = INT64_MIN;
    };
    [[nodiscard]] base::Result<std::vector<Row>> rowsOf(std::int64_t job, std::string_view run);
    [[nodiscard]] static Known knownOf(const std::vector<Row> &rows);
    [[nodiscard]] int assign(Known &known, const model::Attempt &record, std::int64_t job);
    [[nodiscard]] base::Result<void> renumber(const std::vector<Row> &inOrder);

    const sqlite::Connection *m_connection = nullptr;
    std::int64_t m_source = 0;
    sqlite::Statement m_rows;
    std::map<Run, Known> m_large; ///< runs of so many attempts that they are not looked up for each record
    std::set<Run> m_late;         ///< runs of which an attempt came that started before another
};

} // namespace mulligan::store
