#pragma once

#include <QString>

class QAbstractButton;

namespace mulligan::desktop
{

/// Gives a button one of the window's icons (icons.hpp) and draws it anew when the theme changes.
void setThemedIcon(QAbstractButton *button, const QString &iconName);

} // namespace mulligan::desktop
