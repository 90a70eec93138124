#pragma once

#include <QWidget>

class QDoubleSpinBox;
class QSlider;

namespace mulligan::desktop
{

/// A slider and a spin box for one number; `moved` follows every move of a person, `setValue` is silent.
class KnobSlider : public QWidget
{
    Q_OBJECT

public:
    KnobSlider(double low, double high, double step, int decimals, QWidget *parent = nullptr);
    [[nodiscard]] double value() const;
    void setValue(double value);
    /// A tick on the slider's track, e.g. at the break-even chance; NaN takes it away.
    void setMark(double value);

Q_SIGNALS:
    void moved(double value);

private:
    class Track;

    double m_low;
    double m_step;
    Track *m_slider = nullptr;
    QDoubleSpinBox *m_box = nullptr;
};

} // namespace mulligan::desktop
