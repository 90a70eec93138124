#include "deploy/spark_target.hpp"

#include "formats/json.hpp"

#include <QtTest>

using namespace mulligan;

namespace
{

deploy::Recommendation sample()
{
    deploy::Recommendation r;
    r.id = "etl daily/2026-03-01/1";
    r.job = "etl daily";
    r.run = "2026-03-01";
    r.errorClass = "memory_config.executor_heap";
    r.patch = {{"spark.executor.memory", "8g"}, {"spark.executor.memoryOverhead", "1g"}};
    r.expiresAt = base::fromCivil(2026, 4, 1);
    r.success = 0.75;
    return r;
}

const std::vector<deploy::Tunable> kTunables{
    {"spark.executor.memory", "bytes", 1073741824.0, 68719476736.0, 1073741824.0},
    {"spark.executor.cores", "count", 1.0, 16.0, 1.0},
    {"spark.yarn.blacklist.executor.launch.blacklisting.enabled", "count", 0.0, 1.0, 0.0}};

std::string confOf(const std::map<std::string, std::string> &files)
{
    for (const auto &[path, content] : files) {
        if (path.starts_with("targets/spark/conf/etl-daily-") && path.ends_with(".conf"))
            return content;
    }
    return {};
}

} // namespace

class TestSparkTarget : public QObject
{
    Q_OBJECT

private slots:
    void sparkTarget_writesDefaultsSubmitLinesAndTuningTable()
    {
        const std::vector recommendations{sample()};
        const auto files = deploy::sparkTarget(recommendations, kTunables);
        QCOMPARE(files.size(), size_t(3));
        QCOMPARE(confOf(files),
                 std::string("# etl daily/2026-03-01/1: memory_config.executor_heap, next_retry of attempt "
                             "1, expires 2026-04-01T00:00:00Z\nspark.executor.memory "
                             "8g\nspark.executor.memoryOverhead 1g\n"));
        const std::string &submit = files.at("targets/spark/submit.txt");
        QVERIFY(submit.ends_with("\n--conf 'spark.executor.memory=8g' --conf 'spark.executor.memoryOverhead=1g'\n"));
        const auto tuning = formats::parseJson(files.at("targets/spark/tuning.json"));
        QVERIFY(tuning.has_value());
        const auto &memory = (*tuning)["tunables"].items()[0];
        QCOMPARE(memory["unit"].string(), std::string("bytes"));
        QCOMPARE(memory["min"].string(), std::string("1g"));
        QCOMPARE(memory["max"].string(), std::string("64g"));
        QCOMPARE(memory["default"].string(), std::string("1g"));
        QCOMPARE((*tuning)["tunables"].items()[1]["max"].number(), 16.0);
        const auto &r = (*tuning)["recommendations"].items()[0];
        QCOMPARE(r["scope"].string(), std::string("next_retry"));
        QCOMPARE(r["spark_conf"]["spark.executor.memory"].string(), std::string("8g"));
        QCOMPARE(r["p_success"].number(), 0.75);
    }

    void sparkTarget_badProperties_areLeftOut_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("blacklist settings, which Spark ignores since 4.1") << "spark.blacklist.enabled"
                                                                           << "true";
        QTest::newRow("blacklist settings further down") << "spark.yarn.blacklist.executor.launch.enabled"
                                                         << "true";
        QTest::newRow("no Spark property") << "mapreduce.map.memory.mb"
                                           << "1";
        QTest::newRow("a line break in the value") << "spark.app.name"
                                                   << "a\nspark.jars evil.jar";
        QTest::newRow("a space in the key") << "spark.a b"
                                            << "1";
        QTest::newRow("a quote in the key") << "spark.a'b"
                                            << "1";
    }
    void sparkTarget_badProperties_areLeftOut()
    {
        QFETCH(QString, key);
        QFETCH(QString, value);
        deploy::Recommendation only = sample();
        only.patch = {{key.toStdString(), value.toStdString()}};
        deploy::Recommendation mixed = sample();
        mixed.patch.emplace(key.toStdString(), value.toStdString());
        QCOMPARE(deploy::sparkTarget(std::vector{only}, kTunables).size(), size_t(2));
        for (const auto &[path, content] : deploy::sparkTarget(std::vector{mixed}, kTunables)) {
            QVERIFY2(content.find(key.toStdString()) == std::string::npos, path.c_str());
            QVERIFY2(content.find("evil") == std::string::npos, path.c_str());
            QVERIFY2(content.find("blacklist") == std::string::npos, path.c_str());
        }
    }

    void sparkTarget_hostileNames_stayInTheirLineAndFolder()
    {
        deploy::Recommendation r = sample();
        r.job = "../../etc/passwd";
        r.id = "x\nspark.jars evil.jar";
        r.patch = {{"spark.app.name", "it's $(reboot)"}};
        for (const auto &[path, content] : deploy::sparkTarget(std::vector{r}, kTunables)) {
            QVERIFY2(path.find("..") == std::string::npos, path.c_str());
            QVERIFY2(content.find("\nspark.jars") == std::string::npos, content.c_str());
        }
        const auto files = deploy::sparkTarget(std::vector{r}, kTunables);
        QVERIFY(files.at("targets/spark/submit.txt").ends_with("--conf 'spark.app.name=it'\\''s $(reboot)'\n"));
    }

    void sparkTarget_thousandsOfRecommendations_areAllInTheTable()
    {
        std::vector<deploy::Recommendation> many(2500, sample());
        for (size_t i = 0; i < many.size(); ++i)
            many[i].id += std::to_string(i);
        const auto files = deploy::sparkTarget(many, kTunables);
        QCOMPARE(files.size(), size_t(1002));
        const auto tuning = formats::parseJson(files.at("targets/spark/tuning.json"));
        QCOMPARE((*tuning)["recommendations"].size(), size_t(2500));
        QCOMPARE((*tuning)["conf_files"].integer(), std::int64_t(1000));
    }

    void sparkTarget_unsupported_saysThatNothingIsPromised()
    {
        deploy::Recommendation r = sample();
        r.supported = false;
        QVERIFY(confOf(deploy::sparkTarget(std::vector{r}, kTunables)).find("nothing is promised")
                != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestSparkTarget)
#include "tst_spark_target.moc"
