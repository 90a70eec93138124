#include "store/verdict_store.hpp"

#include "formats/compress.hpp"
#include "store/attempt_columns.hpp"
#include "store/verdict_rows.hpp"

#include <unordered_map>

namespace mulligan::store
{

namespace
{

/// Some properties of stored configurations, each configuration looked up once.
class SomeProperties
{
public:
    explicit SomeProperties(const std::set<std::string> &wanted) : m_wanted(wanted) {}

    base::Result<void> prepare(const sqlite::Connection &connection)
    {
        MULLIGAN_TRY(m_query, connection.prepare("SELECT body FROM config WHERE id = ?1"));
        return {};
    }

    /// Valid as long as this object.
    base::Result<const model::Config *> of(std::int64_t config)
    {
        if (m_wanted.empty())
            return &m_none;
        if (const auto known = m_known.find(config); known != m_known.end())
            return &known->second;
        m_query.bind(1, config);
        MULLIGAN_TRY(const bool found, m_query.step());
        model::Config some;
        if (found)
            for (auto &[property, value] : configFromText(m_query.text(0)))
                if (m_wanted.count(property) > 0)
                    some.emplace(property, value);
        m_query.reset();
        return &m_known.emplace(config, std::move(some)).first->second;
    }

    [[nodiscard]] const model::Config *none() const { return &m_none; }

private:
    const std::set<std::string> &m_wanted;
    const model::Config m_none;
    sqlite::Statement m_query;
    std::unordered_map<std::int64_t, model::Config> m_known;
};

base::Result<void> visitTexts(Workspace &workspace, const char *where, const std::set<std::string> &properties,
                              const VisitText &visit, const std::stop_token &stop)
{
    sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(auto rows,
                 connection.prepare(
                     std::string("SELECT a.id, a.text_id, c.body, j.name, a.exit_code, a.config_id FROM attempt a "
                                 "JOIN job j ON j.id = a.job_id LEFT JOIN cause c ON c.id = a.cause_id WHERE ")
                     + where + " ORDER BY a.text_id, a.id"));
    MULLIGAN_TRY(auto body, connection.prepare("SELECT body FROM error_text WHERE id = ?1"));
    SomeProperties configs(properties);
    MULLIGAN_CHECK(configs.prepare(connection));
    std::string text;
    std::int64_t textId = 0;
    for (;;) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        TextRow row;
        row.attemptId = rows.integer(0);
        row.textId = rows.integer(1);
        if (row.textId != textId) {
            textId = row.textId;
            text.clear();
            body.bind(1, textId);
            MULLIGAN_TRY(const bool found, body.step());
            if (found) {
                MULLIGAN_TRY(text, formats::zstdDecompress(body.text(0)));
            }
            body.reset();
        }
        row.text = text;
        row.rootCause = rows.text(2);
        row.job = rows.text(3);
        if (!rows.isNull(4))
            row.exitCode = static_cast<int>(rows.integer(4));
        row.config = configs.none();
        if (!rows.isNull(5)) {
            MULLIGAN_TRY(row.config, configs.of(rows.integer(5)));
        }
        MULLIGAN_CHECK(visit(row));
    }
}

} // namespace

base::Result<void> forEachFailureText(Workspace &workspace, const std::set<std::string> &properties,
                                      const VisitText &visit, std::stop_token stop)
{
    return visitTexts(workspace, "a.outcome IN (1, 2)", properties, visit, stop);
}

base::Result<void> forEachUnjudgedText(Workspace &workspace, const std::set<std::string> &properties,
                                       const VisitText &visit, std::stop_token stop)
{
    return visitTexts(workspace, "a.outcome IN (1, 2) AND a.verdict_id IS NULL", properties, visit, stop);
}

base::Result<void> forEachSuccessText(Workspace &workspace, const std::set<std::string> &properties,
                                      const VisitText &visit, std::stop_token stop)
{
    return visitTexts(workspace, "a.outcome = 0 AND a.text_id IS NOT NULL", properties, visit, stop);
}

struct VerdictWriter::State {
    State(sqlite::Connection &to, sqlite::Transaction begun) : connection(to), transaction(std::move(begun)) {}
    sqlite::Connection &connection;
    sqlite::Transaction transaction;
    sqlite::Statement insertVerdict;
    sqlite::Statement insertMatch;
    sqlite::Statement update;
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
        MULLIGAN_CHECK(connection.run("UPDATE attempt SET verdict_id = NULL WHERE verdict_id IS NOT NULL; "
                                      "DELETE FROM rule_match; DELETE FROM verdict"));
    MULLIGAN_TRY(
        state->insertVerdict,
        connection.prepare("INSERT INTO verdict(class, domain, transient, rule, action, exit_code, title, summary, "
                           "advice, captures, undetermined) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"));
    MULLIGAN_TRY(state->insertMatch,
                 connection.prepare("INSERT INTO rule_match(verdict_id, position, rule, pattern, line, span_begin, "
                                    "span_end, winner) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"));
    MULLIGAN_TRY(state->update, connection.prepare("UPDATE attempt SET verdict_id = ?2 WHERE id = ?1"));
    return VerdictWriter(std::move(state));
}

base::Result<std::int64_t> VerdictWriter::addVerdict(const model::Verdict &verdict)
{
    sqlite::Statement &s = m_state->insertVerdict;
    const std::string captures = capturesText(verdict);
    const std::string undetermined = undeterminedText(verdict);
    s.bind(1, std::string_view(verdict.errorClass));
    s.bind(2, static_cast<int>(verdict.domain));
    s.bind(3, verdict.transient ? 1 : 0);
    s.bind(4, std::string_view(verdict.rule));
    s.bind(5, static_cast<int>(verdict.action));
    s.bindOptional(6, verdict.exitCode);
    s.bind(7, std::string_view(verdict.title));
    s.bind(8, std::string_view(verdict.summary));
    s.bind(9, std::string_view(verdict.advice));
    s.bind(10, std::string_view(captures));
    s.bind(11, std::string_view(undetermined));
    MULLIGAN_CHECK(s.run());
    const std::int64_t id = m_state->connection.lastRowId();
    sqlite::Statement &m = m_state->insertMatch;
    int position = 0;
    for (const auto &match : verdict.matches) {
        m.bind(1, id);
        m.bind(2, position++);
        m.bind(3, std::string_view(match.rule));
        m.bind(4, match.pattern);
        m.bind(5, match.line);
        m.bind(6, static_cast<std::int64_t>(match.begin));
        m.bind(7, static_cast<std::int64_t>(match.end));
        m.bind(8, match.winner ? 1 : 0);
        MULLIGAN_CHECK(m.run());
    }
    return id;
}

base::Result<void> VerdictWriter::assign(std::int64_t attemptId, std::int64_t verdictId)
{
    m_state->update.bind(1, attemptId);
    m_state->update.bind(2, verdictId);
    return m_state->update.run();
}

base::Result<void> VerdictWriter::commit()
{
    return m_state->transaction.commit();
}

base::Result<StoredVerdicts> loadVerdicts(Workspace &workspace)
{
    sqlite::Connection &connection = workspace.connection();
    StoredVerdicts out;
    std::unordered_map<std::int64_t, std::uint32_t> byId;
    MULLIGAN_TRY(auto rows,
                 connection.prepare("SELECT " + std::string(kVerdictColumns) + ", v.id FROM verdict v ORDER BY v.id"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            break;
        byId.emplace(rows.integer(kVerdictColumnCount), static_cast<std::uint32_t>(out.verdicts.size()));
        out.verdicts.push_back(verdictFromRow(rows, 0));
    }
    MULLIGAN_TRY(auto matches,
                 connection.prepare("SELECT verdict_id, rule, pattern, line, span_begin, span_end, winner "
                                    "FROM rule_match ORDER BY verdict_id, position"));
    for (;;) {
        MULLIGAN_TRY(const bool more, matches.step());
        if (!more)
            break;
        const auto at = byId.find(matches.integer(0));
        if (at == byId.end())
            continue;
        out.verdicts[at->second].matches.push_back({std::string(matches.text(1)), static_cast<int>(matches.integer(2)),
                                                    static_cast<int>(matches.integer(3)),
                                                    static_cast<size_t>(matches.integer(4)),
                                                    static_cast<size_t>(matches.integer(5)), matches.integer(6) != 0});
    }
    MULLIGAN_TRY(auto attempts, connection.prepare("SELECT id, verdict_id FROM attempt WHERE verdict_id IS NOT NULL"));
    for (;;) {
        MULLIGAN_TRY(const bool more, attempts.step());
        if (!more)
            return out;
        if (const auto at = byId.find(attempts.integer(1)); at != byId.end())
            out.byAttempt.emplace(attempts.integer(0), at->second);
    }
}

} // namespace mulligan::store
