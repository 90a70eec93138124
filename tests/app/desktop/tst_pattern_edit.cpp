#include "desktop/widgets/pattern_edit.hpp"
#include "desktop/widgets/pattern_tokens.hpp"

#include <QSignalSpy>
#include <QTest>

using namespace mulligan::desktop;

class PatternEditTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void patternTokens_pattern_isCutIntoKinds_data();
    void patternTokens_pattern_isCutIntoKinds();
    void patternTokens_anyText_isCoveredFromBeginToEnd();
    void edit_typedText_isAnnouncedAndSetTextIsNot();
    void edit_enterAndPastedLines_leaveOneLine();
    void edit_fault_isUnderlinedAtItsCharacter();
};

namespace
{

/// One letter a character of the pattern, for what it is.
QString kinds(const QString &pattern)
{
    QString out;
    for (const auto &token : patternTokens(pattern)) {
        static const char kLetters[] = "lecgnqaodU"; // in the order of PatternTokenKind
        out += QString(token.length, QLatin1Char(kLetters[static_cast<int>(token.kind)]));
    }
    return out;
}

} // namespace

void PatternEditTest::patternTokens_pattern_isCutIntoKinds_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("expected");
    QTest::newRow("literals") << "abc"
                              << "lll";
    QTest::newRow("escapes and anchors") << "\\d\\.\\b^$"
                                         << "eeeeaaaa";
    QTest::newRow("hexadecimal escape") << "\\x41z"
                                        << "eeeel";
    QTest::newRow("quoted") << "\\Qa.b\\Ec"
                            << "eeeeeeel";
    QTest::newRow("classes with a bracket first, escaped and named")
        << "[]a][^]][\\]][[:alpha:]]" << QString(23, QLatin1Char('c'));
    QTest::newRow("quantifiers, lazy and possessive") << "a*b+?c{2,5}+d{x"
                                                      << "lqlqqlqqqqqqlll";
    QTest::newRow("groups") << "(a)(?:b)(?=c)(?!d)(?<=e)"
                            << "glgggglgggglgggglggggglg";
    QTest::newRow("named group") << "(?<used>\\d+)"
                                 << "gggnnnngeeqg";
    QTest::newRow("flags") << "(?i)a(?i:b)"
                           << "gggg"
                              "l"
                              "gggglg";
    QTest::newRow("choice and any") << "a|.b"
                                    << "lodl";
    QTest::newRow("open group") << "(a"
                                << "Ul";
    QTest::newRow("closed too often") << "a)"
                                      << "lU";
    QTest::newRow("open class") << "a[bc"
                                << "lUUU";
}

void PatternEditTest::patternTokens_pattern_isCutIntoKinds()
{
    QFETCH(QString, pattern);
    QFETCH(QString, expected);
    QCOMPARE(kinds(pattern), expected);
}

void PatternEditTest::patternTokens_anyText_isCoveredFromBeginToEnd()
{
    const QString alphabet = QStringLiteral("a\\[](){}?*+|.^$<>:=!,2QEx'-é");
    quint32 state = 7;
    for (int round = 0; round < 5000; ++round) {
        QString pattern;
        for (int i = 0; i < 14; ++i) {
            state = state * 1664525u + 1013904223u;
            pattern += alphabet[static_cast<int>((state >> 16) % static_cast<quint32>(alphabet.size()))];
        }
        int at = 0;
        for (const auto &token : patternTokens(pattern)) {
            QVERIFY2(token.begin == at && token.length > 0, qPrintable(pattern));
            at += token.length;
        }
        QVERIFY2(at == pattern.size(), qPrintable(pattern));
    }
}

void PatternEditTest::edit_typedText_isAnnouncedAndSetTextIsNot()
{
    PatternEdit edit;
    QSignalSpy edited(&edit, &PatternEdit::patternEdited);
    edit.setPattern(QStringLiteral("ab"));
    QCOMPARE(edited.count(), 0);
    edit.moveCursor(QTextCursor::End);
    QTest::keyClicks(&edit, QStringLiteral("c"));
    QCOMPARE(edited.count(), 1);
    QCOMPARE(edited.front().front().toString(), QStringLiteral("abc"));
    // Showing what is there already leaves the cursor.
    edit.moveCursor(QTextCursor::Start);
    edit.setPattern(QStringLiteral("abc"));
    QCOMPARE(edit.textCursor().position(), 0);
}

void PatternEditTest::edit_enterAndPastedLines_leaveOneLine()
{
    PatternEdit edit;
    QSignalSpy submitted(&edit, &PatternEdit::submitted);
    QTest::keyClicks(&edit, QStringLiteral("a"));
    QTest::keyClick(&edit, Qt::Key_Return);
    QCOMPARE(submitted.count(), 1);
    QCOMPARE(edit.pattern(), QStringLiteral("a"));
}

void PatternEditTest::edit_fault_isUnderlinedAtItsCharacter()
{
    PatternEdit edit;
    edit.setPattern(QStringLiteral("ab(c"));
    edit.setFault(2);
    QCOMPARE(edit.extraSelections().size(), 1);
    QCOMPARE(edit.extraSelections().front().cursor.selectedText(), QStringLiteral("("));
    edit.setFault(-1);
    QCOMPARE(edit.extraSelections().front().cursor.selectedText(), QStringLiteral("ab(c"));
    edit.clearFault();
    QVERIFY(edit.extraSelections().isEmpty());
}

QTEST_MAIN(PatternEditTest)
#include "tst_pattern_edit.moc"
