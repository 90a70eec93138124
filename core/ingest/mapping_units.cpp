#include "ingest/mapping_units.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace mulligan::ingest
{

namespace
{

enum class Quantity { None, Time, Bytes, VcoreTime, MemoryTime };

struct Unit {
    Quantity quantity;
    std::string_view name;
    double factor; ///< to seconds, bytes, vcore-seconds, GiB-seconds
};

// A DPU of AWS Glue is four vCPUs and 16 GB. Where systems that count memory over time say MB or GB they mean powers of
// 1024, as YARN's memorySeconds does.
constexpr std::array<Unit, 36> kUnits{{{Quantity::Time, "s", 1.0},
                                       {Quantity::Time, "ms", 1e-3},
                                       {Quantity::Time, "us", 1e-6},
                                       {Quantity::Time, "ns", 1e-9},
                                       {Quantity::Time, "min", 60.0},
                                       {Quantity::Time, "h", 3600.0},
                                       {Quantity::Time, "d", 86400.0},
                                       {Quantity::Time, "hms", 1.0},
                                       {Quantity::Time, "auto", 1.0},
                                       {Quantity::Bytes, "B", 1.0},
                                       {Quantity::Bytes, "KiB", 1024.0},
                                       {Quantity::Bytes, "MiB", 1048576.0},
                                       {Quantity::Bytes, "GiB", 1073741824.0},
                                       {Quantity::Bytes, "TiB", 1099511627776.0},
                                       {Quantity::Bytes, "KB", 1e3},
                                       {Quantity::Bytes, "MB", 1e6},
                                       {Quantity::Bytes, "GB", 1e9},
                                       {Quantity::Bytes, "TB", 1e12},
                                       {Quantity::Bytes, "auto", 1.0},
                                       {Quantity::VcoreTime, "vcore-seconds", 1.0},
                                       {Quantity::VcoreTime, "vcore-ms", 1e-3},
                                       {Quantity::VcoreTime, "vcore-minutes", 60.0},
                                       {Quantity::VcoreTime, "vcore-hours", 3600.0},
                                       {Quantity::VcoreTime, "dpu-seconds", 4.0},
                                       {Quantity::VcoreTime, "dpu-hours", 4.0 * 3600.0},
                                       {Quantity::MemoryTime, "GB-seconds", 1.0},
                                       {Quantity::MemoryTime, "GB-minutes", 60.0},
                                       {Quantity::MemoryTime, "GB-hours", 3600.0},
                                       {Quantity::MemoryTime, "MB-seconds", 1.0 / 1024.0},
                                       {Quantity::MemoryTime, "MB-minutes", 60.0 / 1024.0},
                                       {Quantity::MemoryTime, "MB-hours", 3600.0 / 1024.0},
                                       {Quantity::MemoryTime, "KB-seconds", 1.0 / 1048576.0},
                                       {Quantity::MemoryTime, "byte-seconds", 1.0 / 1073741824.0},
                                       {Quantity::MemoryTime, "TB-hours", 1024.0 * 3600.0},
                                       {Quantity::MemoryTime, "dpu-seconds", 16.0},
                                       {Quantity::MemoryTime, "dpu-hours", 16.0 * 3600.0}}};

/// Quantities a field may be counted in, its own first.
std::pair<Quantity, Quantity> quantitiesOf(const MappedField &field)
{
    switch (field.field) {
    case Field::EndedAt: return {field.duration.empty() ? Quantity::None : Quantity::Time, Quantity::None};
    case Field::ManualMinutes: return {Quantity::Time, Quantity::None};
    case Field::VcoreSeconds: return {Quantity::VcoreTime, Quantity::None};
    case Field::MemoryGbSeconds: return {Quantity::MemoryTime, Quantity::None};
    case Field::Config:
    case Field::Metrics:
        if (field.member.empty())
            return {Quantity::None, Quantity::None};
        if (field.member.ends_with("_seconds"))
            return {Quantity::Time, Quantity::None};
        if (field.member.ends_with("_bytes"))
            return {Quantity::Bytes, Quantity::None};
        return {Quantity::Bytes, Quantity::Time};
    default: return {Quantity::None, Quantity::None};
    }
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Digits without their grouping; nothing when the groups are not of two or three digits, the last of three.
std::optional<std::string> withoutGroups(std::string_view digits, std::string_view separator)
{
    std::string out;
    std::size_t at = digits.find(separator);
    if (at == std::string_view::npos)
        return std::string(digits);
    if (at == 0)
        return std::nullopt;
    out += digits.substr(0, at);
    while (at != std::string_view::npos) {
        digits.remove_prefix(at + separator.size());
        at = digits.find(separator);
        const std::size_t group = std::min(at, digits.size());
        const bool last = at == std::string_view::npos;
        if (group != 3 && (last || group != 2))
            return std::nullopt;
        out += digits.substr(0, group);
    }
    return out;
}

/// "1:02:03", "62:03", "1-02:03:04" and "1 day, 2:03:04" in seconds.
std::optional<double> readClock(std::string_view text, const NumberStyle &style)
{
    double days = 0.0;
    const std::size_t dayEnd = text.find_last_of("- ,");
    if (dayEnd != std::string_view::npos) {
        const auto [end, code] = std::from_chars(text.data(), text.data() + dayEnd, days);
        const std::string_view word(end, static_cast<std::size_t>(text.data() + dayEnd - end));
        if (code != std::errc() || word.find_first_not_of(" ,days") != std::string_view::npos)
            return std::nullopt;
        text.remove_prefix(dayEnd + 1);
    }
    double seconds = 0.0;
    int parts = 0;
    for (std::size_t colon = text.find(':');; colon = text.find(':')) {
        const bool last = colon == std::string_view::npos;
        const auto part = readNumber(text.substr(0, colon), last ? style : NumberStyle());
        if (!part || *part < 0 || (parts > 0 && *part >= 61) || ++parts > 3)
            return std::nullopt;
        seconds = seconds * 60.0 + *part;
        if (last)
            break;
        text.remove_prefix(colon + 1);
    }
    if (parts < 2)
        return std::nullopt;
    return days * 86400.0 + seconds;
}

constexpr std::array<Unit, 24> kSpokenUnits{{{Quantity::Time, "w", 604800.0},
                                             {Quantity::Time, "week", 604800.0},
                                             {Quantity::Time, "d", 86400.0},
                                             {Quantity::Time, "day", 86400.0},
                                             {Quantity::Time, "h", 3600.0},
                                             {Quantity::Time, "hr", 3600.0},
                                             {Quantity::Time, "hour", 3600.0},
                                             {Quantity::Time, "m", 60.0},
                                             {Quantity::Time, "min", 60.0},
                                             {Quantity::Time, "minute", 60.0},
                                             {Quantity::Time, "s", 1.0},
                                             {Quantity::Time, "sec", 1.0},
                                             {Quantity::Time, "second", 1.0},
                                             {Quantity::Time, "ms", 1e-3},
                                             {Quantity::Time, "msec", 1e-3},
                                             {Quantity::Time, "milli", 1e-3},
                                             {Quantity::Time, "millisecond", 1e-3},
                                             {Quantity::Time, "us", 1e-6},
                                             {Quantity::Time, "\u00B5s", 1e-6},
                                             {Quantity::Time, "\u03BCs", 1e-6},
                                             {Quantity::Time, "microsecond", 1e-6},
                                             {Quantity::Time, "ns", 1e-9},
                                             {Quantity::Time, "nano", 1e-9},
                                             {Quantity::Time, "nanosecond", 1e-9}}};

/// Seconds in a unit as people write it, in any case and number; 0: there is none.
double spokenUnit(std::string_view word)
{
    std::string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    for (const Unit &unit : kSpokenUnits) {
        const bool several = unit.name.size() > 1 && lower == std::string(unit.name) + 's';
        if (several || lower == unit.name)
            return unit.factor;
    }
    return 0.0;
}

/// "1h 5m 3s", "2 days, 1 hour", and what comes behind the P and the T of "P1DT2H": each unit smaller than the one
/// before.
std::optional<double> readSpan(std::string_view text, const NumberStyle &style, double largest)
{
    constexpr std::string_view kBetween = " ,";
    double seconds = 0.0;
    bool any = false;
    for (double before = largest; !text.empty(); any = true) {
        std::size_t end = 0;
        while (end < text.size()
               && (isDigit(text[end])
                   || (end > 0 && (text[end] == '.' || text[end] == ',') && end + 1 < text.size()
                       && isDigit(text[end + 1]))))
            ++end;
        const auto number = readNumber(text.substr(0, end), style);
        text.remove_prefix(std::min(text.find_first_not_of(' ', end), text.size()));
        const std::size_t wordEnd = std::min(text.find_first_of(" ,0123456789"), text.size());
        const double factor = spokenUnit(text.substr(0, wordEnd));
        if (!number || factor <= 0.0 || factor >= before)
            return std::nullopt;
        before = factor;
        seconds += *number * factor;
        text.remove_prefix(std::min(text.find_first_not_of(kBetween, wordEnd), text.size()));
    }
    return any ? std::optional(seconds) : std::nullopt;
}

/// ISO 8601's "PT5M", "P1DT2H3.5S"; months and years are of no fixed length.
std::optional<double> readIsoSpan(std::string_view text, const NumberStyle &style)
{
    constexpr double kEndless = 1e18;
    constexpr double kDay = 86400.0;
    text.remove_prefix(1);
    const std::size_t t = std::min(text.find('T'), text.size());
    const std::string_view date = text.substr(0, t);
    const std::string_view time = text.substr(std::min(t + 1, text.size()));
    const auto days = date.empty() ? std::optional(0.0) : readSpan(date, style, kEndless);
    const auto rest = t == text.size() ? std::optional(0.0) : readSpan(time, style, kDay);
    const bool said = !date.empty() || !time.empty();
    if (!said || !days || !rest || date.find_first_of("HMS") != date.npos)
        return std::nullopt;
    return *days + *rest;
}

/// How long something took, in any writing that says so itself.
std::optional<double> readDuration(std::string_view text, const NumberStyle &style)
{
    constexpr double kEndless = 1e18;
    const NumberStyle plain;
    for (const NumberStyle *each : {&style, &plain}) {
        auto seconds = text.starts_with('P') ? readIsoSpan(text, *each) : readSpan(text, *each, kEndless);
        if (!seconds && text.find(':') != text.npos)
            seconds = readClock(text, *each);
        if (seconds)
            return seconds;
    }
    return std::nullopt;
}

/// A cost without the sign or code of its currency before or behind it ("$12", "12,50 EUR").
std::string_view withoutCurrency(std::string_view text)
{
    constexpr std::size_t kLongestSign = 5; // "US$ ", a sign of three bytes and a space
    const auto begins = [](char c) { return isDigit(c) || c == '-' || c == '+' || c == '.' || c == ','; };
    for (std::size_t taken = 0; taken < kLongestSign && !text.empty() && !begins(text.front()); ++taken)
        text.remove_prefix(1);
    for (std::size_t taken = 0; taken < kLongestSign && !text.empty() && !isDigit(text.back()); ++taken)
        text.remove_suffix(1);
    return text;
}

std::optional<double> readOwnUnit(std::string_view text, Quantity quantity)
{
    std::string packed;
    std::copy_if(text.begin(), text.end(), std::back_inserter(packed), [](char c) { return c != ' '; });
    const auto amount = quantity == Quantity::Bytes ? base::parseBytes(packed) : base::parseSeconds(packed);
    return amount.has_value() ? std::optional(amount.value()) : std::nullopt;
}

const Unit *findUnit(const MappedField &field, std::string_view name)
{
    const auto [own, other] = quantitiesOf(field);
    for (const Quantity quantity : {own, other}) {
        for (const Unit &unit : kUnits) {
            if (unit.quantity == quantity && quantity != Quantity::None && unit.name == name)
                return &unit;
        }
    }
    return nullptr;
}

} // namespace

std::vector<std::string_view> unitsOf(const MappedField &field)
{
    std::vector<std::string_view> out;
    const auto [own, other] = quantitiesOf(field);
    for (const Quantity quantity : {own, other}) {
        for (const Unit &unit : kUnits) {
            const bool known = std::find(out.begin(), out.end(), unit.name) != out.end();
            if (unit.quantity == quantity && quantity != Quantity::None && !known)
                out.push_back(unit.name);
        }
    }
    // A field of its own count comes without a conversion in its own unit.
    if (field.field == Field::ManualMinutes) {
        out.erase(std::remove(out.begin(), out.end(), "min"), out.end());
        out.insert(out.begin(), "min");
    }
    return out;
}

bool isByteUnit(std::string_view unit)
{
    return std::any_of(kUnits.begin(), kUnits.end(), [&](const Unit &each) {
        return each.quantity == Quantity::Bytes && each.name == unit && unit != "auto";
    });
}

std::optional<double> readNumber(std::string_view text, const NumberStyle &style)
{
    std::string_view sign;
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        sign = text.front() == '-' ? text.substr(0, 1) : std::string_view();
        text.remove_prefix(1);
    }
    if (text.empty() || !(isDigit(text.front()) || text.starts_with(style.decimal)))
        return std::nullopt;
    std::string plain(sign);
    const std::size_t point = style.decimal.empty() ? text.npos : text.find(style.decimal);
    const std::string_view whole = text.substr(0, point);
    if (style.thousands.empty()) {
        plain += whole;
    } else {
        const auto joined = withoutGroups(whole, style.thousands);
        if (!joined)
            return std::nullopt;
        plain += *joined;
    }
    if (point != text.npos)
        plain.append(".").append(text.substr(point + style.decimal.size()));
    if (style.decimal != "." && whole.find('.') != whole.npos && style.thousands != ".")
        return std::nullopt;
    double value = 0.0;
    const auto [end, code] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
    if (code != std::errc() || end != plain.data() + plain.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<double> readAmount(std::string_view text, const MappedField &field, const NumberStyle &style,
                                 bool literal)
{
    if (field.field == Field::CostUsd)
        text = withoutCurrency(text);
    const NumberStyle used = literal ? NumberStyle() : style;
    const double own = field.field == Field::ManualMinutes ? 60.0 : 1.0;
    if (field.unit.empty() || (field.field == Field::ManualMinutes && field.unit == "min"))
        return readNumber(text, used);
    const Unit *unit = findUnit(field, field.unit);
    if (unit == nullptr)
        return std::nullopt;
    if (unit->name == "hms") {
        const auto seconds = readClock(text, used);
        return seconds ? std::optional(*seconds / own) : std::nullopt;
    }
    if (unit->name == "auto") {
        const auto [first, second] = quantitiesOf(field);
        auto amount = readOwnUnit(text, first);
        if (!amount && second != Quantity::None)
            amount = readOwnUnit(text, second);
        // A setting is handed on as it is written, to a program that reads one number and one unit.
        if (!amount && field.field != Field::Config && (first == Quantity::Time || second == Quantity::Time))
            amount = readDuration(text, used);
        return amount ? std::optional(*amount / own) : std::nullopt;
    }
    const auto number = readNumber(text, used);
    return number ? std::optional(*number * unit->factor / own) : std::nullopt;
}

} // namespace mulligan::ingest
