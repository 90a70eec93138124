#pragma once

#include <QPointF>
#include <QString>
#include <QVector>

#include <span>

namespace mulligan::desktop
{

/// Round values for an axis: `low` and `high` are multiples of `step` that enclose the data.
struct AxisTicks {
    double low = 0.0;
    double high = 1.0;
    double step = 1.0;

    [[nodiscard]] QVector<double> values() const;
    /// Decimals that tell two neighbouring ticks apart.
    [[nodiscard]] int decimals() const;
};

/// About `count` steps of 1, 2, 2.5 or 5 times a power of ten that cover [low, high]. An empty or non-finite range
/// gives [0, 1].
[[nodiscard]] AxisTicks niceTicks(double low, double high, int count);

/// At most two points for each of `pixels` equal stretches of x, the lowest and the highest of it, in their order, so
/// that a line looks the same and no peak is lost. `points` ascend in x. The first and the last are always kept.
[[nodiscard]] QVector<QPointF> decimated(std::span<const QPointF> points, int pixels);

/// Money as an axis writes it: "$0", "$500", "$2.5k", "−$10k", "$1.2M"; cents only on axes finer than a dollar.
[[nodiscard]] QString axisMoneyText(double amount, double step, const QString &currency);

} // namespace mulligan::desktop
