#include "desktop/charts/chart_export.hpp"

#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>
#include <QFile>
#include <QFileDialog>
#include <QImage>
#include <QMenu>
#include <QMessageBox>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QWidget>

namespace mulligan::desktop
{

namespace
{

constexpr int kMargin = 12;
constexpr int kTitleHeight = 28;
constexpr int kPixelsPerPoint = 2;

QString translated(const char *source)
{
    return QCoreApplication::translate("ChartExport", source);
}

QSize fullSize(const ChartPicture &picture)
{
    return picture.size + QSize(2 * kMargin, 2 * kMargin + kTitleHeight);
}

void paintPicture(QPainter &painter, const ChartPicture &picture)
{
    const QRectF all(QPointF(0, 0), fullSize(picture));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(all, picture.style.theme->surface);
    QFont bold = picture.style.font;
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(picture.style.theme->text);
    painter.drawText(QRectF(kMargin, kMargin, picture.size.width(), kTitleHeight - 8), Qt::AlignLeft | Qt::AlignVCenter,
                     picture.title);
    painter.setFont(picture.style.font);
    picture.paint(painter, QRectF(QPointF(kMargin, kMargin + kTitleHeight), picture.size), picture.style);
}

QImage toImage(const ChartPicture &picture)
{
    QImage image(fullSize(picture) * kPixelsPerPoint, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(kPixelsPerPoint);
    QPainter painter(&image);
    paintPicture(painter, picture);
    return image;
}

base::Error cannotWrite(const QString &path, const QString &why)
{
    return base::makeError(base::ErrorCode::Io,
                           "The chart could not be written to '" + path.toStdString() + "': " + why.toStdString(),
                           "Choose a folder you may write to, with room left.");
}

void saveAs(QWidget *chart, const ChartPicture &picture, const QString &ending,
            base::Result<void> (*save)(const ChartPicture &, const QString &))
{
    const QString name = QString(picture.title).replace(QLatin1Char('/'), QLatin1Char('-'));
    QString path = QFileDialog::getSaveFileName(chart, translated("Save chart"), name + QLatin1Char('.') + ending,
                                                QStringLiteral("%1 (*.%2)").arg(ending.toUpper(), ending));
    if (path.isEmpty())
        return;
    if (!path.endsWith(QLatin1Char('.') + ending, Qt::CaseInsensitive))
        path += QLatin1Char('.') + ending;
    if (const auto saved = save(picture, path); !saved)
        QMessageBox::warning(chart, translated("Save chart"), QString::fromStdString(saved.error().text()));
}

} // namespace

ChartStyle ChartStyle::current(const QFont &font)
{
    return {&Theme::current(), font};
}

base::Result<void> saveChartPng(const ChartPicture &picture, const QString &path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !toImage(picture).save(&file, "PNG") || !file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

base::Result<void> saveChartSvg(const ChartPicture &picture, const QString &path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(path, file.errorString());
    QSvgGenerator svg;
    svg.setOutputDevice(&file);
    svg.setTitle(picture.title);
    svg.setSize(fullSize(picture));
    svg.setViewBox(QRect(QPoint(0, 0), fullSize(picture)));
    QPainter painter(&svg);
    paintPicture(painter, picture);
    painter.end();
    if (!file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

void showChartMenu(QWidget *chart, const QPoint &globalPosition, const ChartPicture &picture)
{
    QMenu menu(chart);
    const QAction *png = menu.addAction(translated("Save as PNG…"));
    const QAction *svg = menu.addAction(translated("Save as SVG…"));
    menu.addSeparator();
    const QAction *copy = menu.addAction(translated("Copy picture"));
    const QAction *chosen = menu.exec(globalPosition);
    if (chosen == png)
        saveAs(chart, picture, QStringLiteral("png"), &saveChartPng);
    else if (chosen == svg)
        saveAs(chart, picture, QStringLiteral("svg"), &saveChartSvg);
    else if (chosen == copy)
        QApplication::clipboard()->setImage(toImage(picture));
}

} // namespace mulligan::desktop
