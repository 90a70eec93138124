#pragma once

#include "base/instant.hpp"
#include "model/savings.hpp"

#include <QString>

#include <string_view>

namespace mulligan::desktop
{

/// Numbers as people read them, in the user's locale. All give "–" for NaN.
[[nodiscard]] QString moneyText(double usd,
                                const QString &currency = QStringLiteral("USD")); ///< "$1,234", "$12.34", "$0.00034"
[[nodiscard]] QString countText(double count);
[[nodiscard]] QString shareText(double share);      ///< "12.3 %"
[[nodiscard]] QString durationText(double seconds); ///< "45 s", "12 min", "3.2 h"
[[nodiscard]] QString bytesText(double bytes);
/// A figure's value in its unit ("usd", "share", "count", "hours", "seconds").
[[nodiscard]] QString figureText(const model::Figure &figure);
/// "95 %: 1,000 to 1,400", or an empty text when there is no interval.
[[nodiscard]] QString intervalText(const model::Figure &figure);

/// "no model: rules and base rates alone" where savings rest on no trained model (SavingsReport::modelCaveat says it at
/// length), else empty.
[[nodiscard]] QString withoutModelText(const model::SavingsReport &report);

/// "2026-01-02 03:04", UTC; column headers say so.
[[nodiscard]] QString instantText(base::Instant instant);
/// "2026-01-02", UTC.
[[nodiscard]] QString dateText(base::Instant instant);
/// Text of core (UTF-8) for the window.
[[nodiscard]] QString text(std::string_view utf8);

} // namespace mulligan::desktop
