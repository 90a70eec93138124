#include "pipeline/classify_workspace.hpp"
#include "pipeline/rule_preview.hpp"
#include "random_rules.hpp"
#include "store/verdict_store.hpp"
#include "stored_verdicts.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <map>

using namespace mulligan;

namespace
{

using Classifier = std::shared_ptr<const classify::Classifier>;

/// What classifying a workspace as a whole says of it.
struct Truth {
    tests::StoredVerdicts verdicts;
    std::map<std::string, std::uint64_t> hits;
    std::map<std::string, std::uint64_t> wins;
    std::map<std::string, std::uint64_t> onSuccesses;

    [[nodiscard]] const model::Verdict &of(std::int64_t attempt) const
    {
        return verdicts.verdicts[verdicts.byAttempt.at(attempt)];
    }
};

Truth truthOf(store::Workspace &workspace, const Classifier &classifier)
{
    base::Progress progress;
    const auto report = pipeline::classifyWhole(workspace, *classifier, {}, progress);
    auto verdicts = tests::loadVerdicts(workspace);
    if (!report || !verdicts)
        qFatal("cannot classify");
    Truth truth{std::move(*verdicts), {}, {}, report->hitsOnSuccesses};
    for (const auto &[attempt, index] : truth.verdicts.byAttempt) {
        const model::Verdict &verdict = truth.verdicts.verdicts[index];
        for (const auto &match : verdict.matches)
            ++truth.hits[match.rule];
        if (!verdict.rule.empty())
            ++truth.wins[verdict.rule];
    }
    return truth;
}

std::uint64_t at(const std::map<std::string, std::uint64_t> &counts, const std::string &rule)
{
    const auto found = counts.find(rule);
    return found == counts.end() ? 0 : found->second;
}

std::map<std::int64_t, double> costs(store::Workspace &workspace)
{
    std::map<std::int64_t, double> out;
    auto rows = workspace.connection().prepare("SELECT id, cost_usd FROM attempt WHERE outcome IN (1, 2)");
    while (rows && rows->step().value_or(false))
        out[rows->integer(0)] = rows->number(1);
    return out;
}

struct Moved {
    std::uint64_t failures = 0;
    double costUsd = 0.0;
};

/// Failures by the rules that decide them before and after, where anything that a policy sees differs.
std::map<std::pair<std::string, std::string>, Moved> movesBetween(const Truth &before, const Truth &after,
                                                                  const std::map<std::int64_t, double> &cost)
{
    std::map<std::pair<std::string, std::string>, Moved> moves;
    for (const auto &[attempt, index] : before.verdicts.byAttempt) {
        const model::Verdict &a = before.of(attempt);
        const model::Verdict &b = after.of(attempt);
        if (a.rule == b.rule && a.errorClass == b.errorClass && a.domain == b.domain && a.transient == b.transient
            && a.action == b.action)
            continue;
        Moved &moved = moves[{a.rule, b.rule}];
        ++moved.failures;
        moved.costUsd += cost.at(attempt);
    }
    return moves;
}

void holds(const pipeline::PackPreview &preview, const Truth &before, const Truth &after,
           const std::map<std::int64_t, double> &cost)
{
    const auto moves = movesBetween(before, after, cost);
    QCOMPARE(preview.moves.size(), moves.size());
    std::uint64_t changed = 0;
    std::uint64_t classified = 0;
    for (const pipeline::RuleMove &move : preview.moves) {
        const auto expected = moves.find({move.fromRule, move.toRule});
        QVERIFY(expected != moves.end());
        QCOMPARE(move.failures, expected->second.failures);
        QVERIFY(std::abs(move.costUsd - expected->second.costUsd) < 1e-6);
        changed += move.failures;
        classified += move.fromRule.empty() ? move.failures : 0;
        QVERIFY(!move.examples.empty());
        for (const std::int64_t id : move.examples) {
            QCOMPARE(before.of(id).rule, move.fromRule);
            QCOMPARE(after.of(id).rule, move.toRule);
            QCOMPARE(before.of(id).errorClass, move.fromClass);
            QCOMPARE(after.of(id).errorClass, move.toClass);
        }
    }
    QCOMPARE(preview.changed, changed);
    QCOMPARE(preview.newlyClassified, classified);
    QCOMPARE(preview.failures, std::uint64_t(before.verdicts.byAttempt.size()));
    for (const pipeline::RuleEffect &effect : preview.rules) {
        QCOMPARE(effect.hits, at(after.hits, effect.rule));
        QCOMPARE(effect.hitsBefore, at(before.hits, effect.rule));
        QCOMPARE(effect.wins, at(after.wins, effect.rule));
        QCOMPARE(effect.winsBefore, at(before.wins, effect.rule));
        QCOMPARE(effect.hitsOnSuccesses, at(after.onSuccesses, effect.rule));
        QCOMPARE(effect.hitsOnSuccessesBefore, at(before.onSuccesses, effect.rule));
    }
}

} // namespace

class TestRulePreview : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    store::Workspace made(const char *name, std::uint64_t seed, int attempts)
    {
        auto workspace = store::Workspace::create(m_folder.filePath(QString::fromLatin1(name)).toStdString());
        if (!workspace || !tests::RandomRules(seed).addAttempts(*workspace, "first", attempts))
            qFatal("no workspace");
        return std::move(*workspace);
    }

    static std::shared_ptr<const pipeline::RulePreview> loaded(store::Workspace &workspace, const Classifier &base,
                                                               const pipeline::PreviewOptions &options = {})
    {
        base::Progress progress;
        auto preview = pipeline::RulePreview::load(workspace, base, options, {}, progress);
        return preview ? *preview : nullptr;
    }

private slots:
    void preview_randomEdits_equalsClassifyingBothWays_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<bool>("fits");
        for (int seed = 0; seed < 16; ++seed)
            QTest::addRow(seed % 4 == 3 ? "edits %d, texts left in the workspace" : "edits %d", seed)
                << seed << (seed % 4 != 3);
    }
    void preview_randomEdits_equalsClassifyingBothWays()
    {
        QFETCH(int, seed);
        QFETCH(bool, fits);
        const auto number = static_cast<std::uint64_t>(seed);
        auto workspace = made(("edits" + std::to_string(seed)).c_str(), number, 250);
        tests::RandomRules random(number + 2000);
        const auto pack = random.pack(3 + seed % 9);
        const auto base = tests::compiled(pack);
        pipeline::PreviewOptions options;
        options.textBytes = fits ? options.textBytes : 200;
        const auto preview = loaded(workspace, base, options);
        QVERIFY(preview != nullptr);
        QCOMPARE(preview->textsNotKept() > 0, !fits);
        const Truth before = truthOf(workspace, base);
        const auto cost = costs(workspace);
        for (int i = 0; i < 6; ++i) {
            const auto edited = random.edited(pack);
            const auto result = preview->preview(edited, {});
            QVERIFY2(result.has_value(), result ? "" : result.error().text().c_str());
            holds(*result, before, truthOf(workspace, tests::compiled(edited)), cost);
            if (QTest::currentTestFailed())
                return;
        }
    }

    void preview_oneRule_isThePackWithThatRule()
    {
        auto workspace = made("one", 21, 200);
        tests::RandomRules random(22);
        auto pack = random.pack(6);
        const auto preview = loaded(workspace, tests::compiled(pack));
        classify::Rule rule = pack.rules[2];
        rule.any = {"heap"};
        rule.priority = 99;
        const auto one = preview->preview(rule, {});
        pack.rules[2] = rule;
        const auto whole = preview->preview(pack, {});
        QVERIFY(one.has_value() && whole.has_value());
        QCOMPARE(one->changed, whole->changed);
        QVERIFY(one->changed > 0);
        QCOMPARE(one->rules.size(), size_t(1));
        QCOMPARE(one->rules.front().hits, whole->rules.front().hits);
    }

    void preview_samePack_changesNothing()
    {
        auto workspace = made("same", 23, 100);
        const auto pack = tests::RandomRules(24).pack(6);
        const auto result = loaded(workspace, tests::compiled(pack))->preview(pack, {});
        QVERIFY(result.has_value());
        QCOMPARE(result->changed, std::uint64_t{0});
        QVERIFY(result->rules.empty() && result->moves.empty());
    }

    void preview_badPattern_saysWhere()
    {
        auto workspace = made("bad", 25, 50);
        auto pack = tests::RandomRules(26).pack(3);
        const auto preview = loaded(workspace, tests::compiled(pack));
        pack.rules.front().any = {"(unclosed"};
        const auto result = preview->preview(pack.rules.front(), {});
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, base::ErrorCode::Parse);
        QVERIFY(result.error().text().find(pack.rules.front().id) != std::string::npos);
    }

    void preview_stopRequested_isCancelled()
    {
        auto workspace = made("stop", 27, 100);
        auto pack = tests::RandomRules(28).pack(3);
        const auto preview = loaded(workspace, tests::compiled(pack));
        pack.rules.front().any = {"lost"};
        std::stop_source stop;
        stop.request_stop();
        const auto result = preview->preview(pack, stop.get_token());
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, base::ErrorCode::Cancelled);
        QVERIFY(preview->preview(pack, {}).has_value());
    }

    void changedVerdicts_randomEdits_coverEveryDifference()
    {
        auto workspace = made("verdicts", 29, 250);
        tests::RandomRules random(30);
        const auto pack = random.pack(8);
        const auto base = tests::compiled(pack);
        const auto preview = loaded(workspace, base);
        const Truth before = truthOf(workspace, base);
        for (int i = 0; i < 8; ++i) {
            const auto edited = tests::compiled(random.edited(pack));
            const auto changed = preview->changedVerdicts(*edited, {});
            QVERIFY(changed.has_value());
            const Truth after = truthOf(workspace, edited);
            std::map<std::int64_t, std::uint32_t> byAttempt(changed->byAttempt.begin(), changed->byAttempt.end());
            for (const auto &[attempt, index] : after.verdicts.byAttempt) {
                const auto found = byAttempt.find(attempt);
                QVERIFY(after.of(attempt)
                        == (found == byAttempt.end() ? before.of(attempt) : changed->verdicts[found->second]));
            }
        }
    }

    void load_limitOfMemory_isKept()
    {
        auto workspace = made("memory", 31, 200);
        const auto base = tests::compiled(tests::RandomRules(32).pack(3));
        const auto all = loaded(workspace, base);
        pipeline::PreviewOptions options;
        options.textBytes = 0;
        const auto none = loaded(workspace, base, options);
        QCOMPARE(all->textsNotKept(), std::uint64_t{0});
        QVERIFY(none->textsNotKept() + 1 >= none->distinctTexts()); // the empty text takes no room
        QVERIFY(none->memoryBytes() < all->memoryBytes());
        QCOMPARE(none->failures(), all->failures());
    }
};

QTEST_APPLESS_MAIN(TestRulePreview)
#include "tst_rule_preview.moc"
