#pragma once

#include "desktop/charts/painted_chart.hpp"
#include "model/savings.hpp"

#include <array>

namespace mulligan::desktop
{

using ProvenanceShares = std::array<model::ProvenanceShare, model::kProvenanceCount>;

[[nodiscard]] QString provenanceName(model::Provenance provenance);
/// What the word promises, in one sentence.
[[nodiscard]] QString provenanceHelp(model::Provenance provenance);
[[nodiscard]] QColor provenanceColour(const Theme &theme, model::Provenance provenance);
/// Patterns tell the kinds apart where colour does not.
[[nodiscard]] Qt::BrushStyle provenancePattern(model::Provenance provenance);

/// Two stacked bars, by decision points and by contribution to net savings, and a legend with shares.
void paintProvenance(QPainter &painter, const QRectF &area, const ChartStyle &style, const ProvenanceShares &shares,
                     const QString &currency);

/// How far the figures above it can be trusted.
class ProvenanceBar : public PaintedChart
{
    Q_OBJECT

public:
    explicit ProvenanceBar(const QString &title, QWidget *parent = nullptr);
    void replace(const ProvenanceShares &shares, const QString &currency);
    void paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    /// The legend takes two rows where it is narrow.
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    [[nodiscard]] QString tooltipAt(const QPointF &position) const override;

private:
    ProvenanceShares m_shares{};
    QString m_currency = QStringLiteral("USD");
};

} // namespace mulligan::desktop
