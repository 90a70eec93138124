#include "base/money.hpp"
#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/units.hpp"

#include <QtTest>

#include <cerrno>
#include <cmath>
#include <numeric>

using namespace mulligan::base;

namespace
{

Result<int> halve(int value)
{
    if (value % 2 != 0)
        return makeError(ErrorCode::InvalidArgument, "odd");
    return value / 2;
}

Result<int> quarter(int value)
{
    MULLIGAN_TRY(const int half, halve(value));
    MULLIGAN_TRY(const int fourth, halve(half));
    return fourth;
}

} // namespace

class TestValues : public QObject
{
    Q_OBJECT

private slots:
    void try_errorInside_returnsThatError()
    {
        QCOMPARE(quarter(8).value(), 2);
        QCOMPARE(quarter(6).error().message, std::string("odd"));
    }

    void error_contextAdded_readsOutermostFirst()
    {
        const Error error =
            makeError(ErrorCode::Parse, "not a number", "Write a number").in("column cost").in("line 3");
        QCOMPARE(error.text(), std::string("not a number (line 3; column cost). Write a number"));
    }

    void systemError_knownErrno_getsItsCode()
    {
        QCOMPARE(systemError(ENOENT, "Cannot open", "x").code, ErrorCode::NotFound);
        QCOMPARE(systemError(EACCES, "Cannot open", "x").code, ErrorCode::PermissionDenied);
        QCOMPARE(systemError(ENOSPC, "Cannot write", "x").code, ErrorCode::DiskFull);
        QCOMPARE(systemError(EIO, "Cannot read", "x").code, ErrorCode::Io);
    }

    void roundPartsToCents_anyParts_addUpToTheRoundedSum()
    {
        Rng rng(7, "parts");
        for (int round = 0; round < 2000; ++round) {
            std::vector<double> parts(6);
            for (double &part : parts)
                part = rng.normal(0.0, 1000.0);
            const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
            const auto rounded = roundPartsToCents(parts);
            long long cents = 0;
            for (size_t i = 0; i < parts.size(); ++i) {
                cents += std::llround(rounded[i] * 100.0);
                QVERIFY(std::abs(rounded[i] - parts[i]) < 0.01 + 1e-9);
            }
            QCOMPARE(cents, std::llround(sum * 100.0));
        }
    }

    void roundPartsToCents_moreThanADoubleTellsCentsOf_staysWhatItIs()
    {
        const std::vector<double> parts{-2.3e302, 1.25, 1e20};
        QCOMPARE(roundPartsToCents(parts), parts);
        QCOMPARE(sumInCents(parts), -2.3e302);
        QCOMPARE(roundToCents(1e20), 1e20);
        QCOMPARE(sumInCents(std::vector<double>{0.1, 0.2, -0.05}), 0.25);
    }

    void formatMoney_amounts_haveCentsAndCommas()
    {
        QCOMPARE(formatMoney(1234567.5), std::string("1,234,567.50"));
        QCOMPARE(formatMoney(-0.07), std::string("-0.07"));
        QCOMPARE(formatMoney(-0.001), std::string("0.00"));
        QCOMPARE(formatMoney(999.999), std::string("1,000.00"));
    }

    void parseBytes_sparkForms_areBytes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("bare");
        QTest::addColumn<double>("bytes");
        QTest::newRow("gigabytes") << "4g" << 1.0 << 4.0 * kGiB;
        QTest::newRow("mebibytes in capitals") << "512MiB" << 1.0 << 512.0 * kMiB;
        QTest::newRow("a fraction") << "1.5 GB" << 1.0 << 1.5 * kGiB;
        QTest::newRow("a bare number takes the property's unit") << "384" << kMiB << 384.0 * kMiB;
    }
    void parseBytes_sparkForms_areBytes()
    {
        QFETCH(QString, text);
        QFETCH(double, bare);
        QFETCH(double, bytes);
        QCOMPARE(parseBytes(text.toStdString(), bare).value(), bytes);
    }

    void parseBytes_nonsense_isRefused()
    {
        for (const char *text : {"", "g", "4x", "4 g g", "nan", "inf"})
            QCOMPARE(parseBytes(text).error().code, ErrorCode::Parse);
    }

    void sparkBytes_memory_usesTheLargestExactUnit()
    {
        QCOMPARE(sparkBytes(4.0 * kGiB), std::string("4g"));
        QCOMPARE(sparkBytes(1.5 * kGiB), std::string("1536m"));
    }

    void rng_sameSeedAndStream_givesTheSameNumbers()
    {
        Rng a(5, "x");
        Rng b(5, "x");
        Rng other(5, "y");
        const auto first = a.next();
        QCOMPARE(first, b.next());
        QVERIFY(first != other.next());
    }

    void rng_samplers_haveTheirMeans()
    {
        Rng rng(11, "means");
        constexpr int kDraws = 200'000;
        double normal = 0.0;
        double exponential = 0.0;
        double poisson = 0.0;
        double below = 0.0;
        for (int i = 0; i < kDraws; ++i) {
            normal += rng.normal(3.0, 2.0);
            exponential += rng.exponential(4.0);
            poisson += static_cast<double>(rng.poisson(2.5));
            below += static_cast<double>(rng.below(7));
        }
        QVERIFY(std::abs(normal / kDraws - 3.0) < 0.03);
        QVERIFY(std::abs(exponential / kDraws - 4.0) < 0.06);
        QVERIFY(std::abs(poisson / kDraws - 2.5) < 0.03);
        QVERIFY(std::abs(below / kDraws - 3.0) < 0.03);
    }

    void stableHash_isPartOfTheContract()
    {
        QCOMPARE(stableHash(""), stableHash("", 0));
        QVERIFY(stableHash("a") != stableHash("b"));
        QVERIFY(stableHash("a", 1) != stableHash("a", 2));
    }
};

QTEST_GUILESS_MAIN(TestValues)
#include "tst_values.moc"
