#include "desktop/shell/theme.hpp"
#include "desktop/widgets/edit_preview.hpp"
#include "desktop/widgets/text_diff.hpp"

#include <QTextBlock>
#include <QtTest>

#include <cmath>

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
    void countOf_texts_tellsChangedFromNewLines_data();
    void countOf_texts_tellsChangedFromNewLines();
    void changedSpans_pair_marksWhatIsBetween();
    void changedSpans_linesWithLittleInCommon_areNotMarked();
    void view_severalDifferences_canBeSteppedThrough();
    void view_signsThatBreakLines_areShown();
    void view_bothThemes_textsAreReadable();
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

void TextDiff::countOf_texts_tellsChangedFromNewLines_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QList<int>>("addedRemovedChanged");
    const auto row = [](const char *name, const char *before, const char *after, const QList<int> &counts) {
        QTest::newRow(name) << QString::fromUtf8(before) << QString::fromUtf8(after) << counts;
    };
    row("equal texts", "a\nb", "a\nb", {0, 0, 0});
    row("one line is another", "a\nb\nc", "a\nx\nc", {0, 0, 1});
    row("one line became two", "a\nb\nc", "a\nx\ny\nc", {1, 0, 1});
    row("two lines became one", "a\nb\nb2\nc", "a\nx\nc", {0, 1, 1});
    row("one less here, one more there", "a\nb\nc\nd", "a\nc\nx\nd", {1, 1, 0});
}

void TextDiff::countOf_texts_tellsChangedFromNewLines()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(QList<int>, addedRemovedChanged);
    const DiffCounts counts = countOf(diffLines(before, after));
    QCOMPARE((QList<int>{counts.added, counts.removed, counts.changed}), addedRemovedChanged);
}

void TextDiff::changedSpans_pair_marksWhatIsBetween()
{
    const auto lines = diffLines(QStringLiteral("priority: 60 # high\nx"), QStringLiteral("priority: 75 # high\ny\nz"));
    const auto spans = changedSpans(lines);
    QCOMPARE(lines.size(), spans.size());
    QCOMPARE(spans[0], (DiffSpan{10, 12}));
    QCOMPARE(spans[2], (DiffSpan{10, 12}));
    QCOMPARE(spans[4], DiffSpan{}); // takes no other's place
    // Half of a character outside the first plane is no end of a span.
    const auto faces = changedSpans(diffLines(QStringLiteral("face 😀 x"), QStringLiteral("face 😁 x")));
    QCOMPARE(faces[0], (DiffSpan{5, 7}));
}

void TextDiff::changedSpans_linesWithLittleInCommon_areNotMarked()
{
    const auto spans = changedSpans(diffLines(QStringLiteral("  title: a"), QStringLiteral("  any other: thing")));
    QCOMPARE(spans[0], DiffSpan{});
    QCOMPARE(spans[1], DiffSpan{});
}

void TextDiff::view_severalDifferences_canBeSteppedThrough()
{
    QStringList lines;
    for (int i = 0; i < 60; ++i)
        lines << QStringLiteral("line %1").arg(i);
    const QString before = lines.join(QLatin1Char('\n'));
    lines[10] = QStringLiteral("ten");
    lines[50] = QStringLiteral("fifty");
    DiffView view;
    view.setEdits({{QStringLiteral("a.yaml"), before, lines.join(QLatin1Char('\n')), QStringLiteral("changed")}});
    QCOMPARE(view.counts(), (DiffCounts{0, 0, 2}));
    const auto here = [&] { return view.textCursor().block().text().section(QChar(0x2212), 1).trimmed(); };
    QCOMPARE(here(), QStringLiteral("line 10"));
    view.step(1);
    QCOMPARE(here(), QStringLiteral("line 50"));
    view.step(1);
    QCOMPARE(here(), QStringLiteral("line 10"));
    view.step(-1);
    QCOMPARE(here(), QStringLiteral("line 50"));
}

void TextDiff::view_signsThatBreakLines_areShown()
{
    DiffView view;
    view.setEdits({{QStringLiteral("a"), QStringLiteral("x\r\n"), QStringLiteral("x\n"), {}},
                   {QStringLiteral("b"), QStringLiteral("same"), QStringLiteral("same"), {}}});
    const QString shown = view.toPlainText();
    QVERIFY2(shown.contains(QStringLiteral("− x␍")), qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("No line differs")), qPrintable(shown));
    QCOMPARE(view.counts(), (DiffCounts{0, 0, 1}));
}

void TextDiff::view_bothThemes_textsAreReadable()
{
    const auto luminance = [](const QColor &colour) {
        const auto part = [](double value) {
            return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF());
    };
    const auto contrast = [&](const QColor &a, const QColor &b) {
        const double lighter = std::max(luminance(a), luminance(b));
        return (lighter + 0.05) / (std::min(luminance(a), luminance(b)) + 0.05);
    };
    for (const auto mode : {ThemeMode::Light, ThemeMode::Dark}) {
        applyTheme(*qApp, mode);
        const Theme &theme = Theme::current();
        for (const auto kind : {DiffLine::Kind::Added, DiffLine::Kind::Removed}) {
            // WCAG 2.1, 1.4.3: 4.5 for text.
            QVERIFY(contrast(theme.text, DiffView::ground(kind)) >= 7);
            QVERIFY(contrast(theme.text, DiffView::ground(kind, true)) >= 4.5);
            QVERIFY(contrast(theme.mutedText, DiffView::ground(kind)) >= 4.5);
            QVERIFY(DiffView::ground(kind) != DiffView::ground(kind, true));
        }
        QVERIFY(DiffView::ground(DiffLine::Kind::Added) != DiffView::ground(DiffLine::Kind::Removed));
    }
    applyTheme(*qApp, ThemeMode::Light);
}

void TextDiff::preview_edit_showsSignsBesideColours()
{
    const EditPreview preview(
        QStringLiteral("samples"), QStringLiteral("Edit"),
        {{QStringLiteral("spark.yaml"), QStringLiteral("a\n  <b>\n"), QStringLiteral("a\n  <c>\n")}}, nullptr);
    const QString shown = preview.text().replace(QChar(0x00A0), QLatin1Char(' '));
    QVERIFY2(shown.contains(QStringLiteral("spark.yaml")), qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("2       −   <b>")), qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("2 +   <c>")), qPrintable(shown));
}

QTEST_MAIN(TextDiff)
#include "tst_text_diff.moc"
