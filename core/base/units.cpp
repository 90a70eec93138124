#include "base/units.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>

namespace mulligan::base
{

namespace
{

struct Unit {
    std::string_view name;
    double factor;
};

Result<double> parseWithUnits(std::string_view text, double bareUnit, std::span<const Unit> units,
                              std::string_view what)
{
    const auto bad = [&] {
        return makeError(ErrorCode::Parse, "'" + std::string(text.substr(0, 40)) + "' is not " + std::string(what),
                         "Write a number and a unit, as in " + std::string(what == "a byte size" ? "4g" : "30s") + ".");
    };
    std::string_view trimmed = text;
    while (!trimmed.empty() && std::isspace(static_cast<unsigned char>(trimmed.front())))
        trimmed.remove_prefix(1);
    while (!trimmed.empty() && std::isspace(static_cast<unsigned char>(trimmed.back())))
        trimmed.remove_suffix(1);
    double number = 0.0;
    const auto [end, code] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
    if (code != std::errc() || !std::isfinite(number))
        return bad();
    std::string unit;
    for (const char *c = end; c != trimmed.data() + trimmed.size(); ++c) {
        if (!std::isspace(static_cast<unsigned char>(*c)))
            unit += static_cast<char>(std::tolower(static_cast<unsigned char>(*c)));
    }
    if (unit.empty())
        return number * bareUnit;
    for (const Unit &candidate : units) {
        if (candidate.name == unit)
            return number * candidate.factor;
    }
    return bad();
}

constexpr std::array kByteUnits{
    Unit{"b", 1.0},
    Unit{"k", kKiB},
    Unit{"kb", kKiB},
    Unit{"kib", kKiB},
    Unit{"m", kMiB},
    Unit{"mb", kMiB},
    Unit{"mib", kMiB},
    Unit{"g", kGiB},
    Unit{"gb", kGiB},
    Unit{"gib", kGiB},
    Unit{"t", kGiB * 1024.0},
    Unit{"tb", kGiB * 1024.0},
    Unit{"tib", kGiB * 1024.0},
    Unit{"p", kGiB *kMiB},
    Unit{"pb", kGiB *kMiB},
    Unit{"pib", kGiB *kMiB},
};
constexpr std::array kTimeUnits{
    Unit{"us", 1e-6},  Unit{"ms", 1e-3},  Unit{"s", 1.0},     Unit{"m", 60.0},
    Unit{"min", 60.0}, Unit{"h", 3600.0}, Unit{"d", 86400.0},
};

std::string withUnit(double value, const char *format, const char *unit)
{
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, value);
    return std::string(buffer) + " " + unit;
}

} // namespace

Result<double> parseBytes(std::string_view text, double bareUnit)
{
    return parseWithUnits(text, bareUnit, kByteUnits, "a byte size");
}

Result<double> parseSeconds(std::string_view text, double bareUnit)
{
    return parseWithUnits(text, bareUnit, kTimeUnits, "a duration");
}

std::string sparkBytes(double bytes)
{
    const auto mebibytes = static_cast<std::int64_t>(std::llround(bytes / kMiB));
    if (mebibytes > 0 && mebibytes % 1024 == 0)
        return std::to_string(mebibytes / 1024) + "g";
    return std::to_string(mebibytes) + "m";
}

std::string formatBytes(double bytes)
{
    const double size = std::abs(bytes);
    if (size < kKiB)
        return withUnit(bytes, "%.0f", "B");
    if (size < kMiB)
        return withUnit(bytes / kKiB, "%.4g", "KiB");
    if (size < kGiB)
        return withUnit(bytes / kMiB, "%.4g", "MiB");
    if (size < kGiB * 1024.0)
        return withUnit(bytes / kGiB, "%.4g", "GiB");
    return withUnit(bytes / kGiB / 1024.0, "%.4g", "TiB");
}

std::string formatSeconds(double seconds)
{
    const double size = std::abs(seconds);
    if (size < 1.0 && size > 0.0)
        return withUnit(seconds * 1000.0, "%.0f", "ms");
    if (size < 120.0)
        return withUnit(seconds, "%.3g", "s");
    if (size < 7200.0)
        return withUnit(seconds / 60.0, "%.3g", "min");
    if (size < 172800.0)
        return withUnit(seconds / 3600.0, "%.3g", "h");
    return withUnit(seconds / 86400.0, "%.3g", "d");
}

} // namespace mulligan::base
