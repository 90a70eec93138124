#include "desktop/models/failure_search.hpp"

#include <optional>

namespace mulligan::desktop
{

struct FailureSearch::Reader {
    std::string path;
    std::optional<store::Workspace> workspace;

    base::Result<store::Workspace *> open()
    {
        if (!workspace.has_value()) {
            MULLIGAN_TRY(auto opened, store::Workspace::open(path, store::OpenMode::ReadOnly));
            workspace.emplace(std::move(opened));
        }
        return &*workspace;
    }
};

FailureSearch::FailureSearch(QObject *parent) : QObject(parent)
{
}

FailureSearch::~FailureSearch()
{
    delete m_job.data();
}

void FailureSearch::setPath(const QString &path)
{
    ++m_generation;
    delete m_job.data();
    m_path = path;
    m_reader.reset();
    if (!path.isEmpty())
        m_reader = std::make_shared<Reader>(Reader{path.toStdString(), std::nullopt});
}

void FailureSearch::request(const store::FailureFilter &filter, const store::FailureSort &sort)
{
    m_filter = filter;
    m_sort = sort;
    ++m_generation;
    if (!m_reader)
        return;
    // The reader's connection serves one query at a time; the end of the one that runs starts the newest.
    if (m_job)
        m_job->cancel();
    else
        start();
}

void FailureSearch::start()
{
    using Ids = std::vector<std::int64_t>;
    const auto generation = m_generation;
    m_job = startJob<Ids>(
        this, tr("Searching"),
        [reader = m_reader, filter = m_filter, sort = m_sort](std::stop_token stop,
                                                              base::Progress &) -> base::Result<Ids> {
            MULLIGAN_TRY(auto *workspace, reader->open());
            return store::findFailures(*workspace, filter, sort, stop);
        },
        [this, generation](Ids ids) {
            if (generation == m_generation)
                Q_EMIT found(ids);
        });
    const auto ended = [this, generation] {
        m_job = nullptr;
        if (generation != m_generation && m_reader)
            start();
    };
    connect(m_job, &Job::finished, this, ended);
    connect(m_job, &Job::cancelled, this, ended);
    connect(m_job, &Job::failed, this, [this, generation, ended](const base::Error &error) {
        if (generation == m_generation)
            Q_EMIT failed(error);
        ended();
    });
    Q_EMIT started();
}

} // namespace mulligan::desktop
