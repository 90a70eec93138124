#include "desktop/jobs/job.hpp"

#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <stdexcept>

using namespace mulligan;
using desktop::Job;

class JobTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void start_workThatSucceeds_deliversInThisThreadThenFinishes();
    void start_workThatEnds_signalsExactlyOnce_data();
    void start_workThatEnds_signalsExactlyOnce();
    void start_workThatThrows_failsWithItsText();
    void cancel_runningWork_isCancelled();
    void destroy_runningWork_stopsItAndDeliversNothing();
    void progress_ofRunningWork_canBeSampled();
};

void JobTest::start_workThatSucceeds_deliversInThisThreadThenFinishes()
{
    int value = 0;
    QThread *deliveredIn = nullptr;
    int valueWhenFinished = 0;
    std::atomic<QThread *> workedIn{nullptr};
    auto *job = desktop::startJob<int>(
        this, QStringLiteral("count"),
        [&](std::stop_token, base::Progress &) -> base::Result<int> {
            workedIn = QThread::currentThread();
            return 42;
        },
        [&](int result) {
            value = result;
            deliveredIn = QThread::currentThread();
        });
    connect(job, &Job::finished, this, [&] { valueWhenFinished = value; });
    QPointer<Job> alive(job);
    QSignalSpy gone(job, &QObject::destroyed);
    QVERIFY(gone.wait(5000));
    QVERIFY(alive.isNull());
    QCOMPARE(value, 42);
    QCOMPARE(valueWhenFinished, 42);
    QCOMPARE(deliveredIn, QThread::currentThread());
    QVERIFY(workedIn.load() != QThread::currentThread());
}

void JobTest::start_workThatEnds_signalsExactlyOnce_data()
{
    QTest::addColumn<int>("code");
    QTest::addRow("it succeeds") << -1;
    QTest::addRow("it fails") << static_cast<int>(base::ErrorCode::Io);
    QTest::addRow("it is cancelled") << static_cast<int>(base::ErrorCode::Cancelled);
}

void JobTest::start_workThatEnds_signalsExactlyOnce()
{
    QFETCH(int, code);
    auto *job = new Job(QStringLiteral("work"), this);
    QSignalSpy finished(job, &Job::finished);
    QSignalSpy cancelled(job, &Job::cancelled);
    int failures = 0;
    connect(job, &Job::failed, this, [&](const base::Error &error) {
        ++failures;
        QCOMPARE(static_cast<int>(error.code), code);
    });
    QSignalSpy gone(job, &QObject::destroyed);
    job->start([code](std::stop_token, base::Progress &) -> base::Result<Job::Deliver> {
        if (code >= 0)
            return base::makeError(static_cast<base::ErrorCode>(code), "no");
        return Job::Deliver([] {});
    });
    QVERIFY(gone.wait(5000));
    QCOMPARE(finished.count() + cancelled.count() + failures, 1);
    QCOMPARE(finished.count(), code < 0 ? 1 : 0);
    QCOMPARE(cancelled.count(), code == static_cast<int>(base::ErrorCode::Cancelled) ? 1 : 0);
}

void JobTest::start_workThatThrows_failsWithItsText()
{
    auto *job = new Job(QStringLiteral("work"), this);
    std::string message;
    connect(job, &Job::failed, this, [&](const base::Error &error) {
        QCOMPARE(error.code, base::ErrorCode::Internal);
        message = error.message;
    });
    QSignalSpy gone(job, &QObject::destroyed);
    job->start([](std::stop_token, base::Progress &) -> base::Result<Job::Deliver> {
        throw std::runtime_error("the wheel came off");
    });
    QVERIFY(gone.wait(5000));
    QVERIFY(message.find("the wheel came off") != std::string::npos);
}

void JobTest::cancel_runningWork_isCancelled()
{
    auto *job = new Job(QStringLiteral("work"), this);
    QSignalSpy cancelled(job, &Job::cancelled);
    job->start([](std::stop_token stop, base::Progress &) -> base::Result<Job::Deliver> {
        while (!stop.stop_requested())
            std::this_thread::yield();
        return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    });
    job->cancel();
    QVERIFY(cancelled.wait(5000));
}

void JobTest::destroy_runningWork_stopsItAndDeliversNothing()
{
    bool delivered = false;
    std::atomic<bool> ended{false};
    auto parent = std::make_unique<QObject>();
    desktop::startJob<int>(
        parent.get(), QStringLiteral("work"),
        [&](std::stop_token stop, base::Progress &) -> base::Result<int> {
            while (!stop.stop_requested())
                std::this_thread::yield();
            ended = true;
            return 1;
        },
        [&](int) { delivered = true; });
    parent.reset();
    QVERIFY(ended.load());
    QTest::qWait(50);
    QVERIFY(!delivered);
}

void JobTest::progress_ofRunningWork_canBeSampled()
{
    auto *job = new Job(QStringLiteral("work"), this);
    job->start([](std::stop_token stop, base::Progress &progress) -> base::Result<Job::Deliver> {
        progress.begin("Counting", 10);
        progress.setDone(4);
        while (!stop.stop_requested())
            std::this_thread::yield();
        return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    });
    QTRY_COMPARE(job->progress().done, std::uint64_t{4});
    QCOMPARE(job->progress().stage, std::string("Counting"));
    QCOMPARE(job->progress().total, std::uint64_t{10});
    QSignalSpy gone(job, &QObject::destroyed);
    job->cancel();
    QVERIFY(gone.wait(5000));
}

QTEST_GUILESS_MAIN(JobTest)
#include "tst_job.moc"
