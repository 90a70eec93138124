#pragma once

#include "ingest/airflow_log_line.hpp"
#include "model/attempt.hpp"

namespace mulligan::ingest::airflow
{

/// What a log's last word on its task is. Waiting: it was deferred or rescheduled and goes on in the same try.
enum class Ending { Unsaid, Succeeded, Failed, Skipped, Waiting };

/// Follows the records of a log and judges how the try ended, from the messages of Airflow's own task runner.
class LogEnding
{
public:
    void take(const LogLine &record);

    [[nodiscard]] Ending how() const { return m_how; }
    /// Killed when the process was ended from outside (a signal, a zombie, a person's clearing) and did not succeed all
    /// the same; Unknown while the log does not say.
    [[nodiscard]] model::Outcome outcome() const;
    /// When the try was begun: "Starting attempt", else the first record. Nothing when no record has a time.
    [[nodiscard]] std::optional<base::Instant> start() const { return m_started ? m_started : m_first; }
    /// The time of the record that told the ending, else the last one.
    [[nodiscard]] base::Instant end() const { return m_ended ? *m_ended : m_last.value_or(base::Instant{}); }
    [[nodiscard]] std::optional<int> exitCode() const { return m_exitCode; }
    /// Whether the log is divided into groups ("::group::"). Those of Airflow 3.0 are not, and never tell of success.
    [[nodiscard]] bool hasGroups() const { return m_hasGroups; }

private:
    void settle(Ending how);
    bool takeState(std::string_view message);
    bool takeRunner(const LogLine &record);
    void takeExit(int code);
    void takeGroup(std::string_view message);

    Ending m_how = Ending::Unsaid;
    bool m_killed = false;
    bool m_hasGroups = false;
    bool m_afterwards = false; ///< the task itself is done, and what Airflow does after it has begun
    std::optional<int> m_exitCode;
    std::optional<base::Instant> m_now;
    std::optional<base::Instant> m_first;
    std::optional<base::Instant> m_last;
    std::optional<base::Instant> m_started;
    std::optional<base::Instant> m_ended;
};

/// What a message of an Airflow 1 or 2 log says of its place: "Starting attempt 2 of 4", "<TaskInstance: d.t r
/// [queued]>", "AIRFLOW_CTX_DAG_ID='d' …".
[[nodiscard]] LogPlace placeInText(std::string_view message);

} // namespace mulligan::ingest::airflow
