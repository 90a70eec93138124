#include "ingest/field_synonyms.hpp"

#include <array>

namespace mulligan::ingest
{

namespace
{

using Names = std::vector<std::string_view>;

/// Columns by the documentation of the systems named in proposeMapping and by common usage.
const std::array<Names, kFieldCount> &table()
{
    static const std::array<Names, kFieldCount> names = [] {
        std::array<Names, kFieldCount> out;
        const auto set = [&](Field field, Names list) { out[static_cast<std::size_t>(field)] = std::move(list); };
        set(Field::Job, {"job",           "jobname",       "jobkey",
                         "pipelinename",  "flowname",      "deploymentname",
                         "taskfamily",    "appname",       "applicationname",
                         "workflowname",  "flowid",        "jobid",
                         "taskname",      "dagid",         "name",
                         "flow",          "pipeline",      "task",
                         "stepname",      "process",       "processname",
                         "jobdefinition", "taskkey",       "script",
                         "ジョブ名",      "jobbezeichnung"});
        set(Field::Run, {"run",         "runid",     "jobrunid",       "flowrunid",     "execid",
                         "executionid", "dagrunid",  "orderid",        "instanceid",    "jobinstanceid",
                         "runkey",      "jobuuid",   "referencejobid", "applicationid", "appid",
                         "batchid",     "id",        "uuid",           "runnumber",     "runnr",
                         "build",       "buildid",   "buildnumber",    "stepid",        "taskid",
                         "実行id",      "laufnummer"});
        set(Field::Attempt,
            {"attempt", "attemptnumber", "trynumber", "attemptno", "attemptid", "retry", "retrycount", "retries",
             "retryattempt", "runcount", "runcnt", "rerunno", "tries", "attempts", "try", "executioncount", "versuch"});
        set(Field::Outcome, {"outcome",   "finalstatus", "resultstate", "jobrunstate", "statestate", "statusstate",
                             "statetype", "statename",   "status",      "state",       "result",     "runstatus",
                             "jobstatus", "finalstate",  "jobstate",    "runstate",    "endstatus",  "completionstatus",
                             "success",   "succeeded",   "conclusion",  "eventname",   "ergebnis",   "zustand",
                             "結果",      "状態"});
        set(Field::StartedAt, {"startedat",      "starttime",
                               "startedtime",    "startdate",
                               "started",        "startedon",
                               "start",          "periodstarttime",
                               "startdatetime",  "statustimelinestartdatetime",
                               "starttimestamp", "startts",
                               "begin",          "begintime",
                               "begintimestamp", "launchtime",
                               "executionstart", "statushistory0statestarttime",
                               "startedts",      "starttimeutc",
                               "starttimems",    "createdtime",
                               "submittime",     "createdat",
                               "開始時刻",       "開始日時",
                               "startzeit",      "beginn"});
        set(Field::EndedAt, {"endedat",
                             "endtime",
                             "finishedtime",
                             "enddate",
                             "finished",
                             "ended",
                             "completedon",
                             "end",
                             "periodendtime",
                             "enddatetime",
                             "statustimelineenddatetime",
                             "finishtime",
                             "finishedat",
                             "completedat",
                             "completiontime",
                             "completed",
                             "stoptime",
                             "endtimestamp",
                             "endts",
                             "finishts",
                             "statusstatestarttime",
                             "endtimeutc",
                             "endtimems",
                             "completiondate",
                             "stopped",
                             "lastmodifiedtime",
                             "終了時刻",
                             "終了日時",
                             "endzeit",
                             "ende"});
        set(Field::Workflow,
            {"workflow", "workflowname", "dagid", "dag", "flowid", "projectname", "project", "projectid",
             "pipelinename", "application", "subapplication", "suite", "parentname", "workflowid"});
        set(Field::Owner, {"owner", "user", "username", "runas", "submituser", "proxyuser", "runby", "createdby",
                           "unixname", "startedby", "besitzer", "ユーザー"});
        set(Field::Team, {"team", "group", "department", "businessunit", "squad", "costcenter", "mandant", "部署"});
        set(Field::Cluster, {"cluster", "clusterid", "clustername", "placementclustername", "host", "hostname",
                             "nodeid", "environment", "workpoolname", "computeid"});
        set(Field::Queue, {"queue", "queuename", "pool", "workqueuename", "jobqueue"});
        set(Field::ApplicationId, {"applicationid", "appid", "sparkappid", "yarnapplicationid", "externalid", "yarnid",
                                   "sparkapplicationid", "consoleid"});
        set(Field::Trigger, {"trigger", "triggertype", "triggeredby"});
        set(Field::ExitCode, {"exitcode", "returncode", "rc", "exitstatus", "completioncode", "oscompcode", "exit"});
        set(Field::ErrorText, {"errortext",
                               "errormessage",
                               "diagnostics",
                               "error",
                               "message",
                               "failurereason",
                               "exception",
                               "statusdetails",
                               "statusfailuredetailsmessage",
                               "statusfailuredetailsreason",
                               "terminationreason",
                               "terminationcode",
                               "statemessage",
                               "failuremessage",
                               "errormsg",
                               "reason",
                               "stacktrace",
                               "log",
                               "details",
                               "traceback",
                               "note",
                               "fehlertext",
                               "エラーメッセージ"});
        set(Field::LogPath, {"logpath"});
        set(Field::VcoreSeconds, {"vcoreseconds", "vcoresec", "cpuseconds", "coreseconds", "vcorehours", "corehours"});
        set(Field::MemoryGbSeconds, {"memorygbseconds", "memoryseconds", "memorymbseconds", "mbseconds", "gbseconds",
                                     "gbhours", "memorygbhours", "memorysec"});
        set(Field::CostUsd, {"costusd", "cost", "costdollars", "totalcost", "price", "listcost", "amount", "kosten"});
        set(Field::ManualMinutes, {"manualminutes", "interventionminutes"});
        return out;
    }();
    return names;
}

} // namespace

std::span<const std::string_view> synonymsOf(Field field)
{
    return table()[static_cast<std::size_t>(field)];
}

std::span<const std::string_view> durationSynonyms()
{
    static constexpr std::array<std::string_view, 26> names{"elapsedtime",
                                                            "elapsed",
                                                            "duration",
                                                            "executiontime",
                                                            "runtime",
                                                            "runtimeseconds",
                                                            "durationseconds",
                                                            "elapsedms",
                                                            "durationms",
                                                            "totalruntime",
                                                            "runduration",
                                                            "executionduration",
                                                            "elapsedseconds",
                                                            "durationsec",
                                                            "runtimems",
                                                            "timetaken",
                                                            "executiontimeseconds",
                                                            "elapsedsec",
                                                            "avgruntime",
                                                            "elapsedruntime",
                                                            "durationmin",
                                                            "durationminutes",
                                                            "dauer",
                                                            "laufzeit",
                                                            "所要時間",
                                                            "walltime"};
    return names;
}

std::span<const MemberSynonym> memberSynonyms()
{
    static constexpr MemberSynonym names[] = {
        {"executormemory", Field::Config, "spark.executor.memory", {}},
        {"executorcores", Field::Config, "spark.executor.cores", {}},
        {"drivermemory", Field::Config, "spark.driver.memory", {}},
        {"numexecutors", Field::Config, "spark.executor.instances", {}},
        {"executorinstances", Field::Config, "spark.executor.instances", {}},
        {"numberofworkers", Field::Config, "glue.number_of_workers", {}},
        {"workertype", Field::Config, "glue.worker_type", {}},
        {"maxcapacity", Field::Config, "glue.max_capacity", {}},
        {"inputbytes", Field::Metrics, "input_bytes", {}},
        {"outputbytes", Field::Metrics, "output_bytes", {}},
        {"shufflereadbytes", Field::Metrics, "shuffle_read_bytes", {}},
        {"shufflewritebytes", Field::Metrics, "shuffle_write_bytes", {}},
        {"peakmemorybytes", Field::Metrics, "peak_rss_bytes", {}},
        {"numtasks", Field::Metrics, "tasks", {}},
        {"failedtasks", Field::Metrics, "failed_tasks", {}},
    };
    return names;
}

std::span<const KnownSystem> knownSystems()
{
    static const std::vector<KnownSystem> systems = {
        {"Databricks job_task_run_timeline",
         {"taskkey", "periodstarttime", "resultstate"},
         {{Field::Job, "{jobid}.{taskkey}"}, {Field::Run, "jobrunid"}, {Field::Workflow, "jobid"}},
         "Databricks writes a row for every hour of a long run: those without a result continue in the one that has "
         "it, "
         "which begins where the first of them did."},
        {"Databricks job_run_timeline",
         {"jobid", "runid", "periodstarttime", "resultstate"},
         {{Field::Job, "jobid"}, {Field::Run, "runid"}},
         "Databricks writes a row for every hour of a long run: those without a result continue in the one that has "
         "it, "
         "which begins where the first of them did."},
        {"Airflow task_instance",
         {"dagid", "taskid", "runid", "trynumber"},
         {{Field::Job, "{dagid}.{taskid}"},
          {Field::Run, "runid"},
          {Field::Attempt, "trynumber"},
          {Field::Workflow, "dagid"}},
         {}},
        {"YARN applications",
         {"id", "name", "finalstatus", "startedtime"},
         {{Field::Job, "name"},
          {Field::Run, "id"},
          {Field::ApplicationId, "id"},
          {Field::MemoryGbSeconds, "memoryseconds", "MB-seconds"}},
         "YARN does not know which applications belong to one run: each stands for itself. A name that every run has "
         "its own of makes jobs of one run; take a template or another column then."},
        {"AWS Glue job runs",
         {"jobname", "id", "startedon", "jobrunstate"},
         {{Field::Job, "jobname"},
          {Field::Run, "id"},
          {Field::VcoreSeconds, "dpuseconds", "dpu-seconds"},
          {Field::MemoryGbSeconds, "dpuseconds", "dpu-seconds"}},
         "A retry in Glue has an id of its own: take PreviousRunId into account where attempts are to be chained."},
        {"AWS EMR steps", {"statustimelinestartdatetime", "id"}, {{Field::Job, "name"}, {Field::Run, "id"}}, {}},
        {"Google Dataproc jobs",
         {"referencejobid", "statusstate"},
         {{Field::Run, "referencejobid"}, {Field::EndedAt, "statusstatestarttime"}},
         "Dataproc names each job by its id, which is new with every run: a label that stays is a better 'job'."},
        {"Azkaban executions", {"execid", "flowid"}, {{Field::Job, "flowid"}, {Field::Run, "execid"}}, {}},
        {"Control-M", {"jobname", "orderid"}, {{Field::Job, "jobname"}, {Field::Run, "orderid"}}, {}},
        {"Oozie",
         {"appname", "id", "status"},
         {{Field::Job, "appname"}, {Field::Run, "id"}, {Field::Attempt, "run", {}, 1}},
         {}},
        {"Livy", {"appid", "id", "state"}, {{Field::Run, "id"}, {Field::ApplicationId, "appid"}}, {}},
        {"Dagster runs", {"runid", "pipelinename"}, {{Field::Job, "pipelinename"}, {Field::Run, "runid"}}, {}},
        {"Prefect flow runs", {"flowname", "statetype", "id"}, {{Field::Job, "flowname"}, {Field::Run, "id"}}, {}},
        {"Luigi", {"taskfamily", "taskid"}, {{Field::Job, "taskfamily"}, {Field::Run, "taskid"}}, {}},
    };
    return systems;
}

} // namespace mulligan::ingest
