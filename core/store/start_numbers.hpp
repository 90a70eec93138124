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

/// Numbers the attempts of sources that give none, by their start within job and run: among all that are there, so that
/// retries which come in several exports stay apart. A number that another source gives stays its attempt's, whichever
/// came first. Within the caller's transaction. One thread.
class StartNumbers
{
public:
    /// `numbersByStart`: the source gives no numbers.
    [[nodiscard]] base::Result<void> prepare(const sqlite::Connection &connection, std::int64_t source,
                                             bool numbersByStart);
    /// Number under which a record of such a source is to be stored, whose own is that among its source's records: the
    /// number of the attempt that started when it did; else its own, where that is free or of a source that numbers by
    /// itself and whose attempt overlaps in time; else a new one. Cost: that of looking at a few rows, however many a
    /// run has.
    [[nodiscard]] base::Result<int> numberOf(const model::Attempt &record, std::int64_t job);
    /// Before a record of a source that gives numbers is looked for: an attempt that is numbered by its start gets the
    /// record's number where it started when the record did, and loses it where it is another one.
    [[nodiscard]] base::Result<void> makeWay(const model::Attempt &record, std::int64_t job);
    /// At the end of the source: where attempts came late, those that are numbered by their start get the least numbers
    /// that are free, in its order.
    [[nodiscard]] base::Result<void> bringInOrder();

private:
    using Run = std::pair<std::int64_t, std::string>; ///< id of the job, and the run's name
    struct Row {
        std::int64_t id = 0;
        int number = 0;
        std::int64_t startMs = 0;
        std::int64_t endMs = 0;
        bool byStart = false; ///< no source gives it a number
        bool own = false;     ///< this source has spoken of it
    };
    /// What is known of a number: whether it goes by the start, and when its attempt ran.
    struct Taken {
        bool byStart = false;
        std::int64_t startMs = 0;
        std::int64_t endMs = 0;
    };
    /// What is known of a run's attempts.
    struct Known {
        std::unordered_map<std::int64_t, int> others; ///< numbers of those that others spoke of alone, by start
        std::unordered_map<int, Taken> taken;         ///< by number
        int last = 0;
        std::int64_t latestMs = INT64_MIN;
    };
    using Numbers = std::vector<std::pair<std::int64_t, int>>; ///< row ids and their new numbers

    [[nodiscard]] base::Result<std::vector<Row>> rowsOf(std::int64_t job, std::string_view run);
    [[nodiscard]] static Known knownOf(const std::vector<Row> &rows);
    [[nodiscard]] int assign(Known &known, const model::Attempt &record, std::int64_t job);
    [[nodiscard]] base::Result<void> makeWayIn(std::vector<Row> &rows, const model::Attempt &record, std::int64_t job);
    [[nodiscard]] base::Result<void> renumber(const Numbers &numbers);

    const sqlite::Connection *m_connection = nullptr;
    std::int64_t m_source = 0;
    bool m_numbersByStart = false;
    bool m_othersDo = false; ///< there are other sources without numbers
    sqlite::Statement m_rows;
    // Runs of so many attempts that they are not looked up for each record.
    std::map<Run, Known> m_large;
    std::map<Run, std::vector<Row>> m_largeRows;
    std::set<Run> m_late; ///< runs of which an attempt came that started before another
};

} // namespace mulligan::store
