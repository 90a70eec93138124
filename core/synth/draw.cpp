#include "synth/draw.hpp"

#include <array>
#include <cmath>

namespace mulligan::synth
{

double narrow(double value)
{
    return static_cast<double>(static_cast<float>(value));
}

double decimals(double value, int places)
{
    static constexpr std::array kScale{1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6};
    const double scale = kScale[static_cast<std::size_t>(places)];
    return std::round(value * scale) / scale;
}

double narrowExp(double x)
{
    return narrow(std::exp(x));
}

double narrowPow(double x, double y)
{
    return narrow(std::pow(x, y));
}

std::size_t Draw::weighted(std::span<const double> weights)
{
    double total = 0.0;
    for (const double weight : weights)
        total += weight;
    double left = m_rng.uniform() * total;
    for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
        left -= weights[i];
        if (left < 0.0)
            return i;
    }
    return weights.size() - 1;
}

} // namespace mulligan::synth
