#pragma once

#include "desktop/jobs/job.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_pack_choice.hpp"
#include "pipeline/compare_packs.hpp"
#endif

#include <QObject>
#include <QPointer>

#include <optional>

namespace mulligan::desktop
{

class Session;

/// Compares two packs on the workspace's history in the background. Holds no widgets.
class RulesCompareController : public QObject
{
    Q_OBJECT

public:
    RulesCompareController(Session &session, QObject *parent);
    ~RulesCompareController() override; ///< ends what it compares

    /// `edited` is what the editor holds, for the choice of that name. With `savings`, history is replayed under both.
    void compare(const PackChoice &a, const PackChoice &b, const std::optional<classify::PackDocuments> &edited,
                 bool savings);
    [[nodiscard]] bool running() const { return m_job != nullptr; }
    /// Absent until compared.
    [[nodiscard]] const std::optional<pipeline::PackComparison> &comparison() const { return m_comparison; }
    /// What it is of.
    [[nodiscard]] const PackChoice &a() const { return m_a; }
    [[nodiscard]] const PackChoice &b() const { return m_b; }

Q_SIGNALS:
    void jobStarted(mulligan::desktop::Job *job);
    void changed();
    void failed(const base::Error &error);

private:
    Session &m_session;
    QPointer<Job> m_job;
    PackChoice m_a;
    PackChoice m_b;
    std::optional<pipeline::PackComparison> m_comparison;
};

} // namespace mulligan::desktop
