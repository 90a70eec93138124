#pragma once

#include "base/instant.hpp"
#include "model/attempt.hpp"

#include <QWidget>

#include <vector>

namespace mulligan::desktop
{

/// The attempts of one run in time: a bar each, the waits between them, a sign for the outcome. A click selects one.
class AttemptStrip : public QWidget
{
    Q_OBJECT

public:
    struct Bar {
        base::Instant from;
        base::Instant to;
        model::Outcome outcome = model::Outcome::Unknown;
        int number = 1;
    };

    explicit AttemptStrip(QWidget *parent = nullptr);
    void setBars(std::vector<Bar> bars, int selected);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void barClicked(int index);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    [[nodiscard]] std::vector<QRectF> layOut() const;

    std::vector<Bar> m_bars;
    int m_selected = -1;
};

} // namespace mulligan::desktop
