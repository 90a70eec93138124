#pragma once

#include "desktop/jobs/job.hpp"
#include "store/failure_query.hpp"

#include <QObject>
#include <QPointer>
#include <QString>

#include <cstdint>
#include <memory>
#include <vector>

namespace mulligan::desktop
{

/// Runs the failure table's queries on a thread of their own. The newest request wins: one that is still running is
/// interrupted, and its answer is never shown.
class FailureSearch : public QObject
{
    Q_OBJECT

public:
    explicit FailureSearch(QObject *parent = nullptr);
    ~FailureSearch() override;

    /// Another workspace file, or none when empty. Forgets what runs.
    void setPath(const QString &path);
    void request(const store::FailureFilter &filter, const store::FailureSort &sort);
    [[nodiscard]] bool running() const { return m_job != nullptr; }

Q_SIGNALS:
    void started();
    void found(const std::vector<std::int64_t> &ids);
    void failed(const base::Error &error);

private:
    struct Reader; ///< a connection of its own, opened on first use and handed from query to query
    void start();

    QString m_path;
    std::shared_ptr<Reader> m_reader;
    store::FailureFilter m_filter;
    store::FailureSort m_sort;
    QPointer<Job> m_job;
    std::uint64_t m_generation = 0;
};

} // namespace mulligan::desktop
