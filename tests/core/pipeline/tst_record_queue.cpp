#include "pipeline/record_queue.hpp"

#include <QtTest>

#include <atomic>
#include <thread>

using namespace mulligan;
using namespace mulligan::pipeline;

namespace
{

RecordQueue::Record reject(std::uint64_t line, std::size_t bytes = 0)
{
    return ingest::Reject{line, 0, "why", std::string(bytes, 'x')};
}

std::uint64_t lineOf(const RecordQueue::Record &record)
{
    return std::get<ingest::Reject>(record).line;
}

} // namespace

class TestRecordQueue : public QObject
{
    Q_OBJECT

private slots:
    void drain_recordsOfAllSizes_storesEachOnceInOrder_data()
    {
        QTest::addColumn<quint64>("records");
        QTest::addColumn<quint64>("bytes");
        QTest::newRow("nothing at all") << quint64(0) << quint64(0);
        QTest::newRow("less than a batch") << quint64(1) << quint64(10);
        QTest::newRow("batches and a rest") << quint64(5001) << quint64(10);
        QTest::newRow("exact batches") << quint64(512) << quint64(10);
        QTest::newRow("records larger than what may wait") << quint64(7) << quint64(6u << 20);
    }
    void drain_recordsOfAllSizes_storesEachOnceInOrder()
    {
        QFETCH(quint64, records);
        QFETCH(quint64, bytes);
        RecordQueue queue;
        std::jthread reader([&] {
            for (std::uint64_t i = 0; i < records; ++i) {
                if (!queue.put(reject(i, bytes)))
                    return;
            }
            queue.close(true);
        });
        std::vector<std::uint64_t> lines;
        const auto stored = queue.drain([&](RecordQueue::Record &record) {
            lines.push_back(lineOf(record));
            return base::Result<void>();
        });
        QVERIFY(stored.has_value());
        QCOMPARE(quint64(lines.size()), records);
        for (std::uint64_t i = 0; i < records; ++i)
            QCOMPARE(lines[i], i);
    }

    void put_storingFailed_saysSoAndTheReaderIsNotLeftWaiting()
    {
        RecordQueue queue;
        base::Result<void> told;
        std::uint64_t put = 0;
        base::Result<void> stored;
        {
            const std::jthread reader([&] {
                while (told && put < 1'000'000) {
                    told = queue.put(reject(put, 1000));
                    ++put;
                }
                queue.close(told.has_value());
            });
            stored = queue.drain([&](RecordQueue::Record &record) -> base::Result<void> {
                if (lineOf(record) == 300)
                    return base::makeError(base::ErrorCode::DiskFull, "full");
                return {};
            });
        }
        QVERIFY(!stored.has_value());
        QCOMPARE(stored.error().code, base::ErrorCode::DiskFull);
        QVERIFY(!told.has_value());
        QCOMPARE(told.error().code, base::ErrorCode::DiskFull);
        QVERIFY(put < 1'000'000);
    }

    void close_readingFailed_givesUpWhatWaits()
    {
        RecordQueue queue;
        for (std::uint64_t i = 0; i < 1000; ++i)
            QVERIFY(queue.put(reject(i)).has_value());
        queue.close(false);
        int calls = 0;
        const auto stored = queue.drain([&](RecordQueue::Record &) {
            ++calls;
            return base::Result<void>();
        });
        QVERIFY(stored.has_value());
        QCOMPARE(calls, 0);
    }

    void put_storingIsSlow_boundsWhatWaits()
    {
        RecordQueue queue;
        std::atomic<std::uint64_t> put = 0;
        const std::jthread reader([&] {
            for (; put < 200; ++put) {
                if (!queue.put(reject(put, 1u << 20)))
                    return;
            }
            queue.close(true);
        });
        std::uint64_t most = 0;
        std::uint64_t seen = 0;
        const auto stored = queue.drain([&](RecordQueue::Record &) {
            QThread::usleep(500);
            most = std::max(most, put.load() - seen);
            ++seen;
            return base::Result<void>();
        });
        QVERIFY(stored.has_value());
        QCOMPARE(seen, std::uint64_t(200));
        // Four batches of a megabyte wait, one is being stored, one is being put in, and a counter may lag.
        QVERIFY2(most <= 8, std::to_string(most).c_str());
    }
};

QTEST_GUILESS_MAIN(TestRecordQueue)
#include "tst_record_queue.moc"
