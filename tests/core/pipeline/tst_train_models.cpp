#include "pipeline/train_models.hpp"

#include "world_workspace.hpp"

#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::pipeline;

class TestTrainModels : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    std::string path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)).toStdString(); }

private Q_SLOTS:
    void trainModels_onAWorld_storesModelsThatLoadAgain()
    {
        const auto world = tests::makeWorld({24, 60, 9, 0.35});
        auto workspace = tests::workspaceOf(world.history, path("world.mulligan"));
        QVERIFY2(workspace.has_value(), workspace.has_value() ? "" : workspace.error().text().c_str());
        TrainRequest request;
        base::Progress progress;
        const auto none = loadModels(*workspace, request.economics);
        QVERIFY(none.has_value() && !none->has_value());
        const auto card = trainModels(*workspace, request, {}, progress);
        QVERIFY2(card.has_value(), card.has_value() ? "" : card.error().text().c_str());
        QVERIFY(!card->fallback);
        QVERIFY(card->success.logLoss < card->baselines.at("class_rate").logLoss);
        const auto models = loadModels(*workspace, request.economics);
        QVERIFY(models.has_value() && models->has_value());
        QCOMPARE((*models)->card, *card);
        QCOMPARE((*models)->id, card->modelId);
        QCOMPARE((*models)->rolling.size(), static_cast<size_t>(card->refits));
        const auto stored = loadModelCard(*workspace);
        QVERIFY(stored.has_value() && stored->has_value());
        QCOMPARE(**stored, *card);
    }

    void trainModels_again_givesTheSameModel()
    {
        const auto world = tests::makeWorld({24, 60, 9, 0.35});
        auto workspace = tests::workspaceOf(world.history, path("again.mulligan"));
        QVERIFY(workspace.has_value());
        TrainRequest request;
        request.threads = 1;
        base::Progress progress;
        const auto one = trainModels(*workspace, request, {}, progress);
        request.threads = 2;
        const auto two = trainModels(*workspace, request, {}, progress);
        QVERIFY(one.has_value() && two.has_value());
        QCOMPARE(one->modelId, two->modelId);
        const auto info = workspace->info();
        QVERIFY(info.has_value());
        QCOMPARE(info->models.size(), size_t(1));
    }

    void trainModels_tooLittle_storesClassRatesMarkedAsSuch()
    {
        const auto world = tests::makeWorld({4, 20, 2, 0.3});
        auto workspace = tests::workspaceOf(world.history, path("little.mulligan"));
        QVERIFY(workspace.has_value());
        base::Progress progress;
        const auto card = trainModels(*workspace, {}, {}, progress);
        QVERIFY(card.has_value());
        QVERIFY(card->fallback);
        QVERIFY(card->fallbackReason.find("at least 200 retries") != std::string::npos);
        const auto models = loadModels(*workspace, {});
        QVERIFY(models.has_value() && models->has_value());
        QVERIFY((*models)->production->fallback());
    }

    void trainModels_emptyWorkspace_saysToImportFirst()
    {
        auto workspace = store::Workspace::create(path("empty.mulligan"));
        QVERIFY(workspace.has_value());
        base::Progress progress;
        const auto card = trainModels(*workspace, {}, {}, progress);
        QVERIFY(!card.has_value());
        QCOMPARE(card.error().code, base::ErrorCode::InsufficientData);
        QVERIFY(card.error().hint.find("Import") != std::string::npos);
    }

    void trainModels_stopRequested_storesNothing()
    {
        const auto world = tests::makeWorld({24, 60, 9, 0.35});
        auto workspace = tests::workspaceOf(world.history, path("stopped.mulligan"));
        QVERIFY(workspace.has_value());
        std::stop_source stop;
        stop.request_stop();
        base::Progress progress;
        const auto card = trainModels(*workspace, {}, stop.get_token(), progress);
        QVERIFY(!card.has_value());
        QCOMPARE(card.error().code, base::ErrorCode::Cancelled);
        const auto stored = loadModelCard(*workspace);
        QVERIFY(stored.has_value() && !stored->has_value());
    }
};

QTEST_APPLESS_MAIN(TestTrainModels)
#include "tst_train_models.moc"
