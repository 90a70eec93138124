#include "ingest/log_kills.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kMostText = 1024;
constexpr std::size_t kMostBlanks = 16; ///< between a code and what names it
/// A diagnosis is found within this much of a line; plans and records are longer.
constexpr std::size_t kMostLine = 16384;

bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

template <std::size_t N> bool hasAny(std::string_view text, const std::array<std::string_view, N> &parts)
{
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return has(text, part); });
}

constexpr std::array<std::string_view, 7> kMemory{"exceeding memory limits",
                                                  "exceeding physical memory limits",
                                                  "exceeding virtual memory limits",
                                                  "beyond physical memory limits",
                                                  "beyond virtual memory limits",
                                                  "' memory limit",
                                                  "OOMKilled"};
constexpr std::array<std::string_view, 6> kOutside{
    "preempted", "Preempted", "reason: Evicted", "Reason: Evicted", "was low on resource", "killed by external signal"};

std::optional<int> numberAt(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" :=");
    if (begin == std::string_view::npos || begin > kMostBlanks)
        return std::nullopt;
    int value = 0;
    const auto [end, code] = std::from_chars(text.data() + begin, text.data() + text.size(), value);
    return code == std::errc() ? std::optional(value) : std::nullopt;
}

/// The code behind the last of the phrases that name one: what a diagnosis ends with is the nearest to the process.
std::optional<int> exitCodeIn(std::string_view line)
{
    static constexpr std::array<std::string_view, 9> kPhrases{
        "xit code",           "xit status",   "exitCode",  "exitStatus",          "exited with code",
        "exited with status", "Exit code is", "Exit Code", "exited with exitCode"};
    std::optional<int> found;
    for (const std::string_view phrase : kPhrases) {
        for (std::size_t at = line.find(phrase); at != std::string_view::npos; at = line.find(phrase, at + 1)) {
            const auto code = numberAt(line.substr(at + phrase.size()));
            if (code && (!found || *code != 0))
                found = code;
        }
    }
    return found;
}

/// "9.1 GB of 9 GB physical memory used": the first amount.
double usedBytesIn(std::string_view line)
{
    const std::size_t used = line.find(" physical memory used");
    if (used == std::string_view::npos)
        return 0;
    const std::size_t of = line.rfind(" of ", used);
    if (of == std::string_view::npos || used - of > 40)
        return 0;
    const std::size_t unit = line.rfind(' ', of - 1);
    if (unit == std::string_view::npos || unit == 0 || of - unit > 4)
        return 0;
    const std::size_t before = line.find_last_not_of("0123456789.", unit - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::string amount =
        std::string(line.substr(begin, unit - begin)) + std::string(line.substr(unit + 1, of - unit - 1));
    return base::parseBytes(amount).value_or(0.0);
}

std::string ownWords(std::string_view line)
{
    const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
    line.remove_prefix(begin);
    std::size_t end = std::min(line.size(), kMostText);
    while (end > 0 && end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U)
        --end;
    line = line.substr(0, end);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
        line.remove_suffix(1);
    return std::string(line);
}

} // namespace

KillSign killSignOf(std::string_view line)
{
    line = line.substr(0, kMostLine);
    KillSign sign;
    sign.exitCode = exitCodeIn(line);
    if (hasAny(line, kMemory)) {
        sign.weight = KillWeight::Memory;
        sign.usedBytes = usedBytesIn(line);
    } else if (hasAny(line, kOutside) || sign.exitCode == 137 || sign.exitCode == 143) {
        sign.weight = KillWeight::Signal;
    } else if (sign.exitCode && *sign.exitCode != 0) {
        sign.weight = KillWeight::ExitCode;
    }
    if (sign.weight != KillWeight::None)
        sign.text = ownWords(line);
    return sign;
}

void keepWeightier(KillSign &kept, KillSign sign)
{
    const auto exitCode = kept.exitCode && *kept.exitCode != 0 ? kept.exitCode : sign.exitCode;
    const double usedBytes = std::max(kept.usedBytes, sign.usedBytes);
    if (sign.weight > kept.weight)
        kept = std::move(sign);
    kept.exitCode = exitCode ? exitCode : kept.exitCode;
    kept.usedBytes = usedBytes;
}

} // namespace mulligan::ingest
