#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "text/portability.hpp"

#include "asked_engines.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QtTest>

using namespace mulligan::text;

namespace
{

QString shown(const EnginePattern &pattern)
{
    if (pattern.fit == Fit::Impossible)
        return "impossible at " + QString::number(pattern.at);
    return QString::fromLatin1(name(pattern.fit).data()) + ' ' + QString::fromStdString(pattern.expression);
}

QByteArray questionOf(const AskedPattern &asked)
{
    QJsonArray texts;
    for (const std::string &text : asked.texts)
        texts.append(QString::fromLatin1(QByteArray::fromStdString(text)));
    const QJsonObject question{{"pattern", QString::fromUtf8(asked.translated.expression.c_str())}, {"texts", texts}};
    return QJsonDocument(question).toJson(QJsonDocument::Compact) + '\n';
}

/// How an answer differs from what Boost finds; empty where it does not.
QString difference(const AskedPattern &asked, const QJsonValue &answer)
{
    const QString head =
        QString::fromStdString(asked.original) + " as " + QString::fromStdString(asked.translated.expression) + ": ";
    if (!answer.isArray())
        return head + answer.toString();
    const QJsonArray spans = answer.toArray();
    for (qsizetype i = 0; i < spans.size(); ++i) {
        const auto &expected = asked.expected[static_cast<size_t>(i)];
        const QJsonArray span = spans[i].toArray();
        const bool same = expected.has_value() == spans[i].isArray()
                          && (!expected || asked.movesBegin
                              || (span[0].toInt() == static_cast<int>(expected->begin)
                                  && span[1].toInt() == static_cast<int>(expected->end)));
        if (!same)
            return head + "on "
                   + QString::fromLatin1(
                       QByteArray::fromStdString(asked.texts[static_cast<size_t>(i)]).toPercentEncoding())
                   + (expected ? QString(" expected %1..%2").arg(expected->begin).arg(expected->end) : " expected none")
                   + " got " + QString::fromUtf8(QJsonDocument(QJsonArray{spans[i]}).toJson(QJsonDocument::Compact));
    }
    return {};
}

} // namespace

/// Patterns as other engines get them.
class TestPortability : public QObject
{
    Q_OBJECT

private slots:
    void patternFor_construct_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("java");
        QTest::addColumn<QString>("python");
        QTest::addColumn<QString>("re2");
        const auto row = [](const char *name, const char *pattern, const char *java, const char *python,
                            const char *re2) {
            QTest::newRow(name) << QString(pattern) << QString(java) << QString(python) << QString(re2);
        };
        row("plain text is the same everywhere", "a\\.b+ [c-e]{2,3}?|x", "ok a\\.b+ [c-e]{2,3}?|x",
            "ok a\\.b+ [c-e]{2,3}?|x", "ok a\\.b+ [c-e]{2,3}?|x");
        row("named groups", "a(?<size>\\d+)", "ok a(?<size>\\d+)", "rewritten (?a)a(?P<size>\\d+)",
            "rewritten a(?P<size>\\d+)");
        row("names that Java does not take", "(?<a_b>c)", "rewritten (?<ab>c)", "rewritten (?P<a_b>c)",
            "rewritten (?P<a_b>c)");
        row("names that occur twice", "(?<a>b)|(?<a>c)", "rewritten (?<a>b)|(?<a2>c)", "rewritten (?P<a>b)|(?P<a2>c)",
            "rewritten (?P<a>b)|(?P<a2>c)");
        row("the end of the text", "a$", "rewritten a\\z", "rewritten a\\Z", "ok a$");
        row("\\A and \\z", "\\Aab\\z", "ok \\Aab\\z", "rewritten \\Aab\\Z", "ok \\Aab\\z");
        row("any byte but line ends", "a.b", "rewritten a[^\\n\\r\\f]b", "rewritten a[^\\n\\r\\f]b",
            "rewritten a[^\\n\\r\\f]b");
        row("any byte", "(?s)a.b", "rewritten a[\\s\\S]b", "rewritten a[\\s\\S]b", "rewritten a[\\s\\S]b");
        row("possessive repeats", "ab++c", "rewritten a(?>b+)c", "rewritten a(?=(?P<atomic1>b+))(?P=atomic1)c",
            "impossible at 5");
        row("atomic groups", "a(?>b|bc)d", "ok a(?>b|bc)d", "rewritten a(?=(?P<atomic1>(?:b|bc)))(?P=atomic1)d",
            "impossible at 2");
        row("horizontal space", "a\\hb", "rewritten a[\\x09\\x20]b", "rewritten (?a)a[\\x09\\x20]b",
            "rewritten a[\\x09\\x20]b");
        row("\\K", "ab\\Kcd", "rewritten abcd", "rewritten abcd", "rewritten abcd");
        row("POSIX classes", "a[[:digit:]_]", "rewritten a[0-9_]", "rewritten a[0-9_]", "rewritten a[0-9_]");
        row("a '[' in a class", "a[[b]", "rewritten a[\\[b]", "rewritten a[\\[b]", "rewritten a[\\[b]");
        row("flags in the middle", "a(?i)b|c", "rewritten a(?i:b)|(?i:c)", "rewritten (?a)a(?i:b)|(?i:c)",
            "rewritten a(?i:b)|(?i:c)");
        row("flags of a group", "a(?i:b)", "ok a(?i:b)", "rewritten (?a)a(?i:b)", "ok a(?i:b)");
        row("look-arounds", "ab(?!c)", "ok ab(?!c)", "ok ab(?!c)", "impossible at 3");
        row("references", "(a|b)c\\1", "ok (a|b)c\\1", "ok (a|b)c\\1", "impossible at 7");
        row("references to what may take no part", "(?:(a)|b)c\\1", "impossible at 11", "impossible at 11",
            "impossible at 11");
        row("quoted text", "\\Qa.b\\E+", "rewritten a\\.b+", "rewritten a\\.b+", "rewritten a\\.b+");
        row("space with \\v", "a\\sb", "ok a\\sb", "rewritten (?a)a\\sb", "rewritten a[\\x09-\\x0d\\x20]b");
        row("repeats that RE2 does not count to", "ab{1001}", "ok ab{1001}", "ok ab{1001}", "impossible at 3");
        row("recursion", "a(?R)?b", "impossible at 2", "impossible at 2", "impossible at 2");
        row("white space and comments", "(?x)a b", "impossible at 1", "impossible at 1", "impossible at 1");
    }
    void patternFor_construct()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, java);
        QFETCH(QString, python);
        QFETCH(QString, re2);
        const auto all = portability({pattern.toStdString()});
        QCOMPARE(shown(all[0]), "ok " + pattern);
        QCOMPARE(shown(all[1]), java);
        QCOMPARE(shown(all[2]), python);
        QCOMPARE(shown(all[3]), re2);
        for (const EnginePattern &one : all)
            QCOMPARE(one.notes.empty(), one.fit == Fit::Same);
    }

    void patternFor_optionsOfTheRule_becomeFlagsAndLookArounds()
    {
        const Pattern pattern{"^ab", true, true};
        QCOMPARE(shown(patternFor(Engine::Java, pattern)), QString("rewritten (?i)(?<![^\\n\\r\\f])(?<!\\r(?=\\n))ab"));
        QCOMPARE(shown(patternFor(Engine::Python, pattern)),
                 QString("rewritten (?ai)(?<![^\\n\\r\\f])(?<!\\r(?=\\n))ab"));
        QCOMPARE(shown(patternFor(Engine::Re2, pattern)), QString("impossible at 1"));
        QCOMPARE(shown(patternFor(Engine::Re2, {"^ab", true, false})), QString("rewritten (?i)^ab"));
    }

    void patternFor_badPattern_isImpossibleForAll()
    {
        for (const EnginePattern &one : portability({"(ab"})) {
            QCOMPARE(one.fit, Fit::Impossible);
            QVERIFY(one.notes.front().find("not a regular expression") != std::string::npos);
        }
    }

    void patternFor_python_findsWhatBoostFinds()
    {
        const QString python = QStandardPaths::findExecutable("python3");
        if (python.isEmpty())
            QSKIP("python3 is not there");
        const AskedPatterns asked = randomAsked(Engine::Python, 4000, 17);
        QByteArray questions;
        for (const AskedPattern &pattern : asked.patterns)
            questions += questionOf(pattern);
        QProcess process;
        process.start(python, {"-B", "-X", "utf8", MULLIGAN_SOURCE_DIR "/tests/core/text/python_matches.py"});
        process.write(questions);
        process.closeWriteChannel();
        QVERIFY2(process.waitForFinished(120'000), qPrintable(process.errorString()));
        QCOMPARE(QString::fromUtf8(process.readAllStandardError()), QString());
        const QList<QByteArray> answers = process.readAllStandardOutput().trimmed().split('\n');
        QCOMPARE(static_cast<size_t>(answers.size()), asked.patterns.size());
        compare(asked, answers);
    }

private:
    static void compare(const AskedPatterns &asked, const QList<QByteArray> &answers)
    {
        size_t matches = 0;
        QStringList differences;
        for (qsizetype i = 0; i < answers.size(); ++i) {
            const AskedPattern &pattern = asked.patterns[static_cast<size_t>(i)];
            for (const auto &expected : pattern.expected)
                matches += expected ? 1 : 0;
            const QJsonValue answer = QJsonDocument::fromJson("[" + answers[i] + "]").array().at(0);
            if (const QString one = difference(pattern, answer); !one.isEmpty())
                differences.append(one);
        }
        QVERIFY2(differences.isEmpty(),
                 qPrintable(QString::number(differences.size()) + " differ:\n" + differences.mid(0, 12).join('\n')));
        QVERIFY2(matches > 10'000, qPrintable(QString::number(matches)));
    }
};

QTEST_GUILESS_MAIN(TestPortability)
#include "tst_portability.moc"
