#pragma once

#include "desktop/widgets/card.hpp"

#include <QString>

namespace mulligan::desktop
{

enum class KpiTone { Neutral, Better, Worse };

/// A figure with what it is measured against.
struct KpiContent {
    QString value;      ///< with its unit
    QString interval;   ///< "95 %: …", may be empty
    QString comparison; ///< "history: 41.2 %", may be empty
    QString change;     ///< "▲ 3.1 points", coloured by `tone`, may be empty
    KpiTone tone = KpiTone::Neutral;
    QString help; ///< what the figure means and what a share is a share of
};

/// One key figure of the lab and the report pages: value, interval, history beside it.
class KpiTile : public Card
{
    Q_OBJECT

public:
    explicit KpiTile(const QString &title, QWidget *parent = nullptr);
    void setContent(const KpiContent &content);
    /// Says that a newer figure is on its way.
    void setStale(bool stale);
    [[nodiscard]] QString valueText() const;

private:
    QString m_name;
    QLabel *m_title = nullptr;
    QLabel *m_value = nullptr;
    QLabel *m_interval = nullptr;
    QLabel *m_comparison = nullptr;
    QLabel *m_change = nullptr;
    bool m_stale = false;
};

} // namespace mulligan::desktop
