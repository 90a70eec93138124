#include "ingest/attempt_json.hpp"

#include "ingest/attempt_fields.hpp"

namespace mulligan::ingest
{

namespace
{

FieldValue valueOf(const formats::Json &json)
{
    if (json.isString())
        return FieldValue::of(std::string_view(json.string()));
    if (json.isInteger())
        return FieldValue::of(json.integer());
    if (json.isNumber())
        return FieldValue::of(json.number());
    if (json.isBool())
        return FieldValue::of(json.boolean());
    FieldValue value;
    value.kind = json.isNull() ? FieldValue::Kind::Null : FieldValue::Kind::Composite;
    return value;
}

std::string_view textOf(const std::string &text)
{
    return text;
}
std::string_view textOf(std::string_view text)
{
    return text;
}

/// Appends members that have something to say, in the order they are added.
class Members
{
public:
    template <typename Text> void text(Field field, const Text &text)
    {
        if (!textOf(text).empty())
            m_members.emplace_back(std::string(name(field)), formats::Json(textOf(text)));
    }
    template <typename Value> void optional(Field field, const std::optional<Value> &value)
    {
        if (value.has_value())
            m_members.emplace_back(std::string(name(field)), formats::Json(*value));
    }
    void value(Field field, formats::Json json) { m_members.emplace_back(std::string(name(field)), std::move(json)); }
    template <typename Map> void map(Field field, const Map &map)
    {
        if (map.empty())
            return;
        formats::Json::Object members;
        members.reserve(map.size());
        for (const auto &[key, item] : map)
            members.emplace_back(key, formats::Json(item));
        value(field, formats::Json(std::move(members)));
    }
    [[nodiscard]] formats::Json done() && { return formats::Json(std::move(m_members)); }

private:
    formats::Json::Object m_members;
};

} // namespace

base::Result<model::Attempt> attemptFromJson(const formats::Json &json, std::vector<std::string> *unknownKeys)
{
    if (!json.isObject())
        return base::makeError(base::ErrorCode::Parse, "An attempt record must be a JSON object");
    AttemptBuilder builder;
    for (const auto &[key, value] : json.members()) {
        const auto field = fieldFromName(key);
        if (!field) {
            if (unknownKeys != nullptr)
                unknownKeys->push_back(key);
            continue;
        }
        if ((*field != Field::Config && *field != Field::Metrics) || !value.isObject()) {
            builder.set(*field, valueOf(value));
            continue;
        }
        builder.begin(*field);
        for (const auto &[member, item] : value.members())
            builder.setMember(*field, member, valueOf(item));
    }
    return builder.finish();
}

base::Result<model::Attempt> attemptFromJsonText(std::string_view text, std::vector<std::string> *unknownKeys)
{
    std::string padded;
    padded.reserve(text.size() + formats::kJsonPadding);
    padded.append(text).append(formats::kJsonPadding, ' ');
    formats::JsonReader reader;
    AttemptBuilder builder;
    MULLIGAN_CHECK(fillFromJson(reader, std::string_view(padded).substr(0, text.size()), builder, unknownKeys));
    return builder.finish();
}

formats::Json attemptToJson(const model::Attempt &attempt)
{
    Members out;
    out.value(Field::Job, attempt.job);
    out.value(Field::Run, attempt.run);
    out.value(Field::Attempt, attempt.attempt);
    out.value(Field::Outcome, model::name(attempt.outcome));
    out.value(Field::StartedAt, base::formatInstant(attempt.startedAt));
    out.value(Field::EndedAt, base::formatInstant(attempt.endedAt));
    out.text(Field::Workflow, attempt.workflow);
    out.text(Field::Owner, attempt.owner);
    out.text(Field::Team, attempt.team);
    out.text(Field::Cluster, attempt.cluster);
    out.text(Field::Queue, attempt.queue);
    out.text(Field::ApplicationId, attempt.applicationId);
    out.text(Field::Trigger, model::name(attempt.trigger));
    out.optional(Field::ExitCode, attempt.exitCode);
    out.text(Field::ErrorText, attempt.errorText);
    out.text(Field::RootCause, attempt.rootCause);
    out.map(Field::Config, attempt.config);
    out.map(Field::Metrics, attempt.metrics);
    out.optional(Field::VcoreSeconds, attempt.vcoreSeconds);
    out.optional(Field::MemoryGbSeconds, attempt.memoryGbSeconds);
    out.optional(Field::CostUsd, attempt.costUsd);
    // A logged cost is what a reader takes `cost_usd` for anyway.
    if (attempt.costUsd.has_value() && attempt.costSource != model::CostSource::Logged
        && attempt.costSource != model::CostSource::None)
        out.text(Field::CostSource, model::name(attempt.costSource));
    out.optional(Field::ManualMinutes, attempt.manualMinutes);
    out.text(Field::Action, attempt.action);
    out.optional(Field::ActionProbability, attempt.actionProbability);
    out.text(Field::PolicyVersion, attempt.policyVersion);
    return std::move(out).done();
}

} // namespace mulligan::ingest
