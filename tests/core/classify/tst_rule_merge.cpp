#include "classify/rule_merge.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

std::string ruleText(const std::string &id, const std::string &title = "t")
{
    return "  # About " + id + ".\n  - id: " + id + "\n    title: " + title
           + "   # beside\n    class: a.b\n    domain: user\n    action: stop\n    match: {any: [" + id + "]}\n";
}

std::string fileText(const std::vector<std::string> &rules)
{
    std::string text = "# Head.\nschema: 1\nrules:\n";
    for (const std::string &rule : rules)
        text += rule;
    return text;
}

RuleDocument document(const std::string &text)
{
    auto parsed = RuleDocument::parse(text, "rules.yaml");
    if (!parsed)
        qFatal("%s", parsed.error().text().c_str());
    return std::move(parsed).value();
}

RuleDocument abc()
{
    return document(fileText({ruleText("a"), ruleText("b"), ruleText("c")}));
}

template <typename T> T made(base::Result<T> result)
{
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return std::move(result).value();
}

RuleDocument titled(const RuleDocument &before, const std::string &id, const std::string &title)
{
    Rule rule = *before.find(id);
    rule.title = title;
    return made(before.withRule(rule));
}

QString rulesOf(const RuleDocument &document)
{
    QStringList rules;
    for (const Rule &rule : document.rules())
        rules << QString::fromStdString(rule.id + "=" + rule.title);
    return rules.join(QLatin1Char(' '));
}

QString joined(const std::vector<std::string> &ids)
{
    QStringList list;
    for (const std::string &id : ids)
        list << QString::fromStdString(id);
    return list.join(QLatin1Char(' '));
}

Rule newRule(const std::string &id)
{
    Rule rule;
    rule.id = id;
    rule.title = "new";
    rule.errorClass = "a.b";
    rule.any = {"n"};
    return rule;
}

} // namespace

class TestRuleMerge : public QObject
{
    Q_OBJECT

private slots:
    void merge_eachSideChangedItsOwn_data()
    {
        QTest::addColumn<QString>("mine");
        QTest::addColumn<QString>("theirs");
        QTest::addColumn<QString>("merged");
        QTest::addColumn<QString>("taken");
        const auto row = [](const char *name, const RuleDocument &mine, const RuleDocument &theirs, const char *merged,
                            const char *taken) {
            QTest::newRow(name) << QString::fromStdString(mine.text()) << QString::fromStdString(theirs.text())
                                << QString::fromLatin1(merged) << QString::fromLatin1(taken);
        };
        const RuleDocument base = abc();
        row("other rules", titled(base, "a", "mine"), titled(base, "b", "theirs"), "a=mine b=theirs c=t", "b");
        row("the same to the same", titled(base, "a", "same"), titled(base, "a", "same"), "a=same b=t c=t", "");
        row("mine edits, they remove", titled(base, "a", "mine"), made(base.without("b")), "a=mine c=t", "b");
        row("mine removes, they edit", made(base.without("b")), titled(base, "a", "theirs"), "a=theirs c=t", "a");
        row("both remove", made(base.without("b")), made(base.without("b")), "a=t c=t", "");
        row("mine adds behind a, they edit it", made(base.withAdded(newRule("n"), {"a", RulePlace::Side::After})),
            titled(base, "a", "theirs"), "a=theirs n=new b=t c=t", "a");
        row("mine adds at the front", made(base.withAdded(newRule("n"), {"a", RulePlace::Side::Before})),
            titled(base, "a", "theirs"), "n=new a=theirs b=t c=t", "a");
        row("mine adds behind one they removed", made(base.withAdded(newRule("n"), {"b", RulePlace::Side::After})),
            made(base.without("b")), "a=t n=new c=t", "b");
        row("both add", made(base.withAdded(newRule("n"))), made(base.withAdded(newRule("m"))),
            "a=t b=t c=t n=new m=new", "m");
        row("mine adds to what they emptied", made(base.withAdded(newRule("n"))), document("schema: 1\nrules: []\n"),
            "n=new", "a b c");
        row("mine moves, they edit", made(base.moved("c", {"a", RulePlace::Side::Before})), titled(base, "b", "theirs"),
            "c=t a=t b=theirs", "b");
        row("mine moves, they add", made(base.moved("a", {})), made(base.withAdded(newRule("m"), {"b"})),
            "b=t m=new c=t a=t", "m");
        Rule renamed = *base.find("b");
        renamed.id = "z";
        row("mine renames", made(base.withRule("b", renamed)), titled(base, "a", "theirs"), "a=theirs z=t c=t", "a");
        row("they move, mine edits", titled(base, "a", "mine"), made(base.moved("c", {"a", RulePlace::Side::Before})),
            "c=t a=mine b=t", "");
    }
    void merge_eachSideChangedItsOwn()
    {
        QFETCH(QString, mine);
        QFETCH(QString, theirs);
        QFETCH(QString, merged);
        QFETCH(QString, taken);
        for (const auto winner : {MergeWinner::Mine, MergeWinner::Theirs}) {
            const auto both =
                made(mergeRules(abc(), document(mine.toStdString()), document(theirs.toStdString()), winner));
            QCOMPARE(rulesOf(both.merged), merged);
            QCOMPARE(joined(both.both), QString());
            QCOMPARE(joined(both.theirs), taken);
            QVERIFY(!both.order);
        }
    }

    void merge_bothChangedARule_theWinnersCountsAndOthersAreMerged_data()
    {
        QTest::addColumn<QString>("mine");
        QTest::addColumn<QString>("theirs");
        QTest::addColumn<QString>("ofMine");
        QTest::addColumn<QString>("ofTheirs");
        const auto row = [](const char *name, const RuleDocument &mine, const RuleDocument &theirs, const char *ofMine,
                            const char *ofTheirs) {
            QTest::newRow(name) << QString::fromStdString(mine.text()) << QString::fromStdString(theirs.text())
                                << QString::fromLatin1(ofMine) << QString::fromLatin1(ofTheirs);
        };
        const RuleDocument base = abc();
        const RuleDocument mine = titled(titled(base, "a", "mine"), "c", "own");
        row("both edit", mine, titled(titled(base, "a", "theirs"), "b", "b2"), "a=mine b=b2 c=own",
            "a=theirs b=b2 c=own");
        row("they remove what mine edits", mine, made(base.without("a")), "a=mine b=t c=own", "b=t c=own");
        row("mine removes what they edit", made(base.without("a")), titled(base, "a", "theirs"), "b=t c=t",
            "a=theirs b=t c=t");
        row("both add the same id", made(base.withAdded(newRule("n"))),
            titled(made(base.withAdded(newRule("n"))), "n", "other"), "a=t b=t c=t n=new", "a=t b=t c=t n=other");
    }
    void merge_bothChangedARule_theWinnersCountsAndOthersAreMerged()
    {
        QFETCH(QString, mine);
        QFETCH(QString, theirs);
        const auto merge = [&](MergeWinner winner) {
            return made(mergeRules(abc(), document(mine.toStdString()), document(theirs.toStdString()), winner));
        };
        QTEST(rulesOf(merge(MergeWinner::Mine).merged), "ofMine");
        QTEST(rulesOf(merge(MergeWinner::Theirs).merged), "ofTheirs");
        QCOMPARE(merge(MergeWinner::Mine).both.size(), size_t{1});
    }

    void merge_theirText_keepsItsCommentsAndEveryOtherByte()
    {
        const RuleDocument theirs = document("# Another head.\nschema: 1\nrules:\n\n  # Their words on a.\n"
                                             + ruleText("a") + "\n" + ruleText("b", "'quoted'") + ruleText("c"));
        const auto merged = made(mergeRules(abc(), titled(abc(), "a", "mine"), theirs, MergeWinner::Mine)).merged;
        std::string expected = theirs.text();
        expected.replace(expected.find("title: t"), 8, "title: mine");
        QCOMPARE(merged.text(), expected);
    }

    void merge_ruleAddedHere_bringsItsCommentsAlong()
    {
        const RuleDocument mine = document(fileText({ruleText("a"), ruleText("n"), ruleText("b"), ruleText("c")}));
        const auto merged = made(mergeRules(abc(), mine, titled(abc(), "c", "theirs"), MergeWinner::Theirs)).merged;
        QCOMPARE(merged.text(), fileText({ruleText("a"), ruleText("n"), ruleText("b"), ruleText("c", "theirs")}));
    }

    void merge_bothMove_theWinnersOrderCounts()
    {
        const RuleDocument mine = made(abc().moved("a", {}));
        const RuleDocument theirs = made(abc().moved("c", {"a", RulePlace::Side::Before}));
        const auto kept = made(mergeRules(abc(), mine, theirs, MergeWinner::Mine));
        QVERIFY(kept.order);
        QCOMPARE(rulesOf(kept.merged), QStringLiteral("b=t c=t a=t"));
        QCOMPARE(rulesOf(made(mergeRules(abc(), mine, theirs, MergeWinner::Theirs)).merged),
                 QStringLiteral("c=t a=t b=t"));
    }

    void merge_ruleBeingTyped_countsAsChangedHere()
    {
        const auto merged = made(mergeRules(abc(), abc(), made(abc().without("a")), MergeWinner::Mine, {"a"}));
        QCOMPARE(joined(merged.both), QStringLiteral("a"));
        QCOMPARE(rulesOf(merged.merged), QStringLiteral("a=t b=t c=t"));
    }

    void merge_theirRulesInBrackets_saysThatNothingCanBeAdded()
    {
        const RuleDocument theirs = document("schema: 1\nrules: [{id: a, title: t, class: a.b, domain: user, "
                                             "action: stop, match: {any: [a]}}]\n");
        const auto merged = mergeRules(abc(), made(abc().withAdded(newRule("n"))), theirs, MergeWinner::Mine);
        QVERIFY(!merged.has_value());
        QCOMPARE(merged.error().code, base::ErrorCode::Unsupported);
    }
};

QTEST_APPLESS_MAIN(TestRuleMerge)
#include "tst_rule_merge.moc"
