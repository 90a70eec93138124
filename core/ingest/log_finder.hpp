#pragma once

#include "ingest/log_facts.hpp"
#include "ingest/log_line.hpp"
#include "ingest/log_speakers.hpp"

#include <cstdint>
#include <string_view>

namespace mulligan::ingest
{

/// Gathers the facts of one process's log, line by line. Cheap on the lines that tell nothing: a record's class decides
/// what is looked for in it.
class LogFinder
{
public:
    /// Takes the next line; true when it belongs to a record that tells of a failure.
    bool take(const LogLine &line);
    [[nodiscard]] LogFacts &facts() { return m_facts; }
    [[nodiscard]] const LogFacts &facts() const { return m_facts; }

private:
    /// What the lines below a record without a header of their own are about.
    enum class Below { Nothing, Report, Reason, Pod, ExecutorLoss, Properties };

    void takeTime(const LogLine &line);
    void takeRecord(const LogLine &line);
    void takeBelow(const LogLine &line);
    void takeAnywhere(std::string_view text);
    void takeError(const LogLine &line, LogSpeaker speaker);
    void sayHookStop();

    void takeMark(std::string_view message);
    void sayContext(std::string_view message);
    void sayJobs(std::string_view message);
    void sayLoss(const LogLine &line);
    void sayYarnClient(std::string_view message);
    void sayYarnMaster(std::string_view message);
    void sayMapReduce(const LogLine &line);
    void sayMapReduceMaster(std::string_view message);
    void sayMapReduceJob(std::string_view message);
    void sayMapReduceHistory(std::string_view message);
    void sayPod(std::string_view text);
    void sayPodsApplication(std::string_view message);
    void sayProfile(std::string_view message);
    void sayUser(std::string_view message);

    void belowReport(std::string_view trimmed);
    void belowMargin(const LogLine &line);
    void endWithKill();
    void belowDescription(std::string_view trimmed);
    void setEnd(LogEnd end);
    void addReason(std::string_view text);
    void setProperty(std::string_view name, std::string_view value);
    void takeProperties(std::string_view commandLine);

    LogFacts m_facts;
    Below m_below = Below::Nothing;
    bool m_failure = false;
    bool m_inDiagnostics = false;
    bool m_logged = false; ///< the line before belongs to another logging library's error
    int m_describing = 0;  ///< lines left in which a pod's state is described
    std::uint64_t m_line = 0;
    bool m_inError = false;   ///< the record is an error of the program's own
    bool m_errorLast = false; ///< the program said nothing more behind such an error with its stack
    std::optional<base::Instant> m_errorTime;
};

} // namespace mulligan::ingest
