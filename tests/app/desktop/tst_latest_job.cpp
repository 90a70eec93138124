#include "desktop/jobs/latest_job.hpp"

#include <QTest>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

using namespace mulligan;
using desktop::LatestJob;

namespace
{

/// Work that goes on until it is asked to stop.
base::Result<int> endless(const std::stop_token &stop)
{
    while (!stop.stop_requested())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
}

} // namespace

class LatestJobTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_answers.clear();
        m_failures.clear();
    }
    void request_whileOneRuns_onlyTheNewestAnswers();
    void request_thatAnswersThoughSuperseded_isDropped();
    void request_thatFails_saysWhy();
    void cancel_running_answersNothingAndTheNextRequestDoes();
    void destroy_running_stopsTheWork();

private:
    using Work = std::function<base::Result<int>(std::stop_token, base::Progress &)>;
    void ask(LatestJob &job, Work work)
    {
        job.request<int>(
            QStringLiteral("work"), std::move(work), [this](int value) { m_answers << value; },
            [this](const base::Error &error) { m_failures << QString::fromStdString(error.message); });
    }
    QList<int> m_answers;
    QStringList m_failures;
};

void LatestJobTest::request_whileOneRuns_onlyTheNewestAnswers()
{
    QObject parent;
    LatestJob job(&parent);
    std::atomic<int> started{0};
    ask(job, [&](std::stop_token stop, base::Progress &) {
        ++started;
        return endless(stop);
    });
    for (int i = 1; i <= 3; ++i)
        ask(job, [&, i](std::stop_token, base::Progress &) -> base::Result<int> {
            ++started;
            return i;
        });
    QVERIFY(QTest::qWaitFor([&] { return !job.running(); }));
    QCOMPARE(m_answers, QList<int>{3});
    QVERIFY(m_failures.isEmpty());
    QCOMPARE(started.load(), 2); // those in between never began
}

void LatestJobTest::request_thatAnswersThoughSuperseded_isDropped()
{
    QObject parent;
    LatestJob job(&parent);
    // It ends well after it was asked to stop.
    ask(job, [](std::stop_token stop, base::Progress &) -> base::Result<int> {
        static_cast<void>(endless(stop));
        return 1;
    });
    ask(job, [](std::stop_token, base::Progress &) -> base::Result<int> { return 2; });
    QVERIFY(QTest::qWaitFor([&] { return !job.running(); }));
    QCOMPARE(m_answers, QList<int>{2});
}

void LatestJobTest::request_thatFails_saysWhy()
{
    QObject parent;
    LatestJob job(&parent);
    ask(job, [](std::stop_token, base::Progress &) -> base::Result<int> {
        return base::makeError(base::ErrorCode::Io, "no disk");
    });
    QVERIFY(QTest::qWaitFor([&] { return !job.running(); }));
    QCOMPARE(m_failures, QStringList{QStringLiteral("no disk")});
    QVERIFY(m_answers.isEmpty());
}

void LatestJobTest::cancel_running_answersNothingAndTheNextRequestDoes()
{
    QObject parent;
    LatestJob job(&parent);
    ask(job, [](std::stop_token stop, base::Progress &) { return endless(stop); });
    job.cancel();
    QVERIFY(QTest::qWaitFor([&] { return !job.running(); }));
    QVERIFY(m_answers.isEmpty() && m_failures.isEmpty());
    ask(job, [](std::stop_token, base::Progress &) -> base::Result<int> { return 5; });
    QVERIFY(QTest::qWaitFor([&] { return !job.running(); }));
    QCOMPARE(m_answers, QList<int>{5});
}

void LatestJobTest::destroy_running_stopsTheWork()
{
    QObject parent;
    std::atomic<bool> ended{false};
    auto job = std::make_unique<LatestJob>(&parent);
    ask(*job, [&](std::stop_token stop, base::Progress &) {
        auto result = endless(stop);
        ended = true;
        return result;
    });
    job.reset();
    QVERIFY(ended.load());
    QCoreApplication::processEvents();
    QVERIFY(m_answers.isEmpty());
}

QTEST_MAIN(LatestJobTest)
#include "tst_latest_job.moc"
