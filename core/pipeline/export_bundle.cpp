#include "pipeline/export_bundle.hpp"

#include "base/rng.hpp"
#include "deploy/bundle.hpp"
#include "deploy/spark_target.hpp"
#include "formats/hash.hpp"
#include "pipeline/bundle_inputs.hpp"
#include "pipeline/classified_pack.hpp"
#include "pipeline/decider.hpp"
#include "pipeline/failure_reader.hpp"
#include "simulate/savings_json.hpp"

#include <algorithm>

namespace mulligan::pipeline
{

namespace
{

constexpr const char *kSparkTarget = "spark";

base::Result<void> checkStop(const std::stop_token &stop)
{
    if (stop.stop_requested())
        return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    return {};
}

/// One export in the making.
class Exporter
{
public:
    Exporter(store::Workspace &workspace, const Resources &resources, const ReplaySession &session,
             const policy::Policy &policy, const policy::Economics &economics, const ExportOptions &options,
             std::stop_token stop, base::Progress &progress)
        : m_workspace(workspace), m_resources(resources), m_session(session), m_policy(policy), m_economics(economics),
          m_options(options), m_stop(std::move(stop)), m_progress(progress), m_failures(workspace, session.history())
    {
        m_report.out = options.out;
    }

    base::Result<ExportReport> run()
    {
        MULLIGAN_CHECK(checkTargets());
        MULLIGAN_CHECK(chooseRules());
        MULLIGAN_CHECK(rehearse());
        MULLIGAN_CHECK(addInputs());
        MULLIGAN_TRY(m_decider, Decider::make(m_bundle));
        MULLIGAN_CHECK(addRecommendations());
        MULLIGAN_CHECK(addGolden());
        MULLIGAN_CHECK(compareWithRolling());
        warn();
        addManifest();
        for (const auto &[path, content] : m_bundle.files)
            m_report.files.push_back({path, formats::sha256Hex(content), content.size()});
        m_progress.begin("Writing " + m_options.out);
        MULLIGAN_CHECK(checkStop(m_stop));
        MULLIGAN_CHECK(deploy::writeBundle(std::move(m_bundle), m_options.out));
        return std::move(m_report);
    }

private:
    base::Result<void> checkTargets() const
    {
        for (const auto &target : m_options.targets) {
            if (target != kSparkTarget)
                return base::makeError(base::ErrorCode::InvalidArgument, "There is no export target '" + target + "'",
                                       "Targets are: spark.");
        }
        return {};
    }

    /// A history too short to replay can still be deployed; then nothing is promised.
    base::Result<void> rehearse()
    {
        auto replayed = m_session.replay(m_policy, m_economics, m_options.replay, m_stop, m_progress);
        if (replayed)
            m_promised = std::move(replayed->report);
        else if (replayed.error().code == base::ErrorCode::InsufficientData)
            m_report.warnings.push_back("No savings are promised: " + replayed.error().message);
        else
            return std::move(replayed).error();
        return {};
    }

    /// History, figures and recommendations are of the stored verdicts, so the bundle is to give the same ones.
    base::Result<void> chooseRules()
    {
        auto atHand = m_options.rules != nullptr ? m_options.rules : m_options.atHand;
        if (atHand == nullptr) {
            MULLIGAN_TRY(atHand, workspaceClassifier(m_workspace, m_resources));
        }
        MULLIGAN_TRY(auto inForce, packInForce(m_workspace, atHand));
        const std::string differs = differenceText(inForce.difference);
        auto &warnings = m_report.warnings;
        if (m_options.rules != nullptr) {
            m_rulesShipped = m_options.rules;
            m_rulesDiffer = std::move(inForce.difference);
            if (!differs.empty())
                warnings.push_back("The bundle's rules are not those that the workspace was classified by: " + differs
                                   + ". Its decisions can be others than those rehearsed, and the savings promised are "
                                     "of the stored verdicts. Run 'mulligan classify' with these rules first.");
            return {};
        }
        m_rulesShipped = std::move(inForce.rules);
        if (!inForce.difference.known)
            warnings.emplace_back("It is not known which rules the workspace was classified by; the bundle holds the "
                                  "pack at hand. Run 'mulligan classify' first.");
        else if (!differs.empty())
            warnings.push_back(
                "The bundle holds the rules that the workspace was classified by. Compared with them the pack "
                "at hand has "
                + differs + "; to ship that one, run 'mulligan classify' with it first.");
        return {};
    }

    base::Result<void> addInputs()
    {
        m_progress.begin("Gathering rules, models and history");
        MULLIGAN_TRY(auto inputs, gatherBundleInputs(m_resources, m_session, m_policy, m_economics, m_rulesShipped,
                                                     m_options.spaceFile));
        m_bundle = std::move(inputs.bundle);
        m_space = std::move(inputs.space);
        m_past = std::move(inputs.past);
        m_rules = inputs.rules;
        return {};
    }

    base::Result<void> addRecommendations()
    {
        const auto open = openFailures(m_session.history());
        m_progress.begin("Recommending for open failures", open.size());
        std::string lines;
        for (const std::uint32_t index : open) {
            MULLIGAN_CHECK(checkStop(m_stop));
            MULLIGAN_TRY(const auto record, m_failures.at(index));
            MULLIGAN_TRY(const auto decision, m_decider->decideRecord(formats::writeJson(failureToJson(record))));
            formats::Json line = formats::Json::object();
            line.set("job", record.attempt.job).set("run", record.attempt.run).set("attempt", record.attempt.attempt);
            for (const auto &[key, value] : decision.members())
                line.set(key, value);
            lines += formats::writeJson(line) + "\n";
            noteForTargets(record, decision);
            ++m_report.recommendations;
            m_progress.advance();
        }
        m_bundle.files["recommendations.jsonl"] = std::move(lines);
        if (std::find(m_options.targets.begin(), m_options.targets.end(), kSparkTarget) != m_options.targets.end())
            m_bundle.files.merge(deploy::sparkTarget(m_patches, tunables()));
        return {};
    }

    void noteForTargets(const FailureRecord &record, const formats::Json &decision)
    {
        deploy::Recommendation r;
        for (const auto &[key, value] : decision["config"].members())
            r.patch.emplace(key, value.string());
        if (r.patch.empty())
            return;
        r.id = record.id.string();
        r.job = record.attempt.job;
        r.run = record.attempt.run;
        r.attempt = record.attempt.attempt;
        r.errorClass = decision["class"].string();
        r.scope = m_policy.scope;
        r.expiresAt = record.attempt.endedAt.plusSeconds(m_policy.expiryDays * 86400.0);
        if (decision["p_success"].isNumber())
            r.success = decision["p_success"].number();
        r.supported = decision["supported"].boolean();
        m_patches.push_back(std::move(r));
    }

    [[nodiscard]] std::vector<deploy::Tunable> tunables() const
    {
        std::vector<deploy::Tunable> out;
        for (const auto &p : m_space.parameters) {
            const bool bytes = p.unit == optimize::ParameterUnit::Bytes;
            out.push_back({p.name, bytes ? "bytes" : "count", p.lower, p.upper, p.initial});
        }
        return out;
    }

    base::Result<void> addGolden()
    {
        const auto chosen = spreadOverClasses(m_session.history(), m_options.goldenRecords);
        m_progress.begin("Recording golden decisions", chosen.size());
        std::string lines;
        for (const std::uint32_t index : chosen) {
            MULLIGAN_CHECK(checkStop(m_stop));
            MULLIGAN_TRY(const auto input, m_failures.lineAt(index));
            lines += goldenLine({input, m_decider->decideLine(input)});
            ++m_report.golden;
            m_progress.advance();
        }
        m_bundle.files["golden.jsonl"] = std::move(lines);
        return {};
    }

    /// Failures that a rolling model scored, in the order of a hash, so that the sample covers the whole time.
    [[nodiscard]] std::vector<std::uint32_t> rollingSample() const
    {
        const model::History &history = m_session.history();
        std::vector<std::pair<std::uint64_t, std::uint32_t>> points;
        for (std::uint32_t i = 0; i < history.attempts.size(); ++i) {
            const auto &a = history.attempts[i];
            if (model::isDecisionPoint(a) && m_session.models().modelAt(a.endedAt) != nullptr)
                points.emplace_back(base::stableHash(std::to_string(a.id)), i);
        }
        std::sort(points.begin(), points.end());
        std::vector<std::uint32_t> out;
        for (size_t i = 0; i < points.size() && i < m_options.rollingPoints; ++i)
            out.push_back(points[i].second);
        return out;
    }

    base::Result<void> compareWithRolling()
    {
        const auto sample = rollingSample();
        m_progress.begin("Comparing with the rolling replay", sample.size());
        for (const std::uint32_t index : sample) {
            MULLIGAN_CHECK(checkStop(m_stop));
            const std::int64_t id = m_session.history().attempts[index].id;
            MULLIGAN_TRY(const auto rolling, m_session.decisionAt(id, m_policy, m_economics));
            MULLIGAN_TRY(const auto input, m_failures.lineAt(index));
            MULLIGAN_TRY(const auto decision, m_decider->decideRecordAsOf(input, m_past));
            model::Config patch;
            for (const auto &[key, value] : decision["config"].members())
                patch.emplace(key, value.string());
            const bool same =
                decision["action"].string() == policy::name(rolling.decision.action) && patch == rolling.decision.patch;
            ++m_report.rolling.points;
            m_report.rolling.differing += same ? 0 : 1;
            m_progress.advance();
        }
        return {};
    }

    void warn()
    {
        auto &warnings = m_report.warnings;
        if (m_policy.scope == policy::Scope::Job)
            warnings.emplace_back("The policy's scope is 'job': its recommendations change every run, which was not "
                                  "replayed; the savings promised hold for 'next_retry' only.");
        if (m_session.models().production->fallback())
            warnings.emplace_back("Class rates decide in place of a model: " + m_session.models().card.fallbackReason
                                  + ".");
        if (m_options.approver.empty())
            warnings.emplace_back("Nobody is named as approver.");
    }

    [[nodiscard]] formats::Json modelToJson() const
    {
        const model::ModelCard &card = m_session.models().card;
        formats::Json out = formats::Json::object();
        out.set("id", m_session.models().production->id()).set("fallback", m_session.models().production->fallback());
        out.set("rows", card.rows).set("scored_rows", card.scoredRows);
        out.set("trained_to", base::formatInstant(m_session.models().production->fittedTo()));
        out.set("success", formats::Json()
                               .set("auc", card.success.auc)
                               .set("pr_auc", card.success.prAuc)
                               .set("log_loss", card.success.logLoss)
                               .set("brier", card.success.brier)
                               .set("ece", card.success.ece));
        return out.set(
            "cost", formats::Json().set("mae", card.cost.mae).set("mape", card.cost.mape).set("bias", card.cost.bias));
    }

    [[nodiscard]] formats::Json promiseToJson() const
    {
        if (!m_promised)
            return nullptr;
        const formats::Json promised = simulate::savingsToJson(*m_promised);
        formats::Json out = formats::Json::object();
        out.set("currency", m_economics.currency);
        for (const char *key : {"from", "to", "savings", "unsupported_net_usd", "provenance"})
            out.set(key, promised[key]);
        return out;
    }

    /// Null where the bundle's rules are those of the verdicts.
    [[nodiscard]] formats::Json ruleDifferenceToJson() const
    {
        if (m_rulesDiffer.none())
            return nullptr;
        const auto ids = [](const std::vector<std::string> &list) {
            formats::Json out = formats::Json::array();
            for (const std::string &id : list)
                out.push(id);
            return out;
        };
        formats::Json out;
        out.set("added", ids(m_rulesDiffer.added)).set("changed", ids(m_rulesDiffer.changed));
        return out.set("removed", ids(m_rulesDiffer.removed));
    }

    void addManifest()
    {
        const model::History &history = m_session.history();
        formats::Json warnings = formats::Json::array();
        for (const auto &warning : m_report.warnings)
            warnings.push(warning);
        formats::Json targets = formats::Json::array();
        for (const auto &target : m_options.targets)
            targets.push(target);
        formats::Json &m = m_bundle.manifest;
        m.set("created_by", "mulligan " MULLIGAN_VERSION).set("created_at", base::formatInstant(m_options.createdAt));
        m.set("approver", m_options.approver);
        m.set("data_from", base::formatInstant(history.from)).set("data_to", base::formatInstant(history.dataEnd));
        m.set("policy", formats::Json().set("name", m_policy.name).set("version", m_policy.version));
        m.set("economics_hash", economicsHash(m_economics)).set("rules", static_cast<std::int64_t>(m_rules));
        m.set("rules_differ_from_verdicts", ruleDifferenceToJson());
        m.set("model", modelToJson());
        m.set("promised_savings", promiseToJson());
        m.set("differs_from_rolling",
              formats::Json().set("points", m_report.rolling.points).set("differing", m_report.rolling.differing));
        m.set("recommendations", m_report.recommendations).set("golden", m_report.golden);
        m.set("targets", std::move(targets)).set("warnings", std::move(warnings));
    }

    store::Workspace &m_workspace;
    const Resources &m_resources;
    const ReplaySession &m_session;
    const policy::Policy &m_policy;
    const policy::Economics &m_economics;
    const ExportOptions &m_options;
    std::stop_token m_stop;
    base::Progress &m_progress;
    FailureReader m_failures;
    ExportReport m_report;
    std::optional<model::SavingsReport> m_promised;
    deploy::Bundle m_bundle;
    std::shared_ptr<const Decider> m_decider;
    optimize::ParameterSpace m_space;
    predict::PastIndex m_past;
    size_t m_rules = 0;
    std::shared_ptr<const classify::Classifier> m_rulesShipped;
    PackDifference m_rulesDiffer; ///< of rules that were asked for
    std::vector<deploy::Recommendation> m_patches;
};

} // namespace

base::Result<ExportReport> exportBundle(store::Workspace &workspace, const Resources &resources,
                                        const ReplaySession &session, const policy::Policy &policy,
                                        const policy::Economics &economics, const ExportOptions &options,
                                        std::stop_token stop, base::Progress &progress)
{
    if (session.history().attempts.empty())
        return base::makeError(base::ErrorCode::InsufficientData,
                               "The workspace holds no attempts to make a bundle from", "Import a history first.");
    return Exporter(workspace, resources, session, policy, economics, options, std::move(stop), progress).run();
}

} // namespace mulligan::pipeline
