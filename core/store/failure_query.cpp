#include "store/failure_query.hpp"

#include "store/radix_order.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace mulligan::store
{

namespace
{

constexpr std::uint64_t kLast = ~std::uint64_t{0};

/// Row ids of a small table as a set.
class IdSet
{
public:
    void add(std::int64_t id)
    {
        const auto index = static_cast<size_t>(id);
        if (index >= m_in.size())
            m_in.resize(std::max(index + 1, m_in.size() * 2));
        m_in[index] = true;
    }
    [[nodiscard]] bool contains(std::int64_t id) const
    {
        return static_cast<size_t>(id) < m_in.size() && m_in[static_cast<size_t>(id)];
    }

private:
    std::vector<bool> m_in;
};

/// Words as FTS5 takes them: each quoted, so that no character is an operator; the last one may be unfinished.
std::string searchExpression(std::string_view words)
{
    std::string out;
    size_t at = 0;
    while (at < words.size()) {
        const size_t begin = words.find_first_not_of(" \t\r\n", at);
        if (begin == std::string_view::npos)
            break;
        const size_t end = std::min(words.find_first_of(" \t\r\n", begin), words.size());
        out += out.empty() ? "\"" : " \"";
        for (const char c : words.substr(begin, end - begin)) {
            out += c;
            if (c == '"')
                out += c;
        }
        out += '"';
        at = end;
    }
    return out.empty() ? out : out + '*';
}

std::string escapedLike(std::string_view text)
{
    std::string out = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '%';
}

base::Result<IdSet> idsOf(const sqlite::Connection &connection, std::string_view sql,
                          std::initializer_list<std::string> bound)
{
    MULLIGAN_TRY(auto rows, connection.prepare(sql));
    int index = 1;
    for (const std::string &value : bound)
        rows.bind(index++, std::string_view(value));
    IdSet ids;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return ids;
        ids.add(rows.integer(0));
    }
}

/// Ranks of the rows of a small table by a text of theirs.
base::Result<std::vector<std::uint64_t>> ranksOf(const sqlite::Connection &connection, std::string_view sql)
{
    MULLIGAN_TRY(auto rows, connection.prepare(sql));
    std::vector<std::uint64_t> ranks;
    std::uint64_t rank = 0;
    std::string previous;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return ranks;
        const auto id = static_cast<size_t>(rows.integer(0));
        if (id >= ranks.size())
            ranks.resize(id + 1, kLast);
        if (rows.text(1) != previous) {
            ++rank;
            previous = rows.text(1);
        }
        // No text is no value, and comes last.
        ranks[id] = previous.empty() ? kLast : rank;
    }
}

/// How a column is read from the index and, where it holds ids, which order these have.
struct SortKey {
    const char *expression;
    const char *ranks; ///< null: the value itself orders
};

SortKey keyOf(FailureColumn column)
{
    constexpr const char *kNames = "SELECT id, name FROM name ORDER BY name COLLATE NOCASE, name";
    constexpr const char *kJobs = "SELECT id, name FROM job ORDER BY name COLLATE NOCASE, name";
    switch (column) {
    case FailureColumn::Started: return {"started_ms", nullptr};
    case FailureColumn::Job:
    case FailureColumn::Run: return {"job_id", kJobs};
    case FailureColumn::Attempt: return {"attempt", nullptr};
    case FailureColumn::Outcome: return {"outcome", nullptr};
    case FailureColumn::ErrorClass: return {"verdict_id", "SELECT id, class FROM verdict ORDER BY class"};
    case FailureColumn::Rule: return {"verdict_id", "SELECT id, rule FROM verdict ORDER BY rule"};
    case FailureColumn::Owner: return {"owner_id", kNames};
    case FailureColumn::Team: return {"team_id", kNames};
    case FailureColumn::Cluster: return {"cluster_id", kNames};
    case FailureColumn::ExitCode: return {"exit_code", nullptr};
    case FailureColumn::Duration: return {"ended_ms - started_ms", nullptr};
    case FailureColumn::Cost: return {"cost_usd", nullptr};
    case FailureColumn::Cause: return {"cause_id", "SELECT id, body FROM cause ORDER BY body"};
    }
    return {"started_ms", nullptr};
}

/// A number as bits that order as it does.
std::uint64_t orderedBits(double value)
{
    const auto bits = std::bit_cast<std::uint64_t>(value);
    return (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
}

/// The conditions that one pass over the index checks: in SQL where a value decides, by set where many may.
struct Conditions {
    std::string where;
    std::vector<std::int64_t> bound;
    std::optional<IdSet> verdicts;
    std::optional<IdSet> texts;
    std::optional<IdSet> jobs;
    bool impossible = false; ///< a name that is nowhere

    [[nodiscard]] bool any() const { return !where.empty() || verdicts || texts || jobs; }
    base::Result<void> named(const sqlite::Connection &connection, const char *column, const std::string &value);
    void compare(const char *condition, std::int64_t value);
};

base::Result<void> Conditions::named(const sqlite::Connection &connection, const char *column, const std::string &value)
{
    if (value.empty())
        return {};
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT id FROM name WHERE name = ?1"));
    rows.bind(1, std::string_view(value));
    MULLIGAN_TRY(const bool found, rows.step());
    impossible = impossible || !found;
    if (found)
        compare(column, rows.integer(0));
    return {};
}

void Conditions::compare(const char *condition, std::int64_t value)
{
    bound.push_back(value);
    where += std::string(" AND ") + condition + " ?" + std::to_string(bound.size());
}

base::Result<Conditions> conditionsOf(const sqlite::Connection &connection, const FailureFilter &filter)
{
    Conditions conditions;
    MULLIGAN_CHECK(conditions.named(connection, "owner_id =", filter.owner));
    MULLIGAN_CHECK(conditions.named(connection, "team_id =", filter.team));
    MULLIGAN_CHECK(conditions.named(connection, "cluster_id =", filter.cluster));
    if (filter.outcome.has_value())
        conditions.compare("outcome =", static_cast<std::int64_t>(*filter.outcome));
    if (filter.from.has_value())
        conditions.compare("started_ms >=", filter.from->ms);
    if (filter.to.has_value())
        conditions.compare("started_ms <", filter.to->ms);
    if (!filter.job.empty()) {
        MULLIGAN_TRY(conditions.jobs,
                     idsOf(connection, "SELECT id FROM job WHERE name LIKE ?1 ESCAPE '\\'", {escapedLike(filter.job)}));
    }
    if (const std::string words = searchExpression(filter.text); !words.empty()) {
        MULLIGAN_TRY(conditions.texts,
                     idsOf(connection, "SELECT rowid FROM error_text_fts WHERE error_text_fts MATCH ?1", {words}));
    }
    if (!filter.errorClass.empty() || !filter.rule.empty()) {
        MULLIGAN_TRY(conditions.verdicts,
                     idsOf(connection,
                           "SELECT id FROM verdict WHERE (?1 = '' OR class = ?1 OR substr(class, 1, length(?1) + 1) = "
                           "?1 || '.') AND (?2 = '' OR rule = ?2)",
                           {filter.errorClass, filter.rule}));
    }
    return conditions;
}

/// Columns every pass reads before its key, in the order of `fits`.
constexpr const char *kSetColumns = "verdict_id, text_id, job_id";

bool fits(const Conditions &conditions, const sqlite::Statement &row)
{
    return (!conditions.verdicts || conditions.verdicts->contains(row.integer(1)))
           && (!conditions.texts || conditions.texts->contains(row.integer(2)))
           && (!conditions.jobs || conditions.jobs->contains(row.integer(3)));
}

std::uint64_t keyAt(const sqlite::Statement &row, FailureColumn column, const std::vector<std::uint64_t> &ranks)
{
    constexpr int kKey = 4;
    if (row.isNull(kKey))
        return kLast;
    if (ranks.empty())
        return column == FailureColumn::Cost ? orderedBits(row.number(kKey))
                                             : static_cast<std::uint64_t>(row.integer(kKey)) ^ (std::uint64_t{1} << 63);
    const auto id = static_cast<size_t>(row.integer(kKey));
    return id < ranks.size() ? ranks[id] : kLast;
}

/// All failures by job name, then run, then attempt, from the index that is nearly in this order.
base::Result<std::vector<Keyed>> scanByRun(const sqlite::Connection &connection,
                                           const std::vector<std::uint64_t> &jobRanks)
{
    MULLIGAN_TRY(auto order, connection.prepare("SELECT id, job_id FROM attempt INDEXED BY failure_run "
                                                "WHERE outcome IN (1, 2) ORDER BY job_id, run, attempt"));
    std::vector<Keyed> rows;
    for (;;) {
        MULLIGAN_TRY(const bool more, order.step());
        if (!more)
            return rows;
        const auto job = static_cast<size_t>(order.integer(1));
        rows.push_back({((job < jobRanks.size() ? jobRanks[job] : 0) << 32) | rows.size(), order.integer(0)});
    }
}

/// Leaves those of `rows` that are among `wanted`.
void keepOnly(std::vector<Keyed> &rows, const std::vector<Keyed> &wanted)
{
    IdSet ids;
    for (const Keyed &row : wanted)
        ids.add(row.id);
    std::erase_if(rows, [&ids](const Keyed &row) { return !ids.contains(row.id); });
}

base::Result<std::vector<Keyed>> scan(const sqlite::Connection &connection, const Conditions &conditions,
                                      FailureColumn column, const std::vector<std::uint64_t> &ranks)
{
    MULLIGAN_TRY(auto statement,
                 connection.prepare(std::string("SELECT id, ") + kSetColumns + ", " + keyOf(column).expression
                                    + " FROM attempt INDEXED BY failure_facets WHERE outcome IN (1, 2)"
                                    + conditions.where + " ORDER BY started_ms DESC"));
    for (size_t i = 0; i < conditions.bound.size(); ++i)
        statement.bind(static_cast<int>(i) + 1, conditions.bound[i]);
    std::vector<Keyed> rows;
    for (;;) {
        MULLIGAN_TRY(const bool more, statement.step());
        if (!more)
            return rows;
        if (fits(conditions, statement))
            rows.push_back({keyAt(statement, column, ranks), statement.integer(0)});
    }
}

} // namespace

base::Result<std::vector<std::int64_t>> findFailures(Workspace &workspace, const FailureFilter &filter,
                                                     const FailureSort &sort, const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    if (stop.stop_requested())
        return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(const auto conditions, conditionsOf(connection, filter));
    if (conditions.impossible)
        return std::vector<std::int64_t>{};
    std::vector<std::uint64_t> ranks;
    if (const char *sql = keyOf(sort.column).ranks; sql != nullptr) {
        MULLIGAN_TRY(ranks, ranksOf(connection, sql));
    }
    const bool byRun = sort.column == FailureColumn::Run;
    std::vector<Keyed> rows;
    if (!byRun || conditions.any()) {
        MULLIGAN_TRY(rows, scan(connection, conditions, sort.column, ranks));
    }
    if (byRun) {
        MULLIGAN_TRY(auto inOrder, scanByRun(connection, ranks));
        if (conditions.any())
            keepOnly(inOrder, rows);
        rows = std::move(inOrder);
    }
    if (sort.descending) {
        for (Keyed &row : rows)
            row.key = row.key == kLast ? kLast : kLast - 1 - row.key;
    }
    if (sort.column != FailureColumn::Started)
        orderByKey(rows);
    else if (!sort.descending)
        std::reverse(rows.begin(), rows.end());
    std::vector<std::int64_t> ids(rows.size());
    std::transform(rows.begin(), rows.end(), ids.begin(), [](const Keyed &row) { return row.id; });
    return ids;
}

} // namespace mulligan::store
