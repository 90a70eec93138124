#pragma once

#include "model/savings.hpp"

#include <QString>

namespace mulligan::desktop
{

/// Numbers as people read them, in the user's locale. All give "–" for NaN.
[[nodiscard]] QString moneyText(double usd, const QString &currency = QStringLiteral("USD")); ///< "$1,234" from 1,000, "$12.34" below
[[nodiscard]] QString countText(double count);
[[nodiscard]] QString shareText(double share);      ///< "12.3 %"
[[nodiscard]] QString durationText(double seconds); ///< "45 s", "12 min", "3.2 h"
[[nodiscard]] QString bytesText(double bytes);
/// A figure's value in its unit ("usd", "share", "count", "hours", "seconds").
[[nodiscard]] QString figureText(const model::Figure &figure);
/// "95 %: 1,000 to 1,400", or an empty text when there is no interval.
[[nodiscard]] QString intervalText(const model::Figure &figure);

} // namespace mulligan::desktop
