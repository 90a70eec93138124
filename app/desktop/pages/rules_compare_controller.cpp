#include "desktop/pages/rules_compare_controller.hpp"

#include "desktop/session/session.hpp"

namespace mulligan::desktop
{

RulesCompareController::RulesCompareController(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        delete m_job.data();
        m_comparison.reset();
    });
}

RulesCompareController::~RulesCompareController()
{
    delete m_job.data();
}

void RulesCompareController::compare(const PackChoice &a, const PackChoice &b,
                                     const std::optional<classify::PackDocuments> &edited, bool savings)
{
    if (!m_session.isOpen())
        return;
    delete m_job.data();
    PackSources sources{m_session.rules(), edited, m_session.resources(), m_session.path().toStdString()};
    m_job = startJob<pipeline::PackComparison>(
        this, tr("Comparing two packs"),
        [a, b, sources, savings, policy = m_session.policy(), economics = m_session.economics()](
            std::stop_token stop, base::Progress &progress) -> base::Result<pipeline::PackComparison> {
            progress.begin("Compiling the packs");
            MULLIGAN_TRY(const auto first, readChoice(a, sources));
            if (stop.stop_requested()) // before another pack of thousands of rules
                return base::makeError(base::ErrorCode::Cancelled, "Comparing the packs was cancelled");
            MULLIGAN_TRY(const auto second, readChoice(b, sources));
            std::optional<pipeline::SavingsRequest> request;
            if (savings) {
                MULLIGAN_TRY(auto space, pipeline::loadSpace(sources.resources));
                request = pipeline::SavingsRequest{policy, economics, std::move(space), {}};
                request->options.replicates = 0; // the difference of two point values is shown
            }
            MULLIGAN_TRY(auto workspace, store::Workspace::open(sources.workspace, store::OpenMode::ReadOnly));
            return pipeline::comparePacks(workspace, first, second, request, stop, progress);
        },
        [this, a, b](pipeline::PackComparison comparison) {
            m_a = a;
            m_b = b;
            m_comparison = std::move(comparison);
            Q_EMIT changed();
        });
    connect(m_job, &Job::failed, this, &RulesCompareController::failed);
    Q_EMIT jobStarted(m_job);
}

} // namespace mulligan::desktop
