#include "text/portability.hpp"

#include "text/pattern_translation.hpp"

namespace mulligan::text
{

std::string_view name(Engine engine)
{
    static constexpr std::array<std::string_view, kEngineCount> kNames = {"boost", "java", "python", "re2"};
    return kNames[static_cast<std::size_t>(engine)];
}

std::string_view name(Fit fit)
{
    static constexpr std::array<std::string_view, 3> kNames = {"ok", "rewritten", "impossible"};
    return kNames[static_cast<std::size_t>(fit)];
}

EnginePattern patternFor(Engine engine, const Pattern &pattern)
{
    if (auto good = checkPattern(pattern); !good) {
        EnginePattern out;
        out.fit = Fit::Impossible;
        out.notes.push_back(good.error().message);
        return out;
    }
    return translate(engine, pattern);
}

std::array<EnginePattern, kEngineCount> portability(const Pattern &pattern)
{
    std::array<EnginePattern, kEngineCount> all;
    for (std::size_t i = 0; i < kEngineCount; ++i)
        all[i] = patternFor(static_cast<Engine>(i), pattern);
    return all;
}

} // namespace mulligan::text
