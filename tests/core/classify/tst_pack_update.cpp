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

    void keeps_patternsThatLeadAsBefore_areNotTriedAgain_data()
    {
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<int>("kept");
        const auto row = [](const char *name, Edit edit, int kept) { QTest::newRow(name) << edit << kept; };
        row(
            "one more behind them", [](RulePack &p) { p.rules[0].any.push_back("need"); }, 3);
        row(
            "the last is another", [](RulePack &p) { p.rules[0].any[2] = "need"; }, 2);
        row(
            "the first is another", [](RulePack &p) { p.rules[0].any[0] = "need"; }, 0);
        row(
            "the last is gone; one is left to be tried", [](RulePack &p) { p.rules[0].any.pop_back(); }, 1);
        row(
            "what may not match is another", [](RulePack &p) { p.rules[0].none = {"need"}; }, 0);
        row(
            "another rule changed as well",
            [](RulePack &p) {
                p.rules[0].any[2] = "need";
                p.rules[2].any = {"need"};
            },
            0);
        row(
            "another rule is gone as well",
            [](RulePack &p) {
                p.rules[0].any[2] = "need";
                p.rules.pop_back();
            },
            0);
    }
    void keeps_patternsThatLeadAsBefore_areNotTriedAgain()
    {
        QFETCH(Edit, edit);
        QFETCH(int, kept);
        RulePack old = before();
        old.rules[0].any = {"one", "two", "disk full"};
        RulePack pack = old;
        edit(pack);
        const auto update =
            PackUpdate::make(compiled(pack), changeBetween(keysOf(old), keysOf(pack)), &old.rules.front());
        QVERIFY(update.has_value());
        for (int pattern = 0; pattern < 4; ++pattern)
            QCOMPARE((*update)->keeps(pattern, model::Evidence::Failure), pattern < kept);
        Subject subject;
        subject.text = "we need it";
        auto scratch = (*update)->makeScratch();
        for (const auto &match : (*update)->hits(subject, scratch).matches)
            if (match.rule == "disk")
                QCOMPARE(pack.rules[0].any[static_cast<size_t>(match.pattern)], std::string("need"));
    }

    void resolveKept_winnerThatMayCaptureMore_isMatchedAnew()
    {
        RulePack old = before();
        old.rules[1].any.push_back("of (?<size>\\d+)");
        RulePack pack = old;
        pack.rules[1].any.push_back("is (?<size>\\d+)");
        const auto update = PackUpdate::make(compiled(pack), changeBetween(keysOf(old), keysOf(pack)), &old.rules[1]);
        QVERIFY(update.has_value() && (*update)->keeps(1, model::Evidence::Failure)
                && !(*update)->keeps(1, model::Evidence::Beside));
        model::Verdict stored;
        stored.rule = "size";
        QCOMPARE((*update)->resolveKept(stored).next, PackUpdate::Next::Rematch);
        stored.captures["size"] = {};
        QCOMPARE((*update)->resolveKept(stored).next, PackUpdate::Next::Same);
        stored.rule = "disk"; // a winner that did not change
        stored.captures.clear();
        QCOMPARE((*update)->resolveKept(stored).next, PackUpdate::Next::Same);
        stored.undetermined = {"other"};
        QCOMPARE((*update)->resolveKept(stored).next, PackUpdate::Next::Rematch);
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
