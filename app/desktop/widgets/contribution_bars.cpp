#include "desktop/widgets/contribution_bars.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"

#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

namespace
{

constexpr int kRow = 20;
constexpr double kLabelShare = 0.52;

QString signedText(double value)
{
    return (value < 0 ? QStringLiteral("−") : QStringLiteral("+")) + QLocale().toString(std::abs(value), 'f', 2);
}

} // namespace

QString contributionLabel(const model::Contribution &contribution)
{
    QString feature = text(contribution.feature);
    feature.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (contribution.missing)
        return QObject::tr("%1 (not known)").arg(feature);
    const double magnitude = std::abs(contribution.value);
    const bool bytes = feature.contains(QLatin1String("bytes")) && magnitude >= 1024.0;
    const bool whole = magnitude == std::round(magnitude);
    const QString value =
        bytes ? bytesText(contribution.value) : QLocale().toString(contribution.value, 'f', whole ? 0 : 2);
    return QStringLiteral("%1 = %2").arg(feature, value);
}

ContributionBars::ContributionBars(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Contributions to the prediction"));
}

void ContributionBars::setContributions(const std::vector<model::Contribution> &contributions, size_t most)
{
    m_parts.assign(contributions.begin(),
                   contributions.begin() + static_cast<long>(std::min(most, contributions.size())));
    model::Contribution rest;
    for (size_t i = m_parts.size(); i < contributions.size(); ++i)
        rest.logOdds += contributions[i].logOdds;
    if (contributions.size() > m_parts.size()) {
        rest.feature = tr("%1 others").arg(contributions.size() - m_parts.size()).toStdString();
        rest.value = std::nan("");
        m_parts.push_back(rest);
    }
    QStringList spoken;
    for (const auto &part : m_parts)
        spoken << contributionLabel(part) + QLatin1Char(' ') + signedText(part.logOdds);
    setAccessibleDescription(spoken.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

QSize ContributionBars::sizeHint() const
{
    return {220, static_cast<int>(m_parts.size()) * kRow};
}

void ContributionBars::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme &theme = Theme::current();
    double largest = 1e-9;
    for (const auto &part : m_parts)
        largest = std::max(largest, std::abs(part.logOdds));
    const double labels = width() * kLabelShare;
    const double numbers = fontMetrics().horizontalAdvance(QStringLiteral("−00.00 "));
    const double half = std::max(10.0, (width() - labels - numbers) / 2.0);
    const double zero = labels + half;
    for (size_t i = 0; i < m_parts.size(); ++i) {
        const auto &part = m_parts[i];
        const double top = static_cast<double>(i) * kRow;
        painter.setPen(theme.text);
        const QString label = std::isnan(part.value) ? text(part.feature) : contributionLabel(part);
        painter.drawText(QRectF(0, top, labels - kGapSmall, kRow), Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(label, Qt::ElideMiddle, static_cast<int>(labels) - kGapSmall));
        const double length = part.logOdds / largest * half;
        painter.setPen(Qt::NoPen);
        painter.setBrush(part.logOdds < 0 ? theme.loss : theme.gain);
        painter.drawRoundedRect(QRectF(length < 0 ? zero + length : zero, top + 4, std::abs(length), kRow - 8), 2, 2);
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF(width() - numbers, top, numbers, kRow), Qt::AlignVCenter | Qt::AlignRight,
                         signedText(part.logOdds));
    }
    painter.setPen(QPen(theme.border, 1.0));
    painter.drawLine(QPointF(zero, 0), QPointF(zero, height()));
}

bool ContributionBars::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const auto index = static_cast<size_t>(std::max(0, help->pos().y() / kRow));
    if (index < m_parts.size() && !std::isnan(m_parts[index].value))
        QToolTip::showText(help->globalPos(),
                           contributionLabel(m_parts[index]) + QLatin1Char('\n')
                               + tr("%1 log-odds of success").arg(signedText(m_parts[index].logOdds)));
    return true;
}

} // namespace mulligan::desktop
