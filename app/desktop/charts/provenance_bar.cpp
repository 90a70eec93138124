#include "desktop/charts/provenance_bar.hpp"

#include "desktop/widgets/format.hpp"

#include <QPainter>

namespace mulligan::desktop
{

namespace
{

constexpr double kBarHeight = 18.0;
constexpr double kLegendInOneRowFrom = 500.0;
constexpr double kLegendGap = 6.0;

model::Provenance kindAt(size_t i)
{
    return static_cast<model::Provenance>(i);
}

/// How many kinds the legend has room for beside each other.
size_t legendColumns(double width)
{
    return width < kLegendInOneRowFrom ? 3 : model::kProvenanceCount;
}

double amount(const ProvenanceShares &shares, size_t i, bool money)
{
    return money ? shares[i].contribution : static_cast<double>(shares[i].count);
}

double total(const ProvenanceShares &shares, bool money)
{
    double sum = 0.0;
    for (size_t i = 0; i < shares.size(); ++i)
        sum += amount(shares, i, money);
    return sum;
}

void fill(QPainter &painter, const QRectF &rect, const ChartStyle &style, model::Provenance kind)
{
    painter.fillRect(rect, provenanceColour(*style.theme, kind));
    if (provenancePattern(kind) != Qt::SolidPattern)
        painter.fillRect(rect, QBrush(style.theme->surface, provenancePattern(kind)));
}

void paintStack(QPainter &painter, const QRectF &bar, const ChartStyle &style, const ProvenanceShares &shares,
                bool money)
{
    const double sum = total(shares, money);
    if (sum <= 0.0) {
        painter.fillRect(bar, style.theme->raised);
        return;
    }
    double x = bar.left();
    for (size_t i = 0; i < shares.size(); ++i) {
        const double width = bar.width() * amount(shares, i, money) / sum;
        if (width <= 0.0)
            continue;
        const QRectF piece(x, bar.top(), width, bar.height());
        fill(painter, piece, style, kindAt(i));
        x += width;
        painter.setPen(QPen(style.theme->surface, 1.0));
        painter.drawLine(piece.topRight(), piece.bottomRight());
    }
}

QString shareOf(const ProvenanceShares &shares, size_t i, bool money)
{
    const double sum = total(shares, money);
    return shareText(sum > 0.0 ? amount(shares, i, money) / sum : 0.0);
}

void paintLegend(QPainter &painter, const QRectF &area, const ChartStyle &style, const ProvenanceShares &shares)
{
    const QFontMetricsF metrics(style.font);
    const size_t columns = legendColumns(area.width());
    const double column = area.width() / static_cast<double>(columns);
    for (size_t i = 0; i < shares.size(); ++i) {
        const double x = area.left() + column * static_cast<double>(i % columns);
        const double top = area.top() + static_cast<double>(i / columns) * (2.0 * metrics.height() + kLegendGap);
        fill(painter, QRectF(x, top + (metrics.height() - 11.0) / 2.0, 11.0, 11.0), style, kindAt(i));
        painter.setPen(style.theme->text);
        painter.drawText(QRectF(x + 17.0, top, column - 20.0, metrics.height()), Qt::AlignLeft,
                         metrics.elidedText(provenanceName(kindAt(i)), Qt::ElideRight, column - 20.0));
        painter.setPen(style.theme->mutedText);
        const QString figures = ProvenanceBar::tr("%1 · %2").arg(shareOf(shares, i, false), shareOf(shares, i, true));
        painter.drawText(QRectF(x + 17.0, top + metrics.height() + 2.0, column - 20.0, metrics.height()), Qt::AlignLeft,
                         metrics.elidedText(figures, Qt::ElideRight, column - 20.0));
    }
}

} // namespace

QString provenanceName(model::Provenance provenance)
{
    switch (provenance) {
    case model::Provenance::Observed: return ProvenanceBar::tr("Observed");
    case model::Provenance::Estimated: return ProvenanceBar::tr("Estimated");
    case model::Provenance::Modelled: return ProvenanceBar::tr("Modelled");
    case model::Provenance::Assumed: return ProvenanceBar::tr("Assumed");
    case model::Provenance::Unsupported: return ProvenanceBar::tr("Unsupported");
    }
    return {};
}

QString provenanceHelp(model::Provenance provenance)
{
    switch (provenance) {
    case model::Provenance::Observed: return ProvenanceBar::tr("History did the same: its logged outcome was used.");
    case model::Provenance::Estimated: return ProvenanceBar::tr("Weighted from logged outcomes of other choices.");
    case model::Provenance::Modelled: return ProvenanceBar::tr("History did otherwise: the model says what follows.");
    case model::Provenance::Assumed: return ProvenanceBar::tr("Minutes, rates or prices that the data do not hold.");
    case model::Provenance::Unsupported: return ProvenanceBar::tr("Too little like it in history; not in net savings.");
    }
    return {};
}

QColor provenanceColour(const Theme &theme, model::Provenance provenance)
{
    switch (provenance) {
    case model::Provenance::Observed: return theme.observed;
    case model::Provenance::Estimated: return theme.estimated;
    case model::Provenance::Modelled: return theme.modelled;
    case model::Provenance::Assumed: return theme.assumed;
    case model::Provenance::Unsupported: return theme.unsupported;
    }
    return {};
}

Qt::BrushStyle provenancePattern(model::Provenance provenance)
{
    switch (provenance) {
    case model::Provenance::Observed: return Qt::SolidPattern;
    case model::Provenance::Estimated: return Qt::Dense6Pattern;
    case model::Provenance::Modelled: return Qt::BDiagPattern;
    case model::Provenance::Assumed: return Qt::VerPattern;
    case model::Provenance::Unsupported: return Qt::DiagCrossPattern;
    }
    return Qt::SolidPattern;
}

void paintProvenance(QPainter &painter, const QRectF &area, const ChartStyle &style, const ProvenanceShares &shares,
                     const QString &currency)
{
    const QFontMetricsF metrics(style.font);
    const QString byCount = ProvenanceBar::tr("Decision points: %1").arg(countText(total(shares, false)));
    const QString byMoney = ProvenanceBar::tr("Contributions: %1").arg(moneyText(total(shares, true), currency));
    const double label = std::max(metrics.horizontalAdvance(byCount), metrics.horizontalAdvance(byMoney)) + 16.0;
    painter.setFont(style.font);
    double y = area.top();
    for (const bool money : {false, true}) {
        painter.setPen(style.theme->text);
        painter.drawText(QRectF(area.left(), y, label, kBarHeight), Qt::AlignLeft | Qt::AlignVCenter,
                         money ? byMoney : byCount);
        paintStack(painter, QRectF(area.left() + label, y, area.width() - label, kBarHeight), style, shares, money);
        y += kBarHeight + 8.0;
    }
    paintLegend(painter, QRectF(area.left(), y + 2.0, area.width(), area.bottom() - y), style, shares);
}

ProvenanceBar::ProvenanceBar(const QString &title, QWidget *parent) : PaintedChart(title, parent)
{
    QSizePolicy policy = sizePolicy();
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

int ProvenanceBar::heightForWidth(int width) const
{
    const size_t columns = legendColumns(width);
    const size_t rows = (m_shares.size() + columns - 1) / columns;
    const double more = static_cast<double>(rows - 1) * (2.0 * QFontMetricsF(font()).height() + kLegendGap);
    return sizeHint().height() + static_cast<int>(more);
}

void ProvenanceBar::replace(const ProvenanceShares &shares, const QString &currency)
{
    m_shares = shares;
    m_currency = currency;
    QStringList words;
    for (size_t i = 0; i < shares.size(); ++i)
        words << tr("%1: %2 of decision points, %3 of contributions")
                     .arg(provenanceName(kindAt(i)), shareOf(shares, i, false), shareOf(shares, i, true));
    describe(words.join(QStringLiteral("; ")));
}

void ProvenanceBar::paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const
{
    paintProvenance(painter, area, style, m_shares, m_currency);
}

QSize ProvenanceBar::sizeHint() const
{
    return {600, static_cast<int>(2 * (kBarHeight + 8.0) + 2 * QFontMetricsF(font()).height() + 8.0)};
}

QSize ProvenanceBar::minimumSizeHint() const
{
    return {340, sizeHint().height()};
}

QString ProvenanceBar::tooltipAt(const QPointF &) const
{
    QStringList lines;
    for (size_t i = 0; i < m_shares.size(); ++i)
        lines << tr("%1: %2 decision points (%3), %4 (%5). %6")
                     .arg(provenanceName(kindAt(i)), countText(static_cast<double>(m_shares[i].count)),
                          shareOf(m_shares, i, false), moneyText(m_shares[i].contribution, m_currency),
                          shareOf(m_shares, i, true), provenanceHelp(kindAt(i)));
    return lines.join(QLatin1Char('\n'));
}

} // namespace mulligan::desktop
