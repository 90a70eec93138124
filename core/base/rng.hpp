#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mulligan::base
{

/// Seeded random numbers that are the same on every machine and library (the standard distributions are not).
/// Generator: xoshiro256** (Blackman and Vigna, 2018), seeded by splitmix64 from `seed` and the hash of `stream`, so
/// that each use takes a named stream of its own and adding one does not move the others. Not for cryptography.
class Rng
{
public:
    explicit Rng(std::uint64_t seed, std::string_view stream = {});

    [[nodiscard]] std::uint64_t next();
    /// Uniform in [0, 1), 53 bits.
    [[nodiscard]] double uniform();
    [[nodiscard]] double uniform(double low, double high);
    /// Whole number in [0, bound), without modulo bias; 0 when bound is 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
    /// Whole number in [low, high].
    [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high);
    [[nodiscard]] bool chance(double probability);
    /// Normal by Box-Muller.
    [[nodiscard]] double normal(double mean = 0.0, double deviation = 1.0);
    /// exp(normal(mu, sigma)).
    [[nodiscard]] double logNormal(double mu, double sigma);
    /// Exponential with the given mean.
    [[nodiscard]] double exponential(double mean);
    /// Pareto: minimum · U^(−1/alpha).
    [[nodiscard]] double pareto(double minimum, double alpha);
    /// Poisson: Knuth's product for small means, normal approximation above 60.
    [[nodiscard]] std::uint64_t poisson(double mean);

private:
    std::array<std::uint64_t, 4> m_state{};
};

/// 64-bit FNV-1a of the bytes, finished by splitmix64's mixer: for seeds, bucketed features and drawing by hash.
/// The same everywhere; part of the exported contract, so never change it.
[[nodiscard]] std::uint64_t stableHash(std::string_view bytes, std::uint64_t seed = 0);

} // namespace mulligan::base
