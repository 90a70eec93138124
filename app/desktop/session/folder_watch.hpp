#pragma once

#include "base/instant.hpp"

#include <QObject>
#include <QString>
#include <QTimer>

namespace mulligan::desktop
{

inline constexpr int kWatchMinutes = 30;
inline constexpr int kLeastWatchMinutes = 1;
inline constexpr int kMostWatchMinutes = 1440;

/// When a watched folder is to be looked at again. It knows nothing of how; who listens to `due` refreshes and says
/// how that went. Follows the clock on the wall, so that a machine that slept catches up when it wakes.
class FolderWatch : public QObject
{
    Q_OBJECT

public:
    explicit FolderWatch(QObject *parent = nullptr);

    [[nodiscard]] bool active() const { return !m_folder.isEmpty(); }
    [[nodiscard]] const QString &folder() const { return m_folder; }
    [[nodiscard]] int minutes() const { return m_minutes; }
    [[nodiscard]] base::Instant nextAt() const { return m_next; } ///< only while active

    /// Watches from now on. `last`: when the folder was looked at before, so that the first look comes in its turn;
    /// zero: at once. Minutes are brought within their limits.
    void start(const QString &folder, int minutes, base::Instant last = {});
    void stop();
    /// The folder was looked at: the next look comes after a whole interval.
    void refreshed();
    /// It could not be looked at now; a minute later it is tried again.
    void postpone();
    /// Nothing becomes due while it is held: for windows without a person before them.
    void setHeld(bool held) { m_held = held; }
    /// How long a minute lasts; tests do not wait for real ones.
    void setMinute(int milliseconds);

Q_SIGNALS:
    void due();
    void changed(); ///< folder(), minutes() or nextAt()

private:
    void schedule(base::Instant next);
    void tick();

    QString m_folder;
    int m_minutes = kWatchMinutes;
    int m_minuteMs = 60'000;
    bool m_held = false;
    base::Instant m_next;
    QTimer m_timer;
};

/// What the clock says.
[[nodiscard]] base::Instant clockNow();

} // namespace mulligan::desktop
