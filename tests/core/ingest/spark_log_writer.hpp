#pragma once

#include "formats/json.hpp"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ingest_test
{

using mulligan::formats::Json;

/// Writes synthetic event logs, line by line, in the words of Spark's JsonProtocol. Times are seconds after kStart.
class SparkLog
{
public:
    static constexpr std::int64_t kStart = 1'767'225'600'000; ///< 2026-01-01T00:00:00Z

    [[nodiscard]] const std::string &text() const { return m_text; }
    static std::int64_t at(double seconds) { return kStart + static_cast<std::int64_t>(seconds * 1000.0); }

    SparkLog &raw(std::string_view line)
    {
        m_text.append(line).append("\n");
        return *this;
    }
    SparkLog &event(const Json &event) { return raw(writeJson(event)); }
    static Json named(std::string_view name) { return Json::object().set("Event", name); }

    /// What stands before the first job: version, properties, start of the application.
    SparkLog &begin(std::string_view id = "app-1", std::string_view attempt = {}, std::string_view job = "orders",
                    const std::map<std::string, std::string> &properties = {})
    {
        event(named("SparkListenerLogStart").set("Spark Version", "3.5.1"));
        environment(properties);
        return applicationStart(id, attempt, job, 0.0);
    }
    SparkLog &environment(const std::map<std::string, std::string> &properties)
    {
        Json spark = Json::object();
        for (const auto &[name, value] : properties)
            spark.set(name, value);
        return event(named("SparkListenerEnvironmentUpdate")
                         .set("JVM Information", Json::object().set("Java Version", "17"))
                         .set("Spark Properties", spark));
    }
    SparkLog &applicationStart(std::string_view id, std::string_view attempt, std::string_view job, double time)
    {
        Json start = named("SparkListenerApplicationStart").set("App Name", job);
        if (!id.empty())
            start.set("App ID", id);
        start.set("Timestamp", at(time)).set("User", "ana");
        if (!attempt.empty())
            start.set("App Attempt ID", attempt);
        return event(start);
    }
    SparkLog &end(double time = 100.0, std::optional<int> exitCode = {})
    {
        Json event = named("SparkListenerApplicationEnd").set("Timestamp", at(time));
        if (exitCode)
            event.set("ExitCode", *exitCode);
        return this->event(event);
    }
    SparkLog &executor(std::string_view id, double time, int cores = 4, int profile = 0)
    {
        return event(named("SparkListenerExecutorAdded")
                         .set("Timestamp", at(time))
                         .set("Executor ID", id)
                         .set("Executor Info", Json::object()
                                                   .set("Host", "worker-1")
                                                   .set("Total Cores", cores)
                                                   .set("Resource Profile Id", profile)));
    }
    SparkLog &removed(std::string_view id, double time, std::string_view reason)
    {
        return event(named("SparkListenerExecutorRemoved")
                         .set("Timestamp", at(time))
                         .set("Executor ID", id)
                         .set("Removed Reason", reason));
    }
    SparkLog &jobStart(int job, double time, std::initializer_list<int> stages, std::optional<int> sqlExecution = {})
    {
        Json ids = Json::array();
        for (const int stage : stages)
            ids.push(stage);
        Json properties = Json::object();
        if (sqlExecution)
            properties.set("spark.sql.execution.id", std::to_string(*sqlExecution));
        return event(named("SparkListenerJobStart")
                         .set("Job ID", job)
                         .set("Submission Time", at(time))
                         .set("Stage Infos", Json::array())
                         .set("Stage IDs", ids)
                         .set("Properties", properties));
    }
    SparkLog &jobSucceeded(int job, double time)
    {
        return jobEnd(job, time, Json::object().set("Result", "JobSucceeded"));
    }
    SparkLog &jobFailed(int job, double time, std::string_view message)
    {
        return jobEnd(job, time,
                      Json::object()
                          .set("Result", "JobFailed")
                          .set("Exception", Json::object().set("Message", message).set("Stack Trace", Json::array())));
    }
    SparkLog &jobEnd(int job, double time, const Json &result)
    {
        return event(
            named("SparkListenerJobEnd").set("Job ID", job).set("Completion Time", at(time)).set("Job Result", result));
    }
    SparkLog &stage(int id, int attempt, double time, std::string_view failure = {})
    {
        Json info = Json::object()
                        .set("Stage ID", id)
                        .set("Stage Attempt ID", attempt)
                        .set("Stage Name", "save at Orders.scala:7")
                        .set("Number of Tasks", 4)
                        .set("RDD Info", Json::array())
                        .set("Completion Time", at(time));
        if (!failure.empty())
            info.set("Failure Reason", failure);
        return event(named("SparkListenerStageCompleted").set("Stage Info", info.set("Accumulables", Json::array())));
    }
    struct Task {
        int stage = 0;
        int stageAttempt = 0;
        double time = 10.0;
        std::string executor = "1";
        Json reason = Json::object().set("Reason", "Success");
        Json metrics;         ///< "Task Metrics"; null: absent
        Json executorMetrics; ///< "Task Executor Metrics"; null: absent
    };
    SparkLog &task(const Task &task)
    {
        Json event = named("SparkListenerTaskEnd")
                         .set("Stage ID", task.stage)
                         .set("Stage Attempt ID", task.stageAttempt)
                         .set("Task Type", "ResultTask")
                         .set("Task End Reason", task.reason)
                         .set("Task Info", Json::object()
                                               .set("Task ID", 9)
                                               .set("Index", 3)
                                               .set("Attempt", 1)
                                               .set("Launch Time", at(task.time - 1))
                                               .set("Executor ID", task.executor)
                                               .set("Host", "worker-1")
                                               .set("Finish Time", at(task.time))
                                               .set("Failed", true)
                                               .set("Accumulables", Json::array()));
        if (!task.executorMetrics.isNull())
            event.set("Task Executor Metrics", task.executorMetrics);
        if (!task.metrics.isNull())
            event.set("Task Metrics", task.metrics);
        return this->event(event);
    }
    SparkLog &taskFailed(int stage, int stageAttempt, double time, const Json &reason)
    {
        Task failed;
        failed.stage = stage;
        failed.stageAttempt = stageAttempt;
        failed.time = time;
        failed.reason = reason;
        return task(failed);
    }
    SparkLog &sqlStart(int id, double time, std::string_view description = "insert into orders")
    {
        return event(named("org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart")
                         .set("executionId", id)
                         .set("description", description)
                         .set("details", "")
                         .set("physicalPlanDescription", "== Physical Plan ==")
                         .set("time", at(time)));
    }
    /// As Spark 3.4 and later write it; a root names itself.
    SparkLog &nestedSqlStart(int id, int root, double time)
    {
        return event(named("org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart")
                         .set("executionId", id)
                         .set("rootExecutionId", root)
                         .set("description", "insert into orders")
                         .set("time", at(time)));
    }
    SparkLog &sqlEnd(int id, double time, std::optional<std::string> error = {})
    {
        Json event = named("org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd")
                         .set("executionId", id)
                         .set("time", at(time));
        if (error)
            event.set("errorMessage", *error);
        return this->event(event);
    }

    static Json exception(std::string_view className, std::string_view description, std::string_view trace)
    {
        return Json::object()
            .set("Reason", "ExceptionFailure")
            .set("Class Name", className)
            .set("Description", description)
            .set("Stack Trace", Json::array())
            .set("Full Stack Trace", trace)
            .set("Accumulator Updates", Json::array());
    }
    static Json executorLost(std::string_view executor, std::string_view reason, bool causedByApp = true)
    {
        return Json::object()
            .set("Reason", "ExecutorLostFailure")
            .set("Executor ID", executor)
            .set("Exit Caused By App", causedByApp)
            .set("Loss Reason", reason);
    }
    static Json fetchFailed(std::string_view message, bool withAddress = true)
    {
        Json address;
        if (withAddress)
            address.set("Executor ID", "2").set("Host", "worker-2").set("Port", 7337);
        return Json::object()
            .set("Reason", "FetchFailed")
            .set("Block Manager Address", address)
            .set("Shuffle ID", 5)
            .set("Map ID", 71)
            .set("Map Index", 11)
            .set("Reduce ID", 3)
            .set("Message", message);
    }

private:
    std::string m_text;
};

/// A log of Spark 1.2: no log start, no ids, "Metrics" in the failure, no full trace, no executor metrics.
inline std::string oldLog()
{
    return R"({"Event":"SparkListenerBlockManagerAdded","Block Manager ID":{"Executor ID":"<driver>","Host":"localhost","Port":5},"Maximum Memory":9}
{"Event":"SparkListenerEnvironmentUpdate","JVM Information":{},"Spark Properties":{"spark.app.name":"old one","spark.master":"local[2]"},"System Properties":{},"Classpath Entries":{}}
{"Event":"SparkListenerApplicationStart","App Name":"old one","Timestamp":1420070400000,"User":"ben"}
{"Event":"SparkListenerJobStart","Job ID":0,"Stage IDs":[0]}
{"Event":"SparkListenerTaskEnd","Stage ID":0,"Task Type":"ResultTask","Task End Reason":{"Reason":"ExceptionFailure","Class Name":"java.lang.RuntimeException","Description":"three","Stack Trace":[{"Declaring Class":"old.Job","Method Name":"apply","File Name":"Job.scala","Line Number":18},{"Declaring Class":"old.Gen","Method Name":"run","File Name":null,"Line Number":-1}],"Metrics":{"Host Name":"localhost","Executor Run Time":5}},"Task Info":{"Task ID":3,"Index":3,"Launch Time":1420070401000,"Executor ID":"driver","Host":"localhost","Locality":"PROCESS_LOCAL","Getting Result Time":0,"Finish Time":1420070402000,"Failed":true,"Accumulables":[]}}
{"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":0,"Stage Name":"count","Number of Tasks":8,"RDD Info":[],"Failure Reason":"Job aborted due to stage failure: Task 3 in stage 0.0 failed 1 times"}}
{"Event":"SparkListenerJobEnd","Job ID":0,"Job Result":{"Result":"JobFailed","Exception":{"Message":"Job aborted due to stage failure: Task 3 in stage 0.0 failed 1 times","Stack Trace":[]}}}
{"Event":"SparkListenerApplicationEnd","Timestamp":1420070410000}
)";
}

} // namespace ingest_test
