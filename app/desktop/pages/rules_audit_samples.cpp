#include "desktop/pages/rules_audit_samples.hpp"

#include "pipeline/audit_correction.hpp"
#include "store/failure_query.hpp"

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

base::Result<pipeline::Correction> correctionOf(store::Workspace &workspace, const classify::RulePack &pack,
                                                const CorrectionLine &line)
{
    MULLIGAN_TRY(const auto detail, store::failureDetail(workspace, line.attempt));
    pipeline::Correction correction;
    correction.text = detail.chain[detail.selected].errorText;
    correction.wrongRule = line.wrongRule;
    if (detail.verdict) {
        for (const auto &match : detail.verdict->matches) {
            if (match.rule != line.wrongRule)
                continue;
            correction.matchBegin = match.begin;
            correction.matchEnd = match.end;
            break;
        }
    }
    correction.rightRule = pipeline::ruleMeant(pack, {line.rightClass, line.rightRule, {}, {}});
    correction.rightClass = line.rightClass;
    return correction;
}

} // namespace

base::Result<CorrectionSamples> correctionSamples(store::Workspace &workspace, const classify::PackDocuments &documents,
                                                  const std::vector<CorrectionLine> &corrections, std::stop_token stop)
{
    CorrectionSamples samples{documents, documents, {}, {}};
    const classify::RulePack pack = documents.pack();
    for (const auto &line : corrections) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Making samples was cancelled");
        MULLIGAN_TRY(const auto correction, correctionOf(workspace, pack, line));
        auto edited = pipeline::withCorrection(samples.after, correction);
        if (!edited) {
            samples.refused.push_back(std::move(edited).error());
            continue;
        }
        if (!(edited.value() == samples.after))
            samples.rule = correction.rightRule.empty() ? correction.wrongRule : correction.rightRule;
        samples.after = std::move(edited).value();
    }
    return samples;
}

bool holdsSamples(const classify::PackDocuments &documents, const CorrectionSamples &made)
{
    const auto holdsAll = [](const std::vector<std::string> &now, const std::vector<std::string> &then,
                             const std::vector<std::string> &added) {
        return std::all_of(added.begin(), added.end(), [&](const std::string &sample) {
            const auto in = [&](const auto &list) { return std::find(list.begin(), list.end(), sample) != list.end(); };
            return in(then) || in(now);
        });
    };
    const auto pack = made.after.pack();
    return std::all_of(pack.rules.begin(), pack.rules.end(), [&](const classify::Rule &rule) {
        const auto *then = made.before.find(rule.id);
        if (then == nullptr || classify::sameRule(*then, rule))
            return true;
        const auto *now = documents.find(rule.id);
        return now != nullptr && holdsAll(now->positive, then->positive, rule.positive)
               && holdsAll(now->negative, then->negative, rule.negative);
    });
}

} // namespace mulligan::desktop
