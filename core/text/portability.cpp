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

namespace
{

EnginePattern bad(const base::Error &error)
{
    EnginePattern out;
    out.fit = Fit::Impossible;
    out.notes.push_back(error.message);
    return out;
}

} // namespace

EnginePattern patternFor(Engine engine, const Pattern &pattern)
{
    const auto good = checkPattern(pattern);
    return good ? translate(engine, pattern) : bad(good.error());
}

std::array<EnginePattern, kEngineCount> portability(const Pattern &pattern)
{
    const auto good = checkPattern(pattern);
    std::array<EnginePattern, kEngineCount> all;
    for (std::size_t i = 0; i < kEngineCount; ++i)
        all[i] = good ? translate(static_cast<Engine>(i), pattern) : bad(good.error());
    return all;
}

} // namespace mulligan::text
