#include "base/rng.hpp"
#include "text/signs.hpp"

#include <QtTest>

#include <array>
#include <string>

using namespace mulligan;

class TestSigns : public QObject
{
    Q_OBJECT

private slots:
    void signList_randomTexts_findsWhatASearchForEachFinds()
    {
        static constexpr std::array<std::string_view, 5> kSigns = {"ab", "abc", "ca c", "\xff\xff", "bbbb"};
        static constexpr auto kList = text::signList({"ab", "abc", "ca c", "\xff\xff", "bbbb"});
        base::Rng rng(7, "signs");
        int found = 0;
        for (int round = 0; round < 20000; ++round) {
            std::string bytes;
            for (std::uint64_t i = 0, count = rng.below(12); i < count; ++i)
                bytes += "abc \xff"[rng.below(5)];
            QCOMPARE(kList.standIn(bytes), text::holdsAny(bytes, kSigns));
            found += kList.standIn(bytes) ? 1 : 0;
        }
        QVERIFY(found > 1000 && found < 19000);
        QVERIFY(!kList.standIn("") && !kList.standIn("a"));
    }
};

QTEST_APPLESS_MAIN(TestSigns)
#include "tst_signs.moc"
