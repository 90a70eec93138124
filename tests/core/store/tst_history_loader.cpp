#include "store/history_loader.hpp"

#include "store/source_writer.hpp"
#include "store/stored_matches.hpp"
#include "store/verdict_store.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace mulligan;
using namespace mulligan::store;

namespace
{

model::Attempt attempt(const std::string &run, model::Outcome outcome, double tasks)
{
    model::Attempt made;
    made.job = "daily";
    made.run = run;
    made.outcome = outcome;
    made.startedAt.ms = 1000;
    made.endedAt.ms = 2000;
    made.metrics = {{"gc_seconds", 0.5}, {"tasks", tasks}};
    return made;
}

model::Verdict verdict(const std::string &rule, const std::string &summary, std::vector<model::RuleMatch> matches)
{
    model::Verdict made;
    made.errorClass = "code.exception";
    made.rule = rule;
    made.summary = summary;
    made.matches = std::move(matches);
    return made;
}

std::vector<std::string> rulesOf(const StoredMatches &matches, std::int64_t attempt)
{
    std::vector<std::string> rules;
    for (const model::RuleMatch &match : matches.of(attempt))
        rules.push_back(match.rule + (match.winner ? " wins" : "")
                        + (match.evidence == model::Evidence::Beside ? " beside" : ""));
    return rules;
}

using Words = std::vector<std::string>;

} // namespace

class TestHistoryLoader : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Workspace> m_workspace;

    void import(const char *source, const std::vector<model::Attempt> &attempts)
    {
        auto writer = SourceWriter::begin(*m_workspace, {source, "attempts", source, 1, base::fromCivil(2026, 1, 1)});
        QVERIFY(writer.has_value());
        for (const model::Attempt &one : attempts)
            QVERIFY(writer->add(one, "", 0).has_value());
        QVERIFY(writer->commit({}).has_value());
    }
    [[nodiscard]] model::History loaded() const
    {
        base::Progress progress;
        return loadHistory(*m_workspace, {}, progress).value_or(model::History());
    }

private slots:
    /// Attempts 1 to 3 failed, 4 succeeded; 1 and 2 have verdicts that differ in their words alone, 3 has none.
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        auto made = Workspace::create(m_folder->filePath("w.mulligan").toStdString());
        QVERIFY(made.has_value());
        m_workspace = std::make_unique<Workspace>(std::move(*made));
        import("a", {attempt("1", model::Outcome::Failed, 1), attempt("2", model::Outcome::Failed, 2),
                     attempt("3", model::Outcome::Killed, 3), attempt("4", model::Outcome::Succeeded, 4)});
        auto writer = VerdictWriter::begin(*m_workspace);
        QVERIFY(writer.has_value());
        const auto one = writer->addVerdict(
            verdict("a", "says this", {{"a", 0, 7, 3, 4, true}, {"b", 0, 1, 0, 4, false, model::Evidence::Beside}}));
        const auto two = writer->addVerdict(verdict("a", "says that", {{"a", 0, 9, 30, 40, true}}));
        QVERIFY(writer->assign(1, *one).has_value() && writer->assign(2, *two).has_value());
        QVERIFY(writer->commit().has_value());
    }

    void loadHistory_equalVerdictsAndNames_areHeldOnce()
    {
        const model::History history = loaded();
        QCOMPARE(history.attempts.size(), size_t(4));
        const auto &attempts = history.attempts;
        QCOMPARE(attempts[0].verdict->rule, std::string("a"));
        QVERIFY(attempts[0].verdict->summary.empty());
        QVERIFY(attempts[0].verdict.sharesWith(attempts[1].verdict));
        QCOMPARE(attempts[2].verdict->errorClass, std::string(model::kUnclassified));
        for (std::size_t i = 0; i < attempts.size(); ++i) {
            QVERIFY(attempts[i].metrics.sharesNamesWith(attempts[0].metrics));
            QCOMPARE(*attempts[i].metrics.value("tasks"), static_cast<double>(i + 1));
        }
    }

    void loadVerdictsOfAttempts_equalThoseOfTheHistory()
    {
        const auto verdicts = loadVerdictsOfAttempts(*m_workspace, {});
        QVERIFY(verdicts.has_value());
        QCOMPARE(verdicts->size(), size_t(2));
        for (const model::HistoryAttempt &one : loaded().attempts) {
            const auto found = verdicts->find(one.id);
            QVERIFY((found == verdicts->end() ? model::SharedVerdict() : found->second) == one.verdict);
        }
    }

    void historyStamp_verdicts_leaveItAndAnImportDoesNot()
    {
        const auto before = historyStamp(*m_workspace);
        QVERIFY(before.has_value());
        auto writer = VerdictWriter::begin(*m_workspace);
        QVERIFY(writer.has_value() && writer->commit().has_value()); // none are left
        QCOMPARE(*historyStamp(*m_workspace), *before);
        import("b", {attempt("5", model::Outcome::Failed, 5)});
        QVERIFY(*historyStamp(*m_workspace) != *before);
    }

    void storedMatches_ofAnAttempt_areThoseOfItsVerdict()
    {
        const auto matches = StoredMatches::load(*m_workspace);
        QVERIFY(matches.has_value());
        QCOMPARE(rulesOf(*matches, 1), (Words{"a wins", "b beside"}));
        QCOMPARE(rulesOf(*matches, 2), Words{"a wins"});
        for (const std::int64_t id : {0, 3, 4, 99})
            QVERIFY(matches->of(id).empty());
    }

    void storedMatches_replaced_areThoseOfTheNewVerdicts()
    {
        auto matches = StoredMatches::load(*m_workspace);
        QVERIFY(matches.has_value());
        const std::vector<model::Verdict> verdicts{verdict("c", "", {{"c", 0, 1, 0, 1, true}, {"a", 0, 1, 0, 1}}),
                                                   verdict("", "", {})};
        const std::vector<std::pair<std::int64_t, std::uint32_t>> byAttempt{{3, 0}, {1, 1}};
        matches->replace(verdicts, byAttempt);
        QVERIFY(matches->of(1).empty());
        QCOMPARE(rulesOf(*matches, 2), Words{"a wins"});
        QCOMPARE(rulesOf(*matches, 3), (Words{"c wins", "a"}));
    }
};

QTEST_APPLESS_MAIN(TestHistoryLoader)
#include "tst_history_loader.moc"
