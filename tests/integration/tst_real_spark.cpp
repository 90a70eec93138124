#include "base/progress.hpp"
#include "pipeline/classify_workspace.hpp"
#include "pipeline/import_sources.hpp"
#include "pipeline/resources.hpp"
#include "store/history_loader.hpp"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;

/// Makes real Spark runs with the Python of $MULLIGAN_PYTHON and holds import and classification to what they did.
class RealSpark : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void run_ofEveryKind_isImportedAndClassified_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("outcome");
        QTest::addColumn<QString>("errorClass");
        QTest::newRow("a run that succeeds") << "success" << int(model::Outcome::Succeeded) << "";
        QTest::newRow("an executor that runs out of heap, with another setting enough")
            << "memory" << int(model::Outcome::Failed) << "memory_config.executor_heap";
        QTest::newRow("a Python function that raises, whatever the setting")
            << "user" << int(model::Outcome::Failed) << "code.udf|code.exception|code.python_worker";
    }
    void run_ofEveryKind_isImportedAndClassified()
    {
        QFETCH(QString, kind);
        QFETCH(int, outcome);
        QFETCH(QString, errorClass);
        const QString python = qEnvironmentVariable("MULLIGAN_PYTHON");
        if (QProcess::execute(python, {"-c", "import pyspark"}) != 0)
            QSKIP("pyspark cannot be imported by $MULLIGAN_PYTHON; installer/setup.sh integration installs it");
        QTemporaryDir folder;
        QVERIFY(folder.isValid());
        makeRun(python, kind, folder.path());
        const auto history = importAndClassify(folder);
        QCOMPARE(int(history.attempts.size()), 1);
        const model::HistoryAttempt &attempt = history.attempts.front();
        QCOMPARE(int(attempt.outcome), outcome);
        QCOMPARE(history.jobs.at(attempt.job), "mulligan-integration-" + kind.toStdString());
        QVERIFY(attempt.costUsd > 0.0);
        QVERIFY(base::secondsBetween(attempt.startedAt, attempt.endedAt) > 0.0);
        QCOMPARE(history.configs[attempt.config].at("spark.driver.memory"), std::string("700m"));
        if (!errorClass.isEmpty())
            QVERIFY2(errorClass.split('|').contains(QString::fromStdString(attempt.verdict->errorClass)),
                     attempt.verdict->errorClass.c_str());
    }

private:
    static void makeRun(const QString &python, const QString &kind, const QString &folder)
    {
        QProcess spark;
        spark.start(python, {QStringLiteral(MULLIGAN_SOURCE_DIR "/tests/integration/spark_runs.py"), kind, folder});
        QVERIFY(spark.waitForFinished(280'000));
        const QByteArray said = spark.readAllStandardOutput() + spark.readAllStandardError();
        QVERIFY2(spark.exitStatus() == QProcess::NormalExit && spark.exitCode() == 0, said.constData());
    }

    static model::History importAndClassify(const QTemporaryDir &folder)
    {
        base::Progress progress;
        const auto give = [](const auto &result) {
            if (!result)
                qFatal("%s", result.error().text().c_str());
        };
        const pipeline::Resources resources{MULLIGAN_SOURCE_DIR "/resources"};
        auto workspace = store::Workspace::create(folder.filePath("w.mulligan").toStdString());
        give(workspace);
        pipeline::ImportOptions options;
        const std::vector<std::string> paths{folder.path().toStdString()};
        const auto report = pipeline::importSources(*workspace, paths, options, {}, progress);
        give(report);
        const auto classifier = pipeline::loadClassifier(resources);
        give(classifier);
        give(pipeline::classifyWorkspace(*workspace, **classifier, {}, progress));
        auto history = store::loadHistory(*workspace, {}, progress);
        give(history);
        return std::move(*history);
    }
};

QTEST_GUILESS_MAIN(RealSpark)
#include "tst_real_spark.moc"
