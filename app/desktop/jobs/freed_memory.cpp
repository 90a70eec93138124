#include "desktop/jobs/freed_memory.hpp"

#include <QCoreApplication>
#include <QThreadPool>
#include <QTimer>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace mulligan::desktop
{

void returnFreedMemory()
{
#if defined(__GLIBC__)
    constexpr int kQuietMs = 1500;
    static QTimer *timer = nullptr; // the application's, which goes with it
    if (QCoreApplication::instance() == nullptr)
        return;
    if (timer == nullptr) {
        timer = new QTimer(QCoreApplication::instance());
        timer->setSingleShot(true);
        QObject::connect(timer, &QObject::destroyed, [] { timer = nullptr; });
        QObject::connect(timer, &QTimer::timeout, [] { QThreadPool::globalInstance()->start([] { malloc_trim(0); }); });
    }
    timer->start(kQuietMs);
#endif
}

} // namespace mulligan::desktop
