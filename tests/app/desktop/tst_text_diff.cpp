#include "desktop/widgets/edit_preview.hpp"
#include "desktop/widgets/text_diff.hpp"

#include <QtTest>

using namespace mulligan::desktop;

/// What differs between two texts, line by line.
class TextDiff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void diffLines_texts_givesTheLeastDifference_data();
    void diffLines_texts_givesTheLeastDifference();
    void diffLines_farApart_leavesOutWhatIsEqual();
    void diffLines_thousandsOfOtherLines_stillHoldsThemAll();
    void diffLines_numbers_areThoseOfBothTexts();
    void preview_edit_showsSignsBesideColours();

private:
    /// "=a -b +c", a gap as "…".
    static QString written(const std::vector<DiffLine> &lines)
    {
        QStringList out;
        for (const DiffLine &line : lines)
            switch (line.kind) {
            case DiffLine::Kind::Same: out << QLatin1Char('=') + line.text; break;
            case DiffLine::Kind::Added: out << QLatin1Char('+') + line.text; break;
            case DiffLine::Kind::Removed: out << QLatin1Char('-') + line.text; break;
            case DiffLine::Kind::Gap: out << QStringLiteral("…"); break;
            }
        return out.join(QLatin1Char(' '));
    }
};

void TextDiff::diffLines_texts_givesTheLeastDifference_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("difference");
    const auto row = [](const char *name, const char *before, const char *after, const char *difference) {
        QTest::newRow(name) << QString::fromUtf8(before) << QString::fromUtf8(after) << QString::fromUtf8(difference);
    };
    row("equal texts do not differ", "a\nb", "a\nb", "");
    row("a line is added in the middle", "a\nb", "a\nc\nb", "=a +c =b");
    row("a line is taken away at the end", "a\nb\n", "a\n", "=a -b =");
    row("a changed line goes before the new one comes", "a\nb\nc", "a\nx\nc", "=a -b +x =c");
    row("a line that moved is one less and one more", "a\nb\nc", "b\nc\na", "-a =b =c +a");
    row("everything is new", "", "a\nb", "- +a +b");
    row("repeated lines keep their partner", "x\nx\ny", "x\ny", "=x -x =y");
}

void TextDiff::diffLines_texts_givesTheLeastDifference()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(QString, difference);
    QCOMPARE(written(diffLines(before, after, 3)), difference);
}

void TextDiff::diffLines_farApart_leavesOutWhatIsEqual()
{
    QStringList lines;
    for (int i = 0; i < 40; ++i)
        lines << QString::number(i);
    const QString before = lines.join(QLatin1Char('\n'));
    lines[5] = QStringLiteral("five");
    lines[30] = QStringLiteral("thirty");
    QCOMPARE(written(diffLines(before, lines.join(QLatin1Char('\n')), 1)),
             QStringLiteral("… =4 -5 +five =6 … =29 -30 +thirty =31 …"));
}

void TextDiff::diffLines_thousandsOfOtherLines_stillHoldsThemAll()
{
    QStringList before;
    QStringList after;
    for (int i = 0; i < 5000; ++i) {
        before << QStringLiteral("a%1").arg(i);
        after << QStringLiteral("b%1").arg(i);
    }
    const auto lines = diffLines(before.join(QLatin1Char('\n')), after.join(QLatin1Char('\n')), 0);
    QCOMPARE(lines.size(), size_t(10000));
    QCOMPARE(lines.front().text, QStringLiteral("a0"));
    QCOMPARE(lines.back().text, QStringLiteral("b4999"));
}

void TextDiff::diffLines_numbers_areThoseOfBothTexts()
{
    const auto lines = diffLines(QStringLiteral("a\nb\nc"), QStringLiteral("a\nx\ny\nc"), 1);
    QCOMPARE(lines.size(), size_t(5));
    QCOMPARE(lines[1], (DiffLine{DiffLine::Kind::Removed, QStringLiteral("b"), 2, 0}));
    QCOMPARE(lines[3], (DiffLine{DiffLine::Kind::Added, QStringLiteral("y"), 0, 3}));
    QCOMPARE(lines[4], (DiffLine{DiffLine::Kind::Same, QStringLiteral("c"), 3, 4}));
}

void TextDiff::preview_edit_showsSignsBesideColours()
{
    const EditPreview preview(
        QStringLiteral("samples"), QStringLiteral("Edit"),
        {{QStringLiteral("spark.yaml"), QStringLiteral("a\n  <b>\n"), QStringLiteral("a\n  <c>\n")}}, nullptr);
    const QString shown = preview.text().replace(QChar(0x00A0), QLatin1Char(' '));
    QVERIFY2(shown.contains(QStringLiteral("spark.yaml")), qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("2 −   <b>")), qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("2 +   <c>")), qPrintable(shown));
}

QTEST_MAIN(TextDiff)
#include "tst_text_diff.moc"
