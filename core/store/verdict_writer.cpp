#include "store/verdict_store.hpp"

#include "store/verdict_overview.hpp"
#include "store/verdict_rows.hpp"

#include <optional>
#include <string_view>

namespace mulligan::store
{

namespace
{

constexpr const char *kForgetAll =
    "UPDATE attempt SET verdict_id = NULL WHERE verdict_id IS NOT NULL; DELETE FROM rule_match; DELETE FROM verdict; "
    "DELETE FROM verdict_subject; DELETE FROM classified_rule; DELETE FROM success_tried; DELETE FROM success_hit";

struct Statements {
    sqlite::Statement insertVerdict;
    sqlite::Statement updateVerdict;
    sqlite::Statement deleteVerdict;
    sqlite::Statement insertSubject;
    sqlite::Statement deleteSubject;
    sqlite::Statement insertMatch;
    sqlite::Statement deleteMatches;
    sqlite::Statement deleteMatch;
    sqlite::Statement assign;
    sqlite::Statement insertSuccess;
    sqlite::Statement insertSuccessHit;
    sqlite::Statement dropRuleHits;
    sqlite::Statement insertRule;

    base::Result<void> prepare(const sqlite::Connection &connection);
};

base::Result<void> Statements::prepare(const sqlite::Connection &connection)
{
    const std::pair<sqlite::Statement &, const char *> all[] = {
        {insertVerdict, "INSERT INTO verdict(class, domain, transient, rule, action, exit_code, title, summary, "
                        "advice, captures, undetermined) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"},
        {updateVerdict, "UPDATE verdict SET class = ?1, domain = ?2, transient = ?3, rule = ?4, action = ?5, "
                        "exit_code = ?6, title = ?7, summary = ?8, advice = ?9, captures = ?10, undetermined = ?11 "
                        "WHERE id = ?12"},
        {deleteVerdict, "DELETE FROM verdict WHERE id = ?1"},
        {insertSubject, "INSERT INTO verdict_subject(verdict_id, text_id, cause_id) VALUES(?1, ?2, ?3)"},
        {deleteSubject, "DELETE FROM verdict_subject WHERE verdict_id = ?1"},
        {insertMatch, "INSERT INTO rule_match(verdict_id, position, rule, pattern, line, span_begin, span_end, "
                      "winner, evidence) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"},
        {deleteMatches, "DELETE FROM rule_match WHERE verdict_id = ?1"},
        {deleteMatch, "DELETE FROM rule_match WHERE verdict_id = ?1 AND rule = ?2"},
        {assign, "UPDATE attempt SET verdict_id = ?2 WHERE id = ?1"},
        {insertSuccess, "INSERT OR REPLACE INTO success_tried(attempt_id, text_id, cause_id, config_id, job_id) "
                        "VALUES(?1, ?2, ?3, ?4, ?5)"},
        {insertSuccessHit, "INSERT OR IGNORE INTO success_hit(rule, attempt_id) VALUES(?1, ?2)"},
        {dropRuleHits, "DELETE FROM success_hit WHERE rule = ?1"},
        {insertRule, "INSERT INTO classified_rule(rule, matching, meaning, body) VALUES(?1, ?2, ?3, ?4)"},
    };
    for (const auto &[statement, sql] : all) {
        MULLIGAN_TRY(statement, connection.prepare(sql));
    }
    return {};
}

/// Runs a statement of which all parameters are integers.
template <typename... Values> base::Result<void> run(sqlite::Statement &statement, Values... values)
{
    int at = 0;
    (statement.bind(++at, static_cast<std::int64_t>(values)), ...);
    return statement.run();
}

/// Whether two verdicts are the same but for the matches they keep.
bool sayTheSame(const model::Verdict &before, const model::Verdict &after)
{
    model::Verdict bare = before;
    bare.matches = after.matches;
    return bare == after;
}

/// The rules whose matches are missing after a change, where nothing else of the matches changed.
std::optional<std::vector<std::string_view>> onlyGone(const std::vector<model::RuleMatch> &before,
                                                      const std::vector<model::RuleMatch> &after)
{
    std::vector<std::string_view> gone;
    auto left = after.begin();
    for (const model::RuleMatch &match : before) {
        if (left != after.end() && *left == match)
            ++left;
        else
            gone.push_back(match.rule);
    }
    if (left != after.end())
        return std::nullopt;
    return gone;
}

} // namespace

struct VerdictWriter::State {
    State(sqlite::Connection &to, sqlite::Transaction begun) : connection(to), transaction(std::move(begun)) {}
    sqlite::Connection &connection;
    sqlite::Transaction transaction;
    Statements statements;

    base::Result<void> writeVerdict(sqlite::Statement &into, const model::Verdict &verdict)
    {
        const std::string captures = capturesText(verdict);
        const std::string undetermined = undeterminedText(verdict);
        into.bind(1, std::string_view(verdict.errorClass));
        into.bind(2, static_cast<int>(verdict.domain));
        into.bind(3, verdict.transient ? 1 : 0);
        into.bind(4, std::string_view(verdict.rule));
        into.bind(5, static_cast<int>(verdict.action));
        into.bindOptional(6, verdict.exitCode);
        into.bind(7, std::string_view(verdict.title));
        into.bind(8, std::string_view(verdict.summary));
        into.bind(9, std::string_view(verdict.advice));
        into.bind(10, std::string_view(captures));
        into.bind(11, std::string_view(undetermined));
        return into.run();
    }

    base::Result<void> writeMatches(std::int64_t id, const std::vector<model::RuleMatch> &matches)
    {
        sqlite::Statement &m = statements.insertMatch;
        int position = 0;
        for (const auto &match : matches) {
            m.bind(1, id);
            m.bind(2, position++);
            m.bind(3, std::string_view(match.rule));
            m.bind(4, match.pattern);
            m.bind(5, match.line);
            m.bind(6, static_cast<std::int64_t>(match.begin));
            m.bind(7, static_cast<std::int64_t>(match.end));
            m.bind(8, match.winner ? 1 : 0);
            m.bind(9, static_cast<int>(match.evidence));
            MULLIGAN_CHECK(m.run());
        }
        return {};
    }
};

VerdictWriter::VerdictWriter(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
VerdictWriter::VerdictWriter(VerdictWriter &&) noexcept = default;
VerdictWriter::~VerdictWriter() = default;

base::Result<VerdictWriter> VerdictWriter::begin(Workspace &workspace, OldVerdicts old)
{
    sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    auto state = std::make_unique<State>(connection, std::move(transaction));
    if (old == OldVerdicts::Replace)
        MULLIGAN_CHECK(connection.run(kForgetAll));
    MULLIGAN_CHECK(state->statements.prepare(connection));
    return VerdictWriter(std::move(state));
}

base::Result<std::int64_t> VerdictWriter::addVerdict(const model::Verdict &verdict,
                                                     const std::optional<VerdictSubject> &subject)
{
    MULLIGAN_CHECK(m_state->writeVerdict(m_state->statements.insertVerdict, verdict));
    const std::int64_t id = m_state->connection.lastRowId();
    MULLIGAN_CHECK(m_state->writeMatches(id, verdict.matches));
    if (subject)
        MULLIGAN_CHECK(run(m_state->statements.insertSubject, id, subject->textId, subject->causeId));
    return id;
}

base::Result<void> VerdictWriter::assign(std::int64_t attemptId, std::int64_t verdictId)
{
    return run(m_state->statements.assign, attemptId, verdictId);
}

base::Result<void> VerdictWriter::replaceVerdict(std::int64_t verdictId, const model::Verdict &before,
                                                 const model::Verdict &after)
{
    if (!sayTheSame(before, after)) {
        m_state->statements.updateVerdict.bind(12, verdictId);
        MULLIGAN_CHECK(m_state->writeVerdict(m_state->statements.updateVerdict, after));
    }
    if (const auto gone = onlyGone(before.matches, after.matches)) {
        for (const std::string_view rule : *gone)
            MULLIGAN_CHECK(removeMatch(verdictId, rule));
        return {};
    }
    MULLIGAN_CHECK(run(m_state->statements.deleteMatches, verdictId));
    return m_state->writeMatches(verdictId, after.matches);
}

base::Result<void> VerdictWriter::removeMatch(std::int64_t verdictId, std::string_view rule)
{
    m_state->statements.deleteMatch.bind(1, verdictId);
    m_state->statements.deleteMatch.bind(2, rule);
    return m_state->statements.deleteMatch.run();
}

base::Result<void> VerdictWriter::removeVerdict(std::int64_t verdictId)
{
    MULLIGAN_CHECK(run(m_state->statements.deleteMatches, verdictId));
    MULLIGAN_CHECK(run(m_state->statements.deleteSubject, verdictId));
    return run(m_state->statements.deleteVerdict, verdictId);
}

base::Result<void> VerdictWriter::noteSuccess(const SuccessRow &attempt, const std::vector<model::RuleMatch> &matches)
{
    MULLIGAN_CHECK(run(m_state->statements.insertSuccess, attempt.id, attempt.subject.textId, attempt.subject.causeId,
                       attempt.configId, attempt.jobId));
    for (const model::RuleMatch &match : matches)
        MULLIGAN_CHECK(addSuccessHit(attempt.id, match.rule));
    return {};
}

base::Result<void> VerdictWriter::addSuccessHit(std::int64_t attemptId, std::string_view rule)
{
    m_state->statements.insertSuccessHit.bind(1, rule);
    m_state->statements.insertSuccessHit.bind(2, attemptId);
    return m_state->statements.insertSuccessHit.run();
}

base::Result<void> VerdictWriter::dropSuccessHits(std::string_view rule)
{
    m_state->statements.dropRuleHits.bind(1, rule);
    return m_state->statements.dropRuleHits.run();
}

base::Result<void> VerdictWriter::setRules(const std::vector<ClassifiedRule> &rules)
{
    MULLIGAN_CHECK(m_state->connection.run("DELETE FROM classified_rule"));
    sqlite::Statement &insert = m_state->statements.insertRule;
    for (const ClassifiedRule &rule : rules) {
        insert.bind(1, std::string_view(rule.rule));
        insert.bind(2, std::string_view(rule.matching));
        insert.bind(3, std::string_view(rule.meaning));
        insert.bind(4, std::string_view(rule.body));
        MULLIGAN_CHECK(insert.run());
    }
    return {};
}

base::Result<void> VerdictWriter::commit()
{
    return m_state->transaction.commit();
}

} // namespace mulligan::store
