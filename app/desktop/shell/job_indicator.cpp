#include "desktop/shell/job_indicator.hpp"

#include "desktop/jobs/job.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/elided_label.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace mulligan::desktop
{

namespace
{

constexpr int kSampleMs = 100;
constexpr int kSteps = 1000;

} // namespace

JobIndicator::JobIndicator(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_text = new ElidedLabel(this);
    layout->addWidget(m_text);
    m_bar = new QProgressBar(this);
    m_bar->setFixedWidth(160);
    m_bar->setFixedHeight(8);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    layout->addWidget(m_bar);
    m_cancel = new QToolButton(this);
    m_cancel->setIcon(icon(QStringLiteral("close")));
    m_cancel->setToolTip(tr("Cancel"));
    m_cancel->setAccessibleName(tr("Cancel the running work"));
    connect(m_cancel, &QToolButton::clicked, this, [this] {
        if (m_job) {
            m_job->cancel();
            m_cancel->setEnabled(false);
        }
    });
    layout->addWidget(m_cancel);
    m_timer.setInterval(kSampleMs);
    connect(&m_timer, &QTimer::timeout, this, &JobIndicator::sample);
    hide();
}

void JobIndicator::follow(Job *job)
{
    m_job = job;
    if (job == nullptr) {
        m_timer.stop();
        hide();
        return;
    }
    m_cancel->setEnabled(true);
    m_remaining = {};
    m_clock.start();
    sample();
    show();
    m_timer.start();
}

void JobIndicator::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        m_cancel->setIcon(icon(QStringLiteral("close")));
    QWidget::changeEvent(event);
}

void JobIndicator::sample()
{
    if (!m_job)
        return;
    const auto progress = m_job->progress();
    QString stage = text(progress.stage);
    // A stage may name a file by its whole path, of which the end tells most.
    if (stage.size() > 48)
        stage = QChar(0x2026) + stage.right(47);
    QString line = stage.isEmpty() ? m_job->title() : tr("%1: %2").arg(m_job->title(), stage);
    if (const auto left = m_remaining.left(progress, m_clock.elapsed() / 1000.0))
        line = tr("%1 · %2 left").arg(line, text(base::formatRemaining(*left)));
    m_text->setText(line);
    if (progress.total == 0) {
        m_bar->setRange(0, 0);
        return;
    }
    m_bar->setRange(0, kSteps);
    const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
    m_bar->setValue(static_cast<int>(std::min(share, 1.0) * kSteps));
}

} // namespace mulligan::desktop
