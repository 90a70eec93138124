#include "formats/json.hpp"
#include "predict/card_json.hpp"
#include "predict/features.hpp"
#include "predict/train.hpp"
#include "world.hpp"

#include <QtTest>

#include <memory>

using namespace mulligan;
using namespace mulligan::predict;

namespace
{

using Files = std::map<std::string, std::string>;

} // namespace

class TestPredictorFiles : public QObject
{
    Q_OBJECT

    // Not static: XGBoost's own statics go first, and freeing a booster after them crashes.
    struct Fixture {
        tests::World world = tests::makeWorld({24, 60, 9, 0.35});
        PastIndex past = PastIndex::build(world.history);
        TrainedModels models;
    };
    std::unique_ptr<Fixture> m_fixture;

    std::vector<Score> scoresOf(const Predictor &predictor, std::uint32_t at) const
    {
        const RetryContext context = contextAt(m_fixture->world.history, m_fixture->past, at);
        const std::vector<model::Config> configs{context.config, {{"spark.executor.memory", "12g"}}};
        const auto scores = predictor.scoreMany(context, configs, tests::worldRate);
        if (!scores.has_value())
            qFatal("%s", scores.error().text().c_str());
        return *scores;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<Fixture>();
        base::Progress progress;
        auto models = train(m_fixture->world.history, m_fixture->past, tests::worldTraining(), {}, progress);
        QVERIFY(models.has_value() && !models->card.fallback);
        m_fixture->models = std::move(*models);
    }

    void files_readAgain_scoreTheSameToTheLastBit()
    {
        const auto &models = m_fixture->models;
        const auto read = TrainedModels::fromFiles(models.files());
        QVERIFY2(read.has_value(), read.has_value() ? "" : read.error().text().c_str());
        QCOMPARE(read->id, models.id);
        QCOMPARE(read->rolling.size(), models.rolling.size());
        QVERIFY(read->files() == models.files());
        int points = 0;
        for (std::uint32_t i = 0; i < m_fixture->world.history.attempts.size(); ++i) {
            if (!model::isDecisionPoint(m_fixture->world.history.attempts[i]))
                continue;
            const base::Instant ended = m_fixture->world.history.attempts[i].endedAt;
            for (const auto &[fresh, reread] : {std::pair(models.production.get(), read->production.get()),
                                                std::pair(models.modelAt(ended), read->modelAt(ended))}) {
                QCOMPARE(fresh == nullptr, reread == nullptr);
                if (fresh == nullptr)
                    continue;
                const auto a = scoresOf(*fresh, i);
                const auto b = scoresOf(*reread, i);
                for (size_t k = 0; k < a.size(); ++k) {
                    QCOMPARE(a[k].scorer, b[k].scorer);
                    QCOMPARE(a[k].chooser, b[k].chooser);
                    QCOMPARE(a[k].supported, b[k].supported);
                }
                ++points;
            }
        }
        QVERIFY(points > 500);
    }

    void files_ofClassRates_readAgain()
    {
        const TrainedModels rates = classRates(m_fixture->world.history, m_fixture->past, tests::worldRate);
        QVERIFY(rates.card.fallback);
        const auto read = TrainedModels::fromFiles(rates.files());
        QVERIFY(read.has_value());
        QVERIFY(read->production->fallback());
        QVERIFY(read->files() == rates.files());
    }

    void fromFiles_damaged_saysWhichFileAndWhy_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("code");
        QTest::newRow("a booster cut short") << QByteArray("scorer_success.json") << QByteArray("{\"learner\":{")
                                             << static_cast<int>(base::ErrorCode::Corrupt);
        QTest::newRow("a booster that is another document")
            << QByteArray("chooser_success.json") << QByteArray("{}") << static_cast<int>(base::ErrorCode::Corrupt);
        QTest::newRow("a spec that is no JSON")
            << QByteArray("spec.json") << QByteArray("spec") << static_cast<int>(base::ErrorCode::Parse);
        QTest::newRow("a spec of another version") << QByteArray("spec.json") << QByteArray("{\"feature_version\":99}")
                                                   << static_cast<int>(base::ErrorCode::Unsupported);
        QTest::newRow("a spec with other features")
            << QByteArray("spec.json")
            << ("{\"feature_version\":" + QByteArray::number(kFeatureVersion) + ",\"features\":[\"a\"]}")
            << static_cast<int>(base::ErrorCode::Corrupt);
        QTest::newRow("support that holds words")
            << QByteArray("support.json") << QByteArray("{\"a.b\":{\"1\":[\"x\"]}}")
            << static_cast<int>(base::ErrorCode::Parse);
        QTest::newRow("a half without its encoding")
            << QByteArray("scorer.json") << QByteArray("{}") << static_cast<int>(base::ErrorCode::Parse);
        QTest::newRow("a half without its trend")
            << QByteArray("scorer.json")
            << QByteArray::fromStdString(m_fixture->models.production->files().at("scorer.json"))
                   .replace("\"per_doubling\"", "\"per_halving\"")
            << static_cast<int>(base::ErrorCode::Corrupt);
        QTest::newRow("a file that is missing")
            << QByteArray("scorer_success.json") << QByteArray() << static_cast<int>(base::ErrorCode::Corrupt);
    }
    void fromFiles_damaged_saysWhichFileAndWhy()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, content);
        QFETCH(int, code);
        Files files = m_fixture->models.production->files();
        QVERIFY(files.contains(file.toStdString()));
        if (content.isEmpty())
            files.erase(file.toStdString());
        else
            files[file.toStdString()] = content.toStdString();
        const auto read = Predictor::fromFiles(files);
        QVERIFY(!read.has_value());
        QCOMPARE(static_cast<int>(read.error().code), code);
        QVERIFY2(read.error().text().find(file.toStdString()) != std::string::npos, read.error().text().c_str());
    }

    void cardToJson_holdsTheContractsKeysAndComesBack()
    {
        const model::ModelCard &card = m_fixture->models.card;
        const formats::Json json = cardToJson(card);
        for (const char *key : {"model_id", "rows", "split", "success", "cost", "baselines", "by_class", "seconds"})
            QVERIFY2(json.find(key) != nullptr, key);
        for (const char *key : {"auc", "pr_auc", "log_loss", "brier", "ece"})
            QVERIFY2(json["success"][key].isNumber(), key);
        for (const char *key : {"mae", "mape", "bias"})
            QVERIFY2(json["cost"][key].isNumber(), key);
        for (const char *key : {"overall_rate", "class_rate", "job_rate"})
            QVERIFY2(json["baselines"][key]["log_loss"].isNumber(), key);
        const auto text = formats::parseJson(formats::writeJson(json));
        QVERIFY(text.has_value());
        const auto read = cardFromJson(*text);
        QVERIFY(read.has_value());
        QCOMPARE(*read, card);
    }

    void cardFromJson_notACard_isRefused()
    {
        const auto read = cardFromJson(formats::Json::object());
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().code, base::ErrorCode::Parse);
    }
};

QTEST_APPLESS_MAIN(TestPredictorFiles)
#include "tst_predictor_files.moc"
