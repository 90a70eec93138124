#pragma once

#include "model/model_card.hpp"

#include <QWidget>

#include <vector>

namespace mulligan::desktop
{

/// Parts of a prediction as horizontal bars around zero, in log-odds: to the right raises the chance of success.
class ContributionBars : public QWidget
{
    Q_OBJECT

public:
    explicit ContributionBars(QWidget *parent = nullptr);
    /// Largest first; beyond `most` the rest is summed up in one bar.
    void setContributions(const std::vector<model::Contribution> &contributions, size_t most = 9);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {150, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    std::vector<model::Contribution> m_parts;
};

/// "executor memory ratio = 2" as people read it.
[[nodiscard]] QString contributionLabel(const model::Contribution &contribution);

} // namespace mulligan::desktop
