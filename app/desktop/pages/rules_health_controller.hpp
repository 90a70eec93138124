#pragma once

#include "desktop/jobs/job.hpp"
// moc of Qt 6.4 stumbles over what this header brings from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "pipeline/rule_health.hpp"
#endif

#include <QObject>
#include <QPointer>

#include <map>
#include <optional>
#include <string>

namespace mulligan::desktop
{

class Session;

/// Reads the health of the rules in force in the background; on request also measures the time each takes.
class RulesHealthController : public QObject
{
    Q_OBJECT

public:
    RulesHealthController(Session &session, QObject *parent);
    ~RulesHealthController() override; ///< ends what it reads

    /// Reads anew; a reading that runs is superseded.
    void load();
    /// Measures the time of every rule; what was measured stays until the rules change.
    void measureTime();
    /// Absent until read.
    [[nodiscard]] const std::optional<pipeline::HealthReport> &report() const { return m_report; }
    /// What the times were measured on.
    struct Profile {
        std::map<std::string, double> seconds; ///< by rule
        std::uint64_t texts = 0;
        std::uint64_t bytes = 0;
    };
    /// Nothing without a measurement.
    [[nodiscard]] const std::optional<Profile> &profile() const { return m_profile; }

Q_SIGNALS:
    void jobStarted(mulligan::desktop::Job *job);
    void changed();
    void failed(const base::Error &error); ///< report() is what it was before

private:
    void start(bool profile);
    void adopt(pipeline::HealthReport report);

    Session &m_session;
    QPointer<Job> m_job;
    std::optional<pipeline::HealthReport> m_report;
    std::optional<Profile> m_profile;
};

} // namespace mulligan::desktop
