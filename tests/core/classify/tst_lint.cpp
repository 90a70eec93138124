#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "classify/lint.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <map>
#include <memory>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

/// A sound rule of eleven lines.
std::string rule(const std::string &id, const std::string &pattern = "no space left", const std::string &more = {})
{
    return "  - id: " + id + "\n    title: t\n    class: storage.disk_full\n    domain: platform\n    action: retry\n"
           + "    match:\n      any:\n        - '" + pattern + "'\n" + more
           + "    samples:\n      positive: ['no space left']\n      negative: ['all is well']\n";
}

std::string shown(const Problem &problem)
{
    return std::string(name(problem.severity)) + ' ' + problem.rule + ' ' + problem.kind + ' '
           + std::to_string(problem.line);
}

} // namespace

/// What lint says of rule files that cannot be read whole.
class TestLint : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void lintFiles_faultsInSeveralRules_findsEachWithItsLine()
    {
        const std::string file = write("a.yaml", "schema: 1\nrules:\n" + rule("one", "oops (") + rule("two")
                                                     + rule("three", "fault", "    priority: 170\n    titel: x\n"));
        const LintReport report = lintFiles({file});
        QCOMPARE(report.rules, size_t(3));
        QCOMPARE(texts(report),
                 QStringList({"error one invalid 10", "error three invalid 33", "error three invalid 34"}));
        QCOMPARE(report.errors(), size_t(3));
        const Problem &pattern = report.problems.front();
        QCOMPARE(pattern.file, file);
        QVERIFY2(pattern.message.find("(match.any; line 10, column 11)") != std::string::npos, pattern.message.c_str());
    }

    void lintFiles_everyValueOfARuleIsBad_findsAllButWhatFollows()
    {
        const std::string file =
            write("a.yaml", "schema: 1\nrules:\n  - id: one\n    title: ''\n    class: storage\n"
                            "    domain: nobody\n    action: pray\n    status: on\n    transient: maybe\n"
                            "    priority: high\n    exit_code: x\n    captures: {a: litres, b: miles}\n"
                            "    match:\n      where: middle\n      case: some\n      any: word\n");
        const LintReport report = lintFiles({file});
        std::vector<int> lines;
        for (const Problem &problem : report.problems)
            lines.push_back(problem.line);
        QCOMPARE(lines, (std::vector<int>{4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 14, 15, 16}));
    }

    void lintFiles_brokenYamlBesideBadRules_findsBoth()
    {
        const std::string broken = write("a.yaml", "schema: 1\nrules: [[\n");
        const std::string bad = write("b.yaml", "schema: 1\nrules:\n" + rule("one", "d*"));
        const std::string missing = m_folder->filePath("c.yaml").toStdString();
        const LintReport report = lintFiles({missing, broken, bad});
        QCOMPARE(report.problems.size(), size_t(3));
        QCOMPARE(report.errors(), size_t(3));
        std::map<std::string, std::string> kinds;
        for (const Problem &problem : report.problems)
            kinds[problem.file] = problem.kind;
        QCOMPARE(kinds[broken], std::string("unreadable"));
        QCOMPARE(kinds[missing], std::string("unreadable"));
        QCOMPARE(kinds[bad], std::string("invalid"));
    }

    void lintFiles_idUsedTwice_isAnErrorBesideTheOthers()
    {
        write("a.yaml", "schema: 1\nrules:\n" + rule("one") + rule("two", "("));
        write("b.yaml", "schema: 1\nrules:\n" + rule("two"));
        const LintReport report = lintFiles({m_folder->path().toStdString()});
        QCOMPARE(texts(report), QStringList({"error two invalid 21", "error two invalid 3"}));
        QVERIFY2(report.problems[1].message.find("used twice") != std::string::npos,
                 report.problems[1].message.c_str());
    }

    void lintFiles_soundRuleBesideABadOne_isStillLookedAt()
    {
        const std::string file =
            write("a.yaml", "schema: 1\nrules:\n" + rule("bad", "(") + rule("slow", "no space (?:[a-z]+)+"));
        QCOMPARE(texts(lintFiles({file})), QStringList({"error bad invalid 10", "warning slow backtracking 14"}));
    }

    void lintFiles_warningsAlone_areNoErrors()
    {
        const std::string file = write("a.yaml", "schema: 1\nrules:\n" + rule("slow", "no space (?:[a-z]+)+"));
        const LintReport report = lintFiles({file});
        QCOMPARE(texts(report), QStringList({"warning slow backtracking 3"}));
        QCOMPARE(report.errors(), size_t(0));
    }

    void lintFiles_failingSample_isAnError()
    {
        const std::string file = write("a.yaml", "schema: 1\nrules:\n" + rule("one", "something else"));
        QCOMPARE(texts(lintFiles({file})), QStringList({"error one failing_sample 3"}));
    }

    void lintFiles_noRules_isAnError()
    {
        const LintReport report = lintFiles({write("a.yaml", "schema: 1\nrules: []\n")});
        QCOMPARE(texts(report), QStringList({"error  unreadable 0"}));
    }

private:
    std::string write(const char *name, const std::string &text) const
    {
        const std::string path = m_folder->filePath(QString::fromLatin1(name)).toStdString();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    static QStringList texts(const LintReport &report)
    {
        QStringList all;
        for (const Problem &problem : report.problems)
            all.push_back(QString::fromStdString(shown(problem)));
        return all;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestLint)
#include "tst_lint.moc"
