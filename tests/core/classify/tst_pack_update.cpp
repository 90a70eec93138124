#include "classify/pack_update.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

Rule rule(const std::string &id, const std::string &pattern, int priority)
{
    Rule made;
    made.id = id;
    made.errorClass = "class." + id;
    made.any = {pattern};
    made.priority = priority;
    return made;
}

/// "disk" is the higher one; both match the text below, and "size" captures of it.
RulePack before()
{
    Rule size = rule("size", "need (?<size>\\d+)", 10);
    size.captures["size"] = "count";
    size.summary = "{size} needed";
    RulePack pack;
    pack.rules = {rule("disk", "disk full", 50), size, rule("other", "something else", 90)};
    return pack;
}

constexpr std::string_view kText = "disk full, need 17";

std::shared_ptr<const Classifier> compiled(const RulePack &pack)
{
    auto made = Classifier::make(pack);
    return made ? *made : nullptr;
}

using Edit = void (*)(RulePack &);

} // namespace

Q_DECLARE_METATYPE(Edit)

class TestPackUpdate : public QObject
{
    Q_OBJECT

private slots:
    void resolve_oneEdit_saysWhatToDoAndIsRight_data()
    {
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<int>("next");
        QTest::addColumn<bool>("texts");
        const auto row = [](const char *name, Edit edit, PackUpdate::Next next, bool texts) {
            QTest::newRow(name) << edit << static_cast<int>(next) << texts;
        };
        using Next = PackUpdate::Next;
        row(
            "nothing", [](RulePack &) {}, Next::Same, false);
        row(
            "the winner means something else", [](RulePack &p) { p.rules[0].errorClass = "x.y"; }, Next::Known, false);
        row(
            "a rule that does not match means something else", [](RulePack &p) { p.rules[2].errorClass = "x.y"; },
            Next::Same, false);
        row(
            "a shadowed rule means something else", [](RulePack &p) { p.rules[1].title = "t"; }, Next::Same, false);
        row(
            "the winner goes, and what the next captures is not known",
            [](RulePack &p) { p.rules.erase(p.rules.begin()); }, Next::Rematch, false);
        row(
            "the winner goes behind one whose captures are not known", [](RulePack &p) { p.rules[0].priority = 1; },
            Next::Rematch, false);
        row(
            "a shadowed rule goes", [](RulePack &p) { p.rules.erase(p.rules.begin() + 1); }, Next::Known, false);
        row(
            "a rule matches now and wins", [](RulePack &p) { p.rules[2].any = {"full"}; }, Next::Known, true);
        row(
            "a rule matches now and captures",
            [](RulePack &p) {
                p.rules[1].priority = 99;
                p.rules[1].any = {"need (?<size>\\d)"};
            },
            Next::Known, true);
        row(
            "the winner does not match any more", [](RulePack &p) { p.rules[0].any = {"nothing"}; }, Next::Rematch,
            true);
        row(
            "a rule matches now, for some jobs",
            [](RulePack &p) {
                p.rules[2].any = {"full"};
                p.rules[2].scopeJobGlob = "a*";
            },
            Next::ByScope, true);
        row(
            "a rule for some jobs does not match", [](RulePack &p) { p.rules[2].scopeJobGlob = "a*"; }, Next::Same,
            true);
    }
    void resolve_oneEdit_saysWhatToDoAndIsRight()
    {
        QFETCH(Edit, edit);
        QFETCH(int, next);
        QFETCH(bool, texts);
        RulePack pack = before();
        edit(pack);
        const auto old = compiled(before());
        const auto now = compiled(pack);
        const auto update = PackUpdate::make(now, changeBetween(keysOf(before()), keysOf(pack)));
        QVERIFY2(update.has_value(), update ? "" : update.error().text().c_str());
        QCOMPARE((*update)->needsTexts(), texts);
        Subject subject;
        subject.text = kText;
        auto scratch = old->makeScratch();
        const auto stored = old->classify(subject, scratch);
        auto mine = (*update)->makeScratch();
        const auto answer = (*update)->resolve(stored, (*update)->hits(subject, mine));
        QCOMPARE(static_cast<int>(answer.next), next);
        const auto truth = now->classify(subject, mine);
        if (answer.next == PackUpdate::Next::Known)
            QVERIFY(answer.verdict == truth);
        if (answer.next == PackUpdate::Next::Same)
            QVERIFY(stored == truth);
    }

    void mayHit_rulesOnRootCauses_needNoTextWhereTheCauseLacksThem()
    {
        RulePack pack = before();
        pack.rules[2].where = MatchWhere::RootCause;
        const auto update = PackUpdate::make(compiled(pack), changeBetween(keysOf(before()), keysOf(pack)));
        QVERIFY(update.has_value());
        auto scratch = (*update)->makeScratch();
        QVERIFY((*update)->looksAtCauses());
        QVERIFY(!(*update)->mayHit("disk full", scratch));
        QVERIFY((*update)->mayHit("there is something else", scratch));
        QVERIFY((*update)->mayHit("", scratch)); // it is looked for in the text then
    }

    void resolve_undeterminedBefore_isMatchedAnew()
    {
        RulePack pack = before();
        pack.rules[0].title = "t";
        const auto update = PackUpdate::make(compiled(pack), changeBetween(keysOf(before()), keysOf(pack)));
        model::Verdict stored;
        stored.undetermined = {"disk"};
        QCOMPARE((*update)->resolve(stored, {}).next, PackUpdate::Next::Rematch);
    }
};

QTEST_APPLESS_MAIN(TestPackUpdate)
#include "tst_pack_update.moc"
