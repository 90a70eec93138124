#include "base/rng.hpp"

#include <bit>
#include <cmath>
#include <numbers>

namespace mulligan::base
{

namespace
{

std::uint64_t splitmix(std::uint64_t &state)
{
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

} // namespace

std::uint64_t stableHash(std::string_view bytes, std::uint64_t seed)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL ^ seed;
    for (const char c : bytes) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    return splitmix(hash);
}

Rng::Rng(std::uint64_t seed, std::string_view stream)
{
    std::uint64_t state = seed ^ stableHash(stream);
    for (auto &word : m_state)
        word = splitmix(state);
}

std::uint64_t Rng::next()
{
    const std::uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
    const std::uint64_t shifted = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= shifted;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
}

double Rng::uniform()
{
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

double Rng::uniform(double low, double high)
{
    return low + (high - low) * uniform();
}

std::uint64_t Rng::below(std::uint64_t bound)
{
    if (bound == 0)
        return 0;
    const std::uint64_t threshold = (0 - bound) % bound;
    for (;;) {
        const std::uint64_t value = next();
        if (value >= threshold)
            return value % bound;
    }
}

std::int64_t Rng::between(std::int64_t low, std::int64_t high)
{
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
}

bool Rng::chance(double probability)
{
    return uniform() < probability;
}

double Rng::normal(double mean, double deviation)
{
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return mean + deviation * radius * std::cos(2.0 * std::numbers::pi * uniform());
}

double Rng::logNormal(double mu, double sigma)
{
    return std::exp(normal(mu, sigma));
}

double Rng::exponential(double mean)
{
    return -mean * std::log(1.0 - uniform());
}

double Rng::pareto(double minimum, double alpha)
{
    return minimum * std::pow(1.0 - uniform(), -1.0 / alpha);
}

std::uint64_t Rng::poisson(double mean)
{
    if (mean <= 0.0)
        return 0;
    if (mean > 60.0)
        return static_cast<std::uint64_t>(std::max(0.0, std::round(normal(mean, std::sqrt(mean)))));
    const double limit = std::exp(-mean);
    std::uint64_t count = 0;
    for (double product = uniform(); product > limit; product *= uniform())
        ++count;
    return count;
}

} // namespace mulligan::base
