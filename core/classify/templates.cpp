#include "classify/templates.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

namespace mulligan::classify
{

namespace
{

constexpr std::array<std::string_view, 4> kUnits = {"bytes", "seconds", "count", "word"};

bool isNameByte(char byte)
{
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

/// A number at the beginning of `text`, thousands separated by commas allowed, and what follows it in lower case.
struct Quantity {
    double number = 0.0;
    std::string unit;
};

std::optional<Quantity> readQuantity(std::string_view text)
{
    std::string digits;
    size_t at = text.find_first_not_of(" \t");
    for (; at < text.size(); ++at) {
        const char byte = text[at];
        const bool digit = std::isdigit(static_cast<unsigned char>(byte)) != 0;
        const bool grouped =
            byte == ',' && at + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[at + 1])) != 0;
        if (digit || byte == '.' || (byte == '-' && digits.empty()))
            digits += byte;
        else if (!grouped)
            break;
    }
    Quantity quantity;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), quantity.number);
    if (digits.empty() || parsed.ec != std::errc() || !std::isfinite(quantity.number))
        return std::nullopt;
    for (; at < text.size(); ++at)
        if (std::isalpha(static_cast<unsigned char>(text[at])) != 0)
            quantity.unit += static_cast<char>(std::tolower(static_cast<unsigned char>(text[at])));
    return quantity;
}

std::optional<double> bytesIn(const Quantity &quantity)
{
    const std::string &unit = quantity.unit;
    if (unit.empty() || unit == "b" || unit == "byte" || unit == "bytes")
        return quantity.number;
    static constexpr std::string_view kMultiples = "kmgtp";
    const size_t power = kMultiples.find(unit.front());
    const std::string rest = unit.substr(1);
    if (power == std::string_view::npos || (!rest.empty() && rest != "b" && rest != "ib" && rest != "i"))
        return std::nullopt;
    return quantity.number * std::pow(1024.0, static_cast<double>(power + 1));
}

std::optional<double> secondsIn(const Quantity &quantity)
{
    const std::string &unit = quantity.unit;
    const auto begins = [&](std::string_view word) { return unit.compare(0, word.size(), word) == 0; };
    if (unit == "ms" || begins("milli"))
        return quantity.number / 1000.0;
    if (unit.empty() || unit == "s" || begins("sec"))
        return quantity.number;
    if (unit == "m" || begins("min"))
        return quantity.number * 60.0;
    if (unit == "h" || begins("hour") || unit == "hrs")
        return quantity.number * 3600.0;
    if (unit == "d" || begins("day"))
        return quantity.number * 86400.0;
    return std::nullopt;
}

} // namespace

bool isUnit(std::string_view unit)
{
    return std::find(kUnits.begin(), kUnits.end(), unit) != kUnits.end();
}

model::Capture makeCapture(std::string_view text, std::string_view unit)
{
    model::Capture capture;
    capture.text = text;
    if (unit == "word")
        return capture;
    capture.unit = unit;
    const auto quantity = readQuantity(text);
    if (!quantity)
        return capture;
    if (unit == "bytes")
        capture.value = bytesIn(*quantity);
    else if (unit == "seconds")
        capture.value = secondsIn(*quantity);
    else if (quantity->unit.empty())
        capture.value = quantity->number;
    return capture;
}

namespace
{

std::size_t charactersBefore(std::string_view text, std::size_t end)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string_view trimmed(std::string_view text)
{
    const size_t begin = text.find_first_not_of(' ');
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// What is wrong with a brace's inside; `what` empty: nothing.
TemplateFault faultWithin(std::string_view inside)
{
    const std::string whole = "'{" + std::string(inside) + "}'";
    const std::string_view name = trimmed(inside.substr(0, inside.find('|')));
    const size_t bar = inside.find('|');
    if (name.empty())
        return {0, whole + " names no capture", "Write {name} or {name|text where it took no part}."};
    if (!std::all_of(name.begin(), name.end(), isNameByte))
        return {};
    if (inside.find(name) != 0 || (bar == std::string_view::npos ? inside.size() : bar) != name.size())
        return {0, whole + " has spaces around its name", "Write {" + std::string(name) + "} without them."};
    if (bar != std::string_view::npos && inside.find('|', bar + 1) != std::string_view::npos)
        return {0, whole + " has more than one '|'",
                "Write {" + std::string(name)
                    + "|text where it took no part}; its unit is given under 'captures', not here."};
    return {};
}

} // namespace

std::vector<TemplateFault> templateFaults(std::string_view text)
{
    std::vector<TemplateFault> faults;
    for (size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
        const size_t end = std::min(text.find_first_of("{}", at + 1), text.size());
        TemplateFault fault;
        if (end < text.size() && text[end] == '}') {
            fault = faultWithin(text.substr(at + 1, end - at - 1));
        } else {
            size_t nameEnd = at + 1;
            while (nameEnd < text.size() && isNameByte(text[nameEnd]))
                ++nameEnd;
            const std::string name(text.substr(at + 1, nameEnd - at - 1));
            if (!name.empty())
                fault = {0, "'{" + name + "' is not closed",
                         "Write {" + name + "} or {" + name + "|text where it took no part}."};
        }
        if (fault.what.empty())
            continue;
        fault.at = charactersBefore(text, at) + 1;
        faults.push_back(std::move(fault));
    }
    return faults;
}

Template::Template(std::string_view text)
{
    Piece piece;
    for (size_t at = 0; at < text.size();) {
        size_t nameEnd = at + 1;
        while (text[at] == '{' && nameEnd < text.size() && isNameByte(text[nameEnd]))
            ++nameEnd;
        const size_t close = text[at] == '{' && nameEnd > at + 1 ? text.find('}', nameEnd) : std::string_view::npos;
        if (close == std::string_view::npos || (text[nameEnd] != '|' && nameEnd != close)) {
            piece.literal += text[at++];
            continue;
        }
        piece.name = text.substr(at + 1, nameEnd - at - 1);
        piece.hasFallback = nameEnd != close;
        if (piece.hasFallback)
            piece.fallback = text.substr(nameEnd + 1, close - nameEnd - 1);
        m_pieces.push_back(std::move(piece));
        piece = {};
        at = close + 1;
    }
    if (!piece.literal.empty())
        m_pieces.push_back(std::move(piece));
}

std::string Template::render(const std::map<std::string, model::Capture> &captures) const
{
    std::string out;
    for (const Piece &piece : m_pieces) {
        out += piece.literal;
        if (piece.name.empty())
            continue;
        const auto found = captures.find(piece.name);
        if (found != captures.end() && !found->second.text.empty())
            out += found->second.text;
        else
            out += piece.hasFallback ? std::string_view(piece.fallback) : std::string_view("unknown");
    }
    return out;
}

std::vector<std::string> Template::names() const
{
    std::vector<std::string> names;
    for (const Piece &piece : m_pieces)
        if (!piece.name.empty())
            names.push_back(piece.name);
    return names;
}

} // namespace mulligan::classify
