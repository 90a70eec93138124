#include "base/remaining_time.hpp"

#include <cmath>

namespace mulligan::base
{

std::optional<double> RemainingTime::left(const Progress::Sample &sample, double now)
{
    if (sample.total != m_total || (!m_points.empty() && sample.done < m_points.back().done)) {
        m_points.clear();
        m_total = sample.total;
    }
    if (sample.total == 0)
        return std::nullopt;
    m_points.push_back({now, sample.done});
    while (m_points.size() > 2 && m_points[1].time <= now - kWindow)
        m_points.pop_front();
    const double seconds = now - m_points.front().time;
    const double moved = static_cast<double>(sample.done - m_points.front().done);
    if (seconds < kLeast || moved <= 0.0)
        return std::nullopt;
    const double rest = sample.done >= sample.total ? 0.0 : static_cast<double>(sample.total - sample.done);
    return rest * seconds / moved;
}

std::string formatRemaining(double seconds)
{
    if (seconds < 10.0)
        return "less than 10 s";
    if (seconds < 55.0)
        return std::to_string(10 * std::lround(seconds / 10.0)) + " s";
    const long minutes = std::max(1L, std::lround(seconds / 60.0));
    if (minutes < 60)
        return std::to_string(minutes) + " min";
    const long rest = 10 * ((minutes % 60 + 5) / 10);
    const long hours = minutes / 60 + (rest == 60 ? 1 : 0);
    return std::to_string(hours) + " h" + (rest % 60 == 0 ? "" : " " + std::to_string(rest) + " min");
}

} // namespace mulligan::base
