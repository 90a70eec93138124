#include "desktop/widgets/icons.hpp"

#include "desktop/shell/theme.hpp"

#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

namespace
{

const QHash<QString, QByteArray> &outlines()
{
    static const QHash<QString, QByteArray> kOutlines{
        {QStringLiteral("start"), "<path d='M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z'/>"},
        {QStringLiteral("data"),
         "<ellipse cx='12' cy='6' rx='7.5' ry='2.8'/><path d='M4.500 6v6c0 1.500 3.400 2.800 7.500 "
         "2.800s7.500-1.300 7.500-2.800V6M4.500 12v6c0 1.500 3.400 2.800 7.500 2.800s7.500-1.300 "
         "7.500-2.800v-6'/>"},
        {QStringLiteral("failures"), "<path d='M12 4 2.800 19.500h18.400zM12 10v4.500M12 17v.2'/>"},
        {QStringLiteral("rules"), "<path d='M10 6h10M10 12h10M10 18h10M3.500 6l1.300 1.300L7.200 4.800M3.500 12l1.300 "
                                  "1.300 2.400-2.500M3.500 18l1.300 1.300 2.400-2.500'/>"},
        {QStringLiteral("model"), "<circle cx='6' cy='6' r='2.200'/><circle cx='6' cy='18' r='2.200'/><circle cx='18' "
                                  "cy='12' r='2.200'/><path d='M8 7 16 11M8 17l8-4'/>"},
        {QStringLiteral("lab"), "<path d='M4 7h9M17 7h3M4 12h3M11 12h9M4 17h11M19 17h1'/><circle cx='15' cy='7' r='2'/>"
                                "<circle cx='9' cy='12' r='2'/><circle cx='17' cy='17' r='2'/>"},
        {QStringLiteral("report"), "<path d='M6 3.500h8.500L19 8v12.500H6zM14 3.500V8.500h5M9.500 17.500v-3M12.500 "
                                   "17.500v-6M15.500 17.500v-4.500'/>"},
        {QStringLiteral("deploy"), "<path d='M12 3.500 20 8v8.500L12 21l-8-4.500V8zM4 8l8 4.500L20 8M12 12.500V21'/>"},
        {QStringLiteral("import"), "<path d='M12 4v10.500M7.500 10.500 12 15l4.500-4.500M4.500 16v3.500h15V16'/>"},
        {QStringLiteral("export"), "<path d='M12 15V4.500M7.500 8.500 12 4l4.500 4.500M4.500 16v3.500h15V16'/>"},
        {QStringLiteral("folder"), "<path d='M3.500 6h6l2 2.500h9V19h-17z'/>"},
        {QStringLiteral("open"), "<path d='M3.500 18V6h6l2 2.500h7V11M3.500 18 6 11h15.500L19 18z'/>"},
        {QStringLiteral("new"), "<path d='M6 3.500h8.500L19 8v12.500H6zM12.500 10.500v6M9.500 13.500h6'/>"},
        {QStringLiteral("search"), "<circle cx='10.500' cy='10.500' r='6'/><path d='m15 15 5.500 5.500'/>"},
        {QStringLiteral("columns"), "<path d='M4 5h16v14H4zM9.300 5v14M14.700 5v14'/>"},
        {QStringLiteral("copy"), "<path d='M8.500 8.500h11v11h-11zM15.500 8.500v-4h-11v11h4'/>"},
        {QStringLiteral("close"), "<path d='m6 6 12 12M18 6 6 18'/>"},
        {QStringLiteral("check"), "<path d='m4.500 12.500 5 5 10-11'/>"},
        {QStringLiteral("warning"), "<path d='M12 4 2.800 19.500h18.400zM12 10v4.500M12 17v.2'/>"},
        {QStringLiteral("error"), "<circle cx='12' cy='12' r='8.500'/><path d='M12 7.500v5.500M12 16v.2'/>"},
        {QStringLiteral("info"), "<circle cx='12' cy='12' r='8.500'/><path d='M12 11v5.500M12 7.800v.2'/>"},
        {QStringLiteral("retry"), "<path d='M19 12a7 7 0 1 1-2.100-5M19.500 3.500V8H15'/>"},
        {QStringLiteral("stop"), "<path d='M8.500 3.500h7l5 5v7l-5 5h-7l-5-5v-7zM8.500 12h7'/>"},
        {QStringLiteral("person"), "<circle cx='12' cy='8' r='4'/><path d='M4.500 20.500c.8-4 3.800-6 7.500-6s6.700 2 "
                                   "7.500 6'/>"},
        {QStringLiteral("success"), "<circle cx='12' cy='12' r='8.500'/><path d='m8 12.500 2.800 2.800L16 9.500'/>"},
        {QStringLiteral("next"),
         "<circle cx='12' cy='12' r='8.500'/><path d='M8 12h7.500M12.500 8.800l3.200 3.200-3.200 "
         "3.200'/>"},
        {QStringLiteral("later"), "<circle cx='12' cy='12' r='8.500'/>"},
        {QStringLiteral("undo"), "<path d='M8.500 5 4 9.500 8.500 14M4.500 9.500H14a5 5 0 0 1 0 10h-4'/>"},
        {QStringLiteral("redo"), "<path d='M15.500 5 20 9.500 15.500 14M19.500 9.500H10a5 5 0 0 0 0 10h4'/>"},
    };
    return kOutlines;
}

} // namespace

QPixmap iconPixmap(const QString &name, const QColor &colour, int size, qreal devicePixelRatio)
{
    // A change of colours asks for every icon of every page; each is drawn once.
    const QString key =
        QStringLiteral("mulligan-icon %1 %2 %3 %4").arg(name, colour.name()).arg(size).arg(devicePixelRatio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(QSize(size, size) * devicePixelRatio);
    pixmap.fill(Qt::transparent);
    const auto outline = outlines().constFind(name);
    if (outline == outlines().constEnd())
        return {};
    const QByteArray svg =
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='" + colour.name().toLatin1()
        + "' stroke-width='1.7' stroke-linecap='round' stroke-linejoin='round'>" + *outline + "</svg>";
    QSvgRenderer renderer(svg);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(QPointF(0, 0), QSizeF(pixmap.size())));
    painter.end();
    pixmap.setDevicePixelRatio(devicePixelRatio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

namespace
{

QColor colourOf(QIcon::Mode mode)
{
    const Theme &theme = Theme::current();
    switch (mode) {
    case QIcon::Active: return theme.text;
    case QIcon::Selected: return theme.accent;
    case QIcon::Disabled: return theme.border;
    default: return theme.mutedText;
    }
}

/// Draws in the colours of the theme in force when it is asked, so that no icon is left behind in those of another.
class ThemeIconEngine : public QIconEngine
{
public:
    explicit ThemeIconEngine(const QString &name) : m_name(name) {}

    void paint(QPainter *painter, const QRect &area, QIcon::Mode mode, QIcon::State) override
    {
        const int size = std::min(area.width(), area.height());
        const qreal ratio = painter->device() != nullptr ? painter->device()->devicePixelRatio() : 1.0;
        const QPoint corner = area.center() - QPoint(size / 2, size / 2);
        painter->drawPixmap(QRect(corner, QSize(size, size)), iconPixmap(m_name, colourOf(mode), size, ratio));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return iconPixmap(m_name, colourOf(mode), std::min(size.width(), size.height()), 1.0);
    }
    /// `size` is in device pixels.
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        const int device = std::min(size.width(), size.height());
        QPixmap pixmap = iconPixmap(m_name, colourOf(mode),
                                    static_cast<int>(std::lround(static_cast<double>(device) / scale)), scale);
        return pixmap;
    }
    [[nodiscard]] QIconEngine *clone() const override { return new ThemeIconEngine(m_name); }
    bool isNull() override { return !outlines().contains(m_name); }

private:
    QString m_name;
};

} // namespace

QIcon icon(const QString &name)
{
    return outlines().contains(name) ? QIcon(new ThemeIconEngine(name)) : QIcon();
}

} // namespace mulligan::desktop
