#include "desktop/pages/lab_knob_list.hpp"

#include "desktop/widgets/format.hpp"

#include <QCoreApplication>
#include <QLocale>

namespace mulligan::desktop
{

namespace
{

using policy::Economics;
using policy::Policy;

QString tr(const char *source)
{
    return QCoreApplication::translate("PolicyLab", source);
}

QString plain(double value)
{
    return QString::number(value, 'g', 12);
}

using NumberGetter = std::function<double(const Policy &, const Economics &)>;

Knob numeric(Knob::Kind kind, const char *key, const QString &label, const QString &help, NumberGetter get)
{
    Knob knob;
    knob.key = QLatin1String(key);
    knob.label = label;
    knob.help = help;
    knob.kind = kind;
    knob.get = [get = std::move(get)](const Policy &p, const Economics &e) { return plain(get(p, e)); };
    return knob;
}

Knob ranged(Knob knob, double low, double high, double step, int decimals, const QString &unit)
{
    knob.low = low;
    knob.high = high;
    knob.step = step;
    knob.decimals = decimals;
    knob.unit = unit;
    return knob;
}

Knob choice(const char *key, const QString &label, const QString &help, QVector<std::pair<QString, QString>> choices,
            std::function<QString(const Policy &)> get)
{
    Knob knob;
    knob.key = QLatin1String(key);
    knob.label = label;
    knob.help = help;
    knob.kind = Knob::Kind::Choice;
    knob.choices = std::move(choices);
    knob.get = [get = std::move(get)](const Policy &p, const Economics &) { return get(p); };
    return knob;
}

Knob flag(const char *key, const QString &label, const QString &help, bool Policy::*member)
{
    Knob knob = choice(key, label, help, {{QStringLiteral("true"), tr("on")}, {QStringLiteral("false"), tr("off")}},
                       [member](const Policy &p) { return QLatin1String(p.*member ? "true" : "false"); });
    knob.kind = Knob::Kind::Flag;
    return knob;
}

Knob words(const char *key, const QString &label, const QString &help,
           std::function<QString(const Policy &, const Economics &)> get)
{
    Knob knob;
    knob.key = QLatin1String(key);
    knob.label = label;
    knob.help = help;
    knob.kind = Knob::Kind::Text;
    knob.get = std::move(get);
    return knob;
}

Knob limit(const char *key, const QString &label, const QString &help, size_t domain)
{
    return ranged(numeric(Knob::Kind::Whole, key, label, help,
                          [domain](const Policy &p, const Economics &) { return p.retryLimit[domain]; }),
                  0, 100, 1, 0, tr("retries"));
}

Knob cap(const char *key, const QString &label, size_t domain)
{
    return ranged(numeric(Knob::Kind::Number, key, label, tr("No wait before a retry is longer than this."),
                          [domain](const Policy &p, const Economics &) { return p.backoff.capSeconds[domain]; }),
                  0, 604800, 60, 0, tr("s"));
}

Knob money(const char *key, const QString &label, const QString &help, double step, int decimals, const QString &unit,
           NumberGetter get)
{
    return ranged(numeric(Knob::Kind::Number, key, label, help, std::move(get)), 0, 1e6, step, decimals, unit);
}

} // namespace

QString Knob::shown(const QString &value) const
{
    for (const auto &[candidate, name] : choices)
        if (candidate == value)
            return name;
    if (kind == Kind::Text)
        return value;
    const QString number = QLocale().toString(value.toDouble(), 'f', decimals);
    return unit.isEmpty() ? number : number + QChar(0x00A0) + unit;
}

KnobSection limitKnobs()
{
    return {
        tr("Retry limits"),
        true,
        {limit("retry_limit.user", tr("User errors"),
               tr("Automatic retries of one run after errors of its own: code, data, memory. Counted apart from the "
                  "other domains; binds overrides too."),
               0),
         limit("retry_limit.platform", tr("Platform errors"),
               tr("Automatic retries of one run after errors of the platform: network, storage, lost machines."), 1),
         limit("retry_limit.timeout", tr("Timeouts"), tr("Automatic retries of one run after it ran out of time."),
               2)}};
}

KnobSection backoffKnobs()
{
    return {
        tr("Backoff"),
        false,
        {choice("backoff.kind", tr("Waiting"), tr("Whether the wait grows from retry to retry."),
                {{QStringLiteral("exponential"), tr("exponential")}, {QStringLiteral("fixed"), tr("fixed")}},
                [](const Policy &p) { return text(policy::name(p.backoff.kind)); }),
         ranged(numeric(Knob::Kind::Number, "backoff.first", tr("First wait"), tr("Seconds before the first retry."),
                        [](const Policy &p, const Economics &) { return p.backoff.firstSeconds; }),
                0, 604800, 10, 0, tr("s")),
         ranged(numeric(Knob::Kind::Number, "backoff.factor", tr("Factor"),
                        tr("Each wait is this many times the one before, up to the cap."),
                        [](const Policy &p, const Economics &) { return p.backoff.factor; }),
                1, 10, 0.5, 2, tr("×")),
         cap("backoff.cap.user", tr("Longest wait, user errors"), 0),
         cap("backoff.cap.platform", tr("Longest wait, platform errors"), 1),
         cap("backoff.cap.timeout", tr("Longest wait, timeouts"), 2)}};
}

KnobSection configurationKnobs()
{
    return {tr("Configuration search"),
            false,
            {flag("change_config", tr("Change the configuration"),
                  tr("After memory-configuration errors, let the model choose another configuration. Off, such errors "
                     "are treated as any other class."),
                  &Policy::changeConfig),
             flag("offer_unsupported", tr("Offer unsupported ladder"),
                  tr("Where history supports no candidate, offer doubled memory all the same; marked unsupported and "
                     "kept outside net savings."),
                  &Policy::offerUnsupported),
             choice("objective", tr("Objective"), tr("What the best candidate has least of."),
                    {{QStringLiteral("expected_cost"), tr("expected cost")},
                     {QStringLiteral("failure_times_cost"), tr("failure × cost")},
                     {QStringLiteral("weighted_sum"), tr("weighted sum")},
                     {QStringLiteral("cost_under_failure_bound"), tr("cost under a failure bound")}},
                    [](const Policy &p) { return text(policy::name(p.objective)); }),
             ranged(numeric(Knob::Kind::Slider, "weight", tr("Weight of failure"),
                            tr("For the weighted sum: 1 looks at the chance of failing alone, 0 at cost alone."),
                            [](const Policy &p, const Economics &) { return p.weight; }),
                    0, 1, 0.01, 2, {}),
             ranged(numeric(Knob::Kind::Slider, "failure_bound", tr("Failure bound"),
                            tr("For cost under a failure bound: the largest chance of failing that is accepted."),
                            [](const Policy &p, const Economics &) { return p.failureBound; }),
                    0, 1, 0.01, 2, {})}};
}

KnobSection ruleKnobs()
{
    return {tr("Rules and overrides"),
            false,
            {choice("rule_action", tr("Action of rules"),
                    tr("As written: each rule's own action. Otherwise one action for every rule, as a scheduler that "
                       "retries whatever failed."),
                    {{QStringLiteral("as_written"), tr("as written")},
                     {QStringLiteral("retry"), tr("retry all")},
                     {QStringLiteral("stop"), tr("stop all")},
                     {QStringLiteral("ask_model"), tr("ask the model for all")}},
                    [](const Policy &p) {
                        return p.defaultAction ? text(model::name(*p.defaultAction)) : QStringLiteral("as_written");
                    })}};
}

KnobSection recommendationKnobs()
{
    return {tr("Recommendation"),
            false,
            {choice("scope", tr("A recommendation changes"),
                    tr("The next retry is what was replayed, and what savings are promised for."),
                    {{QStringLiteral("next_retry"), tr("the next retry")},
                     {QStringLiteral("job"), tr("every run of the job")}},
                    [](const Policy &p) { return text(policy::name(p.scope)); }),
             ranged(numeric(Knob::Kind::Number, "expiry_days", tr("Expires after"),
                            tr("Days after which a recommendation is no longer followed."),
                            [](const Policy &p, const Economics &) { return p.expiryDays; }),
                    0, 3650, 1, 0, tr("days")),
             ranged(numeric(Knob::Kind::Slider, "exploration", tr("Exploration"),
                            tr("Share of decisions drawn at random, with their probability logged, so that next "
                               "month's log can judge policies that were not in force."),
                            [](const Policy &p, const Economics &) { return p.exploration; }),
                    0, 0.2, 0.005, 3, {}),
             ranged(numeric(Knob::Kind::Whole, "exploration_seed", tr("Exploration seed"),
                            tr("Seeds the draw, by run and attempt."),
                            [](const Policy &p, const Economics &) { return static_cast<double>(p.explorationSeed); }),
                    0, 1e9, 1, 0, {}),
             words("name", tr("Policy name"), tr("Shown in reports and bundles."),
                   [](const Policy &p, const Economics &) { return QString::fromStdString(p.name); }),
             words("version", tr("Policy version"), tr("Carried by every decision."),
                   [](const Policy &p, const Economics &) { return QString::fromStdString(p.version); })}};
}

KnobSection labourKnobs()
{
    return {tr("Economics: people"),
            false,
            {words("currency", tr("Currency"), tr("Three letters; amounts are not converted."),
                   [](const Policy &, const Economics &e) { return QString::fromStdString(e.currency); }),
             money("labour_rate", tr("Labour rate"), tr("What an hour of the person who repairs a failed run costs."),
                   5, 2, tr("per h"), [](const Policy &, const Economics &e) { return e.labourRatePerHour; }),
             ranged(numeric(Knob::Kind::Number, "default_minutes", tr("Minutes per intervention"),
                            tr("Of a person's time, for classes not listed below and where the data do not log it."),
                            [](const Policy &, const Economics &e) { return e.defaultMinutes; }),
                    0, 1e5, 5, 1, tr("min"))}};
}

KnobSection priceKnobs()
{
    return {tr("Economics: machines"),
            false,
            {money("price.vcore_hour", tr("Virtual core"), tr("Price of one virtual core for an hour."), 0.01, 4,
                   tr("per h"), [](const Policy &, const Economics &e) { return e.defaultPrice.vcoreHour; }),
             money("price.gib_hour", tr("Memory"), tr("Price of one GiB of memory for an hour."), 0.001, 4,
                   tr("per GiB·h"), [](const Policy &, const Economics &e) { return e.defaultPrice.gibHour; }),
             money("assumed.vcores", tr("Assumed cores"),
                   tr("Virtual cores of an attempt that declares none, when cost comes from its duration."), 1, 1,
                   tr("cores"), [](const Policy &, const Economics &e) { return e.assumedVcores; }),
             money("assumed.memory_gib", tr("Assumed memory"),
                   tr("Memory of an attempt that declares none, when cost comes from its duration."), 1, 1, tr("GiB"),
                   [](const Policy &, const Economics &e) { return e.assumedMemoryGib; })}};
}

QStringList listKnobKeys()
{
    return {QStringLiteral("threshold"), QStringLiteral("thresholds"),   QStringLiteral("ask_model"),
            QStringLiteral("overrides"), QStringLiteral("rule_actions"), QStringLiteral("disabled_rules"),
            QStringLiteral("minutes"),   QStringLiteral("prices")};
}

} // namespace mulligan::desktop
