#include "pipeline/compare_packs.hpp"

#include "classify/rule_file.hpp"
#include "pipeline/classify_workspace.hpp"
#include "pipeline/train_models.hpp"
#include "random_rules.hpp"
#include "world_workspace.hpp"

#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::pipeline;

namespace
{

using Rules = std::shared_ptr<const classify::Classifier>;

classify::RulePack worldPack()
{
    auto pack = classify::packFromText(tests::kWorldRules, "world.yaml");
    if (!pack)
        qFatal("%s", pack.error().text().c_str());
    return std::move(*pack);
}

/// Memory failures are no longer known as such: the rule behind takes them, and stops.
Rules edited()
{
    classify::RulePack pack = worldPack();
    pack.rules.front().status = classify::RuleStatus::Retired;
    return tests::compiled(pack);
}

optimize::ParameterSpace space()
{
    optimize::Parameter memory;
    memory.name = "spark.executor.memory";
    memory.bareUnit = base::kMiB;
    memory.initial = base::kGiB;
    memory.lower = base::kGiB;
    memory.upper = 64 * base::kGiB;
    memory.multipliers = {1.5, 2, 3};
    memory.classes = {"memory_config.executor_heap"};
    memory.memory = true;
    return {{memory}, {}};
}

template <typename T> T give(base::Result<T> result)
{
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return std::move(*result);
}

} // namespace

class TestComparePacks : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)).toStdString(); }

    /// A world with trained models, classified by `rules`.
    store::Workspace world(const char *name, const Rules &rules)
    {
        auto workspace = give(tests::workspaceOf(tests::makeWorld({40, 70, 4, 0.35}).history, path(name)));
        base::Progress progress;
        give(classifyWorkspace(workspace, *rules, {}, progress));
        const auto card = give(trainModels(workspace, {}, {}, progress));
        if (card.fallback)
            qFatal("no models");
        return workspace;
    }

    static model::SavingsReport replayed(store::Workspace &workspace, const Rules &rules)
    {
        base::Progress progress;
        const auto session = give(ReplaySession::open(workspace, {}, space(), rules, {}, progress));
        return give(session->replay({}, {}, {}, {}, progress)).report;
    }

private slots:
    void comparePacks_withModels_givesWhatClassifyingByEachWould()
    {
        const Rules a = tests::compiled(worldPack());
        const Rules b = edited();
        auto workspace = world("savings.mulligan", a);
        SavingsRequest request;
        request.space = space();
        base::Progress progress;
        const auto compared = give(comparePacks(workspace, a, b, request, {}, progress));
        QVERIFY(compared.change.changed > 0);
        QVERIFY(compared.savings.has_value());
        QVERIFY(compared.savings->before == replayed(workspace, a));
        give(classifyWorkspace(workspace, *b, {}, progress));
        const auto after = replayed(workspace, b);
        QVERIFY(compared.savings->after == after);
        QVERIFY(compared.savings->netGain() != 0.0);
        // Now the stored verdicts are B's; compared from A all the same.
        const auto again = give(comparePacks(workspace, a, b, request, {}, progress));
        QVERIFY(again.savings->before == compared.savings->before);
        QVERIFY(again.savings->after == after);
        QCOMPARE(again.change.changed, compared.change.changed);
    }

    void comparePacks_withoutModels_givesWhatReplaysByBaseRatesWouldAndSaysSo()
    {
        const Rules a = tests::compiled(worldPack());
        const Rules b = edited();
        auto workspace = give(tests::workspaceOf(tests::makeWorld({12, 40, 4, 0.35}).history, path("plain.mulligan")));
        base::Progress progress;
        SavingsRequest request;
        request.space = space();
        // Whatever the stored verdicts are: none yet, then those of A, then those of B.
        const auto unjudged = give(comparePacks(workspace, a, b, request, {}, progress));
        give(classifyWorkspace(workspace, *a, {}, progress));
        const auto compared = give(comparePacks(workspace, a, b, request, {}, progress));
        QVERIFY(compared.savings.has_value());
        QVERIFY(compared.savings->before == replayed(workspace, a));
        give(classifyWorkspace(workspace, *b, {}, progress));
        QVERIFY(compared.savings->after == replayed(workspace, b));
        QVERIFY(unjudged.savings->before == compared.savings->before);
        QVERIFY(unjudged.savings->after == compared.savings->after);
        QVERIFY(compared.savings->netGain() != 0.0);
        for (const auto *report : {&compared.savings->before, &compared.savings->after}) {
            QVERIFY(report->modelFallback);
            QVERIFY(report->modelCaveat.find("mulligan train") != std::string::npos);
        }
        const auto json = comparisonToJson(compared);
        QVERIFY(json["savings"]["b"]["model_caveat"].string().starts_with("No model is trained."));
        QVERIFY(json.find("without_savings") == nullptr);
    }

    void comparePacks_randomPacks_countHitsOnSuccessesOfBoth()
    {
        for (std::uint64_t seed = 40; seed < 46; ++seed) {
            auto workspace = give(store::Workspace::create(path(("random" + std::to_string(seed)).c_str())));
            tests::RandomRules random(seed);
            QVERIFY(random.addAttempts(workspace, "first", 150).has_value());
            const auto pack = random.pack(6);
            const Rules a = tests::compiled(pack);
            const Rules b = tests::compiled(random.edited(random.edited(pack)));
            base::Progress progress;
            const auto compared = give(comparePacks(workspace, a, b, std::nullopt, {}, progress));
            QVERIFY(compared.onSuccessesA == give(classifyWhole(workspace, *a, {}, progress)).hitsOnSuccesses);
            QVERIFY(compared.onSuccessesB == give(classifyWhole(workspace, *b, {}, progress)).hitsOnSuccesses);
        }
    }

    void comparisonToJson_anyComparison_hasTheKeysAndAddsUp()
    {
        auto workspace = give(store::Workspace::create(path("json.mulligan")));
        tests::RandomRules random(50);
        QVERIFY(random.addAttempts(workspace, "first", 200).has_value());
        const auto pack = random.pack(8);
        auto other = pack;
        for (int i = 0; i < 4; ++i)
            other = random.edited(other);
        base::Progress progress;
        const auto json = comparisonToJson(
            give(comparePacks(workspace, tests::compiled(pack), tests::compiled(other), std::nullopt, {}, progress)));
        QVERIFY(json["changed"].integer() > 0);
        std::int64_t moved = 0;
        for (const auto &move : json["moves"].items()) {
            moved += move["count"].integer();
            QVERIFY(move["examples"].items().size() > 0);
        }
        QCOMPARE(moved, json["changed"].integer());
        QVERIFY(json["savings"].isNull());
        QCOMPARE(json["without_savings"].string(), std::string("not asked for"));
    }
};

QTEST_APPLESS_MAIN(TestComparePacks)
#include "tst_compare_packs.moc"
