#pragma once

#include "../core/ingest/spark_log_writer.hpp"
#include "base/rng.hpp"

#include <string>

/// Lines of a synthetic event log in a realistic mix: tasks with all their metrics, accumulables and executor peaks,
/// stage infos, SQL plans.
namespace bench
{

namespace base = mulligan::base;
using ingest_test::Json;
using ingest_test::SparkLog;

inline Json accumulables(base::Rng &rng)
{
    Json out = Json::array();
    for (int i = 0; i < 14; ++i)
        out.push(Json::object()
                     .set("ID", i + 400)
                     .set("Name", "internal.metrics.number" + std::to_string(i))
                     .set("Update", rng.between(0, 1'000'000))
                     .set("Value", rng.between(0, 100'000'000))
                     .set("Internal", true)
                     .set("Count Failed Values", true));
    return out;
}

inline Json taskMetrics(base::Rng &rng)
{
    const auto amount = [&rng] { return rng.between(0, 50'000'000); };
    return Json::object()
        .set("Executor Deserialize Time", rng.between(0, 90))
        .set("Executor Deserialize CPU Time", amount())
        .set("Executor Run Time", rng.between(10, 9000))
        .set("Executor CPU Time", amount() * 100)
        .set("Peak Execution Memory", amount())
        .set("Result Size", rng.between(900, 9000))
        .set("JVM GC Time", rng.between(0, 300))
        .set("Result Serialization Time", 0)
        .set("Memory Bytes Spilled", 0)
        .set("Disk Bytes Spilled", 0)
        .set("Shuffle Read Metrics", Json::object()
                                         .set("Remote Blocks Fetched", rng.between(0, 90))
                                         .set("Local Blocks Fetched", rng.between(0, 90))
                                         .set("Fetch Wait Time", 0)
                                         .set("Remote Bytes Read", amount())
                                         .set("Remote Bytes Read To Disk", 0)
                                         .set("Local Bytes Read", amount())
                                         .set("Total Records Read", amount()))
        .set("Shuffle Write Metrics", Json::object()
                                          .set("Shuffle Bytes Written", amount())
                                          .set("Shuffle Write Time", amount())
                                          .set("Shuffle Records Written", amount()))
        .set("Input Metrics", Json::object().set("Bytes Read", amount()).set("Records Read", amount()))
        .set("Output Metrics", Json::object().set("Bytes Written", 0).set("Records Written", 0))
        .set("Updated Blocks", Json::array());
}

inline std::string taskLines(base::Rng &rng, int stage, int index)
{
    Json info = Json::object()
                    .set("Task ID", stage * 1000 + index)
                    .set("Index", index)
                    .set("Attempt", 0)
                    .set("Partition ID", index)
                    .set("Launch Time", SparkLog::at(stage))
                    .set("Executor ID", std::to_string(rng.between(1, 40)))
                    .set("Host", "worker-" + std::to_string(rng.between(1, 40)) + ".example.net")
                    .set("Locality", "NODE_LOCAL")
                    .set("Speculative", false)
                    .set("Getting Result Time", 0)
                    .set("Finish Time", 0)
                    .set("Failed", false)
                    .set("Killed", false)
                    .set("Accumulables", Json::array());
    Json start = SparkLog::named("SparkListenerTaskStart")
                     .set("Stage ID", stage)
                     .set("Stage Attempt ID", 0)
                     .set("Task Info", info);
    Json peaks = Json::object();
    for (const char *const name : {"JVMHeapMemory",
                                   "JVMOffHeapMemory",
                                   "OnHeapExecutionMemory",
                                   "OffHeapExecutionMemory",
                                   "OnHeapStorageMemory",
                                   "OffHeapStorageMemory",
                                   "OnHeapUnifiedMemory",
                                   "OffHeapUnifiedMemory",
                                   "DirectPoolMemory",
                                   "MappedPoolMemory",
                                   "ProcessTreeJVMVMemory",
                                   "ProcessTreeJVMRSSMemory",
                                   "ProcessTreePythonVMemory",
                                   "ProcessTreePythonRSSMemory",
                                   "ProcessTreeOtherVMemory",
                                   "ProcessTreeOtherRSSMemory",
                                   "MinorGCCount",
                                   "MinorGCTime",
                                   "MajorGCCount",
                                   "MajorGCTime"})
        peaks.set(name, rng.between(0, 4'000'000'000));
    Json reason = rng.chance(0.01)
                      ? SparkLog::exception("java.io.IOException", "cannot read",
                                            "java.io.IOException: cannot read\n\tat orders.In.read(In.scala:8)")
                      : Json::object().set("Reason", "Success");
    info.set("Finish Time", SparkLog::at(stage + 1)).set("Accumulables", accumulables(rng));
    Json end = SparkLog::named("SparkListenerTaskEnd")
                   .set("Stage ID", stage)
                   .set("Stage Attempt ID", 0)
                   .set("Task Type", "ShuffleMapTask")
                   .set("Task End Reason", reason)
                   .set("Task Info", info)
                   .set("Task Executor Metrics", peaks)
                   .set("Task Metrics", taskMetrics(rng));
    return writeJson(start) + "\n" + writeJson(end) + "\n";
}

inline Json stageInfo(base::Rng &rng, int stage, int tasks)
{
    Json parents = Json::array();
    for (int i = 0; i < 3 && stage > i; ++i)
        parents.push(stage - i - 1);
    Json rdds = Json::array();
    for (int i = 0; i < 8; ++i)
        rdds.push(Json::object()
                      .set("RDD ID", stage * 10 + i)
                      .set("Name", "MapPartitionsRDD")
                      .set("Scope", "{\"id\":\"" + std::to_string(i) + "\",\"name\":\"WholeStageCodegen (3)\"}")
                      .set("Callsite", "save at Orders.scala:7")
                      .set("Parent IDs", Json::array().push(stage * 10 + i - 1))
                      .set("Storage Level", Json::object().set("Use Disk", false).set("Replication", 1))
                      .set("Number of Partitions", tasks));
    return Json::object()
        .set("Stage ID", stage)
        .set("Stage Attempt ID", 0)
        .set("Stage Name", "save at Orders.scala:7")
        .set("Number of Tasks", tasks)
        .set("RDD Info", rdds)
        .set("Parent IDs", parents)
        .set("Details", std::string(1500, 'd'))
        .set("Submission Time", SparkLog::at(stage))
        .set("Completion Time", SparkLog::at(stage + 1))
        .set("Accumulables", accumulables(rng))
        .set("Resource Profile Id", 0);
}

/// The text and tree of a query's plan of so many nodes, about 80 bytes each.
inline std::string sqlStartLine(base::Rng &rng, int id, int nodes)
{
    std::string plan = "== Physical Plan ==\n";
    Json children = Json::array();
    for (int i = 0; i < nodes; ++i) {
        const std::string column = "price#" + std::to_string(rng.between(1, 100'000));
        plan += "(" + std::to_string(i) + ") Project [codegen id : 3]\nOutput [2]: [id#1L, " + column + "]\n";
        if (i < 3'000)
            children.push(Json::object()
                              .set("nodeName", "Project")
                              .set("simpleString", "Project [id#1L, " + column + "]")
                              .set("children", Json::array())
                              .set("metadata", Json::object())
                              .set("metrics", Json::array().push(Json::object()
                                                                     .set("name", "number of output rows")
                                                                     .set("accumulatorId", i)
                                                                     .set("metricType", "sum"))));
    }
    return writeJson(SparkLog::named("org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart")
                         .set("executionId", id)
                         .set("rootExecutionId", id)
                         .set("description", "insert into orders")
                         .set("details", std::string(1500, 'd'))
                         .set("physicalPlanDescription", plan)
                         .set("sparkPlanInfo", Json::object().set("nodeName", "Execute").set("children", children))
                         .set("time", SparkLog::at(id))
                         .set("modifiedConfigs", Json::object()));
}

/// A query of two stages of 200 tasks with all that surrounds them; about 1.5 MB and its plan.
inline std::string queryLines(base::Rng &rng, int query)
{
    constexpr int kTasks = 200;
    SparkLog log;
    // Every now and then one of megabytes, as generated queries have.
    log.raw(sqlStartLine(rng, query, query % 24 == 7 ? 60'000 : query % 12 == 3 ? 3'000 : 60));
    Json infos = Json::array();
    for (int i = 0; i < 2; ++i)
        infos.push(stageInfo(rng, 2 * query + i, kTasks));
    log.event(SparkLog::named("SparkListenerJobStart")
                  .set("Job ID", query)
                  .set("Submission Time", SparkLog::at(query))
                  .set("Stage Infos", infos)
                  .set("Stage IDs", Json::array().push(2 * query).push(2 * query + 1))
                  .set("Properties", Json::object()
                                         .set("spark.sql.execution.id", std::to_string(query))
                                         .set("spark.job.description", std::string(400, 'p'))));
    for (int i = 0; i < 2; ++i) {
        const int stage = 2 * query + i;
        log.event(SparkLog::named("SparkListenerStageSubmitted").set("Stage Info", infos.items()[i]));
        for (int index = 0; index < kTasks; ++index)
            log.raw(taskLines(rng, stage, index));
        log.event(SparkLog::named("SparkListenerStageCompleted").set("Stage Info", stageInfo(rng, stage, kTasks)));
    }
    return log.jobSucceeded(query, query + 1).sqlEnd(query, query + 1, "").text();
}

} // namespace bench
