#include "ingest/unread_log.hpp"

#include "ingest/airflow_log_line.hpp"
#include "ingest/log_json.hpp"
#include "ingest/terminal_codes.hpp"
#include "ingest/yarn_sections.hpp"

#include <algorithm>
#include <array>

namespace mulligan::ingest
{

namespace
{

constexpr std::string_view kBeside = "a log that an attempt names in log_path is read with that attempt";

/// What `yarn logs` says where it finds none.
std::string reasonOfYarn(std::string_view head)
{
    constexpr std::array<std::string_view, 5> kRefusals{
        "Unable to get ApplicationState", "Log aggregation has not completed or is not enabled",
        "Can not find the logs for the application", "Can not find any log file matching the pattern",
        "Can not find the appOwner"};
    for (const std::string_view refusal : kRefusals) {
        if (head.find(refusal) != std::string_view::npos)
            return "it is what 'yarn logs' prints where it finds no logs ('" + std::string(refusal)
                   + "'), and holds none; run it again as the application's user, or with -appOwner, once log "
                     "aggregation is done";
    }
    if (containerHeader(head.substr(0, head.find_first_of("\r\n"))))
        return "it begins as 'yarn logs' does, with a container, but no log of one (LogType, LogContents) follows: it "
               "breaks off";
    return {};
}

} // namespace

std::string unreadLog(std::string_view head)
{
    TerminalCodes codes;
    const std::string_view line = codes.without(head.substr(0, head.find('\n')));
    const std::string beside(kBeside);
    if (line.starts_with('{')) {
        if (dockerLine(line))
            return "it is a container's log as Docker writes it (log, stream, time), but what it wraps is no log of "
                   "Spark; "
                   + beside;
        if (readJsonRecord(line))
            return "it is a log of JSON records (level, message), but none of them is of a logger of Spark's; "
                   + beside;
        return {};
    }
    if (airflow::isTextRecord(line))
        return "it is a task's log of Airflow, but nothing says which try it is of: neither its lines ('<TaskInstance: "
               "…>' with 'Starting attempt 1 of 2') nor its path (dag_id=…/run_id=…/task_id=…/attempt=1.log); import "
               "the folder of logs as Airflow lays it out. Also, "
               + beside;
    return reasonOfYarn(head);
}

} // namespace mulligan::ingest
