#include "ingest/attempt_fields.hpp"

#include "base/instant.hpp"
#include "base/units.hpp"
#include "formats/json.hpp"
#include "ingest/amount_limit.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace mulligan::ingest
{

namespace
{

constexpr std::array<std::string_view, kFieldCount> kNames{"job",
                                                           "run",
                                                           "attempt",
                                                           "outcome",
                                                           "started_at",
                                                           "ended_at",
                                                           "workflow",
                                                           "owner",
                                                           "team",
                                                           "cluster",
                                                           "queue",
                                                           "application_id",
                                                           "trigger",
                                                           "exit_code",
                                                           "error_text",
                                                           "log_path",
                                                           "root_cause",
                                                           "config",
                                                           "metrics",
                                                           "vcore_seconds",
                                                           "memory_gb_seconds",
                                                           "cost_usd",
                                                           "cost_source",
                                                           "manual_minutes",
                                                           "action",
                                                           "action_probability",
                                                           "policy_version"};
static_assert(kFieldCount <= 32, "m_seen has a bit for each field");

constexpr std::size_t kMaxNameBytes = 4096;
constexpr std::size_t kShownBytes = 60;
// One try of a job is not repeated a million times; a larger number is some other column.
constexpr std::int64_t kMaxAttempt = 1'000'000;

constexpr std::uint32_t bit(Field field)
{
    return std::uint32_t(1) << static_cast<unsigned>(field);
}

bool isLongText(Field field)
{
    return field == Field::ErrorText || field == Field::RootCause;
}

std::string numberText(const FieldValue &value)
{
    return value.kind == FieldValue::Kind::Integer ? std::to_string(value.integer)
                                                   : formats::writeJson(formats::Json(value.number));
}

std::string shown(const FieldValue &value)
{
    switch (value.kind) {
    case FieldValue::Kind::Null: return "nothing";
    case FieldValue::Kind::Text:
        return "'" + std::string(value.text.substr(0, kShownBytes)) + (value.text.size() > kShownBytes ? "…'" : "'");
    case FieldValue::Kind::Integer:
    case FieldValue::Kind::Number: return numberText(value);
    case FieldValue::Kind::Boolean: return value.boolean ? "true" : "false";
    case FieldValue::Kind::Composite: break;
    }
    return "an object or a list";
}

bool isBareNumber(const FieldValue &value)
{
    return value.kind == FieldValue::Kind::Integer || value.text.find_first_not_of("0123456789") == value.text.npos;
}

/// Whether epoch milliseconds that lie before 1990 are a moment from 1990 to 2100 when they are taken for seconds: the
/// commonest slip with epoch times, which would put a whole history into January 1970.
bool looksLikeSeconds(base::Instant moment)
{
    constexpr std::int64_t kYear1990 = 631'152'000;   // seconds
    constexpr std::int64_t kYear2100 = 4'102'444'800; // seconds
    return moment.ms < kYear1990 * base::kMsPerSecond && moment.ms >= kYear1990 && moment.ms < kYear2100;
}

} // namespace

std::string_view name(Field field)
{
    return kNames[static_cast<std::size_t>(field)];
}

std::optional<Field> fieldFromName(std::string_view text)
{
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == text)
            return static_cast<Field>(i);
    }
    return std::nullopt;
}

FieldValue FieldValue::of(formats::JsonCursor &cursor)
{
    switch (cursor.kind()) {
    case formats::JsonKind::String: return of(cursor.string().value_or(std::string_view()));
    case formats::JsonKind::Number:
        if (const auto integer = cursor.integer())
            return of(*integer);
        return of(cursor.number().value_or(std::nan("")));
    case formats::JsonKind::Boolean: return of(cursor.boolean().value_or(false));
    case formats::JsonKind::Object:
    case formats::JsonKind::Array: return {Kind::Composite, {}, 0, 0.0, false};
    case formats::JsonKind::Null: break;
    }
    return {};
}

void AttemptBuilder::clear()
{
    m_attempt = {};
    m_logPath.clear();
    m_seen = 0;
    m_problemField.clear();
    m_problem.clear();
}

void AttemptBuilder::fail(Field field, std::string reason)
{
    if (!m_problemField.empty())
        return;
    m_problemField = name(field);
    m_problem = std::move(reason);
}

std::optional<double> AttemptBuilder::numberOf(const FieldValue &value) const
{
    if (value.kind == FieldValue::Kind::Integer || value.kind == FieldValue::Kind::Number)
        return value.number;
    if (value.kind != FieldValue::Kind::Text || !m_textNumbers)
        return std::nullopt;
    double number = 0.0;
    const auto [end, code] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
    if (code != std::errc() || end != value.text.data() + value.text.size())
        return std::nullopt;
    return number;
}

std::optional<std::int64_t> AttemptBuilder::integerOf(const FieldValue &value) const
{
    if (value.kind == FieldValue::Kind::Integer)
        return value.integer;
    const auto number = numberOf(value);
    if (!number || std::trunc(*number) != *number || std::abs(*number) > 9e15)
        return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

void AttemptBuilder::setText(Field field, const FieldValue &value, std::string &into)
{
    // Ids are often numbers in the systems that write them.
    if (value.kind == FieldValue::Kind::Integer)
        into = numberText(value);
    else if (value.kind != FieldValue::Kind::Text)
        fail(field, "must be text, found " + shown(value));
    else if (!isLongText(field) && value.text.size() > kMaxNameBytes)
        fail(field, "is longer than " + std::to_string(kMaxNameBytes) + " bytes");
    else
        into.assign(value.text);
}

void AttemptBuilder::setInstant(Field field, const FieldValue &value, base::Instant &into)
{
    const bool text = value.kind == FieldValue::Kind::Text;
    if (!text && value.kind != FieldValue::Kind::Integer)
        return fail(field, "must be a time with a zone or epoch milliseconds, found " + shown(value));
    const auto instant = base::parseInstant(text ? value.text : std::string_view(std::to_string(value.integer)));
    if (instant && isBareNumber(value) && looksLikeSeconds(instant.value()))
        fail(field, shown(value) + " looks like seconds; give milliseconds");
    else if (instant)
        into = instant.value();
    else
        fail(field, instant.error().message);
}

void AttemptBuilder::setAmount(Field field, const FieldValue &value, std::optional<double> &into)
{
    const auto number = numberOf(value);
    if (!number || !std::isfinite(*number))
        fail(field, "must be a number, found " + shown(value));
    else if (*number < 0.0)
        fail(field, "must not be negative, found " + shown(value));
    else if (const AmountLimit *limit = limitOf(field); limit != nullptr && *number > limit->most)
        fail(field, "is more than one attempt takes (at most " + std::string(limit->told)
                        + "; is it in another unit?), found " + shown(value));
    else
        into = number;
}

void AttemptBuilder::setAttemptNumber(const FieldValue &value)
{
    const auto number = integerOf(value);
    if (!number || *number < 1 || *number > kMaxAttempt)
        fail(Field::Attempt, "must be a whole number from 1 on, found " + shown(value));
    else
        m_attempt.attempt = static_cast<int>(*number);
}

void AttemptBuilder::setExitCode(const FieldValue &value)
{
    const auto number = integerOf(value);
    if (!number || std::abs(*number) > INT32_MAX)
        fail(Field::ExitCode, "must be a whole number, found " + shown(value));
    else
        m_attempt.exitCode = static_cast<int>(*number);
}

void AttemptBuilder::setProbability(const FieldValue &value)
{
    const auto number = numberOf(value);
    if (!number || !(*number > 0.0 && *number <= 1.0))
        fail(Field::ActionProbability, "must lie above 0 and not above 1, found " + shown(value));
    else
        m_attempt.actionProbability = number;
}

template <typename E>
void AttemptBuilder::setName(Field field, const FieldValue &value, E &into,
                             std::optional<E> (*fromName)(std::string_view), std::string_view expected)
{
    const auto known = value.kind == FieldValue::Kind::Text ? fromName(value.text) : std::nullopt;
    if (known)
        into = *known;
    else
        fail(field, "must be one of " + std::string(expected) + ", found " + shown(value));
}

void AttemptBuilder::begin(Field field)
{
    if ((m_seen & bit(field)) != 0)
        fail(field, "appears twice in this record");
    m_seen |= bit(field);
}

void AttemptBuilder::set(Field field, const FieldValue &value)
{
    begin(field);
    if (value.kind == FieldValue::Kind::Null) {
        m_seen &= ~bit(field);
        return;
    }
    switch (field) {
    case Field::Job: return setText(field, value, m_attempt.job);
    case Field::Run: return setText(field, value, m_attempt.run);
    case Field::Attempt: return setAttemptNumber(value);
    case Field::Outcome:
        return setName(field, value, m_attempt.outcome, model::outcomeFromName, "succeeded, failed, killed, unknown");
    case Field::StartedAt: return setInstant(field, value, m_attempt.startedAt);
    case Field::EndedAt: return setInstant(field, value, m_attempt.endedAt);
    case Field::Workflow: return setText(field, value, m_attempt.workflow);
    case Field::Owner: return setText(field, value, m_attempt.owner);
    case Field::Team: return setText(field, value, m_attempt.team);
    case Field::Cluster: return setText(field, value, m_attempt.cluster);
    case Field::Queue: return setText(field, value, m_attempt.queue);
    case Field::ApplicationId: return setText(field, value, m_attempt.applicationId);
    case Field::Trigger:
        return setName(field, value, m_attempt.trigger, model::triggerFromName, "scheduled, auto_retry, manual");
    case Field::ExitCode: return setExitCode(value);
    case Field::ErrorText: return setText(field, value, m_attempt.errorText);
    case Field::LogPath: return setText(field, value, m_logPath);
    case Field::RootCause: return setText(field, value, m_attempt.rootCause);
    case Field::Config:
    case Field::Metrics: return fail(field, "must be an object, found " + shown(value));
    case Field::VcoreSeconds: return setAmount(field, value, m_attempt.vcoreSeconds);
    case Field::MemoryGbSeconds: return setAmount(field, value, m_attempt.memoryGbSeconds);
    case Field::CostUsd: return setAmount(field, value, m_attempt.costUsd);
    case Field::CostSource:
        return setName(field, value, m_attempt.costSource, model::costSourceFromName,
                       "none, logged, resource_seconds, duration_times_request");
    case Field::ManualMinutes: return setAmount(field, value, m_attempt.manualMinutes);
    case Field::Action: return setText(field, value, m_attempt.action);
    case Field::ActionProbability: return setProbability(value);
    case Field::PolicyVersion: return setText(field, value, m_attempt.policyVersion);
    }
}

void AttemptBuilder::setMember(Field field, std::string_view key, const FieldValue &value)
{
    if (field == Field::Config)
        setConfig(key, value);
    else
        setMetric(key, value);
}

void AttemptBuilder::setConfig(std::string_view property, const FieldValue &value)
{
    switch (value.kind) {
    case FieldValue::Kind::Null: return;
    case FieldValue::Kind::Text:
        m_attempt.config.insert_or_assign(std::string(property), std::string(value.text));
        return;
    case FieldValue::Kind::Integer: m_attempt.config.insert_or_assign(std::string(property), numberText(value)); return;
    case FieldValue::Kind::Number:
        if (std::isfinite(value.number)) {
            m_attempt.config.insert_or_assign(std::string(property), numberText(value));
            return;
        }
        break;
    case FieldValue::Kind::Boolean:
        m_attempt.config.insert_or_assign(std::string(property), value.boolean ? "true" : "false");
        return;
    case FieldValue::Kind::Composite: break;
    }
    fail(Field::Config,
         "the value of '" + std::string(property.substr(0, kShownBytes)) + "' must be text, a number or true or false");
}

void AttemptBuilder::setMetric(std::string_view metric, const FieldValue &value)
{
    if (value.kind == FieldValue::Kind::Null)
        return;
    std::optional<double> amount = numberOf(value);
    if (!amount || !std::isfinite(*amount) || *amount < 0.0)
        return fail(Field::Metrics, "the value of '" + std::string(metric.substr(0, kShownBytes))
                                        + "' must be a number that is not negative, found " + shown(value));
    m_attempt.metrics.insert_or_assign(std::string(metric), *amount);
}

void AttemptBuilder::check()
{
    // The number comes last: where it is counted, it is missing because one of the others is.
    for (const Field field :
         {Field::Job, Field::Run, Field::Outcome, Field::StartedAt, Field::EndedAt, Field::Attempt}) {
        if ((m_seen & bit(field)) == 0)
            return fail(field, "is missing");
    }
    if (m_attempt.job.empty())
        return fail(Field::Job, "must not be empty");
    if (m_attempt.run.empty())
        return fail(Field::Run, "must not be empty");
    if (m_attempt.endedAt < m_attempt.startedAt)
        return fail(Field::EndedAt,
                    "lies " + base::formatSeconds(base::secondsBetween(m_attempt.endedAt, m_attempt.startedAt))
                        + " before started_at: the duration is negative");
}

base::Result<model::Attempt> AttemptBuilder::finish()
{
    if (m_problemField.empty())
        check();
    if (!m_problemField.empty())
        return base::makeError(base::ErrorCode::Parse, "field '" + m_problemField + "'"
                                                           + (m_origin ? m_origin(m_problemField) : std::string())
                                                           + ": " + m_problem);
    if (!m_attempt.costUsd.has_value())
        m_attempt.costSource = model::CostSource::None;
    else if (m_attempt.costSource == model::CostSource::None)
        m_attempt.costSource = model::CostSource::Logged;
    return std::move(m_attempt);
}

base::Result<void> fillFromJson(formats::JsonReader &reader, std::string_view paddedText, AttemptBuilder &builder,
                                std::vector<std::string> *unknownKeys)
{
    // Rows of one file hold their fields in one order, so the field behind the last one is tried first.
    std::size_t next = 0;
    return reader.readPadded(paddedText, [&](std::string_view key, formats::JsonCursor &value) {
        std::optional<Field> field;
        if (next < kFieldCount && kNames[next] == key)
            field = static_cast<Field>(next);
        else
            field = fieldFromName(key);
        if (!field) {
            if (unknownKeys != nullptr)
                unknownKeys->emplace_back(key);
            return;
        }
        next = static_cast<std::size_t>(*field) + 1;
        const bool composite = *field == Field::Config || *field == Field::Metrics;
        if (!composite || value.kind() != formats::JsonKind::Object)
            return builder.set(*field, FieldValue::of(value));
        builder.begin(*field);
        value.members([&](std::string_view member, formats::JsonCursor &item) {
            builder.setMember(*field, member, FieldValue::of(item));
        });
    });
}

} // namespace mulligan::ingest
