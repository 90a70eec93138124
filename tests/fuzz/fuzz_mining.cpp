#include "classify/mining.hpp"
#include "classify/mining_rule.hpp"
#include "text/backtracking_risk.hpp"
#include "text/pattern_set.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace mulligan;

namespace
{

void check(bool holds)
{
    if (!holds)
        std::abort();
}

/// Parts lie in order and hold every byte but blanks; tokens hold every part.
void checkMasking(std::string_view line)
{
    text::LineMasker masker;
    const text::MaskedLine &masked = masker.mask(line);
    std::size_t at = 0;
    for (const text::MaskedPart &part : masked.parts) {
        check(part.begin >= at && part.begin < part.end && part.end <= line.size());
        for (; at < part.begin; ++at)
            check(std::string_view(" \t\v\f\r").find(line[at]) != std::string_view::npos);
        at = part.end;
    }
    std::uint32_t part = 0;
    for (const text::MaskedToken &token : masked.tokens) {
        check(token.firstPart == part && token.lastPart > part && token.end <= masked.text.size());
        part = token.lastPart;
    }
    check(part == masked.parts.size());
}

void checkPattern(const std::vector<std::string_view> &members)
{
    for (const auto generality : {classify::Generality::Narrowest, classify::Generality::Alternatives}) {
        const classify::MinedPattern pattern = classify::minePattern(members, generality);
        if (pattern.expression.empty() || !text::checkPattern({pattern.expression, false}))
            continue;
        const auto set = text::PatternSet::make({{pattern.expression, false}});
        check(set.has_value());
        for (const std::string_view member : members) {
            text::Match match;
            const std::string_view line = member.substr(0, member.find('\n'));
            check((*set)->search(0, line, 0, match) != text::Outcome::NoMatch);
        }
    }
}

} // namespace

/// Any bytes as root causes, parted by zero bytes: masked, clustered, restored, and made into patterns that match them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view all(reinterpret_cast<const char *>(data), size);
    std::vector<std::string_view> causes;
    for (std::size_t at = 0; at <= all.size() && causes.size() < 64;) {
        const std::size_t end = std::min(all.find('\0', at), all.size());
        causes.push_back(all.substr(at, end - at));
        at = end + 1;
    }
    classify::TemplateMiner miner;
    std::vector<std::vector<std::string_view>> members;
    for (const std::string_view cause : causes) {
        checkMasking(cause);
        const auto key = classify::causeKey(cause, {}, 2);
        (void)miner.learn(key);
        const std::uint32_t cluster = miner.add(key);
        check(cluster != classify::kNoCluster && miner.add(key) == cluster);
        members.resize(miner.clusters().size());
        members[cluster].push_back(cause);
    }
    classify::TemplateMiner again;
    for (const classify::MinedTemplate &each : miner.clusters())
        again.restore(each);
    for (const std::string_view cause : causes)
        check(again.add(classify::causeKey(cause, {}, 2)) != classify::kNoCluster);
    for (const auto &each : members)
        checkPattern(each);
    return 0;
}
