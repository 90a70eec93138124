#pragma once

#include "base/rng.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace mulligan::synth
{

/// Rounds to 24 significant bits. What comes out of exp, log and pow differs in the last of 53 bits between machines;
/// rounded at once, it is the same everywhere.
[[nodiscard]] double narrow(double value);
/// Rounds half away from zero to so many decimals (0 to 6), so that the shortest text of the number has no more.
[[nodiscard]] double decimals(double value, int places);
/// exp(x) and x^y, narrowed.
[[nodiscard]] double narrowExp(double x);
[[nodiscard]] double narrowPow(double x, double y);

/// One named stream of random numbers, the same on every machine.
class Draw
{
public:
    Draw(std::uint64_t seed, std::string_view stream) : m_rng(seed, stream) {}

    [[nodiscard]] double uniform() { return m_rng.uniform(); }
    [[nodiscard]] double uniform(double low, double high) { return m_rng.uniform(low, high); }
    [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) { return m_rng.between(low, high); }
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return m_rng.below(bound); }
    [[nodiscard]] bool chance(double probability) { return m_rng.chance(probability); }
    [[nodiscard]] double normal() { return narrow(m_rng.normal()); }
    /// Log-normal with this median; `sigma` is the deviation of its logarithm.
    [[nodiscard]] double logNormal(double median, double sigma) { return median * narrowExp(sigma * normal()); }
    [[nodiscard]] double exponential(double mean) { return narrow(m_rng.exponential(mean)); }
    /// Index drawn in proportion to the weights, which are ≥ 0 and not all 0.
    [[nodiscard]] std::size_t weighted(std::span<const double> weights);

private:
    base::Rng m_rng;
};

} // namespace mulligan::synth
