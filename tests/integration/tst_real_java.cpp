#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "text/portability.hpp"

#include "core/text/asked_engines.hpp"

#include <QProcess>
#include <QStandardPaths>
#include <QtTest>

using namespace mulligan::text;

namespace
{

QByteArray hex(const std::string &text)
{
    return QByteArray::fromStdString(text).toHex();
}

QByteArray expectedOf(const AskedPattern &asked)
{
    QList<QByteArray> spans;
    for (const auto &span : asked.expected)
        spans.append(span ? QByteArray::number(static_cast<qulonglong>(span->begin)) + '-'
                                + QByteArray::number(static_cast<qulonglong>(span->end))
                          : QByteArray("none"));
    return spans.join(',');
}

/// The ends of matches alone, for patterns whose matches begin elsewhere.
QByteArray withoutBegins(const QByteArray &spans)
{
    QList<QByteArray> out;
    for (const QByteArray &span : spans.split(','))
        out.append(span == "none" ? span : QByteArray("some"));
    return out.join(',');
}

} // namespace

/// Patterns written for Java, run by a real one.
class TestRealJava : public QObject
{
    Q_OBJECT

private slots:
    void patternFor_java_findsWhatBoostFinds()
    {
        const QString java = QStandardPaths::findExecutable("java");
        if (java.isEmpty() || QStandardPaths::findExecutable("javac").isEmpty())
            QSKIP("no Java that runs source files is there");
        const AskedPatterns asked = randomAsked(Engine::Java, 4000, 18);
        QByteArray questions;
        for (const AskedPattern &pattern : asked.patterns) {
            questions += hex(pattern.translated.expression);
            for (const std::string &text : pattern.texts)
                questions += ',' + hex(text);
            questions += '\n';
        }
        QProcess process;
        process.start(java, {"-XX:TieredStopAtLevel=1", MULLIGAN_SOURCE_DIR "/tests/core/text/JavaMatches.java"});
        process.write(questions);
        process.closeWriteChannel();
        QVERIFY2(process.waitForFinished(120'000), qPrintable(process.errorString()));
        const QList<QByteArray> answers = process.readAllStandardOutput().trimmed().split('\n');
        QVERIFY2(answers.size() == static_cast<qsizetype>(asked.patterns.size()),
                 process.readAllStandardError().constData());
        QStringList differences;
        for (qsizetype i = 0; i < answers.size(); ++i) {
            const AskedPattern &pattern = asked.patterns[static_cast<size_t>(i)];
            const QByteArray expected = expectedOf(pattern);
            const bool same =
                pattern.movesBegin ? withoutBegins(answers[i]) == withoutBegins(expected) : answers[i] == expected;
            if (!same)
                differences.append(QString::fromStdString(pattern.original) + " as "
                                   + QString::fromStdString(pattern.translated.expression) + ": expected "
                                   + QString::fromUtf8(expected) + ", got " + QString::fromUtf8(answers[i]));
        }
        QVERIFY2(differences.isEmpty(),
                 qPrintable(QString::number(differences.size()) + " differ:\n" + differences.mid(0, 12).join('\n')));
    }
};

QTEST_GUILESS_MAIN(TestRealJava)
#include "tst_real_java.moc"
