#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what it brings from the standard library
#include "classify/pack_change.hpp"
#endif

#include <QtTest>

using namespace mulligan::classify;

namespace
{

Rule rule(const std::string &id)
{
    Rule made;
    made.id = id;
    made.errorClass = "storage.disk_full";
    made.any = {"No space left"};
    return made;
}

RulePack packOf(std::vector<Rule> rules)
{
    RulePack pack;
    pack.rules = std::move(rules);
    return pack;
}

using Edit = void (*)(Rule &);

} // namespace

Q_DECLARE_METATYPE(Edit)

class TestPackChange : public QObject
{
    Q_OBJECT

private slots:
    void changeBetween_oneRuleEdited_saysWhatItCanChange_data()
    {
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<QString>("kind");
        const auto row = [](const char *name, Edit edit, const char *kind) {
            QTest::newRow(name) << edit << QString::fromLatin1(kind);
        };
        row(
            "nothing", [](Rule &) {}, "");
        row(
            "a sample", [](Rule &r) { r.positive = {"a"}; }, "");
        row(
            "its owner and dates", [](Rule &r) { r.owner = r.created = "x"; }, "");
        row(
            "its place in a file", [](Rule &r) { r.line = 7; }, "");
        row(
            "a pattern", [](Rule &r) { r.any = {"other"}; }, "matched");
        row(
            "a pattern that must match too", [](Rule &r) { r.all = {"other"}; }, "matched");
        row(
            "a pattern that may not match", [](Rule &r) { r.none = {"other"}; }, "matched");
        row(
            "case", [](Rule &r) { r.caseless = true; }, "matched");
        row(
            "where it looks", [](Rule &r) { r.where = MatchWhere::RootCause; }, "matched");
        row(
            "which lines count", [](Rule &r) { r.leastLevel = LeastLevel::Warn; }, "matched");
        row(
            "its scope", [](Rule &r) { r.scopeJobGlob = "a*"; }, "matched");
        row(
            "the configuration it holds under", [](Rule &r) { r.scopeConfig["a"] = "b"; }, "matched");
        row(
            "a capture's unit", [](Rule &r) { r.captures["size"] = "bytes"; }, "matched");
        row(
            "its priority", [](Rule &r) { r.priority = 99; }, "restated");
        row(
            "its class", [](Rule &r) { r.errorClass = "storage.throttled"; }, "restated");
        row(
            "its action", [](Rule &r) { r.action = mulligan::model::RuleAction::Stop; }, "restated");
        row(
            "its summary", [](Rule &r) { r.summary = "full"; }, "restated");
        row(
            "its exit code", [](Rule &r) { r.exitCode = 0; }, "restated");
        row(
            "it became a draft", [](Rule &r) { r.status = RuleStatus::Draft; }, "dropped");
        row(
            "it got another id", [](Rule &r) { r.id = "c"; }, "dropped and matched");
    }
    void changeBetween_oneRuleEdited_saysWhatItCanChange()
    {
        QFETCH(Edit, edit);
        QFETCH(QString, kind);
        Rule changed = rule("b");
        edit(changed);
        const auto change = changeBetween(keysOf(packOf({rule("a"), rule("b"), rule("d")})),
                                          keysOf(packOf({rule("d"), changed, rule("a")})));
        QCOMPARE(change.matched.contains(changed.id), kind.contains("matched"));
        QCOMPARE(change.rewritten.contains(changed.id), kind == "matched");
        QCOMPARE(change.restated.contains("b"), kind == "restated");
        QCOMPARE(change.dropped.contains("b"), kind.contains("dropped"));
        QCOMPARE(change.empty(), kind.isEmpty());
        QVERIFY(!change.touches("a") && !change.touches("d"));
    }

    void keysOf_longLists_areToldApart()
    {
        Rule one = rule("a");
        one.any = {"ab", "c"};
        Rule two = rule("a");
        two.any = {"a", "bc"};
        Rule three = rule("a");
        three.any = {"ab"};
        three.all = {"c"};
        QVERIFY(keyOf(one).matching != keyOf(two).matching);
        QVERIFY(keyOf(one).matching != keyOf(three).matching);
        QCOMPARE(keyOf(one).meaning, keyOf(two).meaning);
    }
};

QTEST_APPLESS_MAIN(TestPackChange)
#include "tst_pack_change.moc"
