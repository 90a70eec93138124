#include "pipeline/resources.hpp"

#include <QtTest>

using namespace mulligan;

class ResourcesTest : public QObject
{
    Q_OBJECT

private slots:
    void rulePaths_words_shippedStandsForTheShippedPack_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QStringList>("paths");
        QTest::newRow("none") << QStringList() << QStringList{"/there/rules"};
        QTest::newRow("the word alone") << QStringList{"shipped"} << QStringList{"/there/rules"};
        QTest::newRow("beside files of one's own")
            << QStringList{"own.yaml", "shipped", "more"} << QStringList{"own.yaml", "/there/rules", "more"};
        QTest::newRow("a folder that ends so") << QStringList{"my/shipped"} << QStringList{"my/shipped"};
    }
    void rulePaths_words_shippedStandsForTheShippedPack()
    {
        QFETCH(QStringList, words);
        QFETCH(QStringList, paths);
        std::vector<std::string> given;
        for (const QString &word : words)
            given.push_back(word.toStdString());
        QStringList found;
        for (const std::string &path : pipeline::rulePaths(pipeline::Resources{"/there"}, given))
            found.append(QString::fromStdString(path));
        QCOMPARE(found, paths);
    }
};

QTEST_GUILESS_MAIN(ResourcesTest)
#include "tst_resources.moc"
