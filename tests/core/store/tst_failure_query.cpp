#include "bench/generated_workspace.hpp"
#include "store/failure_query.hpp"
#include "store/radix_order.hpp"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace mulligan;
using store::FailureColumn;

namespace
{

constexpr std::int64_t kFailures = 2000;

store::FailureFilter only(std::string store::FailureFilter::*member, const char *value)
{
    store::FailureFilter filter;
    filter.*member = value;
    return filter;
}

/// One whole column of the rows found, as texts that order as the column does.
std::string valueOf(const store::FailureRow &row, FailureColumn column)
{
    char number[40];
    switch (column) {
    case FailureColumn::Started: return std::to_string(row.startedAt.ms);
    case FailureColumn::Job: return row.job;
    case FailureColumn::Run: return row.job + "\x01" + row.run;
    case FailureColumn::Attempt: return std::to_string(row.attempt);
    case FailureColumn::Outcome: return std::to_string(static_cast<int>(row.outcome));
    case FailureColumn::ErrorClass: return row.errorClass;
    case FailureColumn::Rule: return row.rule;
    case FailureColumn::Owner: return row.owner;
    case FailureColumn::Team: return row.team;
    case FailureColumn::Cluster: return row.cluster;
    case FailureColumn::ExitCode: std::snprintf(number, sizeof number, "%010d", *row.exitCode); return number;
    case FailureColumn::Duration:
        std::snprintf(number, sizeof number, "%012lld", static_cast<long long>(row.endedAt.ms - row.startedAt.ms));
        return number;
    case FailureColumn::Cost: std::snprintf(number, sizeof number, "%020.9f", *row.costUsd); return number;
    case FailureColumn::Cause: return row.cause;
    }
    return {};
}

} // namespace

class FailureQueryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void findFailures_anyColumn_ordersByItBothWays_data();
    void findFailures_anyColumn_ordersByItBothWays();
    void findFailures_equalValues_comeNewestFirst();
    void findFailures_filter_keepsExactlyTheRowsThatFit_data();
    void findFailures_filter_keepsExactlyTheRowsThatFit();
    void findFailures_unknownName_findsNothing();
    void findFailures_textThatLooksLikeAnOperator_isTakenAsWords();
    void findFailures_stopRequested_isCancelled();
    void failureRows_idsThatAreGone_areLeftOut();
    void failureChoices_all_countEveryFailure();
    void ruleHits_shadowedMatches_areCountedApart();
    void failureDetail_retriedRun_givesTheChainAndSelectsTheAttempt();
    void failureDetail_unknownId_saysSo();
    void orderByKey_equalKeys_keepTheirOrder();

private:
    [[nodiscard]] std::vector<store::FailureRow> rows(const store::FailureFilter &filter,
                                                      const store::FailureSort &sort);

    QTemporaryDir m_folder;
    std::optional<store::Workspace> m_workspace;
    std::vector<store::FailureRow> m_all;
};

void FailureQueryTest::initTestCase()
{
    const std::string path = m_folder.filePath(QStringLiteral("w.mulligan")).toStdString();
    const auto written = tests::GeneratedWorkspace::write(path, kFailures);
    QVERIFY2(written.has_value(), written ? "" : written.error().text().c_str());
    auto opened = store::Workspace::open(path, store::OpenMode::ReadWrite);
    QVERIFY(opened.has_value());
    m_workspace.emplace(std::move(opened).value());
    m_all = rows({}, {});
    QCOMPARE(m_all.size(), static_cast<size_t>(kFailures));
}

std::vector<store::FailureRow> FailureQueryTest::rows(const store::FailureFilter &filter,
                                                      const store::FailureSort &sort)
{
    const auto ids = store::findFailures(*m_workspace, filter, sort, {});
    if (!ids) {
        qWarning("%s", ids.error().text().c_str());
        return {};
    }
    return store::failureRows(*m_workspace, *ids).value_or(std::vector<store::FailureRow>{});
}

void FailureQueryTest::findFailures_anyColumn_ordersByItBothWays_data()
{
    QTest::addColumn<int>("column");
    const char *names[] = {"start", "job",  "run",     "attempt",   "outcome",  "class", "rule",
                           "owner", "team", "cluster", "exit code", "duration", "cost",  "cause"};
    static_assert(std::size(names) == store::kFailureColumnCount);
    for (int column = 0; column < static_cast<int>(store::kFailureColumnCount); ++column)
        QTest::addRow("by %s", names[column]) << column;
}

void FailureQueryTest::findFailures_anyColumn_ordersByItBothWays()
{
    QFETCH(int, column);
    for (const bool descending : {false, true}) {
        const auto found = rows({}, {static_cast<FailureColumn>(column), descending});
        QCOMPARE(found.size(), m_all.size());
        const auto outOfOrder = std::adjacent_find(found.begin(), found.end(), [&](const auto &a, const auto &b) {
            const auto x = valueOf(a, static_cast<FailureColumn>(column));
            const auto y = valueOf(b, static_cast<FailureColumn>(column));
            return descending ? x < y : y < x;
        });
        QVERIFY(outOfOrder == found.end());
    }
}

void FailureQueryTest::findFailures_equalValues_comeNewestFirst()
{
    for (const bool descending : {false, true}) {
        const auto found = rows({}, {FailureColumn::Team, descending});
        for (size_t i = 1; i < found.size(); ++i) {
            if (found[i].team == found[i - 1].team)
                QVERIFY(found[i].startedAt <= found[i - 1].startedAt);
        }
    }
}

void FailureQueryTest::findFailures_filter_keepsExactlyTheRowsThatFit_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"class", "group", "rule", "job", "owner", "team and cluster", "outcome", "window", "words",
                             "unfinished word", "class and words and window"})
        QTest::addRow("%s", kind) << QString::fromLatin1(kind);
}

void FailureQueryTest::findFailures_filter_keepsExactlyTheRowsThatFit()
{
    QFETCH(QString, kind);
    const store::FailureRow &sample = m_all[m_all.size() / 2];
    const std::string word = sample.cause.substr(sample.cause.rfind(' ') + 1);
    store::FailureFilter filter;
    if (kind == QLatin1String("class") || kind.startsWith(QLatin1String("class and")))
        filter.errorClass = sample.errorClass;
    if (kind == QLatin1String("group"))
        filter.errorClass = sample.errorClass.substr(0, sample.errorClass.find('.'));
    if (kind == QLatin1String("rule"))
        filter.rule = sample.rule;
    if (kind == QLatin1String("job"))
        filter.job = "JOB_4"; // letters of any case, and _ is a character of its own
    if (kind == QLatin1String("owner"))
        filter.owner = sample.owner;
    if (kind == QLatin1String("team and cluster")) {
        filter.team = sample.team;
        filter.cluster = sample.cluster;
    }
    if (kind == QLatin1String("outcome"))
        filter.outcome = model::Outcome::Killed;
    if (kind.endsWith(QLatin1String("window"))) {
        filter.from = m_all.back().startedAt.plusSeconds(86400.0);
        filter.to = m_all.front().startedAt.plusSeconds(-86400.0);
    }
    if (kind == QLatin1String("words"))
        filter.text = "heap " + word;
    if (kind == QLatin1String("unfinished word"))
        filter.text = "OutOfMem";
    if (kind == QLatin1String("class and words and window"))
        filter.text = word;
    const auto fits = [&](const store::FailureRow &row) {
        return (filter.errorClass.empty() || model::classCovered(filter.errorClass, row.errorClass))
               && (filter.rule.empty() || row.rule == filter.rule)
               && (filter.job.empty() || row.job.find("job_4") != std::string::npos)
               && (filter.owner.empty() || row.owner == filter.owner)
               && (filter.team.empty() || row.team == filter.team)
               && (filter.cluster.empty() || row.cluster == filter.cluster)
               && (!filter.outcome || row.outcome == *filter.outcome) && (!filter.from || row.startedAt >= *filter.from)
               && (!filter.to || row.startedAt < *filter.to)
               && (filter.text.empty() || kind == QLatin1String("unfinished word")
                   || (row.cause + " ").find(word + " ") != std::string::npos
                   || row.cause.find(" " + word) != std::string::npos);
    };
    std::vector<store::FailureRow> expected;
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(expected), fits);
    QVERIFY(!expected.empty());
    for (const FailureColumn column : {FailureColumn::Started, FailureColumn::Run}) {
        auto found = rows(filter, {column, true});
        std::stable_sort(found.begin(), found.end(),
                         [](const auto &a, const auto &b) { return a.startedAt > b.startedAt; });
        QCOMPARE(found.size(), expected.size());
        if (column == FailureColumn::Started)
            QVERIFY(found == expected);
    }
}

void FailureQueryTest::findFailures_unknownName_findsNothing()
{
    QVERIFY(rows(only(&store::FailureFilter::owner, "nobody"), {}).empty());
    QVERIFY(
        rows(only(&store::FailureFilter::errorClass, "group"), {}).empty()); // a beginning of a group is not the group
    QVERIFY(rows(only(&store::FailureFilter::text, "xyzzy"), {}).empty());
}

void FailureQueryTest::findFailures_textThatLooksLikeAnOperator_isTakenAsWords()
{
    for (const char *text : {"AND", "\"", "heap OR (", "NEAR(", "*", "body:heap", "-", "heap)"}) {
        const auto ids = store::findFailures(*m_workspace, only(&store::FailureFilter::text, text), {}, {});
        QVERIFY2(ids.has_value(), text);
    }
}

void FailureQueryTest::findFailures_stopRequested_isCancelled()
{
    std::stop_source stop;
    stop.request_stop();
    const auto ids = store::findFailures(*m_workspace, {}, {}, stop.get_token());
    QVERIFY(!ids.has_value());
    QCOMPARE(ids.error().code, base::ErrorCode::Cancelled);
}

void FailureQueryTest::failureRows_idsThatAreGone_areLeftOut()
{
    const std::vector<std::int64_t> ids{m_all[3].id, 99'999'999, m_all[1].id};
    const auto found = store::failureRows(*m_workspace, ids);
    QVERIFY(found.has_value());
    QCOMPARE(found->size(), size_t{2});
    QVERIFY((*found)[0] == m_all[3] && (*found)[1] == m_all[1]);
}

void FailureQueryTest::failureChoices_all_countEveryFailure()
{
    const auto choices = store::failureChoices(*m_workspace, {});
    QVERIFY(choices.has_value());
    for (const auto *list :
         {&choices->classes, &choices->rules, &choices->owners, &choices->teams, &choices->clusters}) {
        std::uint64_t sum = 0;
        for (const auto &choice : *list)
            sum += choice.failures;
        QCOMPARE(sum, static_cast<std::uint64_t>(kFailures));
        QVERIFY(std::is_sorted(list->begin(), list->end(),
                               [](const auto &a, const auto &b) { return a.failures > b.failures; }));
    }
}

void FailureQueryTest::ruleHits_shadowedMatches_areCountedApart()
{
    auto &connection = m_workspace->connection();
    // Verdict 1: rule "a" wins with two patterns and shadows "b".
    QVERIFY(connection
                .run("INSERT INTO rule_match VALUES(1, 0, 'a', 0, 1, 0, 4, 1, 0), (1, 1, 'a', 1, 2, 5, 9, 0, 0), "
                     "(1, 2, 'b', 0, 1, 0, 4, 0, 0)")
                .has_value());
    const auto expected = connection.integer("SELECT count(*) FROM attempt WHERE verdict_id = 1 AND outcome IN (1, 2)");
    QVERIFY(expected.has_value());
    QVERIFY(connection
                .run("INSERT INTO success_hit(attempt_id, rule) SELECT id, 'c' FROM attempt WHERE outcome = 0 LIMIT 1; "
                     "INSERT INTO success_hit(attempt_id, rule) SELECT id, 'c' FROM attempt WHERE outcome = 1 LIMIT 1")
                .has_value());
    const auto hits = store::ruleHits(*m_workspace, {});
    QVERIFY2(hits.has_value(), hits ? "" : hits.error().text().c_str());
    const auto count = static_cast<std::uint64_t>(expected.value());
    auto cost = connection.prepare("SELECT sum(cost_usd) FROM attempt WHERE verdict_id = 1 AND outcome IN (1, 2)");
    auto sum = std::move(cost).value();
    QVERIFY(sum.step().value_or(false));
    QCOMPARE(hits->size(), size_t(3));
    QVERIFY((*hits)[0].rule == "a" && (*hits)[0].wins == count && (*hits)[0].shadowed == 0);
    QVERIFY(sum.number(0) > 0.0);
    QVERIFY(std::abs((*hits)[0].winsCostUsd - sum.number(0)) < 1e-6);
    QVERIFY(((*hits)[1] == store::RuleHits{"b", 0, count, 0.0, 0}));
    // One that matches no failure, but a success that is there.
    QVERIFY(((*hits)[2] == store::RuleHits{"c", 0, 0, 0.0, 1}));
    QVERIFY(connection.run("DELETE FROM rule_match; DELETE FROM success_hit").has_value());
}

void FailureQueryTest::failureDetail_retriedRun_givesTheChainAndSelectsTheAttempt()
{
    auto &connection = m_workspace->connection();
    QVERIFY(connection.run("UPDATE attempt SET text_id = NULL").has_value());
    const auto id =
        connection.integer("SELECT id FROM attempt a WHERE outcome = 1 AND EXISTS (SELECT 1 FROM attempt b WHERE "
                           "b.job_id = a.job_id AND b.run = a.run AND b.attempt = 2) LIMIT 1");
    QVERIFY(id.has_value());
    const auto detail = store::failureDetail(*m_workspace, id.value());
    QVERIFY2(detail.has_value(), detail ? "" : detail.error().text().c_str());
    QCOMPARE(detail->chain.size(), size_t{2});
    QCOMPARE(detail->ids[detail->selected], id.value());
    QCOMPARE(detail->chain[0].attempt, 1);
    QCOMPARE(detail->chain[1].outcome, model::Outcome::Succeeded);
    QVERIFY(detail->verdict.has_value());
    QCOMPARE(detail->verdict->errorClass, detail->classes[0]);
    QCOMPARE(detail->source, std::string("synthetic.jsonl"));
}

void FailureQueryTest::failureDetail_unknownId_saysSo()
{
    const auto detail = store::failureDetail(*m_workspace, 99'999'999);
    QVERIFY(!detail.has_value());
    QCOMPARE(detail.error().code, base::ErrorCode::NotFound);
    QVERIFY(detail.error().message.find("99999999") != std::string::npos);
}

void FailureQueryTest::orderByKey_equalKeys_keepTheirOrder()
{
    base::Rng rng(7, "radix");
    std::vector<store::Keyed> rows;
    for (std::int64_t i = 0; i < 5000; ++i)
        rows.push_back({rng.below(40) << (8 * rng.below(8)), i});
    auto expected = rows;
    std::stable_sort(expected.begin(), expected.end(), [](const auto &a, const auto &b) { return a.key < b.key; });
    store::orderByKey(rows);
    QVERIFY(rows == expected);
}

QTEST_GUILESS_MAIN(FailureQueryTest)
#include "tst_failure_query.moc"
