#include "desktop/widgets/knob_slider.hpp"

#include "desktop/shell/theme.hpp"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QPainter>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyle>
#include <QStyleOptionSlider>

#include <cmath>
#include <limits>

namespace mulligan::desktop
{

/// A slider that draws itself in the theme's colours, with one mark.
class KnobSlider::Track : public QSlider
{
public:
    Track() : QSlider(Qt::Horizontal) {}
    double mark = std::numeric_limits<double>::quiet_NaN(); ///< share of the way, [0, 1]

    [[nodiscard]] QSize sizeHint() const override { return {120, 24}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {80, 24}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Theme &theme = Theme::current();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        QStyleOptionSlider option;
        initStyleOption(&option);
        const QRectF handle = style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this);
        const double y = height() / 2.0;
        const double inset = handle.width() / 2.0;
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.border);
        painter.drawRoundedRect(QRectF(inset, y - 2.0, width() - 2.0 * inset, 4.0), 2.0, 2.0);
        painter.setBrush(isEnabled() ? theme.accent : theme.neutral);
        painter.drawRoundedRect(QRectF(inset, y - 2.0, handle.center().x() - inset, 4.0), 2.0, 2.0);
        if (std::isfinite(mark)) {
            painter.setBrush(theme.text);
            painter.drawRect(QRectF(inset + mark * (width() - 2.0 * inset) - 0.75, y - 7.0, 1.5, 14.0));
        }
        painter.setBrush(hasFocus() || isSliderDown() ? theme.accent : theme.surface);
        painter.setPen(QPen(isEnabled() ? theme.accent : theme.neutral, 2.0));
        painter.drawEllipse(QPointF(handle.center().x(), y), 6.0, 6.0);
    }
};

KnobSlider::KnobSlider(double low, double high, double step, int decimals, QWidget *parent)
    : QWidget(parent), m_low(low), m_step(step)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_slider = new Track;
    m_slider->setRange(0, static_cast<int>(std::lround((high - low) / step)));
    m_slider->setPageStep(std::max(1, m_slider->maximum() / 20));
    m_slider->setFocusPolicy(Qt::StrongFocus);
    m_box = new QDoubleSpinBox;
    m_box->setRange(low, high);
    m_box->setSingleStep(step);
    m_box->setDecimals(decimals);
    m_box->setAlignment(Qt::AlignRight);
    m_box->setFont(numberFont());
    m_box->setKeyboardTracking(false);
    m_box->setFocusPolicy(Qt::StrongFocus);
    m_box->setButtonSymbols(QAbstractSpinBox::NoButtons); // the slider beside it and the arrow keys step
    m_box->setMaximumWidth(72);
    layout->addWidget(m_slider, 1);
    layout->addWidget(m_box);
    setFocusProxy(m_slider);
    connect(m_slider, &QSlider::valueChanged, this, [this](int position) {
        const QSignalBlocker blocker(m_box);
        m_box->setValue(m_low + position * m_step);
        Q_EMIT moved(m_box->value());
    });
    connect(m_box, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        const QSignalBlocker blocker(m_slider);
        m_slider->setValue(static_cast<int>(std::lround((value - m_low) / m_step)));
        m_slider->update();
        Q_EMIT moved(value);
    });
}

double KnobSlider::value() const
{
    return m_box->value();
}

void KnobSlider::setValue(double value)
{
    const QSignalBlocker slider(m_slider);
    const QSignalBlocker box(m_box);
    m_box->setValue(value);
    m_slider->setValue(static_cast<int>(std::lround((value - m_low) / m_step)));
    m_slider->update();
}

void KnobSlider::setMark(double value)
{
    m_slider->mark = (value - m_low) / (m_slider->maximum() * m_step);
    m_slider->update();
}

} // namespace mulligan::desktop
