#include "pipeline/rule_health.hpp"

#include "classify/expiry.hpp"
#include "classify/lint_hits.hpp"
#include "pipeline/audit.hpp"
#include "pipeline/rule_profile.hpp"
#include "store/undetermined.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mulligan::pipeline
{

namespace
{

constexpr std::int64_t kMsPerWeek = 7 * base::kMsPerDay;
constexpr std::array<std::string_view, 6> kConcerns = {"fires_on_successes", "undetermined", "imprecise", "expired",
                                                       "expires_soon",       "never_hit"};

std::optional<int> daysSince(const std::string &date, base::Instant now)
{
    if (date.size() != 10)
        return std::nullopt;
    const auto day = base::parseInstant(date + "T00:00:00Z");
    if (!day)
        return std::nullopt;
    return static_cast<int>(now.ms / base::kMsPerDay - day->ms / base::kMsPerDay);
}

std::vector<std::string> concernsOf(const RuleHealth &health, bool undetermined)
{
    const bool active = health.rule.status == classify::RuleStatus::Active;
    const bool retired = health.rule.status == classify::RuleStatus::Retired;
    const bool dated = health.expiresInDays.has_value() && !retired;
    const std::array<bool, kConcerns.size()> holds = {
        health.use.hitsOnSuccesses > 0 && health.use.successShare() > classify::kMostHitsOnSuccesses,
        active && undetermined,
        health.precision && health.precision->high < kLeastPrecision,
        dated && *health.expiresInDays < 0,
        dated && *health.expiresInDays >= 0 && *health.expiresInDays <= classify::kExpiresSoonDays,
        active && health.use.hits == 0 && health.use.hitsOnSuccesses == 0,
    };
    std::vector<std::string> out;
    for (size_t i = 0; i < kConcerns.size(); ++i)
        if (holds[i])
            out.emplace_back(kConcerns[i]);
    return out;
}

size_t seriousness(const RuleHealth &health)
{
    if (health.concerns.empty())
        return kConcerns.size();
    return static_cast<size_t>(std::find(kConcerns.begin(), kConcerns.end(), health.concerns.front())
                               - kConcerns.begin());
}

base::Result<std::map<std::string, stats::Estimate>> auditedPrecision(store::Workspace &workspace)
{
    std::map<std::string, stats::Estimate> out;
    MULLIGAN_TRY(const auto sample, store::loadAuditSample(workspace));
    for (const AuditFigure &figure : auditFigures(sample).byRule)
        out.emplace(figure.name, figure.estimate);
    return out;
}

base::Result<void> addRules(store::Workspace &workspace, const classify::RulePack &pack, const HealthOptions &options,
                            const std::stop_token &stop, base::Progress &progress, HealthReport &report)
{
    MULLIGAN_TRY(const auto uses, store::ruleUse(workspace, stop));
    MULLIGAN_TRY(auto activities, store::ruleActivity(workspace, stop));
    MULLIGAN_TRY(const auto precisions, auditedPrecision(workspace));
    MULLIGAN_TRY(const auto undetermined, store::undeterminedRules(workspace));
    RuleProfile profile;
    if (options.profile) {
        MULLIGAN_TRY(profile, profileRules(workspace, pack, options.profileBytes, stop, progress));
    }
    report.profiledTexts = profile.texts;
    report.profiledBytes = profile.bytes;
    for (const classify::Rule &rule : pack.rules) {
        RuleHealth health;
        health.rule = rule;
        health.ageDays = daysSince(rule.created, options.now);
        health.modifiedDays = daysSince(rule.modified, options.now);
        health.expiresInDays = classify::daysUntilExpiry(rule, options.now);
        health.use.rule = rule.id;
        const auto use =
            std::find_if(uses.begin(), uses.end(), [&](const store::RuleUse &each) { return each.rule == rule.id; });
        if (use != uses.end())
            health.use = *use;
        if (const auto found = activities.find(rule.id); found != activities.end())
            health.activity = std::move(found->second);
        if (const auto found = precisions.find(rule.id); found != precisions.end())
            health.precision = found->second;
        if (const auto found = profile.seconds.find(rule.id); found != profile.seconds.end())
            health.seconds = found->second;
        const bool ranOut = std::any_of(undetermined.begin(), undetermined.end(),
                                        [&](const store::UndeterminedRule &each) { return each.rule == rule.id; });
        health.concerns = concernsOf(health, ranOut);
        report.rules.push_back(std::move(health));
    }
    std::stable_sort(report.rules.begin(), report.rules.end(), [](const RuleHealth &a, const RuleHealth &b) {
        return seriousness(a) != seriousness(b) ? seriousness(a) < seriousness(b) : a.use.hits > b.use.hits;
    });
    return {};
}

/// The weeks between the first and the last one, which the data cut off.
std::vector<base::Instant> wholeWeeks(const HealthReport &report)
{
    std::vector<base::Instant> weeks;
    const base::Instant last = store::weekOf(report.to);
    for (base::Instant week{store::weekOf(report.from).ms + kMsPerWeek}; week < last; week.ms += kMsPerWeek)
        weeks.push_back(week);
    return weeks;
}

std::vector<std::uint64_t> countsOf(const std::map<base::Instant, std::uint64_t> &byWeek,
                                    const std::vector<base::Instant> &weeks)
{
    std::vector<std::uint64_t> counts;
    for (const base::Instant week : weeks) {
        const auto found = byWeek.find(week);
        counts.push_back(found == byWeek.end() ? 0 : found->second);
    }
    return counts;
}

void addClasses(store::ClassWeeks weeks, HealthReport &report)
{
    report.wholeWeeks = wholeWeeks(report);
    for (auto &[errorClass, byWeek] : weeks) {
        ClassHealth health;
        health.errorClass = errorClass;
        for (const auto &[week, count] : byWeek)
            health.failures += count;
        const auto counts = countsOf(byWeek, report.wholeWeeks);
        const size_t n = counts.size();
        for (size_t i = 0; i < n; ++i) {
            const size_t back = n - 1 - i;
            if (i < kRecentWeeks)
                health.recent += counts[back];
            else if (i < 2 * kRecentWeeks)
                health.previous += counts[back];
        }
        health.trend = stats::countTrend(counts);
        health.byWeek = std::move(byWeek);
        report.classes.push_back(std::move(health));
    }
    const auto growth = [](const ClassHealth &health) { return health.trend ? health.trend->low : -1.0; };
    std::stable_sort(report.classes.begin(), report.classes.end(), [&](const ClassHealth &a, const ClassHealth &b) {
        return growth(a) != growth(b) ? growth(a) > growth(b) : a.failures > b.failures;
    });
}

std::vector<UnclassifiedHealth> unclassified(std::map<std::string, store::UnclassifiedWeeks> named)
{
    std::vector<UnclassifiedHealth> out;
    for (auto &[name, weeks] : named) {
        UnclassifiedHealth health;
        health.name = name;
        for (const auto &[week, count] : weeks) {
            health.failures += count.failures;
            health.unclassified += count.unclassified;
        }
        health.interval = stats::wilson(static_cast<double>(health.unclassified), static_cast<double>(health.failures));
        health.byWeek = std::move(weeks);
        out.push_back(std::move(health));
    }
    std::stable_sort(out.begin(), out.end(), [](const UnclassifiedHealth &a, const UnclassifiedHealth &b) {
        return a.interval.low != b.interval.low ? a.interval.low > b.interval.low : a.unclassified > b.unclassified;
    });
    return out;
}

void addOverall(HealthReport &report)
{
    std::map<std::string, store::UnclassifiedWeeks> all;
    for (const UnclassifiedHealth &job : report.byJob)
        for (const auto &[week, count] : job.byWeek) {
            auto &sum = all[""][week];
            sum.failures += count.failures;
            sum.unclassified += count.unclassified;
        }
    auto one = unclassified(std::move(all));
    if (!one.empty())
        report.overall = std::move(one.front());
}

} // namespace

base::Result<HealthReport> ruleHealth(store::Workspace &workspace, const classify::RulePack &given,
                                      const HealthOptions &options, const std::stop_token &stop,
                                      base::Progress &progress)
{
    progress.begin("Reading verdicts");
    MULLIGAN_TRY(const store::FailureSpan span, store::failureSpan(workspace));
    if (span.failures == span.unjudged)
        return base::makeError(base::ErrorCode::InsufficientData,
                               span.failures == 0 ? "The workspace holds no failure" : "No failure has a verdict yet",
                               span.failures == 0 ? "Import a history first." : "Run 'mulligan classify' first.");
    HealthReport report;
    report.from = span.first;
    report.to = span.last;
    report.failures = span.failures;
    report.unjudged = span.unjudged;
    MULLIGAN_TRY(auto classified, classifiedPack(workspace, given));
    report.pack = std::move(classified.difference);
    MULLIGAN_CHECK(addRules(workspace, classified.pack, options, stop, progress, report));
    MULLIGAN_TRY(auto classes, store::classActivity(workspace, stop));
    addClasses(std::move(classes), report);
    MULLIGAN_TRY(auto jobs, store::unclassifiedActivity(workspace, store::UnclassifiedBy::Job, stop));
    report.byJob = unclassified(std::move(jobs));
    MULLIGAN_TRY(auto teams, store::unclassifiedActivity(workspace, store::UnclassifiedBy::Team, stop));
    report.byTeam = unclassified(std::move(teams));
    addOverall(report);
    return report;
}

} // namespace mulligan::pipeline
