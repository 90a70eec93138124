#include "checker.hpp"

#include <QtTest>

using namespace architecture;

/// Holds the sources to the house rules, and shows on small trees that the checker would notice.
class Architecture : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sources_modules_includeOnlyWhatTheTableAllows() { holds(forbiddenModules(sources())); }
    void sources_core_hasNoCycle()
    {
        const auto found = cycles(sources());
        QVERIFY2(found.empty(), found.empty() ? "" : found.front().c_str());
    }
    void sources_coreAndCommandLine_includeNoQt() { holds(qtOutsideDesktop(sources())); }
    void sources_thirdParty_staysInItsRoom() { holds(strayThirdParty(sources())); }
    void sources_pages_includeNoPages() { holds(pagesIncludingPages(sources())); }
    void sources_all_areFound() { QVERIFY(sources().size() > 50); }

    void root_folders_areTheHouse()
    {
        std::set<std::string> folders;
        for (const auto &entry : std::filesystem::directory_iterator(MULLIGAN_SOURCE_DIR))
            if (entry.is_directory())
                folders.insert(entry.path().filename().string());
        const auto stray = strayFolders(folders);
        QVERIFY2(stray.empty(), stray.empty() ? "" : stray.front().c_str());
        QVERIFY(folders.count("core") && folders.count("app") && folders.count("tests"));
    }

    void strayFolders_unknownFolder_isNamed()
    {
        QCOMPARE(strayFolders({"core", "docs", "build", ".ci"}), std::vector<std::string>{"docs"});
    }

    void includesOf_text_findsEveryForm()
    {
        const std::vector<std::string> expected = {"base/id.hpp", "vector", "x/y.h"};
        QCOMPARE(
            includesOf("#include \"base/id.hpp\"\n  #  include <vector>\n// #include <no>\nint a;\n#include<x/y.h>\n"),
            expected);
    }

    void forbiddenModules_violation_isFound_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("include");
        QTest::addColumn<int>("count");
        QTest::newRow("a feature may include what lies below") << "core/store/a.cpp"
                                                               << "sqlite/connection.hpp" << 0;
        QTest::newRow("a module may include itself") << "core/store/a.cpp"
                                                     << "store/workspace.hpp" << 0;
        QTest::newRow("simulate may include policy") << "core/simulate/a.cpp"
                                                     << "policy/decide.hpp" << 0;
        QTest::newRow("pipeline may include a feature") << "core/pipeline/a.cpp"
                                                        << "deploy/bundle.hpp" << 0;
        QTest::newRow("a feature may not include another") << "core/store/a.cpp"
                                                           << "ingest/reader.hpp" << 1;
        QTest::newRow("predict may not include policy") << "core/predict/a.cpp"
                                                        << "policy/decide.hpp" << 1;
        QTest::newRow("base includes nobody") << "core/base/a.hpp"
                                              << "model/attempt.hpp" << 1;
        QTest::newRow("formats may not include text") << "core/formats/a.cpp"
                                                      << "text/pattern_set.hpp" << 1;
        QTest::newRow("a feature may not reach up") << "core/report/a.cpp"
                                                    << "pipeline/resources.hpp" << 1;
        QTest::newRow("core may not include app") << "core/pipeline/a.cpp"
                                                  << "app/cli/command.hpp" << 1;
        QTest::newRow("no way around through dots") << "core/store/a.cpp"
                                                    << "../ingest/reader.hpp" << 1;
        QTest::newRow("an unknown module is refused") << "core/helpers/a.cpp"
                                                      << "vector" << 1;
    }
    void forbiddenModules_violation_isFound()
    {
        QFETCH(QString, file);
        QFETCH(QString, include);
        QFETCH(int, count);
        QCOMPARE(int(forbiddenModules(one(file, include)).size()), count);
    }

    void cycles_loop_isFound()
    {
        const Tree loop = {{"core/model/a.hpp", "#include \"stats/b.hpp\"\n"},
                           {"core/stats/b.hpp", "#include \"formats/c.hpp\"\n"},
                           {"core/formats/c.hpp", "#include \"model/a.hpp\"\n"}};
        QCOMPARE(cycles(loop), std::vector<std::string>{"formats -> model -> stats -> formats"});
        const Tree straight = {{"core/model/a.hpp", "#include \"base/b.hpp\"\n"},
                               {"core/stats/b.hpp", "#include \"base/b.hpp\"\n#include \"stats/c.hpp\"\n"}};
        QVERIFY(cycles(straight).empty());
    }

    void qtOutsideDesktop_violation_isFound_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("include");
        QTest::addColumn<int>("count");
        QTest::newRow("class header in core") << "core/store/a.cpp"
                                              << "QString" << 1;
        QTest::newRow("module header in core") << "core/store/a.cpp"
                                               << "QtCore/qglobal.h" << 1;
        QTest::newRow("old header in the command line") << "app/cli/main.cpp"
                                                        << "qtypes.h" << 1;
        QTest::newRow("class header in the command line") << "app/cli/main.cpp"
                                                          << "QCoreApplication" << 1;
        QTest::newRow("the window may") << "app/desktop/main.cpp"
                                        << "QApplication" << 0;
        QTest::newRow("queue is not Qt") << "core/store/a.cpp"
                                         << "queue" << 0;
    }
    void qtOutsideDesktop_violation_isFound()
    {
        QFETCH(QString, file);
        QFETCH(QString, include);
        QFETCH(int, count);
        QCOMPARE(int(qtOutsideDesktop(one(file, include)).size()), count);
    }

    void strayThirdParty_violation_isFound_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("include");
        QTest::addColumn<int>("count");
        const std::vector<std::pair<const char *, const char *>> homes = {
            {"simdjson.h", "formats"},      {"nlohmann/json.hpp", "formats"},
            {"yaml-cpp/yaml.h", "formats"}, {"archive.h", "formats"},
            {"zstd.h", "formats"},          {"lz4.h", "formats"},
            {"snappy.h", "formats"},        {"openssl/evp.h", "formats"},
            {"boost/regex.hpp", "text"},    {"hs.h", "text"},
            {"sqlite3.h", "sqlite"},        {"xgboost/c_api.h", "predict"},
            {"xlsxwriter.h", "report"}};
        for (const auto &[header, room] : homes) {
            QTest::addRow("%s at home in %s", header, room) << QString("core/%1/a.cpp").arg(room) << header << 0;
            QTest::addRow("%s in pipeline", header) << "core/pipeline/a.cpp" << header << 1;
            QTest::addRow("%s in the window", header) << "app/desktop/a.cpp" << header << 1;
        }
        QTest::newRow("CLI11 at home") << "app/cli/main.cpp"
                                       << "CLI/CLI.hpp" << 0;
        QTest::newRow("CLI11 in core") << "core/base/a.cpp"
                                       << "CLI/CLI.hpp" << 1;
    }
    void strayThirdParty_violation_isFound()
    {
        QFETCH(QString, file);
        QFETCH(QString, include);
        QFETCH(int, count);
        QCOMPARE(int(strayThirdParty(one(file, include)).size()), count);
    }

    void pagesIncludingPages_violation_isFound()
    {
        const std::string folder = "app/desktop/pages/";
        const Tree bad = {{folder + "lab_page.cpp", "#include \"rules_page.hpp\"\n"}, {folder + "rules_page.hpp", ""}};
        QCOMPARE(int(pagesIncludingPages(bad).size()), 1);
        QCOMPARE(
            int(pagesIncludingPages({{folder + "lab/page.cpp", "#include \"desktop/pages/rules/page.hpp\"\n"}}).size()),
            1);
        const Tree good = {{folder + "lab_page.cpp", "#include \"lab_page.hpp\"\n#include \"lab_controller.hpp\"\n"},
                           {folder + "lab_page.hpp", ""},
                           {folder + "lab_controller.hpp", ""},
                           {"app/desktop/shell/main_window.cpp", "#include \"desktop/pages/lab_page.hpp\"\n"}};
        QVERIFY(pagesIncludingPages(good).empty());
    }

private:
    static const Tree &sources()
    {
        static const Tree tree = readTree(MULLIGAN_SOURCE_DIR);
        return tree;
    }

    static Tree one(const QString &file, const QString &include)
    {
        return {{file.toStdString(), "#include \"" + include.toStdString() + "\"\n"}};
    }

    static void holds(const std::vector<Violation> &found) { QVERIFY2(found.empty(), describe(found).c_str()); }
};

QTEST_APPLESS_MAIN(Architecture)
#include "tst_architecture.moc"
