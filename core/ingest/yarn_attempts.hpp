#pragma once

#include "ingest/log_ids.hpp"
#include "ingest/log_reading.hpp"
#include "model/attempt.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// The log of a container that is not its application's master, of which only failures are kept.
class YarnWorkerLog
{
public:
    void take(std::string_view raw);
    [[nodiscard]] const LogFacts &facts() { return m_finder.facts(); }
    [[nodiscard]] const std::string &failures() const { return m_failures; } ///< their lines, at most 64 KiB

private:
    LogRecords m_records;
    LogFinder m_finder;
    std::string m_failures;
    bool m_asked = false; ///< the record says that somebody ended the executor, which is how all of them end
};

/// One attempt of an application on YARN, put together from the logs of its containers: the master's (in cluster mode
/// the driver's) tells how it ended, what failed in the others follows it.
class YarnAttempt
{
public:
    /// `line`: 1-based, where its first container's header stands.
    YarnAttempt(LogApplication application, std::uint64_t line)
        : m_application(std::move(application)), m_line(line), m_master(kMasterBytes)
    {
    }

    [[nodiscard]] const LogApplication &application() const { return m_application; }
    [[nodiscard]] std::uint64_t line() const { return m_line; }
    /// A line of content of one of its containers' files.
    void take(const LogContainer &container, std::string_view host, std::string_view logType, std::string_view line);
    /// The facts of the whole, with the times of the master or, without it, of all. No more lines after it.
    [[nodiscard]] LogFacts &settle();
    [[nodiscard]] model::Attempt build(std::string_view path);

private:
    static constexpr std::size_t kMasterBytes = 3u << 20;
    static constexpr std::size_t kWorkersBytes = 1u << 20;
    void fold();
    void takeScript(std::string_view line);

    LogApplication m_application;
    std::uint64_t m_line;
    LogReading m_master;
    std::unique_ptr<YarnWorkerLog> m_worker; ///< of the container being read
    std::string m_workerName;
    std::string m_failures; ///< of all other containers, each below its name
    std::string m_user;
    std::optional<base::Instant> m_first; ///< of the other containers
    std::optional<base::Instant> m_last;
    std::uint64_t m_workerRecords = 0;
    bool m_unzoned = false;
};

} // namespace mulligan::ingest
