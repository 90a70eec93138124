#pragma once

#include "base/progress.hpp"

#include <deque>
#include <optional>
#include <string>

namespace mulligan::base
{

/// How long work still takes, from how fast it went lately. Pure: the caller brings the clock. One thread.
class RemainingTime
{
public:
    /// A sample at `now` (seconds on any clock that does not go back). Seconds left at the mean speed of the last
    /// kWindow seconds, or nothing while less than kLeast seconds of this stage were seen or nothing moves.
    [[nodiscard]] std::optional<double> left(const Progress::Sample &sample, double now);

    static constexpr double kWindow = 20.0;
    static constexpr double kLeast = 2.0;

private:
    struct Point {
        double time = 0.0;
        std::uint64_t done = 0;
    };
    std::uint64_t m_total = 0;
    std::deque<Point> m_points;
};

/// For people: "less than 10 s", "40 s", "3 min", "2 h 10 min": no more exact than an estimate is.
[[nodiscard]] std::string formatRemaining(double seconds);

} // namespace mulligan::base
