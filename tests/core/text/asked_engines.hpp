#pragma once

#include "random_patterns.hpp"
#include "text/pattern_set.hpp"
#include "text/pattern_syntax.hpp"
#include "text/portability.hpp"

#include <optional>
#include <string>
#include <vector>

/// A pattern as another engine gets it, texts, and where Boost finds the first match in each.
struct AskedPattern {
    std::string original;
    mulligan::text::EnginePattern translated;
    std::vector<std::string> texts;
    std::vector<std::optional<mulligan::text::Span>> expected;
    bool movesBegin = false; ///< `\K`: a match begins elsewhere, so only whether there is one can be compared
};

struct AskedPatterns {
    std::vector<AskedPattern> patterns;
    int impossible = 0;
};

/// Texts in ASCII, since engines that read characters count others than bytes do.
inline std::string asciiOf(std::string text)
{
    std::erase_if(text, [](char byte) { return static_cast<unsigned char>(byte) > 127; });
    return text;
}

/// One pattern with its texts; nothing where Boost does not take it, runs out of steps, or the engine cannot have it.
inline std::optional<AskedPattern> askedPattern(mulligan::text::Engine engine, const mulligan::text::Pattern &pattern,
                                                std::vector<std::string> texts, int &impossible)
{
    using namespace mulligan::text;
    const auto set = PatternSet::make({pattern});
    // What Boost finds first of a pattern that begins lazily is not always the leftmost match.
    if (!set || !checkPattern(pattern) || readPattern(pattern.expression).beginMatters)
        return std::nullopt;
    AskedPattern asked;
    asked.original = pattern.expression;
    asked.translated = patternFor(engine, pattern);
    if (asked.translated.fit == Fit::Impossible) {
        ++impossible;
        return std::nullopt;
    }
    asked.movesBegin = pattern.expression.find("\\K") != std::string::npos;
    for (std::string &text : texts) {
        Match match;
        const Outcome outcome = (*set)->search(0, text, 0, match);
        if (outcome == Outcome::Undetermined)
            continue;
        asked.expected.push_back(outcome == Outcome::Match ? std::optional(match.span) : std::nullopt);
        asked.texts.push_back(std::move(text));
    }
    return asked;
}

/// Random patterns of every construct, each with texts that it is likely to match.
inline AskedPatterns randomAsked(mulligan::text::Engine engine, int count, std::uint64_t seed)
{
    mulligan::base::Rng rng(seed, "asked_engines");
    PatternMaker maker(rng, {true, true, true});
    AskedPatterns asked;
    while (static_cast<int>(asked.patterns.size()) < count) {
        const RandomPattern drawn = maker.make();
        const mulligan::text::Pattern pattern{drawn.pattern, rng.chance(0.2), rng.chance(0.3)};
        std::vector<std::string> texts;
        for (int i = 0; i < 12; ++i) {
            std::string text = maker.noise() + (i % 3 == 0 ? std::string() : drawn.example) + maker.noise();
            texts.push_back(asciiOf(std::move(text)));
        }
        if (auto one = askedPattern(engine, pattern, std::move(texts), asked.impossible))
            asked.patterns.push_back(std::move(*one));
    }
    return asked;
}
