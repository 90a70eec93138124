#include "base/money.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <numeric>

namespace mulligan::base
{

namespace
{

// From 2^53 cents on a double does not tell one from the next.
constexpr double kMostCents = 9'007'199'254'740'992.0;

} // namespace

double roundToCents(double amount)
{
    return std::abs(amount) * 100.0 < kMostCents ? std::round(amount * 100.0) / 100.0 : amount;
}

double sumInCents(std::span<const double> amounts)
{
    double cents = 0.0;
    for (const double amount : amounts)
        cents += std::round(amount * 100.0);
    return cents / 100.0;
}

std::vector<double> roundPartsToCents(std::span<const double> parts)
{
    std::vector<double> out(parts.size());
    const auto told = [](double amount) { return std::abs(amount) * 100.0 < kMostCents; };
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    if (!told(sum) || !std::all_of(parts.begin(), parts.end(), told)) {
        std::transform(parts.begin(), parts.end(), out.begin(), roundToCents);
        return out;
    }
    const auto target = static_cast<std::int64_t>(std::llround(sum * 100.0));
    std::vector<std::int64_t> cents(parts.size());
    std::vector<size_t> order(parts.size());
    std::int64_t given = 0;
    for (size_t i = 0; i < parts.size(); ++i) {
        cents[i] = static_cast<std::int64_t>(std::floor(parts[i] * 100.0));
        given += cents[i];
        order[i] = i;
    }
    const auto remainder = [&](size_t i) { return parts[i] * 100.0 - std::floor(parts[i] * 100.0); };
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return remainder(a) > remainder(b); });
    for (size_t i = 0; given < target && !order.empty(); i = (i + 1) % order.size(), ++given)
        ++cents[order[i]];
    std::transform(cents.begin(), cents.end(), out.begin(),
                   [](std::int64_t c) { return static_cast<double>(c) / 100.0; });
    return out;
}

std::string formatMoney(double amount)
{
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.2f", std::abs(roundToCents(amount)));
    std::string digits = buffer;
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 6; at > 0; at -= 3)
        digits.insert(static_cast<size_t>(at), ",");
    return (roundToCents(amount) < 0.0 ? "-" : "") + digits;
}

} // namespace mulligan::base
