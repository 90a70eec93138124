#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

class QApplication;

namespace mulligan::desktop
{

enum class ThemeMode { Light, Dark };

/// The window's colours. Categories are colour-blind safe (Okabe and Ito 2008) and told apart by more than colour.
struct Theme {
    ThemeMode mode = ThemeMode::Light;
    QColor window, surface, raised, border, grid;
    QColor text, mutedText, accent, accentText;
    QColor gain, loss, neutral;                                 ///< money saved, money lost, neither
    QColor caution;                                             ///< words that a figure must not be read without
    QColor observed, estimated, modelled, assumed, unsupported; ///< provenance
    QColor history, policy;                                     ///< the two worlds
    QColor highlight;                                           ///< the matching span in a log

    [[nodiscard]] static const Theme &light();
    [[nodiscard]] static const Theme &dark();
    /// The theme in force for the application (its palette decides).
    [[nodiscard]] static const Theme &current();
};

/// Spacing steps in logical pixels, used by every page.
inline constexpr int kGapSmall = 6;
inline constexpr int kGap = 12;
inline constexpr int kGapLarge = 20;

/// Sets palette, style sheet and fonts; may be called again to switch while the window is open. Widgets that paint
/// themselves repaint on QEvent::PaletteChange.
void applyTheme(QApplication &application, ThemeMode mode);
/// Font with tabular figures for columns of numbers.
[[nodiscard]] QFont numberFont(qreal scale = 1.0);
/// Font for log text.
[[nodiscard]] QFont logFont();

} // namespace mulligan::desktop
