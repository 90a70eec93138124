#include "pipeline/mining_drafts.hpp"

#include "classify/classifier.hpp"
#include "store/verdict_store.hpp"
#include "text/backtracking_risk.hpp"
#include "text/pattern_syntax.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

namespace mulligan::pipeline
{

namespace
{

/// Members a pattern is made from at first, and how many that it misses are added in each of the rounds after it.
constexpr std::size_t kFirstMembers = 200;
constexpr std::size_t kMoreMembers = 100;
constexpr int kRounds = 3;
constexpr std::size_t kNamedClusters = 20;

classify::Rule inForce(classify::Rule rule, std::string id)
{
    rule.id = std::move(id);
    rule.status = classify::RuleStatus::Active;
    return rule;
}

/// How one candidate does.
struct Trial {
    classify::DraftCandidate candidate;
    classify::DraftChecks checks;
    std::set<std::int64_t> others; ///< numbers of clusters it hits
};

/// The candidates of one wish.
struct Trials {
    std::vector<std::int64_t> sample;
    std::vector<Trial> trials;
    std::vector<std::int64_t> missed; ///< members the first candidate misses

    [[nodiscard]] const Trial *best() const
    {
        const auto badness = [](const Trial &trial) {
            const classify::DraftChecks &c = trial.checks;
            return std::tuple(c.members - c.membersMatched, c.otherCauses + c.successes + c.undetermined);
        };
        const auto least = std::min_element(trials.begin(), trials.end(),
                                            [&](const Trial &a, const Trial &b) { return badness(a) < badness(b); });
        return least == trials.end() ? nullptr : &*least;
    }
};

class Drafter
{
public:
    Drafter(store::Workspace &workspace, const CauseClusters &clusters, const std::vector<DraftWish> &wishes,
            const std::string &date, const std::stop_token &stop, base::Progress &progress)
        : m_workspace(workspace), m_clusters(clusters), m_wishes(wishes), m_date(date), m_stop(stop),
          m_progress(progress), m_trials(wishes.size()), m_wishOf(clusters.clusters.size() + 1, kNone)
    {
        for (std::size_t i = 0; i < wishes.size(); ++i) {
            m_wishOf[wishes[i].cluster + 1] = i;
            const auto &causes = wishes[i].causes;
            m_trials[i].sample.assign(
                causes.begin(), causes.begin() + static_cast<std::ptrdiff_t>(std::min(causes.size(), kFirstMembers)));
        }
    }

    base::Result<std::vector<TriedDraft>> run()
    {
        for (int round = 0; round < kRounds; ++round) {
            MULLIGAN_CHECK(makeCandidates());
            MULLIGAN_CHECK(compile());
            MULLIGAN_CHECK(tryOnCauses());
            if (!addMissed())
                break;
        }
        MULLIGAN_CHECK(tryOnSuccesses());
        return take();
    }

private:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    base::Result<std::vector<std::string>> bodies(const std::vector<std::int64_t> &ids)
    {
        std::vector<std::string> out;
        MULLIGAN_CHECK(store::visitCauses(
            m_workspace, ids,
            [&](const store::CauseRow &row) -> base::Result<void> {
                out.emplace_back(row.body);
                return {};
            },
            m_stop));
        return out;
    }

    base::Result<void> makeCandidates()
    {
        for (std::size_t i = 0; i < m_wishes.size(); ++i) {
            const store::ClusterRow &row = m_clusters.clusters[m_wishes[i].cluster];
            classify::DraftSubject subject;
            subject.cluster = {row.id, row.text, row.exceptionClass, row.frames};
            subject.date = m_date;
            MULLIGAN_TRY(subject.members, bodies(m_trials[i].sample));
            m_trials[i].trials.clear();
            m_trials[i].missed.clear();
            for (classify::DraftCandidate &candidate : classify::draftCandidates(subject))
                m_trials[i].trials.push_back({std::move(candidate), {}, {}});
        }
        return {};
    }

    base::Result<void> compile()
    {
        classify::RulePack pack;
        m_places.clear();
        for (std::size_t wish = 0; wish < m_trials.size(); ++wish) {
            for (std::size_t i = 0; i < m_trials[wish].trials.size(); ++i) {
                std::string id = std::to_string(wish) + "." + std::to_string(i);
                m_places.emplace(id, std::pair(wish, i));
                pack.rules.push_back(inForce(m_trials[wish].trials[i].candidate.rule, std::move(id)));
            }
        }
        MULLIGAN_TRY(m_classifier, classify::Classifier::make(std::move(pack)));
        m_scratch = m_classifier->makeScratch();
        return {};
    }

    base::Result<void> tryOnCauses()
    {
        m_progress.begin("Trying drafts on root causes", m_clusters.ofCause.size());
        return store::forEachCause(
            m_workspace,
            [&](const store::CauseRow &row) -> base::Result<void> {
                if (!m_clusters.failed[static_cast<std::size_t>(row.id)])
                    return {}; // of successes alone, which are tried with their whole texts
                classify::Subject subject;
                subject.text = row.body;
                subject.rootCause = row.body;
                note(row, m_classifier->classify(subject, m_scratch));
                m_progress.advance();
                return {};
            },
            m_stop);
    }

    void note(const store::CauseRow &row, const model::Verdict &verdict)
    {
        const std::size_t own = m_wishOf[static_cast<std::size_t>(row.cluster)];
        if (own != kNone)
            for (Trial &trial : m_trials[own].trials)
                ++trial.checks.members;
        for (const std::string &rule : verdict.undetermined)
            ++trialOf(rule).checks.undetermined;
        bool plain = false;
        for (const model::RuleMatch &match : verdict.matches) {
            const auto [wish, index] = m_places.at(match.rule);
            Trial &trial = m_trials[wish].trials[index];
            plain = plain || (wish == own && index == 0);
            if (wish == own) {
                ++trial.checks.membersMatched;
                continue;
            }
            ++trial.checks.otherCauses;
            if (row.cluster != 0)
                trial.others.insert(row.cluster);
        }
        if (own != kNone && !plain && m_trials[own].missed.size() < kMoreMembers)
            m_trials[own].missed.push_back(row.id);
    }

    Trial &trialOf(const std::string &rule)
    {
        const auto [wish, index] = m_places.at(rule);
        return m_trials[wish].trials[index];
    }

    /// Whether some pattern is to be made again from more members.
    bool addMissed()
    {
        bool again = false;
        for (Trials &each : m_trials) {
            if (each.trials.empty() || each.missed.empty())
                continue;
            again = true;
            each.sample.insert(each.sample.end(), each.missed.begin(), each.missed.end());
        }
        return again;
    }

    base::Result<void> tryOnSuccesses()
    {
        m_progress.begin("Trying drafts on successes");
        std::int64_t text = -1;
        std::vector<std::string> hits;
        return store::forEachSuccessText(
            m_workspace, {},
            [&](const store::TextRow &row) -> base::Result<void> {
                if (row.textId != text) {
                    text = row.textId;
                    hits.clear();
                    classify::Subject subject;
                    subject.text = row.text;
                    subject.rootCause = row.rootCause;
                    for (const model::RuleMatch &match : m_classifier->classify(subject, m_scratch).matches)
                        hits.push_back(match.rule);
                }
                for (const std::string &rule : hits)
                    ++trialOf(rule).checks.successes;
                m_progress.advance();
                return {};
            },
            m_stop);
    }

    base::Result<std::vector<TriedDraft>> take()
    {
        std::vector<TriedDraft> out(m_wishes.size());
        for (std::size_t i = 0; i < m_wishes.size(); ++i) {
            const Trial *best = m_trials[i].best();
            if (best == nullptr)
                continue;
            TriedDraft &draft = out[i];
            draft.made = true;
            draft.form = best->candidate.form;
            draft.rule = best->candidate.rule;
            draft.checks = best->checks;
            for (const std::int64_t number : best->others)
                if (draft.checks.otherClusters.size() < kNamedClusters)
                    draft.checks.otherClusters.push_back(m_clusters.clusters[static_cast<std::size_t>(number - 1)].id);
            draft.checks.backtracking = riskOf(draft.rule);
            MULLIGAN_TRY(const auto members, bodies(m_trials[i].sample));
            MULLIGAN_TRY(draft.checks.samplesLeftOut,
                         classify::addSamples(draft.rule, members, m_wishes[i].nearMisses));
        }
        return out;
    }

    static std::string riskOf(const classify::Rule &rule)
    {
        for (const auto *patterns : {&rule.all, &rule.any})
            for (const std::string &pattern : *patterns)
                if (std::string risk = text::backtrackingRisk(text::readPattern(pattern)); !risk.empty())
                    return risk;
        return {};
    }

    store::Workspace &m_workspace;
    const CauseClusters &m_clusters;
    const std::vector<DraftWish> &m_wishes;
    const std::string &m_date;
    const std::stop_token &m_stop;
    base::Progress &m_progress;
    std::vector<Trials> m_trials;
    std::vector<std::size_t> m_wishOf; ///< by cluster number
    std::unordered_map<std::string, std::pair<std::size_t, std::size_t>> m_places;
    std::shared_ptr<const classify::Classifier> m_classifier;
    text::Scratch m_scratch;
};

} // namespace

base::Result<std::vector<TriedDraft>> tryDrafts(store::Workspace &workspace, const CauseClusters &clusters,
                                                const std::vector<DraftWish> &wishes, const std::string &date,
                                                const std::stop_token &stop, base::Progress &progress)
{
    if (wishes.empty())
        return std::vector<TriedDraft>();
    return Drafter(workspace, clusters, wishes, date, stop, progress).run();
}

base::Result<classify::DraftPreview> previewDraft(store::Workspace &workspace, const classify::Rule &rule,
                                                  const std::stop_token &stop, base::Progress &progress)
{
    classify::RulePack pack;
    pack.rules = {inForce(rule, rule.id)};
    MULLIGAN_TRY(const auto classifier, classify::Classifier::make(std::move(pack)));
    text::Scratch scratch = classifier->makeScratch();
    std::vector<bool> matched;
    progress.begin("Looking for what the draft would change");
    MULLIGAN_CHECK(store::forEachCause(
        workspace,
        [&](const store::CauseRow &row) -> base::Result<void> {
            classify::Subject subject;
            subject.text = row.body;
            subject.rootCause = row.body;
            matched.resize(static_cast<std::size_t>(row.id) + 1);
            matched.back() = !classifier->classify(subject, scratch).matches.empty();
            progress.advance();
            return {};
        },
        stop));
    MULLIGAN_TRY(const auto names, store::verdictNames(workspace));
    classify::DraftPreview preview;
    std::set<std::int64_t> jobs;
    MULLIGAN_CHECK(store::forEachFailureWeight(
        workspace,
        [&](const store::FailureWeight &weight) {
            const auto cause = static_cast<std::size_t>(weight.cause);
            if (cause == 0 || cause >= matched.size() || !matched[cause])
                return;
            ++preview.failures;
            preview.costUsd += weight.costUsd;
            const auto verdict = static_cast<std::size_t>(weight.verdict);
            if (verdict < names.size() && !names[verdict].rule.empty()) {
                ++preview.fromRules[names[verdict].rule];
                return;
            }
            ++preview.unclassifiedFailures;
            preview.unclassifiedCostUsd += weight.costUsd;
            jobs.insert(weight.job);
        },
        stop));
    preview.jobs = jobs.size();
    return preview;
}

} // namespace mulligan::pipeline
