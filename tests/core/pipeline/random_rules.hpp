#pragma once

#include "base/rng.hpp"
#include "classify/classifier.hpp"
#include "model/attempt.hpp"
#include "store/source_writer.hpp"
#include "store/workspace.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace mulligan::tests
{

/// Random packs of rules, edits of them, and histories whose texts they match now and then: few words, so that rules
/// meet, shadow and replace each other. Synthetic; the same for the same seed.
class RandomRules
{
public:
    explicit RandomRules(std::uint64_t seed) : m_rng(seed, "random rules") {}

    [[nodiscard]] base::Rng &rng() { return m_rng; }

    classify::RulePack pack(int rules)
    {
        classify::RulePack made;
        for (int i = 0; i < rules; ++i)
            made.rules.push_back(rule());
        return made;
    }

    /// The pack with one thing changed as a person might, sometimes with several.
    classify::RulePack edited(classify::RulePack pack)
    {
        do
            edit(pack);
        while (m_rng.chance(0.3));
        return pack;
    }

    classify::Rule rule()
    {
        classify::Rule made;
        made.id = "rule." + std::to_string(m_next++);
        restate(made);
        made.all.clear();
        made.any = {pattern()};
        if (m_rng.chance(0.3))
            made.any.push_back(pattern());
        if (m_rng.chance(0.2))
            made.all = {pattern()};
        if (m_rng.chance(0.2))
            made.none = {word()};
        made.caseless = m_rng.chance(0.2);
        place(made);
        scope(made);
        capture(made);
        return made;
    }

    /// Failures and successes of a source of its own; the same texts come again and again.
    base::Result<void> addAttempts(store::Workspace &workspace, const std::string &source, int count)
    {
        store::SourceMeta meta{source, "attempts", source, 1, {}};
        MULLIGAN_TRY(auto writer, store::SourceWriter::begin(workspace, meta));
        for (int i = 0; i < count; ++i) {
            const model::Attempt made = attempt(source + std::to_string(i));
            MULLIGAN_CHECK(writer.add(made, "", 0));
        }
        return writer.commit({});
    }

private:
    std::string word()
    {
        static constexpr std::array<const char *, 9> kWords{"disk",  "heap", "shuffle", "token", "lost",
                                                            "quota", "Disk", "schema",  "null"};
        return kWords[m_rng.below(kWords.size())];
    }

    std::string pattern()
    {
        switch (m_rng.below(5)) {
        case 0: return word() + " " + word();
        case 1: return word() + " (?<size>\\d+)";
        case 2: return word() + "\\n" + word();
        case 3: return "^" + word();
        default: return word();
        }
    }

    void restate(classify::Rule &rule)
    {
        rule.errorClass = "group." + std::to_string(m_rng.below(6));
        rule.priority = static_cast<int>(m_rng.below(4)) * 10;
        rule.title = "title " + std::to_string(m_rng.below(3));
        rule.summary = m_rng.chance(0.5) ? "size {size|none}" : "plain";
        rule.transient = m_rng.chance(0.5);
        rule.action = static_cast<model::RuleAction>(m_rng.below(3));
        rule.exitCode = m_rng.chance(0.2) ? std::optional(static_cast<int>(m_rng.below(3))) : std::nullopt;
    }

    void capture(classify::Rule &rule)
    {
        rule.captures.clear();
        if (m_rng.chance(0.6))
            rule.captures["size"] = m_rng.chance(0.5) ? "count" : "bytes";
    }

    void place(classify::Rule &rule)
    {
        rule.where = static_cast<classify::MatchWhere>(m_rng.below(4));
        rule.lastLines = rule.where == classify::MatchWhere::LastLines ? static_cast<int>(m_rng.between(1, 3)) : 0;
        rule.leastLevel = m_rng.chance(0.3) ? classify::LeastLevel::Warn : classify::LeastLevel::Any;
    }

    void scope(classify::Rule &rule)
    {
        rule.scopeJobGlob.clear();
        rule.scopeConfig.clear();
        rule.scopeSparkVersion.clear();
        if (m_rng.chance(0.15))
            rule.scopeJobGlob = "job" + std::to_string(m_rng.below(3)) + "*";
        if (m_rng.chance(0.15))
            rule.scopeConfig["spark.offheap"] = m_rng.chance(0.5) ? "true" : "false";
        if (m_rng.chance(0.1))
            rule.scopeSparkVersion = "3.";
    }

    void edit(classify::RulePack &pack)
    {
        auto &rules = pack.rules;
        const auto at = m_rng.below(rules.size());
        classify::Rule &some = rules[at];
        switch (m_rng.below(14)) {
        case 0: rules.push_back(rule()); return;
        case 1:
            if (rules.size() > 2)
                rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(at));
            return;
        case 2: some.any = {pattern()}; return;
        case 3: some.none = {word()}; return;
        case 4: some.priority = static_cast<int>(m_rng.below(4)) * 10; return;
        case 5: restate(some); return;
        case 6: scope(some); return;
        case 7: capture(some); return;
        case 8: place(some); return;
        case 9:
        case 10: some.any.push_back(pattern()); return;
        case 11: some.any.back() = pattern(); return;
        case 12:
            if (some.any.size() > 1)
                some.any.pop_back();
            return;
        default:
            some.status = some.status == classify::RuleStatus::Active ? classify::RuleStatus::Retired
                                                                      : classify::RuleStatus::Active;
        }
    }

    model::Attempt attempt(const std::string &run)
    {
        model::Attempt made;
        made.job = "job" + std::to_string(m_rng.below(4));
        made.run = run;
        made.attempt = 1;
        made.outcome = static_cast<model::Outcome>(m_rng.below(3));
        made.startedAt.ms = 1'700'000'000'000 + static_cast<std::int64_t>(m_rng.below(1'000'000'000));
        made.endedAt.ms = made.startedAt.ms + 1000;
        made.costUsd = static_cast<double>(m_rng.below(1000)) / 100.0;
        if (m_rng.chance(0.5))
            made.config["spark.offheap"] = m_rng.chance(0.5) ? "true" : "false";
        if (m_rng.chance(0.5))
            made.config["spark.version"] = m_rng.chance(0.5) ? "3.5.1" : "2.4.8";
        made.config["spark.other"] = std::to_string(m_rng.below(3));
        if (m_rng.chance(0.9))
            made.errorText = text();
        if (m_rng.chance(0.5))
            made.rootCause =
                m_rng.chance(0.7) ? withoutLevel(made.errorText.substr(0, made.errorText.find('\n'))) : line();
        return made;
    }

    std::string line()
    {
        std::string made;
        for (auto words = m_rng.between(1, 3); words > 0; --words)
            made += word() + (m_rng.chance(0.3) ? " " + std::to_string(m_rng.below(4)) : std::string()) + " ";
        made.pop_back();
        return made;
    }

    static std::string withoutLevel(const std::string &line)
    {
        return line.starts_with(kLevel) ? line.substr(kLevel.size()) : line;
    }

    std::string markedLine() { return (m_rng.chance(0.2) ? std::string(kLevel) : std::string()) + line(); }

    std::string text()
    {
        std::string made = markedLine();
        for (auto lines = m_rng.below(3); lines > 0; --lines)
            made += "\n" + markedLine();
        if (m_rng.chance(0.05)) // all went well
            made += "\nINFO a: Final app status: SUCCEEDED";
        return made;
    }

    static constexpr std::string_view kLevel = "INFO a: ";

    base::Rng m_rng;
    int m_next = 0;
};

inline std::shared_ptr<const classify::Classifier> compiled(const classify::RulePack &pack)
{
    auto made = classify::Classifier::make(pack);
    return made ? std::move(made).value() : nullptr;
}

} // namespace mulligan::tests
