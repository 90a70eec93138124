#include "text/gram_filter.hpp"

#include "base/rng.hpp"

#include <QtTest>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

using namespace mulligan;
using namespace mulligan::text;

namespace
{

using Hashes = std::array<std::vector<std::uint32_t>, kGrams>;

std::string randomBytes(base::Rng &rng, std::size_t size)
{
    std::string bytes;
    while (bytes.size() < size)
        bytes += static_cast<char>(rng.below(256));
    return bytes;
}

std::vector<std::uint64_t> look(const GramFilter &filter, std::string_view bytes, GramFilter::With with)
{
    std::vector<std::uint64_t> bits((bytes.size() - GramFilter::kBehind) / GramFilter::kGroup);
    filter.look(bytes.data(), bits.size(), bits.data(), with);
    return bits;
}

class TestGramFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void placeOf_allBits_isEachEvenPlaceAndForShortGramsEachPlaceOnce()
    {
        std::map<Gram, std::vector<std::size_t>> places;
        for (unsigned bit = 0; bit < 64; ++bit)
            places[GramFilter::gramOf(bit)].push_back(GramFilter::placeOf(bit));
        for (auto &[gram, all] : places) {
            std::sort(all.begin(), all.end());
            QCOMPARE(all.size(), gram == Gram::Short ? GramFilter::kGroup : GramFilter::kGroup / 2);
            for (std::size_t i = 0; i < all.size(); ++i)
                QCOMPARE(all[i], gram == Gram::Short ? i : 2 * i);
        }
    }

    void gramHash_bytesBehindTheGramAndCase_doNotMatter()
    {
        for (const Gram gram : {Gram::Long, Gram::Middle, Gram::Short}) {
            std::string one = "Ab1: xyz";
            std::string other = "aB1: XYZ";
            for (std::size_t at = kGramBytes[static_cast<std::size_t>(gram)]; at < other.size(); ++at)
                other[at] = '-';
            QCOMPARE(gramHash(gram, one.data()), gramHash(gram, other.data()));
            other[kGramBytes[static_cast<std::size_t>(gram)] - 1] = '-';
            QVERIFY(gramHash(gram, one.data()) != gramHash(gram, other.data()));
        }
    }

    void look_gramsThatStandThere_haveTheirBits()
    {
        base::Rng rng(3, "tst_gram_filter");
        const std::string bytes = randomBytes(rng, 8 * GramFilter::kGroup + GramFilter::kBehind);
        for (const auto with : {GramFilter::With::Plain, GramFilter::With::Fitting})
            for (std::size_t at = 0; at < 8 * GramFilter::kGroup; ++at)
                for (const Gram gram : {Gram::Long, Gram::Middle, Gram::Short}) {
                    if (gram != Gram::Short && at % 2 != 0)
                        continue;
                    Hashes hashes;
                    hashes[static_cast<std::size_t>(gram)].push_back(gramHash(gram, bytes.data() + at));
                    const auto bits = look(GramFilter(hashes), bytes, with);
                    bool found = false;
                    int others = 0;
                    for (unsigned bit = 0; bit < 64; ++bit)
                        for (std::size_t group = 0; group < bits.size(); ++group)
                            if ((bits[group] >> bit & 1U) != 0) {
                                const bool there = GramFilter::gramOf(bit) == gram
                                                   && group * GramFilter::kGroup + GramFilter::placeOf(bit) == at;
                                found = found || there;
                                others += there ? 0 : 1;
                            }
                    QVERIFY(found);
                    QVERIFY2(others < 3, qPrintable(QString::number(others)));
                }
    }

    /// Tables from the smallest to the largest.
    void look_withAvx2_isTheSameAsWithout()
    {
        if (!GramFilter::hasAvx2())
            QSKIP("the processor has no AVX2");
        base::Rng rng(4, "tst_gram_filter");
        for (const std::size_t count : {0U, 1U, 300U, 5'000U, 60'000U}) {
            Hashes hashes;
            for (auto &ofSize : hashes)
                for (std::size_t i = 0; i < count; ++i)
                    ofSize.push_back(static_cast<std::uint32_t>(rng.below(std::uint64_t(1) << 32U)));
            const GramFilter filter(hashes);
            const std::string bytes = randomBytes(rng, 500 * GramFilter::kGroup + GramFilter::kBehind);
            const auto plain = look(filter, bytes, GramFilter::With::Plain);
            QCOMPARE(look(filter, bytes, GramFilter::With::Avx2), plain);
            QCOMPARE(std::any_of(plain.begin(), plain.end(), [](std::uint64_t bits) { return bits != 0; }), count > 1);
        }
    }
};

} // namespace

QTEST_GUILESS_MAIN(TestGramFilter)
#include "tst_gram_filter.moc"
