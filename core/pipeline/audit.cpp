#include "pipeline/audit.hpp"

#include "base/rng.hpp"
#include "pipeline/audit_correction.hpp"
#include "store/failure_query.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace mulligan::pipeline
{

namespace
{

using formats::Json;
using store::AuditItem;

/// `count` of the candidates [begin, end), without replacement, by the first steps of Fisher and Yates' shuffle.
void drawFrom(std::vector<store::AuditCandidate> &candidates, size_t begin, size_t end, std::uint64_t count,
              base::Rng &rng, std::vector<std::int64_t> &into)
{
    for (std::uint64_t i = 0; i < count; ++i) {
        const size_t at = begin + static_cast<size_t>(i);
        std::swap(candidates[at], candidates[at + static_cast<size_t>(rng.below(end - at))]);
        into.push_back(candidates[at].attemptId);
    }
}

bool isClassified(const AuditItem &item)
{
    return item.classNow != model::kUnclassified;
}

bool isRight(const AuditItem &item)
{
    return item.answer->noCause() ? !isClassified(item) : item.classNow == item.answer->errorClass;
}

bool hasCause(const AuditItem &item)
{
    return !item.answer->noCause();
}

/// The items in an order that tells nothing of their classes, so that those answered first speak for all.
void shuffle(std::vector<std::int64_t> &attempts, std::uint64_t seed)
{
    base::Rng rng(seed, "audit order");
    for (size_t left = attempts.size(); left > 1; --left)
        std::swap(attempts[left - 1], attempts[static_cast<size_t>(rng.below(left))]);
}

/// The sample's items that tell something: answered, and still there.
class Answered
{
public:
    explicit Answered(const store::AuditSample &sample) : m_sample(sample)
    {
        for (const AuditItem &item : sample.items)
            if (item.answer && !item.classNow.empty())
                m_byStratum[item.drawnClass].push_back(&item);
    }

    using Is = std::function<bool(const AuditItem &)>;
    [[nodiscard]] stats::Estimate share(const Is &inside, const Is &right) const
    {
        std::vector<stats::StratumSample> strata;
        for (const store::AuditStratum &stratum : m_sample.strata) {
            stats::StratumSample seen;
            seen.population = stratum.population;
            if (const auto items = m_byStratum.find(stratum.errorClass); items != m_byStratum.end())
                for (const AuditItem *item : items->second) {
                    const bool in = inside(*item);
                    seen.inside.push_back(in ? 1 : 0);
                    seen.right.push_back(in && right(*item) ? 1 : 0);
                }
            strata.push_back(std::move(seen));
        }
        return stats::stratifiedShare(strata);
    }

    /// Precision of each name that `nameOf` gives, most failures first; items without a name are in none.
    [[nodiscard]] std::vector<AuditFigure> precisions(const std::function<std::string(const AuditItem &)> &nameOf) const
    {
        std::map<std::string, stats::Estimate> figures;
        for (const auto &[stratum, items] : m_byStratum)
            for (const AuditItem *item : items)
                if (const std::string name = nameOf(*item); !name.empty() && !figures.contains(name))
                    figures[name] = share([&](const AuditItem &each) { return nameOf(each) == name; }, &isRight);
        std::vector<AuditFigure> out;
        for (const auto &[name, estimate] : figures)
            out.push_back({name, estimate});
        std::stable_sort(out.begin(), out.end(), [](const AuditFigure &a, const AuditFigure &b) {
            return a.estimate.population > b.estimate.population;
        });
        return out;
    }

    /// Whether failures of a stratum were drawn, and none of them tells anything yet.
    [[nodiscard]] bool unseen(std::string_view errorClass) const
    {
        return !m_byStratum.contains(std::string(errorClass))
               && std::any_of(m_sample.strata.begin(), m_sample.strata.end(), [&](const store::AuditStratum &stratum) {
                      return stratum.errorClass == errorClass && stratum.population > 0;
                  });
    }

    [[nodiscard]] bool any(const Is &is) const
    {
        return std::any_of(m_sample.items.begin(), m_sample.items.end(),
                           [&](const AuditItem &item) { return item.answer && !item.classNow.empty() && is(item); });
    }

    [[nodiscard]] double populationShare() const
    {
        double all = 0.0;
        double seen = 0.0;
        for (const store::AuditStratum &stratum : m_sample.strata) {
            all += static_cast<double>(stratum.population);
            seen += m_byStratum.contains(stratum.errorClass) ? static_cast<double>(stratum.population) : 0.0;
        }
        return all > 0.0 ? seen / all : 0.0;
    }

private:
    const store::AuditSample &m_sample;
    std::map<std::string, std::vector<const AuditItem *>> m_byStratum;
};

/// `why` is said where nothing is known.
Json estimateJson(const stats::Estimate &estimate, const std::string &why = {})
{
    Json out;
    const bool known = estimate.sampled > 0;
    out.set("value", known ? Json(estimate.value) : Json());
    out.set("low", known ? Json(estimate.low) : Json()).set("high", known ? Json(estimate.high) : Json());
    if (!known)
        out.set("reason", why);
    out.set("sampled", estimate.sampled).set("right", estimate.right);
    return out.set("effective_sample", estimate.effective).set("population", estimate.population);
}

Json figuresJson(const std::vector<AuditFigure> &figures, const char *key)
{
    Json out = Json::array();
    for (const AuditFigure &figure : figures) {
        Json json;
        json.set(key, figure.name);
        const Json estimate = estimateJson(figure.estimate);
        for (const auto &[name, value] : estimate.members())
            json.set(name, value);
        out.push(json);
    }
    return out;
}

} // namespace

base::Result<store::AuditSample> drawAudit(store::Workspace &workspace, const AuditOptions &options,
                                           const std::stop_token &stop)
{
    MULLIGAN_TRY(auto known, store::findAuditSample(workspace, options.seed, options.size, options.minimum));
    if (known.id != 0)
        return known;
    MULLIGAN_CHECK(workspace.requireWritable());
    MULLIGAN_TRY(auto candidates, store::auditCandidates(workspace, stop));
    if (candidates.empty())
        return base::makeError(base::ErrorCode::InsufficientData, "No failure has a verdict and a text to look at",
                               "Import failures with their texts and run 'mulligan classify' first.");
    store::AuditSample sample;
    sample.seed = options.seed;
    sample.size = options.size;
    sample.minimum = options.minimum;
    sample.drawn = options.now;
    MULLIGAN_TRY(sample.withoutText, store::failuresWithoutText(workspace));
    std::vector<std::uint64_t> populations;
    for (const store::AuditCandidate &candidate : candidates) { // ordered by class
        if (sample.strata.empty() || sample.strata.back().errorClass != candidate.errorClass) {
            sample.strata.push_back({candidate.errorClass, 0, 0});
            populations.push_back(0);
        }
        ++sample.strata.back().population;
        ++populations.back();
    }
    const auto sizes = stats::allocate(populations, options.size, options.minimum);
    std::vector<std::int64_t> attempts;
    size_t begin = 0;
    for (size_t h = 0; h < sizes.size(); ++h) {
        store::AuditStratum &stratum = sample.strata[h];
        stratum.sampled = sizes[h];
        // A stream of its own, so that a class more does not draw others anew.
        base::Rng rng(options.seed, "audit " + stratum.errorClass);
        const size_t end = begin + static_cast<size_t>(stratum.population);
        drawFrom(candidates, begin, end, sizes[h], rng, attempts);
        begin = end;
    }
    shuffle(attempts, options.seed);
    MULLIGAN_TRY(const std::int64_t id, store::storeAuditSample(workspace, sample, attempts));
    return store::loadAuditSample(workspace, id);
}

namespace
{

void countItems(const store::AuditSample &sample, AuditFigures &out)
{
    for (const AuditItem &item : sample.items) {
        const bool gone = item.classNow.empty();
        const bool open = !gone && !item.answer;
        ++out.items;
        out.answered += item.answer ? 1 : 0;
        out.open += open ? 1 : 0;
        out.classifiedOpen += open && isClassified(item) ? 1 : 0;
        out.unclassifiedOpen += open && !isClassified(item) ? 1 : 0;
        out.unclassifiedThenOpen += open && item.drawnClass == model::kUnclassified ? 1 : 0;
        out.gone += gone ? 1 : 0;
        out.changed += !gone && (item.classNow != item.drawnClass || item.ruleNow != item.drawnRule);
    }
}

} // namespace

AuditFigures auditFigures(const store::AuditSample &sample)
{
    AuditFigures out;
    countItems(sample, out);
    const Answered answered(sample);
    const auto all = [](const AuditItem &) { return true; };
    const auto rightly = [](const AuditItem &item) { return isClassified(item) && isRight(item); };
    out.answeredPopulation = answered.populationShare();
    out.unclassifiedUnseen =
        answered.unseen(model::kUnclassified)
        || (out.unclassifiedOpen > 0 && !answered.any([](const AuditItem &item) { return !isClassified(item); }));
    out.precision = answered.share(&isClassified, &isRight);
    if (!out.unclassifiedUnseen) {
        out.coverage = answered.share(&hasCause, &isClassified);
        out.recall = answered.share(&hasCause, rightly);
        out.cause = answered.share(all, &hasCause);
    }
    out.byClass =
        answered.precisions([](const AuditItem &item) { return isClassified(item) ? item.classNow : std::string(); });
    out.byRule = answered.precisions([](const AuditItem &item) { return item.ruleNow; });
    return out;
}

namespace
{

/// "1 classified failure still to be answered".
std::string openText(std::uint64_t count, const std::string &which = {})
{
    return std::to_string(count) + (which.empty() ? "" : " ") + which + (count == 1 ? " failure" : " failures")
           + " still to be answered";
}

} // namespace

std::string whyNoPrecision(const AuditFigures &figures)
{
    if (figures.precision.sampled > 0)
        return {};
    if (figures.classifiedOpen == 0)
        return "no failure of the sample has a class";
    return openText(figures.classifiedOpen, "classified");
}

std::string whyNoShare(const AuditFigures &figures, const stats::Estimate &share)
{
    if (share.sampled > 0)
        return {};
    if (!figures.unclassifiedUnseen && figures.open == 0)
        return "no failure of the sample has a cause in its text";
    if (!figures.unclassifiedUnseen)
        return openText(figures.open);
    if (figures.unclassifiedOpen > 0)
        return openText(figures.unclassifiedOpen, "unclassified");
    if (figures.unclassifiedThenOpen > 0)
        return openText(figures.unclassifiedThenOpen, "once unclassified");
    return "the unclassified failures that were drawn are gone; draw a sample with another seed";
}

base::Result<std::vector<Json>> auditSheet(store::Workspace &workspace, const store::AuditSample &sample)
{
    std::vector<Json> lines;
    for (const AuditItem &item : sample.items) {
        if (item.classNow.empty())
            continue; // its failure is gone
        MULLIGAN_TRY(const store::FailureDetail detail, store::failureDetail(workspace, item.attemptId));
        const bool matched = detail.verdict && !detail.verdict->matches.empty();
        const model::RuleMatch match = matched ? detail.verdict->matches.front() : model::RuleMatch();
        Json line;
        line.set("id", item.id).set("job", item.job).set("run", item.run).set("attempt", item.attempt);
        line.set("class", item.classNow).set("rule", item.ruleNow);
        line.set("title", detail.verdict ? detail.verdict->title : std::string());
        line.set("line", match.line);
        line.set("text", sampleOf(detail.chain[detail.selected].errorText, match.begin, match.end));
        Json answer;
        if (item.answer)
            answer = !isRight(item) ? (item.answer->noCause() ? "no_cause" : "corrected") : "confirmed";
        line.set("answer", answer);
        if (item.answer && !isRight(item) && !item.answer->noCause())
            line.set("class", item.answer->errorClass).set("right_rule", item.answer->rule);
        lines.push_back(std::move(line));
    }
    return lines;
}

Json auditJson(const store::AuditSample &sample, const AuditFigures &figures)
{
    Json strata = Json::array();
    for (const store::AuditStratum &stratum : sample.strata)
        strata.push(Json()
                        .set("class", stratum.errorClass)
                        .set("population", stratum.population)
                        .set("sampled", stratum.sampled));
    Json out;
    out.set("sample", sample.id).set("seed", sample.seed).set("size", sample.size).set("minimum", sample.minimum);
    out.set("drawn_at", base::formatInstant(sample.drawn)).set("without_text", sample.withoutText);
    out.set("items", figures.items).set("answered", figures.answered);
    out.set("unanswered", figures.open).set("gone", figures.gone).set("changed", figures.changed);
    out.set("answered_population_share", figures.answeredPopulation);
    out.set("precision", estimateJson(figures.precision, whyNoPrecision(figures)));
    const auto shareJson = [&](const stats::Estimate &share) {
        return estimateJson(share, whyNoShare(figures, share));
    };
    out.set("coverage", shareJson(figures.coverage)).set("recall", shareJson(figures.recall));
    out.set("has_cause", shareJson(figures.cause));
    out.set("by_class", figuresJson(figures.byClass, "class")).set("by_rule", figuresJson(figures.byRule, "rule"));
    return out.set("strata", strata);
}

} // namespace mulligan::pipeline
