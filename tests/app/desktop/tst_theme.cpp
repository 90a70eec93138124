#include "desktop/shell/theme.hpp"

#include "desktop/widgets/icons.hpp"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QStyleOption>
#include <QtTest>

using namespace mulligan::desktop;

/// What a theme must keep when it changes while the window is open.
class ThemeTest : public QObject
{
    Q_OBJECT

    /// The colour of the icon's most opaque point.
    static QColor colourOf(const QIcon &icon, QIcon::Mode mode)
    {
        const QImage image = icon.pixmap(QSize(24, 24), mode).toImage();
        QColor strongest(0, 0, 0, 0);
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (image.pixelColor(x, y).alpha() > strongest.alpha())
                    strongest = image.pixelColor(x, y);
        return strongest;
    }

    static bool near(const QColor &a, const QColor &b)
    {
        return std::abs(a.red() - b.red()) < 12 && std::abs(a.green() - b.green()) < 12
               && std::abs(a.blue() - b.blue()) < 12;
    }

    /// Width of what an arrow paints in its upper and in its lower half.
    static std::pair<int, int> halves(QStyleOptionHeader::SortIndicator indicator)
    {
        QImage image(24, 24, QImage::Format_ARGB32);
        image.fill(Qt::white);
        QStyleOptionHeader option;
        option.rect = image.rect();
        option.palette = QApplication::palette();
        option.state = QStyle::State_Enabled;
        option.sortIndicator = indicator;
        QPainter painter(&image);
        QApplication::style()->drawPrimitive(QStyle::PE_IndicatorHeaderArrow, &option, &painter, nullptr);
        painter.end();
        int first = -1;
        int last = -1;
        std::vector<int> widths(24, 0);
        for (int y = 0; y < 24; ++y) {
            for (int x = 0; x < 24; ++x)
                widths[static_cast<size_t>(y)] += image.pixelColor(x, y).lightness() < 200 ? 1 : 0;
            if (widths[static_cast<size_t>(y)] == 0)
                continue;
            first = first < 0 ? y : first;
            last = y;
        }
        return first < 0 ? std::pair(0, 0)
                         : std::pair(widths[static_cast<size_t>(first)], widths[static_cast<size_t>(last)]);
    }

private Q_SLOTS:
    void icon_themeChanges_isDrawnInTheNewColours()
    {
        applyTheme(*qApp, ThemeMode::Light);
        const QIcon save = icon(QStringLiteral("export"));
        QVERIFY(near(colourOf(save, QIcon::Normal), Theme::light().mutedText));
        applyTheme(*qApp, ThemeMode::Dark);
        QVERIFY(near(colourOf(save, QIcon::Normal), Theme::dark().mutedText));
        // What cannot be used is as faint as it is in this theme.
        QVERIFY(near(colourOf(save, QIcon::Disabled), Theme::dark().border));
        QVERIFY(icon(QStringLiteral("nothing of the kind")).isNull());
        applyTheme(*qApp, ThemeMode::Light);
    }

    void sortArrow_descending_pointsDown()
    {
        applyTheme(*qApp, ThemeMode::Light);
        // Qt calls the indicator of a descending column SortUp.
        const auto [upper, lower] = halves(QStyleOptionHeader::SortUp);
        QVERIFY2(upper > lower && lower > 0, qPrintable(QStringLiteral("%1 over %2").arg(upper).arg(lower)));
        const auto [above, below] = halves(QStyleOptionHeader::SortDown);
        QVERIFY2(above < below && above > 0, qPrintable(QStringLiteral("%1 over %2").arg(above).arg(below)));
    }
};

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
