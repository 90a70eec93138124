#include "collecting_sink.hpp"

#include "ingest/mapping_proposal.hpp"
#include "ingest/recognise.hpp"

#include <QtTest>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::ingest;

// Every export here is synthetic: columns as the systems name them, made-up rows.

namespace
{

FileHead headOf(const QByteArray &text)
{
    return {text.toStdString(), false};
}

/// "job=JobName" for every field; templates in braces, constants with a sign, durations with a plus.
QString shown(const Mapping &mapping)
{
    QStringList out;
    for (const auto &field : mapping.fields) {
        QString source = QString::fromStdString(field.text);
        for (const auto &column : field.columns)
            source += QString::fromStdString(column);
        if (!field.duration.empty())
            source += '+' + QString::fromStdString(field.duration);
        if (!field.time.empty())
            source += '/' + QString::fromStdString(field.time);
        if (!field.unit.empty())
            source += ':' + QString::fromStdString(field.unit);
        if (field.add != 0)
            source += '+' + QString::number(field.add);
        out << QString::fromStdString(targetName(field)) + '=' + source;
    }
    return out.join(' ');
}

QByteArray lines(const QByteArrayList &rows)
{
    return rows.join('\n') + '\n';
}

} // namespace

class TestMappingProposal : public QObject
{
    Q_OBJECT

private slots:
    void proposeMapping_exports_areUnderstood_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("fields");
        QTest::addColumn<int>("attempts");
        QTest::addColumn<int>("skipped");
        const auto row = [](const char *name, const QByteArray &text, const char *fields, int attempts,
                            int skipped = 0) { QTest::newRow(name) << text << fields << attempts << skipped; };
        row("Databricks job_run_timeline",
            lines({"account_id,workspace_id,job_id,run_id,period_start_time,period_end_time,trigger_type,run_type,run_"
                   "name,"
                   "compute_ids,result_state,termination_code",
                   "acc,12,77,9001,2024-05-01T01:00:00.000Z,2024-05-01T02:00:00.000Z,CRON,JOB_RUN,etl,[a],,",
                   "acc,12,77,9001,2024-05-01T02:00:00.000Z,2024-05-01T02:10:00.000Z,CRON,JOB_RUN,etl,[a],FAILED,RUN_"
                   "EXECUTION_"
                   "ERROR",
                   "acc,12,78,9002,2024-05-01T01:00:00.000Z,2024-05-01T01:20:00.000Z,ONETIME,JOB_RUN,ad,[b],SUCCEEDED,"
                   "SUCCESS",
                   "acc,12,78,9003,2024-05-02T01:00:00.000Z,2024-05-02T01:20:00.000Z,RETRY,JOB_RUN,ad,[b],TIMED_OUT,"
                   "TIMEOUT"}),
            "job=job_id run=run_id outcome=result_state started_at=period_start_time/rfc3339 "
            "ended_at=period_end_time/rfc3339 trigger=trigger_type error_text=termination_code",
            3, 1);
        row("YARN ResourceManager, REST",
            "{\"apps\":{\"app\":[{\"id\":\"application_1700000000000_0001\",\"user\":\"ana\",\"name\":\"daily-sales\","
            "\"queue\":\"etl\",\"state\":\"FINISHED\",\"finalStatus\":\"SUCCEEDED\",\"progress\":100.0,\"diagnostics\":"
            "\"\","
            "\"startedTime\":1714521600000,\"finishedTime\":1714525200000,\"elapsedTime\":3600000,\"memorySeconds\":"
            "8192000,"
            "\"vcoreSeconds\":4000},"
            "{\"id\":\"application_1700000000000_0002\",\"user\":\"ben\",\"name\":\"hourly\",\"queue\":\"etl\","
            "\"state\":"
            "\"FAILED\",\"finalStatus\":\"FAILED\",\"progress\":0.0,\"diagnostics\":\"Container "
            "killed\",\"startedTime\":"
            "1714521600000,\"finishedTime\":1714521660000,\"elapsedTime\":60000,\"memorySeconds\":1024,"
            "\"vcoreSeconds\":60},"
            "{\"id\":\"application_1700000000000_0003\",\"user\":\"ben\",\"name\":\"hourly\",\"queue\":\"etl\","
            "\"state\":"
            "\"KILLED\",\"finalStatus\":\"KILLED\",\"progress\":0.0,\"diagnostics\":\"x\",\"startedTime\":"
            "1714521600000,"
            "\"finishedTime\":1714521660000,\"elapsedTime\":60000,\"memorySeconds\":1024,\"vcoreSeconds\":60}]}}",
            "job=name run=id outcome=finalStatus started_at=startedTime/epoch_ms ended_at=finishedTime/epoch_ms "
            "owner=user queue=queue application_id=id error_text=diagnostics vcore_seconds=vcoreSeconds "
            "memory_gb_seconds=memorySeconds:MB-seconds",
            3);
        row("Airflow task_instance",
            lines(
                {"dag_id,task_id,run_id,try_number,start_date,end_date,duration,state,hostname,unixname,pool,queue,"
                 "operator",
                 "sales,load,scheduled__1,1,2024-05-01 01:00:00.123456+00:00,2024-05-01 "
                 "01:01:00+00:00,60,failed,w1,airflow,"
                 "default_pool,default,PythonOperator",
                 "sales,load,scheduled__1,2,2024-05-01 01:05:00+00:00,2024-05-01 01:06:00+00:00,60,success,w1,airflow,"
                 "default_pool,default,PythonOperator",
                 "sales,send,scheduled__1,0,2024-05-01 01:05:00+00:00,2024-05-01 "
                 "01:06:00+00:00,60,upstream_failed,w1,airflow,"
                 "default_pool,default,PythonOperator"}),
            "job={dag_id}.{task_id} run=run_id attempt=try_number outcome=state started_at=start_date/rfc3339 "
            "ended_at=end_date/rfc3339 workflow=dag_id owner=unixname cluster=hostname queue=queue",
            2, 1);
        row("Azkaban executions from its database",
            lines({"exec_id,project_id,version,flow_id,status,submit_user,submit_time,start_time,end_time",
                   "101,3,7,nightly,50,azk,1714521600000,1714521601000,1714525200000",
                   "102,3,7,nightly,70,azk,1714608000000,1714608001000,1714608500000",
                   "103,3,7,nightly,30,azk,1714694400000,1714694401000,0"}),
            "job=flow_id run=exec_id outcome=status started_at=start_time/epoch_ms ended_at=end_time/epoch_ms "
            "workflow=project_id owner=submit_user",
            2, 1);
        row("Oozie workflow jobs",
            lines({"id;appName;status;user;group;run;createdTime;startTime;endTime;consoleUrl;externalId",
                   "0000001-W;ingest;SUCCEEDED;ana;dwh;0;Wed, 01 May 2024 01:00:00 GMT;Wed, 01 May 2024 01:00:01 "
                   "GMT;Wed, 01 May "
                   "2024 01:10:00 GMT;http;",
                   "0000002-W;ingest;KILLED;ana;dwh;1;Thu, 02 May 2024 01:00:00 GMT;Thu, 02 May 2024 01:00:01 GMT;Thu, "
                   "02 May 2024 "
                   "01:10:00 GMT;http;"}),
            "job=appName run=id attempt=run+1 outcome=status started_at=startTime/%a, %d %b %Y %H:%M:%S %Z "
            "ended_at=endTime/%a, %d %b %Y %H:%M:%S %Z owner=user team=group application_id=externalId",
            2);
        row("Control-M",
            lines({"JOBNAME|ORDERID|APPLICATION|SUB_APPLICATION|NODEID|OWNER|STATUS|START_TIME|END_TIME|RUN_COUNT|"
                   "ELAPSED",
                   "PAYROLL|0a1b2|HR|PAY|node1|svc|Ended OK|20240501010000|20240501011000|1|00:10:00",
                   "PAYROLL|0a1b3|HR|PAY|node1|svc|Ended Not OK|20240502010000|20240502010500|2|00:05:00",
                   "INVOICE|0a1b4|FIN|INV|node2|svc|Ended OK|20240501020000|20240501021000|1|00:10:00"}),
            "job=JOBNAME run=ORDERID attempt=RUN_COUNT outcome=STATUS started_at=START_TIME/%Y%m%d%H%M%S "
            "ended_at=END_TIME/%Y%m%d%H%M%S workflow=APPLICATION owner=OWNER cluster=NODEID",
            3);
        row("Dagster runs",
            lines({"run_id,pipeline_name,status,start_time,end_time,create_timestamp,mode",
                   "a1,assets,SUCCESS,1714521600.25,1714521700.5,2024-05-01 00:00:00,default",
                   "a2,assets,FAILURE,1714525200.25,1714525300.5,2024-05-01 01:00:00,default",
                   "a3,assets,CANCELED,1714525200.25,1714525300.5,2024-05-01 01:00:00,default"}),
            "job=pipeline_name run=run_id outcome=status started_at=start_time/epoch_s ended_at=end_time/epoch_s", 3);
        row("Prefect flow runs",
            lines(
                {"{\"id\":\"f1\",\"name\":\"brave-fox\",\"flow_name\":\"etl\",\"state_type\":\"COMPLETED\",\"start_"
                 "time\":"
                 "\"2024-05-01T01:00:00.5+00:00\",\"end_time\":\"2024-05-01T01:10:00+00:00\",\"run_count\":1,\"total_"
                 "run_time\":"
                 "599.5,\"work_queue_name\":\"default\"}",
                 "{\"id\":\"f2\",\"name\":\"shy-owl\",\"flow_name\":\"etl\",\"state_type\":\"CRASHED\",\"start_time\":"
                 "\"2024-05-02T01:00:00.5+00:00\",\"end_time\":\"2024-05-02T01:10:00+00:00\",\"run_count\":2,\"total_"
                 "run_time\":"
                 "599.5,\"work_queue_name\":\"default\"}"}),
            "job=flow_name run=id attempt=run_count outcome=state_type started_at=start_time/rfc3339 "
            "ended_at=end_time/rfc3339 queue=work_queue_name",
            2);
        row("Luigi task history",
            lines({"task_id\ttask_family\thost\tstatus\tstarted\tfinished",
                   "Load_1\tLoad\tw1\tDONE\t2024-05-01 01:00:00\t2024-05-01 01:10:00",
                   "Load_2\tLoad\tw1\tFAILED\t2024-05-02 01:00:00\t2024-05-02 01:10:00"}),
            "job=task_family run=task_id outcome=status started_at=started/rfc3339 ended_at=finished/rfc3339 "
            "cluster=host",
            2);
        row("AWS EMR steps",
            "{\n \"Steps\": [\n  {\"Id\": \"s-1\", \"Name\": \"spark etl\", \"Config\": {\"Jar\": "
            "\"command-runner.jar\"}, "
            "\"ActionOnFailure\": \"CONTINUE\", \"Status\": {\"State\": \"COMPLETED\", \"StateChangeReason\": {}, "
            "\"Timeline\": "
            "{\"CreationDateTime\": \"2024-05-01T01:00:00.000000+00:00\", \"StartDateTime\": "
            "\"2024-05-01T01:01:00.000000+00:00\", "
            "\"EndDateTime\": \"2024-05-01T01:11:00.000000+00:00\"}}},\n  {\"Id\": \"s-2\", \"Name\": \"spark etl\", "
            "\"Config\": "
            "{\"Jar\": \"command-runner.jar\"}, \"ActionOnFailure\": \"CONTINUE\", \"Status\": {\"State\": \"FAILED\", "
            "\"FailureDetails\": {\"Reason\": \"Unknown Error.\", \"Message\": \"Exception in thread\", \"LogFile\": "
            "\"s3://logs/stderr.gz\"}, \"Timeline\": {\"CreationDateTime\": \"2024-05-02T01:00:00.000000+00:00\", "
            "\"StartDateTime\": \"2024-05-02T01:01:00.000000+00:00\", \"EndDateTime\": "
            "\"2024-05-02T01:11:00.000000+00:00\"}}}\n ]\n}",
            "job=Name run=Id outcome=Status.State started_at=Status.Timeline.StartDateTime/rfc3339 "
            "ended_at=Status.Timeline.EndDateTime/rfc3339 error_text=Status.FailureDetails.Message",
            2);
        row("AWS Glue job runs",
            lines({"{\"Id\":\"jr_1\",\"Attempt\":0,\"JobName\":\"orders\",\"StartedOn\":1714521600.1,\"CompletedOn\":"
                   "1714522200.2,"
                   "\"JobRunState\":\"SUCCEEDED\",\"ExecutionTime\":590,\"WorkerType\":\"G.1X\",\"NumberOfWorkers\":10,"
                   "\"DPUSeconds\":"
                   "5900.0}",
                   "{\"Id\":\"jr_2\",\"Attempt\":1,\"JobName\":\"orders\",\"StartedOn\":1714608000.1,\"CompletedOn\":"
                   "1714608600.2,"
                   "\"JobRunState\":\"TIMEOUT\",\"ErrorMessage\":\"took too "
                   "long\",\"ExecutionTime\":590,\"WorkerType\":\"G.1X\","
                   "\"NumberOfWorkers\":10,\"DPUSeconds\":5900.0}"}),
            "job=JobName run=Id attempt=Attempt+1 outcome=JobRunState started_at=StartedOn/epoch_s "
            "ended_at=CompletedOn/epoch_s error_text=ErrorMessage config.glue.worker_type=WorkerType "
            "config.glue.number_of_workers=NumberOfWorkers vcore_seconds=DPUSeconds:dpu-seconds "
            "memory_gb_seconds=DPUSeconds:dpu-seconds",
            2);
        row("Google Dataproc jobs",
            "[{\"reference\":{\"jobId\":\"etl-1\",\"projectId\":\"p\"},\"placement\":{\"clusterName\":\"c1\"},"
            "\"status\":{\"state\":"
            "\"DONE\",\"stateStartTime\":\"2024-05-01T01:10:00Z\"},\"statusHistory\":[{\"state\":\"PENDING\","
            "\"stateStartTime\":"
            "\"2024-05-01T01:00:00Z\"},{\"state\":\"RUNNING\",\"stateStartTime\":\"2024-05-01T01:00:10Z\"}]},"
            "{\"reference\":{\"jobId\":\"etl-2\",\"projectId\":\"p\"},\"placement\":{\"clusterName\":\"c1\"},"
            "\"status\":{\"state\":"
            "\"ERROR\",\"details\":\"Job "
            "failed\",\"stateStartTime\":\"2024-05-02T01:10:00Z\"},\"statusHistory\":[{\"state\":"
            "\"PENDING\",\"stateStartTime\":\"2024-05-02T01:00:00Z\"}]}]",
            "run=reference.jobId outcome=status.state started_at=statusHistory[0].stateStartTime/rfc3339 "
            "ended_at=status.stateStartTime/rfc3339 workflow=reference.projectId cluster=placement.clusterName "
            "error_text=status.details",
            0);
        row("Livy batches with times",
            lines({"id,name,owner,proxyUser,state,appId,startTime,endTime",
                   "1,scoring,ana,svc,success,application_1_1,2024-05-01T01:00:00Z,2024-05-01T01:10:00Z",
                   "2,scoring,ana,svc,dead,application_1_2,2024-05-02T01:00:00Z,2024-05-02T01:10:00Z"}),
            "job=name run=id outcome=state started_at=startTime/rfc3339 ended_at=endTime/rfc3339 owner=owner "
            "application_id=appId",
            2);
        row("a German spreadsheet",
            lines({"Job;Laufnummer;Ergebnis;Beginn;Laufzeit;Kosten",
                   "Abrechnung;17;Erfolgreich;01.05.2024 01:00:00;00:10:00;1.234,50",
                   "Abrechnung;18;Fehlgeschlagen;31.05.2024 01:00:00;00:05:30;12,25"}),
            "job=Job run=Laufnummer outcome=Ergebnis started_at=Beginn/%d.%m.%Y %H:%M:%S ended_at=+Laufzeit:hms "
            "cost_usd=Kosten",
            2);
        row("times under names that say nothing",
            lines({"job,run,status,t1,t2", "j,1,OK,2024-05-01T01:00:00Z,2024-05-01T01:10:00Z",
                   "j,2,FAILED,2024-05-02T01:00:00Z,2024-05-02T01:10:00Z"}),
            "job=job run=run outcome=status started_at=t1/rfc3339 ended_at=t2/rfc3339", 2);
        row("exit codes alone",
            lines({"process,started,elapsed_ms,exit_code", "backup,2024-05-01T01:00:00Z,60000,0",
                   "backup,2024-05-02T01:00:00Z,61000,137"}),
            "job=process run={process}@{started} outcome=exit_code started_at=started/rfc3339 ended_at=+elapsed_ms:ms "
            "exit_code=exit_code",
            2);
    }
    void proposeMapping_exports_areUnderstood()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, fields);
        QFETCH(int, attempts);
        QFETCH(int, skipped);
        const FileHead head = headOf(text);
        const Proposal proposal = proposeMapping(head, "export");
        QCOMPARE(shown(proposal.mapping), fields);
        QCOMPARE(proposal.fields.size(), proposal.mapping.fields.size());
        const Preview preview = previewMapping(head, proposal.mapping);
        QString reasons;
        for (const auto &each : preview.rows)
            reasons += QString::fromStdString(each.reason) + '\n';
        QVERIFY2(int(preview.attempts) == attempts && int(preview.skipped) == skipped, qPrintable(reasons));
        // What is proposed can be written down, read back and is the same.
        const auto back = parseMapping(proposalText(proposal), "p.yaml");
        QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
        QVERIFY(*back == proposal.mapping);
    }

    void proposeMapping_dirtyCells_doNotChangeTheColumn_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("fields");
        QTest::addColumn<QString>("note");
        // 20 rows of which one is dirty in one cell.
        const auto table = [](const QByteArray &header, auto &&rowOf, const QByteArray &dirty) {
            QByteArrayList rows{header};
            for (int i = 0; i < 19; ++i)
                rows << rowOf(i);
            rows.insert(7, dirty);
            return lines(rows);
        };
        const auto american = [](int i) {
            return QByteArray("etl,") + QByteArray::number(i) + ",FAILED,03/" + QByteArray::number(i + 10)
                   + "/2024 10:10,03/" + QByteArray::number(i + 10) + "/2024 10:20,1";
        };
        const QByteArray names("job_name,run_id,state,begin,finish,try_number");
        const char *fields = "job=job_name run=run_id attempt=try_number outcome=state "
                             "started_at=begin/%m/%d/%Y %H:%M ended_at=finish/%m/%d/%Y %H:%M";
        QTest::newRow("a typing error in a start")
            << table(names, american, "etl,x,FAILED,2O24,03/13/2024 10:20,1") << fields
            << "1 of 20 values of 'begin' is no time as the others are ('2O24'): such rows are rejected, and can be "
               "mended afterwards";
        QTest::newRow("another format in an end")
            << table(names, american, "etl,x,FAILED,03/13/2024 10:10,2024-03-13 10:20,1") << fields
            << "1 of 20 values of 'finish' is no time as the others are ('2024-03-13 10:20')";
        QTest::newRow("a word among numbers")
            << table(names, american, "etl,x,FAILED,03/13/2024 10:10,03/13/2024 10:20,first") << fields
            << "1 of 20 values of 'try_number' is no number as the others are ('first')";
    }
    void proposeMapping_dirtyCells_doNotChangeTheColumn()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, fields);
        QFETCH(QString, note);
        const Proposal proposal = proposeMapping(headOf(text), "export");
        QCOMPARE(shown(proposal.mapping), fields);
        const auto &notes = proposal.notes;
        const bool told = std::any_of(notes.begin(), notes.end(),
                                      [&](const std::string &each) { return each.starts_with(note.toStdString()); });
        QVERIFY2(told, proposalText(proposal).c_str());
    }

    void proposeMapping_numbersWithAWord_areNoTimes()
    {
        const Proposal proposal = proposeMapping(headOf(lines({"job,run,state,start_time,end_time,retry",
                                                               "a,1,OK,2024-03-01T01:00:00Z,2024-03-01T02:00:00Z,0",
                                                               "a,2,OK,2024-03-01T01:00:00Z,2024-03-01T02:00:00Z,1",
                                                               "a,3,OK,2024-03-01T01:00:00Z,2024-03-01T02:00:00Z,0",
                                                               "a,4,OK,2024-03-01T01:00:00Z,2024-03-01T02:00:00Z,0",
                                                               "a,5,OK,2024-03-01T01:00:00Z,2024-03-01T02:00:00Z,x"})),
                                                 "export.csv");
        QCOMPARE(QString::fromUtf8(name(proposal.columns[5].type).data()), QString("text"));
    }

    void proposeMapping_manyOddCells_leaveTheColumnText()
    {
        QByteArrayList rows{"job,run,state,start_time,end_time"};
        for (int i = 0; i < 20; ++i)
            rows << "etl," + QByteArray::number(i) + ",FAILED,"
                        + (i % 4 == 0 ? QByteArray("soon") : QByteArray("2024-03-01T01:00:00Z"))
                        + ",2024-03-01T02:00:00Z";
        const Proposal proposal = proposeMapping(headOf(lines(rows)), "export.csv");
        QCOMPARE(QString::fromUtf8(name(proposal.columns[3].type).data()), QString("category"));
    }

    void proposeMapping_duration_hasTheUnitThatItsValuesSayOrSaysThatItIsAGuess_data()
    {
        QTest::addColumn<QString>("column");
        QTest::addColumn<QStringList>("values");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("note");
        const auto add = [](const char *name, const char *column, const QStringList &values, const char *unit,
                            const char *note) {
            QTest::newRow(name) << QString(column) << values << QString(unit) << QString(note);
        };
        add("minutes and seconds", "Elapsed", {"1m 5s", "2m 5s", "3m 5s"}, "auto", "");
        add("several units", "Elapsed", {"1h 5m 3s", "5m", "45s", "2d 1h", "900ms", "00:10:00"}, "auto", "");
        add("ISO 8601", "duration", {"PT5M", "PT1H2M", "PT3.5S"}, "auto", "");
        add("clocks", "duration", {"00:10:00", "1:05:03", "0:00:45"}, "hms", "");
        add("seconds by the name", "duration_sec", {"600", "610", "620"}, "s", "");
        add("fractions", "duration", {"60.5", "61.25", "62.75"}, "s", "");
        add("numbers", "duration", {"600", "610", "620"}, "s",
            "'duration' is taken for seconds, which makes runs of 10 min to 10.3 min: the unit is a guess");
        add("numbers too large for seconds", "duration", {"600000", "600001", "86400001"}, "ms",
            "'duration' is taken for milliseconds, by its size, which makes runs of 10 min to 24 h: the unit is a "
            "guess");
        add("numbers that all make days", "elapsed", {"911111", "922222", "944444"}, "ms",
            "'elapsed' is taken for milliseconds, by its size, which makes runs of 15.2 min to 15.7 min");
    }
    void proposeMapping_duration_hasTheUnitThatItsValuesSayOrSaysThatItIsAGuess()
    {
        QFETCH(QString, column);
        QFETCH(QStringList, values);
        QFETCH(QString, unit);
        QFETCH(QString, note);
        QByteArray text = "job\trun_id\tstatus\tstart\t" + column.toUtf8() + '\n';
        for (int i = 0; i < values.size(); ++i)
            text += "j\t" + QByteArray::number(i) + "\tfailed\t2026-03-01T02:00:00Z\t" + values[i].toUtf8() + '\n';
        const auto proposal = proposeMapping(headOf(text), "t.tsv");
        const MappedField *end = proposal.mapping.find(Field::EndedAt);
        QVERIFY(end != nullptr);
        QCOMPARE(QString::fromStdString(end->unit), unit);
        const auto guesses = std::count_if(proposal.notes.begin(), proposal.notes.end(), [](const std::string &each) {
            return each.find("is a guess") != each.npos;
        });
        QCOMPARE(guesses, note.isEmpty() ? 0 : 1);
        const bool told = std::any_of(proposal.notes.begin(), proposal.notes.end(), [&](const std::string &each) {
            return QString::fromStdString(each).contains(note);
        });
        QVERIFY2(note.isEmpty() || told, proposal.notes.back().c_str());
        QCOMPARE(previewMapping(headOf(text), proposal.mapping).attempts, std::uint64_t(values.size()));
    }

    void proposeMapping_durationBesideAnotherTime_takesTheUnitThatFits()
    {
        // In milliseconds of seven seconds to an hour; nothing but the last column tells them from seconds.
        const QByteArray text = lines({"job,run_id,status,start,duration,written",
                                       "j,1,failed,2026-03-01 02:00:00,7000,2026-03-01 02:00:07",
                                       "j,2,failed,2026-03-02 02:00:00,3600000,2026-03-02 03:00:00",
                                       "j,3,failed,2026-03-03 02:00:00,61000,2026-03-03 02:01:01"});
        const auto proposal = proposeMapping(headOf(text), "t.csv");
        QCOMPARE(shown(proposal.mapping), QString("job=job run=run_id outcome=status started_at=start/rfc3339 "
                                                  "ended_at=+duration:ms"));
        const std::string note = "'duration' counts ms: so much lies between 'start' and 'written'";
        QVERIFY(std::count(proposal.notes.begin(), proposal.notes.end(), note) == 1);
    }

    void proposeMapping_databricksHours_areOneAttempt()
    {
        const QByteArray text = lines(
            {"job_id,run_id,period_start_time,period_end_time,result_state",
             "7,1,2026-03-01T02:00:00Z,2026-03-01T03:00:00Z,", "7,1,2026-03-01T03:00:00Z,2026-03-01T04:00:00Z,",
             "7,1,2026-03-01T04:00:00Z,2026-03-01T04:20:00Z,FAILED", "7,2,2026-03-02T02:00:00Z,2026-03-02T03:00:00Z,"});
        const Preview preview = previewMapping(headOf(text), proposeMapping(headOf(text), "t.csv").mapping);
        QCOMPARE(preview.attempts, std::uint64_t(1));
        QCOMPARE(preview.skipped, std::uint64_t(3));
        const auto &attempt = preview.rows.at(2).attempt;
        QCOMPARE(attempt.attempt, 1);
        QCOMPARE(base::secondsBetween(attempt.startedAt, attempt.endedAt), 8400.0);
    }

    void proposeMapping_daysOfExcel_areTimesWhereTheNameSaysSo()
    {
        const QByteArray text =
            lines({"job,run_id,status,Start,End,price", "j,1,failed,46082.0833333333,46082.09,40000.5",
                   "j,2,failed,46083.0833333333,46083.1,40001.5"});
        const auto proposal = proposeMapping(headOf(text), "t.csv");
        QCOMPARE(shown(proposal.mapping), QString("job=job run=run_id outcome=status started_at=Start/excel "
                                                  "ended_at=End/excel cost_usd=price"));
        QCOMPARE(previewMapping(headOf(text), proposal.mapping).attempts, std::uint64_t(2));
    }

    void proposeMapping_openFields_areNamed()
    {
        const Proposal proposal = proposeMapping(headOf("colour,size\nred,1\nblue,2\n"), "x.csv");
        const std::vector<Field> all{Field::Job, Field::Run, Field::Outcome, Field::StartedAt, Field::EndedAt};
        QCOMPARE(proposal.open, all);
        QVERIFY(proposalText(proposal).find("# OPEN: no column was found for 'job'") != std::string::npos);
        QVERIFY(proposalText(proposal).find("# Not used: column 'colour' (category)") != std::string::npos);
    }

    void proposeMapping_strangeWords_areNoted()
    {
        const Proposal proposal =
            proposeMapping(headOf("job,run,state,start,end\nj,1,OK,2024-05-01 01:00:00,2024-05-01 01:00:01\n"
                                  "j,2,WEIRD,2024-05-01 01:00:00,2024-05-01 01:00:01\n"),
                           "x.csv");
        QString notes;
        for (const auto &note : proposal.notes)
            notes += QString::fromStdString(note) + '\n';
        QVERIFY2(notes.contains("'WEIRD'"), qPrintable(notes));
        QVERIFY2(notes.contains("UTC is assumed"), qPrintable(notes));
        QCOMPARE(proposal.mapping.zone, std::string("UTC"));
    }

    void proposeMapping_forms_areFound_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("form");
        const QByteArray csv = "job,run,state\nj,1,OK\nj,2,FAILED\nk,3,OK\n";
        QTest::newRow("commas") << csv << "csv UTF-8 ',' header 0 ";
        QTest::newRow("semicolons") << QByteArray(csv).replace(',', ';') << "csv UTF-8 ';' header 0 ";
        QTest::newRow("control characters") << QByteArray(csv).replace(',', '\x01') << "csv UTF-8 '\x01' header 0 ";
        QTest::newRow("no header") << QByteArray("j,1,OK\nj,2,FAILED\n") << "csv UTF-8 ',' no header 0 ";
        QTest::newRow("lines before the header") << "Report\nof today\n" + csv << "csv UTF-8 ',' header 2 ";
        QTest::newRow("comments") << "# made today\n# by hand\n" + csv << "csv UTF-8 ',' header 0 #";
        QTest::newRow("a header behind a sign") << "#" + csv << "csv UTF-8 ',' header 0 ";
        QTest::newRow("JSON Lines") << QByteArray("{\"a\":1}\n{\"a\":2}\n") << "jsonl UTF-8 ',' header 0 ";
        QTest::newRow("a JSON list") << QByteArray("[{\"a\":1},{\"a\":2}]") << "json UTF-8 ',' header 0 ";
        QTest::newRow("Shift_JIS") << QByteArray(
            "\x83\x57\x83\x87\x83\x75\x96\xBC,run,\x8C\x8B\x89\xCA\nj,1,OK\nk,2,OK\n")
                                   << "csv SHIFT_JIS ',' header 0 ";
    }
    void proposeMapping_forms_areFound()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, form);
        const Mapping mapping = proposeMapping(headOf(text), "x").mapping;
        QCOMPARE(QString::fromStdString(std::string(name(mapping.format)) + " " + mapping.encoding + " '"
                                        + mapping.dialect.delimiter + "' " + (mapping.dialect.header ? "" : "no ")
                                        + "header " + std::to_string(mapping.dialect.skipLines) + " "
                                        + mapping.dialect.comment),
                 form);
    }

    void recogniseHead_unmappedTable_saysHowToGoOn()
    {
        const auto found = recogniseHead("runs.csv", "JobName,Result,Begun\nj,OK,2024-05-01T01:00:00Z\n", false);
        QVERIFY(!found.format.has_value());
        const QString reason = QString::fromStdString(found.reason);
        QVERIFY2(reason.contains("job in 'JobName'"), qPrintable(reason));
        QVERIFY2(reason.contains("outcome in 'Result'"), qPrintable(reason));
        QVERIFY2(reason.contains("mulligan map runs.csv --out profile.yaml"), qPrintable(reason));
    }

    void previewMapping_rows_tellTheirFate()
    {
        const FileHead head = headOf("job,run,try,state,start,end\n"
                                     "j,1,1,failed,2024-01-01T00:00:00Z,2024-01-01T00:00:01Z\n"
                                     "j,2,1,odd,2024-01-01T00:00:00Z,2024-01-01T00:00:01Z\nj,3\n");
        const auto mapping =
            parseMapping("version: 1\nfields: {job: job, run: run, attempt: try, outcome: state, started_at: "
                         "start, ended_at: end}\n",
                         "p");
        const Preview preview = previewMapping(head, *mapping);
        QVERIFY(!preview.problem.has_value());
        QCOMPARE(preview.rows.size(), size_t(3));
        QVERIFY(preview.rows[0].fate == PreviewRow::Fate::Attempt);
        QCOMPARE(preview.rows[0].attempt.run, std::string("1"));
        QVERIFY(preview.rows[1].fate == PreviewRow::Fate::Rejected);
        QCOMPARE(preview.rows[1].field, std::string("outcome"));
        QCOMPARE(preview.rows[1].column, std::uint64_t(4));
        QCOMPARE(preview.rows[1].line, std::uint64_t(3));
        QCOMPARE(preview.rows[2].reason, std::string("the row has 2 fields where the header has 6"));
        // A head that was cut says nothing of the row it cuts.
        FileHead cut = head;
        cut.cut = true;
        cut.bytes.resize(cut.bytes.size() - 2);
        QCOMPARE(previewMapping(cut, *mapping).rows.size(), size_t(2));
    }

    void previewMapping_incompleteMapping_showsRawRows()
    {
        const Preview preview = previewMapping(headOf("a,b\n1,2\n"), Mapping());
        QVERIFY(preview.problem.has_value());
        QCOMPARE(preview.rows.size(), size_t(1));
        QCOMPARE(preview.rows.front().cells, (std::vector<std::string>{"1", "2"}));
        QVERIFY(preview.rows.front().fate == PreviewRow::Fate::Raw);
    }
};

QTEST_GUILESS_MAIN(TestMappingProposal)
#include "tst_mapping_proposal.moc"
