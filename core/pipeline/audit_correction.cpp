#include "pipeline/audit_correction.hpp"

#include "classify/line_levels.hpp"
#include "classify/subject_parts.hpp"
#include "formats/yaml_extent.hpp"
#include "store/failure_query.hpp"
#include "text/root_cause.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace mulligan::pipeline
{

namespace
{

constexpr size_t kMostMatchBytes = 2048;

/// The lines that hold bytes [begin, end), without the last line break, at most two KiB of whole lines.
std::string_view linesOf(std::string_view text, size_t begin, size_t end)
{
    const size_t from = formats::lineBegin(text, begin);
    size_t to = formats::lineEnd(text, std::max(begin, end - 1));
    if (to - from > kMostMatchBytes)
        to = formats::lineEnd(text, begin);
    std::string_view lines = text.substr(from, to - from);
    while (lines.ends_with('\n') || lines.ends_with('\r'))
        lines.remove_suffix(1);
    return lines;
}

/// Whether a match is that of the root cause as it was read out of quotes, which then stand for it.
bool isOfTheQuotes(std::string_view text, size_t matchBegin)
{
    classify::Subject subject;
    subject.text = text;
    return classify::SubjectParts(subject).quotedAt() == matchBegin;
}

/// The cause with the lines of a match, in the order of the text; what both hold stands there once.
std::string joined(std::string_view text, std::string_view lines, const std::string &cause)
{
    const size_t from = static_cast<size_t>(lines.data() - text.data());
    const size_t to = from + lines.size();
    const size_t at = classify::lastPlaceOf(cause, text);
    if (at == std::string_view::npos || to <= at)
        return std::string(lines) + '\n' + cause;
    if (from >= at + cause.size())
        return cause + '\n' + std::string(lines);
    const size_t begin = std::min(from, at);
    return std::string(text.substr(begin, std::max(to, at + cause.size()) - begin));
}

} // namespace

std::string sampleOf(std::string_view text, size_t matchBegin, size_t matchEnd, bool fromLineBegin)
{
    const std::string found = text::findRootCause(text).text;
    std::string cause = found;
    if (fromLineBegin)
        cause = classify::withItsLine(found, text);
    while (cause.ends_with('\n') || cause.ends_with('\r'))
        cause.pop_back();
    if (matchEnd <= matchBegin || matchEnd > text.size())
        return cause;
    if (cause.find(text.substr(matchBegin, matchEnd - matchBegin)) != std::string::npos
        || isOfTheQuotes(text, matchBegin))
        return cause;
    const std::string_view lines = linesOf(text, matchBegin, matchEnd);
    if (text::findRootCause(lines).text == found) // JSON tells the cause in them
        return std::string(lines);
    return joined(text, lines, cause);
}

base::Result<classify::PackDocuments> withCorrection(const classify::PackDocuments &pack, const Correction &correction)
{
    if (correction.wrongRule == correction.rightRule)
        return pack;
    const auto looksAtLevels = [&](const std::string &id) {
        const classify::Rule *rule = pack.find(id);
        return rule != nullptr && rule->leastLevel != classify::LeastLevel::Any;
    };
    const bool levels = looksAtLevels(correction.rightRule) || looksAtLevels(correction.wrongRule);
    const std::string sample = sampleOf(correction.text, correction.matchBegin, correction.matchEnd, levels);
    if (sample.empty())
        return base::makeError(base::ErrorCode::InvalidArgument, "The failure has no text to make a sample of");
    classify::PackDocuments out = pack;
    if (!correction.rightRule.empty()) {
        MULLIGAN_TRY(out, out.withSample(correction.rightRule, classify::SampleKind::Positive, sample));
    }
    if (!correction.wrongRule.empty()) {
        MULLIGAN_TRY(out, out.withSample(correction.wrongRule, classify::SampleKind::Negative, sample));
    }
    return out;
}

namespace
{

/// What `kind` samples `after` has of a rule beyond those of `before`.
void noteAdded(const classify::PackDocuments &before, const classify::PackDocuments &after, const std::string &id,
               classify::SampleKind kind, std::vector<AddedSample> &into)
{
    const classify::Rule *old = before.find(id);
    const classify::Rule *now = after.find(id);
    if (old == nullptr || now == nullptr)
        return;
    const auto samplesOf = [&](const classify::Rule &rule) -> const std::vector<std::string> & {
        return kind == classify::SampleKind::Positive ? rule.positive : rule.negative;
    };
    for (size_t i = samplesOf(*old).size(); i < samplesOf(*now).size(); ++i) // they are added at the end
        into.push_back(
            {id, after.fileOf(id)->name(), kind, samplesOf(*now)[i], now->status != classify::RuleStatus::Retired});
}

} // namespace

base::Result<CorrectedPack> withCorrections(const classify::PackDocuments &pack,
                                            const std::vector<Correction> &corrections)
{
    CorrectedPack out{pack, {}, {}};
    for (const Correction &correction : corrections) {
        MULLIGAN_TRY(auto with, withCorrection(out.documents, correction));
        if (!correction.rightRule.empty())
            noteAdded(out.documents, with, correction.rightRule, classify::SampleKind::Positive, out.added);
        else if (!correction.rightClass.empty()
                 && std::find(out.unclear.begin(), out.unclear.end(), correction.rightClass) == out.unclear.end())
            out.unclear.push_back(correction.rightClass);
        if (!correction.wrongRule.empty())
            noteAdded(out.documents, with, correction.wrongRule, classify::SampleKind::Negative, out.added);
        out.documents = std::move(with);
    }
    return out;
}

base::Result<std::vector<FailingSample>> failingSamples(const CorrectedPack &corrected)
{
    MULLIGAN_TRY(const auto classifier, classify::Classifier::make(corrected.documents.pack()));
    std::vector<FailingSample> out;
    for (classify::SampleFailure &failure : classify::testPack(*classifier).failed) {
        FailingSample failing;
        failing.added = std::any_of(corrected.added.begin(), corrected.added.end(), [&](const AddedSample &each) {
            return each.rule == failure.rule && each.sample == failure.sample;
        });
        if (const classify::Rule *rule = classifier->find(failure.rule)) {
            failing.file = rule->file;
            failing.line = rule->line;
        }
        failing.failure = std::move(failure);
        out.push_back(std::move(failing));
    }
    return out;
}

std::vector<std::string> rulesOfClass(const classify::RulePack &pack, std::string_view errorClass)
{
    std::vector<const classify::Rule *> rules;
    for (const classify::Rule &rule : pack.rules)
        if (rule.errorClass == errorClass)
            rules.push_back(&rule);
    const auto rank = [](const classify::Rule *rule) {
        return rule->status == classify::RuleStatus::Active ? 0 : rule->status == classify::RuleStatus::Draft ? 1 : 2;
    };
    std::sort(rules.begin(), rules.end(), [&](const classify::Rule *a, const classify::Rule *b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : precedes(*a, *b);
    });
    std::vector<std::string> ids;
    for (const classify::Rule *rule : rules)
        ids.push_back(rule->id);
    return ids;
}

std::string ruleMeant(const classify::RulePack &pack, const store::AuditAnswer &answer)
{
    if (answer.noCause() || !answer.rule.empty())
        return answer.rule;
    const auto isMeant = [&](const classify::Rule &rule) {
        return rule.errorClass == answer.errorClass && rule.status == classify::RuleStatus::Active;
    };
    const auto first = std::find_if(pack.rules.begin(), pack.rules.end(), isMeant);
    if (first == pack.rules.end() || std::any_of(first + 1, pack.rules.end(), isMeant))
        return {};
    return first->id;
}

base::Result<std::vector<Correction>> correctionsOf(store::Workspace &workspace, const store::AuditSample &sample,
                                                    const classify::RulePack &pack)
{
    std::vector<Correction> out;
    std::set<std::string> seen;
    for (const store::AuditItem &item : sample.items) {
        if (!item.answer || item.classNow.empty())
            continue;
        const std::string right = item.answer->noCause() ? std::string(model::kUnclassified) : item.answer->errorClass;
        if (right == item.classNow || !seen.insert(item.textHash).second)
            continue;
        MULLIGAN_TRY(const store::FailureDetail detail, store::failureDetail(workspace, item.attemptId));
        Correction correction;
        correction.text = detail.chain[detail.selected].errorText;
        correction.wrongRule = item.ruleNow;
        correction.rightRule = ruleMeant(pack, *item.answer);
        correction.rightClass = item.answer->errorClass;
        if (detail.verdict && !detail.verdict->matches.empty()) {
            correction.matchBegin = detail.verdict->matches.front().begin;
            correction.matchEnd = detail.verdict->matches.front().end;
        }
        out.push_back(std::move(correction));
    }
    return out;
}

} // namespace mulligan::pipeline
