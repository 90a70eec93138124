#include "pipeline/rule_health.hpp"

namespace mulligan::pipeline
{

namespace
{

using formats::Json;

Json optionalDays(const std::optional<int> &days)
{
    return days ? Json(*days) : Json();
}

Json optionalInstant(base::Instant instant)
{
    return instant.ms == 0 ? Json() : Json(base::formatInstant(instant));
}

Json ruleJson(const RuleHealth &health)
{
    const classify::Rule &rule = health.rule;
    Json weeks = Json::array();
    for (const auto &[week, hits] : health.activity.byWeek)
        weeks.push(Json().set("week", base::formatDate(week)).set("hits", hits.hits).set("wins", hits.wins));
    Json concerns = Json::array();
    for (const std::string &concern : health.concerns)
        concerns.push(concern);
    Json precision;
    if (health.precision)
        precision.set("value", health.precision->value)
            .set("low", health.precision->low)
            .set("high", health.precision->high)
            .set("sampled", health.precision->sampled);
    Json out;
    out.set("rule", rule.id).set("title", rule.title).set("class", rule.errorClass);
    out.set("status", std::string(classify::name(rule.status))).set("owner", rule.owner);
    out.set("file", rule.file).set("line", rule.line);
    out.set("created", rule.created).set("modified", rule.modified).set("expires", rule.expires);
    out.set("age_days", optionalDays(health.ageDays)).set("modified_days", optionalDays(health.modifiedDays));
    out.set("expires_in_days", optionalDays(health.expiresInDays));
    out.set("hits", health.use.hits).set("wins", health.use.wins);
    out.set("hits_on_successes", health.use.hitsOnSuccesses).set("success_share", health.use.successShare());
    out.set("first_hit", optionalInstant(health.activity.firstHit));
    out.set("last_hit", health.use.lastHit ? Json(base::formatInstant(*health.use.lastHit)) : Json());
    out.set("by_week", weeks).set("precision", precision);
    out.set("seconds", health.seconds ? Json(*health.seconds) : Json());
    return out.set("concerns", concerns);
}

Json classJson(const ClassHealth &health)
{
    Json weeks = Json::array();
    for (const auto &[week, count] : health.byWeek)
        weeks.push(Json().set("week", base::formatDate(week)).set("failures", count));
    Json trend;
    if (health.trend)
        trend.set("value", health.trend->perPeriod).set("low", health.trend->low).set("high", health.trend->high);
    Json out;
    out.set("class", health.errorClass).set("failures", health.failures);
    out.set("recent", health.recent).set("previous", health.previous);
    return out.set("weekly_factor", trend).set("by_week", weeks);
}

Json weeksJson(const store::UnclassifiedWeeks &byWeek)
{
    Json weeks = Json::array();
    for (const auto &[week, count] : byWeek)
        weeks.push(Json()
                       .set("week", base::formatDate(week))
                       .set("failures", count.failures)
                       .set("unclassified", count.unclassified)
                       .set("share", static_cast<double>(count.unclassified) / static_cast<double>(count.failures)));
    return weeks;
}

Json unclassifiedJson(const UnclassifiedHealth &health, const char *key)
{
    Json out = Json::object();
    if (key != nullptr)
        out.set(key, health.name);
    out.set("failures", health.failures).set("unclassified", health.unclassified);
    out.set("share", health.share()).set("low", health.interval.low).set("high", health.interval.high);
    return out.set("by_week", weeksJson(health.byWeek));
}

Json listJson(const std::vector<UnclassifiedHealth> &rows, const char *key)
{
    Json out = Json::array();
    for (const UnclassifiedHealth &row : rows)
        out.push(unclassifiedJson(row, key));
    return out;
}

Json idsJson(const std::vector<std::string> &ids)
{
    Json out = Json::array();
    for (const std::string &id : ids)
        out.push(id);
    return out;
}

Json weeksSpanJson(const std::vector<base::Instant> &weeks)
{
    if (weeks.empty())
        return {};
    Json out;
    out.set("from", base::formatDate(weeks.front()));
    out.set("to", base::formatDate({weeks.back().ms + 6 * base::kMsPerDay}));
    return out.set("weeks", static_cast<std::uint64_t>(weeks.size()));
}

Json packJson(const PackDifference &difference)
{
    Json out;
    out.set("known", difference.known).set("added", idsJson(difference.added));
    return out.set("changed", idsJson(difference.changed)).set("removed", idsJson(difference.removed));
}

} // namespace

Json healthJson(const HealthReport &report)
{
    Json rules = Json::array();
    for (const RuleHealth &rule : report.rules)
        rules.push(ruleJson(rule));
    Json classes = Json::array();
    for (const ClassHealth &each : report.classes)
        classes.push(classJson(each));
    Json unclassified = unclassifiedJson(report.overall, nullptr);
    unclassified.set("by_job", listJson(report.byJob, "job")).set("by_team", listJson(report.byTeam, "team"));
    Json out;
    out.set("from", optionalInstant(report.from)).set("to", optionalInstant(report.to));
    out.set("failures", report.failures).set("unjudged", report.unjudged);
    out.set("pack", packJson(report.pack));
    out.set("trend_weeks", weeksSpanJson(report.wholeWeeks));
    out.set("profiled_texts", report.profiledTexts).set("profiled_bytes", report.profiledBytes);
    return out.set("rules", rules).set("classes", classes).set("unclassified", unclassified);
}

} // namespace mulligan::pipeline
