#include "desktop/widgets/format.hpp"

#include <QDateTime>
#include <QLocale>

#include <array>
#include <cmath>

namespace mulligan::desktop
{

namespace
{

constexpr QChar kNoBreak(0x00A0);
constexpr QChar kMinus(0x2212);

QString dash()
{
    return QString(QChar(0x2013));
}

QString number(double value, int decimals)
{
    const double magnitude = std::abs(value);
    QString text = QLocale().toString(magnitude, 'f', decimals);
    // "−0" would look like a loss where there is none.
    const bool zero = std::round(magnitude * std::pow(10.0, decimals)) == 0.0;
    return value < 0.0 && !zero ? kMinus + text : text;
}

QString symbolOf(const QString &currency)
{
    if (currency == QLatin1String("USD"))
        return QStringLiteral("$");
    if (currency == QLatin1String("EUR"))
        return QStringLiteral("€");
    if (currency == QLatin1String("GBP"))
        return QStringLiteral("£");
    if (currency == QLatin1String("JPY"))
        return QStringLiteral("¥");
    return currency + kNoBreak;
}

QString withUnit(const QString &value, const char *unit)
{
    return value + kNoBreak + QLatin1String(unit);
}

} // namespace

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString moneyText(double usd, const QString &currency)
{
    if (std::isnan(usd))
        return dash();
    const bool yen = currency == QLatin1String("JPY");
    const double size = std::abs(usd);
    // Two digits of what is less than a cent, as the retries of small jobs are; below a millionth it is nothing.
    const int decimals = size >= 999.995 || yen               ? 0
                         : size >= 0.00995 || size < 0.000001 ? 2
                                                              : 1 - static_cast<int>(std::floor(std::log10(size)));
    const QString amount = number(usd, decimals);
    const QString symbol = symbolOf(currency);
    return amount.startsWith(kMinus) ? kMinus + symbol + amount.mid(1) : symbol + amount;
}

QString countText(double count)
{
    if (std::isnan(count))
        return dash();
    const bool whole = std::abs(count - std::round(count)) < 1e-9;
    return number(count, whole || std::abs(count) >= 100.0 ? 0 : 1);
}

QString shareText(double share)
{
    return std::isnan(share) ? dash() : number(share * 100.0, 1) + kNoBreak + QLatin1Char('%');
}

QString durationText(double seconds)
{
    if (std::isnan(seconds))
        return dash();
    const double magnitude = std::abs(seconds);
    if (magnitude < 59.5)
        return withUnit(number(seconds, magnitude < 9.95 && magnitude != std::round(magnitude) ? 1 : 0), "s");
    if (magnitude < 3570.0)
        return withUnit(number(seconds / 60.0, 0), "min");
    if (magnitude < 48.0 * 3600.0)
        return withUnit(number(seconds / 3600.0, 1), "h");
    return withUnit(number(seconds / 86400.0, 1), "d");
}

QString bytesText(double bytes)
{
    if (std::isnan(bytes))
        return dash();
    static constexpr std::array<const char *, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    while (std::abs(bytes) >= 1024.0 && unit + 1 < kUnits.size()) {
        bytes /= 1024.0;
        ++unit;
    }
    return withUnit(number(bytes, unit == 0 || std::abs(bytes) >= 100.0 ? 0 : 1), kUnits[unit]);
}

QString figureText(const model::Figure &figure)
{
    if (figure.unit == "usd")
        return moneyText(figure.value);
    if (figure.unit == "share")
        return shareText(figure.value);
    if (figure.unit == "seconds")
        return durationText(figure.value);
    if (figure.unit == "hours")
        return std::isnan(figure.value) ? dash()
                                        : withUnit(number(figure.value, std::abs(figure.value) < 100.0 ? 1 : 0), "h");
    return countText(figure.value);
}

QString intervalText(const model::Figure &figure)
{
    if (!figure.low.has_value() || !figure.high.has_value())
        return {};
    model::Figure end = figure;
    end.value = *figure.low;
    const QString low = figureText(end);
    end.value = *figure.high;
    return QObject::tr("95 %: %1 to %2").arg(low, figureText(end));
}

QString withoutModelText(const model::SavingsReport &report)
{
    return report.modelFallback ? QObject::tr("no model: rules and base rates alone") : QString();
}

QString instantText(base::Instant instant)
{
    return QDateTime::fromMSecsSinceEpoch(instant.ms, Qt::UTC).toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

QString dateText(base::Instant instant)
{
    return QDateTime::fromMSecsSinceEpoch(instant.ms, Qt::UTC).toString(QStringLiteral("yyyy-MM-dd"));
}

} // namespace mulligan::desktop
