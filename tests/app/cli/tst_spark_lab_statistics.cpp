#include "program.hpp"

#include <QtTest>

/// Holds the figures that the README claims of the laboratory's real runs: whatever changes in rules, models or policy,
/// they are measured anew here.
class SparkLab : public QObject
{
    Q_OBJECT

    static QString lab(const char *name)
    {
        return QStringLiteral(MULLIGAN_SOURCE_DIR "/sample_data/spark_lab/") + QString::fromLatin1(name);
    }

private Q_SLOTS:
    void evaluate_realRuns_everyBarHolds()
    {
        QTemporaryDir folder;
        const QString workspace = folder.filePath(QStringLiteral("lab.mulligan"));
        QCOMPARE(cli::mulligan({"init", workspace}).exitCode, 0);
        const auto imported = cli::mulligan({"import", workspace, lab(""), "--json"}, {}, 120'000);
        QCOMPARE(imported.exitCode, 0);
        QCOMPARE(imported.json()["rejected_rows"].toInt(), 0);
        const auto classified = cli::mulligan({"classify", workspace, "--json"}, {}, 60'000);
        QCOMPARE(classified.exitCode, 0);
        const auto run = cli::mulligan({"evaluate", workspace, "--truth", lab("truth.jsonl.zst"), "--space",
                                        lab("space.yaml"), "--folds", "100", "--json"},
                                       {}, 240'000);
        QCOMPARE(run.exitCode, 0);
        const QJsonArray bars = run.json()["truth"].toObject()["bars"].toArray();
        QVERIFY(bars.size() >= 10);
        for (const QJsonValue &bar : bars)
            QVERIFY2(bar.toObject()["held"].toBool(), QJsonDocument(bar.toObject()).toJson().constData());
    }
};

QTEST_GUILESS_MAIN(SparkLab)
#include "tst_spark_lab_statistics.moc"
