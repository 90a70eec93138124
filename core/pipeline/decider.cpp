#include "pipeline/decider.hpp"

#include "classify/classifier.hpp"
#include "classify/rule_file.hpp"
#include "ingest/redact.hpp"
#include "model/history.hpp"
#include "optimize/space.hpp"
#include "pipeline/error_line.hpp"
#include "pipeline/failure_record.hpp"
#include "pipeline/model_candidates.hpp"
#include "pipeline/scratch_pool.hpp"
#include "pipeline/warm_candidates.hpp"
#include "policy/policy_file.hpp"
#include "predict/train.hpp"
#include "text/root_cause.hpp"

#include <utility>

namespace mulligan::pipeline
{

namespace
{

constexpr size_t kMostRecordBytes = 64u << 20;

bool isFailure(const model::Attempt &attempt)
{
    return attempt.outcome == model::Outcome::Failed || attempt.outcome == model::Outcome::Killed;
}

/// What the text of a failure says.
struct Diagnosis {
    model::Verdict verdict;
    std::string exceptionClass;
    std::uint64_t templateHash = 0;
};

formats::Json orNull(const std::optional<double> &value)
{
    return value ? formats::Json(*value) : formats::Json();
}

formats::Json alternativesToJson(const std::vector<policy::Alternative> &alternatives)
{
    formats::Json out = formats::Json::array();
    for (const auto &a : alternatives)
        out.push(formats::Json()
                     .set("label", a.label)
                     .set("p_success", a.success)
                     .set("expected_cost", a.expectedCost)
                     .set("supported", a.supported));
    return out;
}

formats::Json decisionToJson(const FailureRecord &record, const policy::Decision &d, const policy::Policy &policy)
{
    formats::Json config = formats::Json::object();
    for (const auto &[key, value] : d.patch)
        config.set(key, value);
    const bool retries = d.action != policy::Action::Stop;
    const base::Instant expires = record.attempt.endedAt.plusSeconds(policy.expiryDays * 86400.0);
    formats::Json out = formats::Json::object();
    out.set("id", record.id).set("action", policy::name(d.action)).set("config", std::move(config));
    out.set("scope", policy::name(d.scope)).set("delay_seconds", d.delaySeconds);
    out.set("reason", policy::name(d.reason)).set("class", d.errorClass).set("rule", d.rule);
    out.set("p_success", orNull(d.success)).set("cost_usd", orNull(d.costUsd)).set("supported", d.supported);
    out.set("action_probability", d.actionProbability).set("policy_version", d.policyVersion);
    out.set("model_version", d.modelVersion).set("threshold", orNull(d.threshold));
    out.set("break_even", orNull(d.breakEven));
    // Estimates are hours by the price book; beside them, what the failed attempt did cost, by its own account if it
    // has one.
    out.set("failed_cost_usd", orNull(record.attempt.costUsd));
    out.set("expires_at", retries ? formats::Json(base::formatInstant(expires)) : formats::Json());
    out.set("explanation", policy::sentence(d)).set("alternatives", alternativesToJson(d.alternatives));
    return out;
}

size_t domainOf(const model::Verdict &verdict)
{
    return verdict.errorClass == model::kUnclassified ? 0 : static_cast<size_t>(verdict.domain);
}

} // namespace

struct Decider::State {
    policy::Policy policy;
    policy::Economics economics;
    optimize::ParameterSpace space;
    std::shared_ptr<const classify::Classifier> classifier;
    std::shared_ptr<const predict::Predictor> predictor;
    predict::PastIndex past;
    base::Instant pastAsOf; ///< moment of the snapshot
    predict::HourlyRate rate;
    std::unique_ptr<ScratchPool> scratches;

    base::Result<void> read(const deploy::Bundle &bundle);
    Diagnosis diagnose(model::Attempt &attempt) const;
    std::array<int, model::kDomainCount> retriesUsed(FailureRecord &record, const model::Verdict &verdict) const;
    predict::RetryContext contextOf(const FailureRecord &record, const Diagnosis &diagnosis,
                                    const predict::PastIndex *asOf) const;
    base::Result<formats::Json> decide(std::string_view json, const predict::PastIndex *asOf) const;
};

base::Result<void> Decider::State::read(const deploy::Bundle &bundle)
{
    MULLIGAN_TRY(const auto rules, bundle.file("rules.yaml"));
    MULLIGAN_TRY(auto pack, classify::packFromText(rules, "rules.yaml"));
    MULLIGAN_TRY(classifier, classify::Classifier::make(std::move(pack)));
    MULLIGAN_TRY(const auto policyText, bundle.file("policy.yaml"));
    MULLIGAN_TRY(policy, policy::parsePolicy(policyText, "policy.yaml"));
    MULLIGAN_TRY(const auto economicsText, bundle.file("economics.yaml"));
    MULLIGAN_TRY(economics, policy::parseEconomics(economicsText, "economics.yaml"));
    MULLIGAN_TRY(const auto spaceText, bundle.file("space.yaml"));
    MULLIGAN_TRY(space, optimize::parseSpace(spaceText, "space.yaml"));
    MULLIGAN_TRY(predictor, predict::Predictor::fromFiles(bundle.folder("model/")));
    MULLIGAN_TRY(const auto history, bundle.file("history.jsonl"));
    MULLIGAN_TRY(past, predict::PastIndex::fromSnapshot(history));
    MULLIGAN_TRY(const auto head, formats::parseJson(history.substr(0, history.find('\n'))));
    MULLIGAN_TRY(pastAsOf, base::parseInstant(head["as_of"].string()));
    rate = [this](const model::Config &config, std::string_view cluster) {
        return policy::hourlyRate(economics, config, cluster);
    };
    scratches = std::make_unique<ScratchPool>(*classifier);
    return {};
}

/// As an import and `classify` would: so a record says the same here as it did in the replay.
Diagnosis Decider::State::diagnose(model::Attempt &attempt) const
{
    text::RootCause cause;
    if (!attempt.errorText.empty())
        cause = text::findRootCause(attempt.rootCause.empty() ? attempt.errorText : attempt.rootCause);
    if (attempt.rootCause.empty())
        attempt.rootCause = cause.text;
    classify::Subject subject;
    subject.text = attempt.errorText;
    subject.rootCause = attempt.rootCause;
    subject.job = attempt.job;
    subject.config = &attempt.config;
    auto verdict = scratches->with([&](text::Scratch &scratch) { return classifier->classify(subject, scratch); });
    if (!policy.disabledRules.empty())
        verdict = classifier->without(verdict, policy.disabledRules);
    return {std::move(verdict), std::move(cause.exceptionClass), cause.templateHash};
}

/// Counted as the replay does: an automatic retry uses up one of the domain whose failure it followed.
std::array<int, model::kDomainCount> Decider::State::retriesUsed(FailureRecord &record,
                                                                 const model::Verdict &verdict) const
{
    if (!record.historyGiven) {
        std::array<int, model::kDomainCount> used{};
        // Nothing is known of the attempts before: counting them all keeps a limit binding where a caller sends none.
        const int personal = record.attempt.trigger == model::Trigger::Manual ? 1 : 0;
        used[domainOf(verdict)] = std::max(0, record.attempt.attempt - 1 - personal);
        return used;
    }
    model::History run;
    const auto add = [&run](const model::Attempt &attempt, model::Verdict of) {
        model::HistoryAttempt a;
        a.attempt = attempt.attempt;
        a.outcome = attempt.outcome;
        a.trigger = attempt.trigger;
        a.startedAt = attempt.startedAt;
        a.endedAt = attempt.endedAt;
        a.verdict = std::move(of);
        run.attempts.push_back(std::move(a));
    };
    for (auto &attempt : record.earlier)
        add(attempt, isFailure(attempt) ? diagnose(attempt).verdict : model::Verdict());
    add(record.attempt, verdict);
    model::buildEpisodes(run);
    return pipeline::retriesUsed(run, static_cast<std::uint32_t>(record.earlier.size()));
}

predict::RetryContext Decider::State::contextOf(const FailureRecord &record, const Diagnosis &diagnosis,
                                                const predict::PastIndex *asOf) const
{
    auto context = predict::contextOf(record.attempt, diagnosis.verdict, diagnosis.exceptionClass,
                                      diagnosis.templateHash, record.earlier, asOf != nullptr ? *asOf : past);
    if (asOf == nullptr && context.endedAt < pastAsOf) {
        // A failure from before the snapshot is decided on now, with what is known now.
        context.jobPast = past.job(context.job, pastAsOf);
        context.ownerPast = past.owner(context.owner, pastAsOf);
    }
    return context;
}

base::Result<formats::Json> Decider::State::decide(std::string_view json, const predict::PastIndex *asOf) const
{
    if (json.size() > kMostRecordBytes)
        return base::makeError(base::ErrorCode::LimitExceeded, "The record is longer than 64 MiB",
                               "Send the end of the error text only.");
    MULLIGAN_TRY(const auto parsed, formats::parseJson(json));
    MULLIGAN_TRY(auto record, failureFromJson(parsed));
    const auto cost = [this](model::Attempt &attempt) {
        const auto known = policy::costOf(attempt, economics);
        if (known.source != model::CostSource::None)
            attempt.costUsd = known.usd;
    };
    // What was rehearsed had its secrets replaced on the way in; so must what is decided on.
    ingest::Redactor redactor;
    redactor.redact(record.attempt);
    for (auto &attempt : record.earlier)
        redactor.redact(attempt);
    cost(record.attempt);
    for (auto &attempt : record.earlier)
        cost(attempt);
    const Diagnosis diagnosis = diagnose(record.attempt);
    MULLIGAN_TRY(const auto candidates, scoreCandidates(space, *predictor, contextOf(record, diagnosis, asOf), rate));
    policy::DecisionPoint point;
    point.job = record.attempt.job;
    point.run = record.attempt.run;
    point.attempt = record.attempt.attempt;
    point.retriesUsed = retriesUsed(record, diagnosis.verdict);
    point.modelVersion = predictor->id();
    return decisionToJson(record, policy::decide(policy, economics, point, diagnosis.verdict, candidates), policy);
}

Decider::Decider(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
Decider::~Decider() = default;

base::Result<std::shared_ptr<const Decider>> Decider::make(const deploy::Bundle &bundle)
{
    auto state = std::make_unique<State>();
    MULLIGAN_CHECK(state->read(bundle));
    return std::shared_ptr<const Decider>(new Decider(std::move(state)));
}

base::Result<formats::Json> Decider::decideRecord(std::string_view json) const
{
    return m_state->decide(json, nullptr);
}

base::Result<formats::Json> Decider::decideRecordAsOf(std::string_view json, const predict::PastIndex &past) const
{
    return m_state->decide(json, &past);
}

std::string Decider::decideLine(std::string_view json, size_t record) const
{
    const auto decision = decideRecord(json);
    if (decision)
        return formats::writeJson(*decision);
    formats::Json id;
    if (json.size() <= kMostRecordBytes) {
        if (const auto parsed = formats::parseJson(json))
            id = (*parsed)["id"];
    }
    return formats::writeJson(errorAnswer(decision.error(), record, id));
}

} // namespace mulligan::pipeline
