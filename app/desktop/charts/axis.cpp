#include "desktop/charts/axis.hpp"

#include "desktop/widgets/format.hpp"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

QVector<double> AxisTicks::values() const
{
    QVector<double> out;
    const int count = static_cast<int>(std::lround((high - low) / step));
    for (int i = 0; i <= count; ++i)
        out.push_back(low + i * step);
    return out;
}

int AxisTicks::decimals() const
{
    for (int decimals = 0; decimals < 8; ++decimals) {
        const double scaled = step * std::pow(10.0, decimals);
        if (std::abs(scaled - std::round(scaled)) < 1e-6)
            return decimals;
    }
    return 8;
}

AxisTicks niceTicks(double low, double high, int count)
{
    if (!std::isfinite(low) || !std::isfinite(high) || high < low)
        return {0.0, 1.0, 0.25};
    if (high - low < 1e-12) {
        const double room = std::max(std::abs(high), 1.0) * 0.5;
        low -= low == 0.0 ? 0.0 : room;
        high += room;
    }
    const double rough = (high - low) / std::max(count, 1);
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10.0 * power;
    for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
        if (factor * power >= rough * (1.0 - 1e-9)) {
            step = factor * power;
            break;
        }
    }
    return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, step};
}

QVector<QPointF> decimated(std::span<const QPointF> points, int pixels)
{
    if (points.size() <= 2 * static_cast<size_t>(std::max(pixels, 1)) || points.size() < 3)
        return QVector<QPointF>(points.begin(), points.end());
    const double left = points.front().x();
    const double width = points.back().x() - left;
    const auto stretchOf = [&](const QPointF &p) {
        return width > 0.0 ? std::min(pixels - 1, static_cast<int>((p.x() - left) / width * pixels)) : 0;
    };
    QVector<QPointF> out{points.front()};
    for (size_t i = 1; i + 1 < points.size();) {
        const int stretch = stretchOf(points[i]);
        size_t lowest = i;
        size_t highest = i;
        for (; i + 1 < points.size() && stretchOf(points[i]) == stretch; ++i) {
            if (points[i].y() < points[lowest].y())
                lowest = i;
            if (points[i].y() > points[highest].y())
                highest = i;
        }
        out.push_back(points[std::min(lowest, highest)]);
        if (lowest != highest)
            out.push_back(points[std::max(lowest, highest)]);
    }
    out.push_back(points.back());
    return out;
}

QString axisMoneyText(double amount, double step, const QString &currency)
{
    if (step < 1.0)
        return moneyText(amount, currency);
    // The sign and the symbol as moneyText places them, around a short number.
    const QString pattern = moneyText(amount < 0.0 ? -1000.0 : 1000.0, currency);
    const double magnitude = std::abs(amount);
    const double unit = magnitude >= 1e6 ? 1e6 : magnitude >= 1e4 || (magnitude >= 1e3 && step >= 500.0) ? 1e3 : 1.0;
    const QString suffix = unit == 1e6 ? QStringLiteral("M") : unit == 1e3 ? QStringLiteral("k") : QString();
    const QString number = QLocale().toString(magnitude / unit, 'g', 4) + suffix;
    return QString(pattern).replace(QLocale().toString(1000.0, 'f', 0), number);
}

} // namespace mulligan::desktop
