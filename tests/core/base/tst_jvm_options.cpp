#include "base/jvm_options.hpp"

#include <QtTest>

using namespace mulligan::base;

namespace
{
constexpr std::string_view kDirect = "-XX:MaxDirectMemorySize";
} // namespace

class TestJvmOptions : public QObject
{
    Q_OBJECT

private slots:
    void jvmOption_line_givesTheLastValue_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("value");
        QTest::newRow("alone") << "-XX:MaxDirectMemorySize=64m"
                               << "64m";
        QTest::newRow("among others") << "-Xss4m  -XX:MaxDirectMemorySize=1g\t-XX:+UseSerialGC"
                                      << "1g";
        QTest::newRow("twice") << "-XX:MaxDirectMemorySize=1g -XX:MaxDirectMemorySize=2g"
                               << "2g";
        QTest::newRow("empty value") << "-XX:MaxDirectMemorySize= -Xss4m"
                                     << "";
        QTest::newRow("a longer name") << "-XX:MaxDirectMemorySizeLimit=1g"
                                       << "(none)";
        QTest::newRow("inside a word") << "-Dx=-XX:MaxDirectMemorySize=1g"
                                       << "(none)";
        QTest::newRow("without a value") << "-XX:MaxDirectMemorySize"
                                         << "(none)";
        QTest::newRow("nothing") << ""
                                 << "(none)";
    }
    void jvmOption_line_givesTheLastValue()
    {
        QFETCH(QString, options);
        const std::string line = options.toStdString();
        QTEST(QString::fromStdString(std::string(jvmOption(line, kDirect).value_or("(none)"))), "value");
    }

    void withJvmOption_set_changesItsValueAlone()
    {
        QCOMPARE(withJvmOption("-Xss4m -XX:MaxDirectMemorySize=64m  -ea", kDirect, "128m"),
                 std::string("-Xss4m -XX:MaxDirectMemorySize=128m  -ea"));
        QCOMPARE(withJvmOption("-Xss4m", kDirect, "1g"), std::string("-Xss4m -XX:MaxDirectMemorySize=1g"));
        QCOMPARE(withJvmOption("", kDirect, "1g"), std::string("-XX:MaxDirectMemorySize=1g"));
    }

    void withoutJvmOption_line_losesEverySettingOfTheFlag()
    {
        QCOMPARE(withoutJvmOption(" -XX:MaxDirectMemorySize=1g -Xss4m  -ea -XX:MaxDirectMemorySize=2g", kDirect),
                 std::string("-Xss4m -ea"));
        QCOMPARE(withoutJvmOption("-XX:MaxDirectMemorySize=1g", kDirect), std::string());
    }
};

QTEST_APPLESS_MAIN(TestJvmOptions)
#include "tst_jvm_options.moc"
