#include "pipeline/rule_profile.hpp"

#include "classify/classifier.hpp"
#include "store/verdict_store.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace mulligan::pipeline
{

namespace
{

struct Text {
    std::string whole;
    std::string rootCause;
};

base::Result<std::vector<Text>> distinctTexts(store::Workspace &workspace, std::uint64_t maxBytes,
                                              const std::stop_token &stop)
{
    std::vector<Text> texts;
    std::uint64_t bytes = 0;
    std::int64_t last = 0;
    bool full = false;
    const auto visited = store::forEachFailureText(
        workspace, {},
        [&](const store::TextRow &row) -> base::Result<void> {
            if (row.textId == 0 || row.textId == last)
                return {};
            last = row.textId;
            full = !texts.empty() && bytes + row.text.size() > maxBytes;
            if (full) // nothing else ends the walk
                return base::makeError(base::ErrorCode::LimitExceeded, "There are more texts than are profiled");
            bytes += row.text.size();
            texts.push_back({std::string(row.text), std::string(row.rootCause)});
            return {};
        },
        stop);
    if (!visited && !full)
        return visited.error();
    return texts;
}

classify::Rule withoutScope(classify::Rule rule)
{
    rule.scopeStream.clear();
    rule.scopeJobGlob.clear();
    rule.scopeSparkVersion.clear();
    rule.scopeConfig.clear();
    return rule;
}

base::Result<double> secondsOf(const classify::Rule &rule, const std::vector<Text> &texts, const std::stop_token &stop)
{
    classify::RulePack pack;
    pack.rules = {withoutScope(rule)};
    MULLIGAN_TRY(const auto classifier, classify::Classifier::make(std::move(pack)));
    text::Scratch scratch = classifier->makeScratch();
    const auto begun = std::chrono::steady_clock::now();
    for (const Text &text : texts) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Profiling rules was cancelled");
        classify::Subject subject;
        subject.text = text.whole;
        subject.rootCause = text.rootCause;
        (void)classifier->classify(subject, scratch);
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

} // namespace

base::Result<RuleProfile> profileRules(store::Workspace &workspace, const classify::RulePack &pack,
                                       std::uint64_t maxBytes, const std::stop_token &stop, base::Progress &progress)
{
    RuleProfile out;
    MULLIGAN_TRY(const auto texts, distinctTexts(workspace, maxBytes, stop));
    out.texts = texts.size();
    for (const Text &text : texts)
        out.bytes += text.whole.size();
    progress.begin("Measuring rules", pack.rules.size());
    for (const classify::Rule &rule : pack.rules) {
        if (rule.status == classify::RuleStatus::Active) {
            MULLIGAN_TRY(out.seconds[rule.id], secondsOf(rule, texts, stop));
        }
        progress.advance();
    }
    return out;
}

} // namespace mulligan::pipeline
