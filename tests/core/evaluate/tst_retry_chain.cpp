#include "evaluate/retry_chain.hpp"

#include "base/rng.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::evaluate;

namespace
{

RetryStep step(double p, double costFail, double costSuccess, Basis basis = Basis::Measured)
{
    return {{basis, p, costFail, costSuccess}, model::Estimate{p, costFail, costSuccess}, true};
}

bool close(double a, double b)
{
    return std::abs(a - b) < 1e-12;
}

} // namespace

class TestRetryChain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void realised_twoRetriesOfKnownChance_hasTheClosedForm()
    {
        // p = ½ at cost 1 or 3, then p = ¾ at cost 2 or 5; B = 4, L = 40, cheapest success 3.
        const RetryChain chain{{step(0.5, 1.0, 3.0), step(0.75, 2.0, 5.0)}, 0.5};
        const EpisodeWorld world{4.0, 40.0, 3.0, false};
        const ChainFigures f = realised(chain, world);
        QVERIFY(f.known);
        QVERIFY(close(f.fixedFirst, 0.5));
        QVERIFY(close(f.fixedInTwo, 0.875));
        QVERIFY(close(f.remediated, 0.875));
        QVERIFY(close(f.person, 0.125));
        QVERIFY(close(f.failed, 0.5 * 1.0 + 0.125 * 2.0));
        QVERIFY(close(f.dearer, 0.5 * (3.0 - 4.0) + 0.375 * (5.0 - 4.0)));
        QVERIFY(close(f.gross, f.failed + 0.5 * 3.0 + 0.375 * 5.0));
        QVERIFY(close(f.labour, 5.0));
        QVERIFY(close(f.total(), f.failed + f.dearer + f.labour));
        QVERIFY(close(f.retries, 1.5));
        QVERIFY(close(f.wronglyStopped, 0.125 * 0.5));
        QCOMPARE(f.regrets, (std::vector<Regret>{{0.0, 0.5}, {1.0, 0.375}}));
    }

    void realised_stopAtOnce_leavesEverythingToAPerson()
    {
        const ChainFigures f = realised({{}, 0.0}, {4.0, 40.0, 3.0, false});
        QVERIFY(f.known);
        QCOMPARE(f.person, 1.0);
        QCOMPARE(f.total(), 40.0);
        QCOMPARE(f.wronglyStopped, 0.0);
        QCOMPARE(realised({{}, 0.0}, {4.0, 40.0, 3.0, true}).wronglyStopped, 1.0);
    }

    void realised_retryWithoutTruth_isUnknownOnlyWhereItMayBeReached()
    {
        const EpisodeWorld world{4.0, 40.0, 3.0, false};
        QVERIFY(!realised({{step(0.5, 1, 3), step(0, 0, 0, Basis::Unknown)}, {}}, world).known);
        const ChainFigures certain = realised({{step(1.0, 1, 3), step(0, 0, 0, Basis::Unknown)}, {}}, world);
        QVERIFY(certain.known);
        QCOMPARE(certain.remediated, 1.0);
        QCOMPARE(certain.retries, 1.0);
    }

    void predicted_estimatesEqualToTheTruth_areWhatIsRealised()
    {
        base::Rng rng(5, "chains");
        for (int i = 0; i < 200; ++i) {
            RetryChain chain;
            for (std::uint64_t k = rng.below(5); k > 0; --k)
                chain.retries.push_back(step(rng.uniform(), rng.uniform(), rng.uniform(0.0, 5.0)));
            const EpisodeWorld world{rng.uniform(), rng.uniform(0.0, 60.0), rng.uniform(0.1, 1.0), rng.chance(0.5)};
            const ChainFigures real = realised(chain, world);
            const ChainFigures promised = predicted(chain, world);
            QCOMPARE(promised.remediated, real.remediated);
            QCOMPARE(promised.total(), real.total());
            QVERIFY(close(real.remediated + real.person, 1.0));
            double regretted = 0.0;
            for (const Regret &regret : real.regrets)
                regretted += regret.weight;
            QVERIFY(close(regretted, real.remediated));
        }
    }

    void predicted_withoutEstimates_isNotKnown()
    {
        RetryChain chain{{step(0.5, 1, 3)}, {}};
        chain.retries[0].predicted.reset();
        QVERIFY(!predicted(chain, {}).known);
        QVERIFY(realised(chain, {}).known);
    }

    void realised_unsupportedRetries_areCountedByProbability()
    {
        RetryChain chain{{step(0.5, 1, 3), step(0.5, 1, 3)}, {}};
        chain.retries[1].supported = false;
        QCOMPARE(realised(chain, {}).unsupported, 0.5);
        QCOMPARE(realised(chain, {}).retries, 1.5);
    }
};

QTEST_GUILESS_MAIN(TestRetryChain)
#include "tst_retry_chain.moc"
