#include "opened_archive.hpp"

#include "formats/compress.hpp"

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;
using namespace archive_test;
using std::string_literals::operator""s;

Q_DECLARE_METATYPE(mulligan::ingest::ArchiveLimits)

namespace
{

const Entry kGood{"rows.jsonl", kRow};
const QString kGoodUnit = "archive/rows.jsonl [attempts] rows.jsonl";

std::string tarOf(const Entry &entry)
{
    return makeArchive(Shape::Tar, {kGood, entry});
}

/// Marks every entry of a zip as encrypted, in its own header and in the directory.
std::string marked(std::string zip)
{
    for (std::size_t at = 0; (at = zip.find("PK\x03\x04", at)) != std::string::npos; ++at)
        zip[at + 6] = static_cast<char>(zip[at + 6] | 1);
    for (std::size_t at = 0; (at = zip.find("PK\x01\x02", at)) != std::string::npos; ++at)
        zip[at + 8] = static_cast<char>(zip[at + 8] | 1);
    return zip;
}

std::string stored(const std::vector<Entry> &entries)
{
    return makeArchive(Shape::Zip, entries, "zip:compression=store");
}

/// A tar of one entry of that many bytes, all zero, as a stream of zstd frames: what the file holds is small.
std::string zeros(std::uint64_t bytes)
{
    const std::string frame = formats::zstdCompress(std::string(16u << 20, '\0')).value();
    std::string out = formats::zstdCompress(tarHeader("zeros", bytes)).value();
    for (std::uint64_t done = 0; done < bytes; done += 16u << 20)
        out += frame;
    return out;
}

std::string manyRows(int count)
{
    std::string out;
    for (int i = 0; i < count; ++i)
        out += replaced(kRow, "\"r\"", "\"r" + std::to_string(i * 7919 % 10007) + "\"");
    return out;
}

} // namespace

class TestArchiveHostile : public QObject
{
    Q_OBJECT

private slots:
    void openArchive_entryThatMustNotBe_isSkippedAndTheOthersStay_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, const std::string &bytes, const char *reason) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(reason);
        };
        row("a name that leads up", tarOf({"../evil", kRow}), "archive/../evil: it leads out of the archive");
        row("a name that leads up in the middle", tarOf({"a/../../evil", kRow}), ": it leads out of the archive");
        row("a name that leads up, in a zip", makeArchive(Shape::Zip, {kGood, {"../../evil", kRow}}),
            ": it leads out of the archive");
        row("a name that leads up, in a 7z", makeArchive(Shape::SevenZip, {kGood, {"../evil", kRow}}),
            ": it leads out of the archive");
        row("an absolute name", tarOf({"/tmp/evil", kRow}), "archive//tmp/evil: it has an unsafe name");
        row("a name of another system", tarOf({"..\\evil", kRow}), ": it has an unsafe name");
        row("a link", tarOf({"out", "", AE_IFLNK, "/etc/passwd"}),
            "archive/out: links are not unpacked (to '/etc/passwd')");
        row("a hard link", tarOf({"out", "", AE_IFREG, "/etc/passwd", true}),
            "archive/out: it is a hard link to '/etc/passwd', which is read at its own place");
        row("a device", tarOf({"device", "", AE_IFCHR}), "archive/device: it is a device, a pipe");
        row("a pipe", tarOf({"pipe", "", AE_IFIFO}), "archive/pipe: it is a device, a pipe");
        row("a file in a file", tarOf({"rows.jsonl/below", kRow}),
            "archive/rows.jsonl/below: its folder came before it as a file");
        row("a file that is a folder", makeArchive(Shape::Tar, {kGood, {"a/b", kRow}, {"a", kRow}}),
            "archive/a: a folder of the same name came before it");
        row("a name of 300 bytes", tarOf({std::string(300, 'n'), kRow}), ": it has a name that is too long");
        row("a name of 5000 bytes",
            tarOf({replaced(std::string(50, 'n'), "n", std::string(99, 'm') + '/') + 'o', kRow}),
            ": it has a name that is too long");
        row("folders that go down without end", tarOf({replaced(std::string(100, 'n'), "n", "d/") + "f", kRow}),
            ": it has a name that is too long");
        row("a stored entry that was changed", replaced(stored({kGood, {"x.jsonl", "changed"}}), "changed", "chanced"),
            "!archive/x.jsonl: The entry is damaged (ZIP bad CRC");
        row("a tar that ends in an entry", makeArchive(Shape::Tar, {kGood}).substr(0, 1024) + tarHeader("big", 9999),
            "!archive: The archive breaks off (Truncated tar archive); what stands before that was read");
        row("a tar whose entry states an impossible size",
            makeArchive(Shape::Tar, {kGood}).substr(0, 1024) + tarHeader("big", std::uint64_t(1) << 34) + kRow,
            "!archive: The archive breaks off");
        row("a tar with a damaged header",
            makeArchive(Shape::Tar, {kGood}).substr(0, 1024) + replaced(tarHeader("broken", 0), "0000644", "0000645")
                + tarHeader("other", 0),
            "!archive: The archive is damaged (Damaged tar archive");
        const std::string two = makeArchive(Shape::Tar, {kGood, {"two.jsonl", kRow}});
        const char *markless = "!archive: The archive breaks off (the mark at its end is missing); what stands before "
                               "that was read";
        row("a tar cut between two entries", two.substr(0, 1024), markless);
        row("a tar cut before its end", two.substr(0, 2048), markless);
        row("a compressed tar cut before its end", compressed(two.substr(0, 2048), ARCHIVE_FILTER_GZIP), markless);
        const std::string zip = stored({kGood, {"two.jsonl", kRow}});
        row("a zip cut in its directory", zip.substr(0, zip.size() - 40),
            "!archive: The archive breaks off (the directory at its end is missing); what stands before that was read");
        row("a compressed zip cut in its directory", compressed(zip.substr(0, zip.size() - 40), ARCHIVE_FILTER_GZIP),
            "!archive: The archive breaks off (the directory at its end is missing)");
    }
    void openArchive_entryThatMustNotBe_isSkippedAndTheOthersStay()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, reason);
        Opening opening;
        {
            const auto found = opening.open(bytes.toStdString());
            QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
            QVERIFY2(unitLines(*found).contains(kGoodUnit), qPrintable(unitLines(*found).join('\n')));
            QVERIFY2(!skippedLines(*found).filter(reason).isEmpty(), qPrintable(skippedLines(*found).join('\n')));
            QCOMPARE(opening.leftBehind().size(), 1); // nothing beside the folder
        }
        QCOMPARE(opening.leftBehind(), QStringList());
        QVERIFY(!QFile::exists("/tmp/evil"));
    }

    void openArchive_fileThroughALink_staysInside()
    {
        Opening opening;
        const std::string outside = opening.folder().path("outside");
        QDir().mkpath(QString::fromStdString(outside));
        const auto found =
            opening.open(makeArchive(Shape::Tar, {{"out", "", AE_IFLNK, outside}, {"out/rows.jsonl", kRow}, kGood}));
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        const QStringList expected{"archive/out/rows.jsonl [attempts] rows.jsonl", kGoodUnit};
        QCOMPARE(unitLines(*found), expected);
        QVERIFY(QDir(QString::fromStdString(outside)).isEmpty());
    }

    void openArchive_nameThatCannotBeShown_isMended_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("path");
        const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
        const auto tar = [&](const std::string &name) {
            std::string body = kRow;
            body.resize(512);
            return bytes(tarHeader(name, kRow.size()) + body + std::string(1024, '\0'));
        };
        QTest::newRow("a line end") << tar("a\nb.jsonl") << QString::fromUtf8("archive/a\uFFFDb.jsonl");
        QTest::newRow("bytes that are no UTF-8") << tar("a\xFF.jsonl") << QString::fromUtf8("archive/a\uFFFD.jsonl");
        QTest::newRow("Latin-1 in a zip") << bytes(replaced(stored({{"aXb.jsonl", kRow}}), "aXb",
                                                            "a\xE9"
                                                            "b"))
                                          << QString::fromUtf8("archive/a\uFFFDb.jsonl");
        QTest::newRow("NUL, at which a name ends") << tar("a.jsonl\0../b"s) << "archive/a.jsonl";
    }
    void openArchive_nameThatCannotBeShown_isMended()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, path);
        Opening opening;
        const auto found = opening.open(bytes.toStdString());
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        QCOMPARE(found->units.size(), size_t(1));
        QCOMPARE(QString::fromStdString(found->units.front().path), path);
    }

    void openArchive_archiveThatMustNotBe_isAnError_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<ArchiveLimits>("limits");
        QTest::addColumn<QString>("error");
        const auto row = [](const char *name, const std::string &bytes, const char *error,
                            const ArchiveLimits &limits = {}) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << limits << QString(error);
        };
        ArchiveLimits small;
        small.floorBytes = 32u << 20;
        row("ten gigabytes of zeros", zeros(10'000'000'000), "unpacks to more than 200 times its size (", small);
        small.floorBytes = 100;
        small.ratio = 2;
        row("a bomb in a zip", makeArchive(Shape::Zip, {{"x", std::string(1u << 20, 'x')}}),
            "unpacks to more than 2 times its size", small);
        row("a bomb in a 7z", makeArchive(Shape::SevenZip, {{"x", std::string(1u << 20, 'x')}}),
            "unpacks to more than 2 times its size", small);
        row("a bomb in a zip in gzip",
            compressed(makeArchive(Shape::Zip, {{"x", std::string(1u << 20, 'x')}}), ARCHIVE_FILTER_GZIP),
            "unpacks to more than 2 times its size", small);
        ArchiveLimits few;
        few.entries = 3;
        row("too many entries", makeArchive(Shape::Tar, {{"a"}, {"b"}, {"c"}, {"d"}}),
            "The archive has more than 3 entries", few);
        ArchiveLimits tight;
        tight.keepFree = ~std::uint64_t(0);
        row("a disk that is too small", makeArchive(Shape::Tar, {kGood}), "Unpacking would leave less than", tight);
        row("a zip that is cut off at once", stored({kGood}).substr(0, 40), "The archive");
        row("a zip that is cut off in its first entry", stored({kGood}).substr(0, 80), "");
        row("a 7z that is cut off", makeArchive(Shape::SevenZip, {kGood, {"b", manyRows(10)}}).substr(0, 150),
            "The archive is damaged");
        row("a tar.gz that is cut off",
            compressed(makeArchive(Shape::Tar, {{"a", manyRows(1000)}}), ARCHIVE_FILTER_GZIP).substr(0, 1500),
            "The archive breaks off");
        row("a zip mark and nothing more", "PK\x03\x04"s, "The archive");
        row("a zip mark before noise", "PK\x03\x04"s + std::string(4000, '\x9D'), "The archive");
        row("a 7z mark before noise", "7z\xBC\xAF\x27\x1C"s + std::string(4000, '\x9D'), "The archive is damaged");
        row("a tar mark before noise", std::string(257, 'x') + "ustar" + std::string(4000, 'x'),
            "The archive is damaged");
    }
    void openArchive_archiveThatMustNotBe_isAnError()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(ArchiveLimits, limits);
        QFETCH(QString, error);
        Opening opening;
        const auto found = opening.open(bytes.toStdString(), limits);
        if (found.has_value()) { // or with nothing of it and the reason
            QVERIFY(found->units.empty());
            QVERIFY2(!skippedLines(*found).filter("!").isEmpty(), qPrintable(skippedLines(*found).join('\n')));
            QVERIFY2(error.isEmpty(), qPrintable(skippedLines(*found).join('\n')));
            return;
        }
        QVERIFY2(QString::fromStdString(found.error().text()).contains(error), found.error().text().c_str());
        QVERIFY(!found.error().hint.empty());
        QCOMPARE(opening.leftBehind(), QStringList());
    }

    void openArchive_encryptedEntries_areNamed()
    {
        Opening opening;
        const auto found = opening.open(marked(stored({{"a.jsonl", kRow}, {"b.jsonl", kRow}})));
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        QVERIFY(found->units.empty());
        const QStringList expected{"!archive/a.jsonl: it is encrypted", "!archive/b.jsonl: it is encrypted"};
        QCOMPARE(skippedLines(*found), expected);
    }

    void openArchive_zipCutOffLater_givesWhatStandsBefore()
    {
        const std::string zip = stored({kGood, {"b.jsonl", manyRows(100)}});
        Opening opening;
        const auto found = opening.open(zip.substr(0, zip.size() / 2));
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        QCOMPARE(unitLines(*found), QStringList{kGoodUnit});
        QVERIFY2(!skippedLines(*found).filter("!archive/b.jsonl: ").isEmpty(),
                 qPrintable(skippedLines(*found).join('\n')));
        QVERIFY(!skippedLines(*found).filter("what stands before that was read").isEmpty());
    }

    void openArchive_archivesInArchives_endAtTheDepth()
    {
        std::string bytes = stored({kGood});
        for (int i = 0; i < 4; ++i)
            bytes = stored({{"inner.zip", bytes}});
        Opening opening;
        auto found = opening.open(bytes);
        base::Progress progress;
        for (int depth = 1; depth < 4; ++depth) {
            QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
            QCOMPARE(found->units.front().depth, depth);
            found = openArchive(SourceUnit(found->units.front()), Format::Auto, {}, {}, progress);
        }
        QVERIFY(found.has_value());
        const auto tooDeep = openArchive(found->units.front(), Format::Auto, {}, {}, progress);
        QVERIFY(!tooDeep.has_value());
        QCOMPARE(tooDeep.error().code, base::ErrorCode::LimitExceeded);
        QVERIFY2(tooDeep.error().text().find("It lies in 4 archives") != std::string::npos,
                 tooDeep.error().text().c_str());
    }

    void openArchive_bombOfManyArchives_isCountedTogether()
    {
        std::vector<Entry> inner;
        for (int i = 0; i < 16; ++i)
            inner.push_back({"z" + std::to_string(i), std::string(1u << 20, '\0')});
        const std::string bomb = makeArchive(Shape::Zip, inner);
        std::vector<Entry> outer;
        for (int i = 0; i < 16; ++i)
            outer.push_back({"b" + std::to_string(i) + ".zip", bomb});
        ArchiveLimits limits;
        limits.floorBytes = 40u << 20; // two of the sixteen
        Opening opening;
        const auto found = opening.open(compressed(makeArchive(Shape::Tar, outer), ARCHIVE_FILTER_XZ), limits);
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        base::Progress progress;
        int opened = 0;
        for (const SourceUnit &unit : found->units) {
            const auto below = openArchive(unit, Format::Auto, limits, {}, progress);
            opened += below.has_value() ? 1 : 0;
            if (!below)
                QVERIFY(below.error().text().find("as a bomb does") != std::string::npos);
        }
        QCOMPARE(opened, 2);
    }

    void openArchive_nothingInside_findsNothing()
    {
        Opening opening;
        for (const std::string &bytes : {makeArchive(Shape::Zip, {}), makeArchive(Shape::SevenZip, {}),
                                         makeArchive(Shape::Tar, {{"folder", "", AE_IFDIR}})}) {
            const auto found = opening.open(bytes);
            QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
            QVERIFY(found->units.empty());
            QVERIFY(found->skipped.empty());
        }
        // An empty tar is nothing but zeros, as a file is whose blocks were lost.
        const auto found = findSources(opening.folder().write("empty.tar", std::string(10240, '\0')));
        QVERIFY(!found.has_value());
        QVERIFY(found.error().text().find("nothing but zero bytes") != std::string::npos);
    }

    void openArchive_cutAnywhere_neverCrashes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const std::vector<Entry> entries{kGood, {"b.jsonl", manyRows(3)}};
        const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
        QTest::newRow("tar") << bytes(makeArchive(Shape::Tar, entries)).left(3000);
        QTest::newRow("zip") << bytes(makeArchive(Shape::Zip, entries));
        QTest::newRow("7z") << bytes(makeArchive(Shape::SevenZip, entries));
        QTest::newRow("tar.gz") << bytes(compressed(makeArchive(Shape::Tar, entries), ARCHIVE_FILTER_GZIP));
        QTest::newRow("zip.zst") << bytes(compressed(makeArchive(Shape::Zip, entries), ARCHIVE_FILTER_ZSTD));
    }
    void openArchive_cutAnywhere_neverCrashes()
    {
        QFETCH(QByteArray, bytes);
        Opening opening;
        const std::string whole = bytes.toStdString();
        const std::size_t step = 1 + whole.size() / 600; // much of a tar is padding
        for (std::size_t size = 0; size < whole.size(); size += step) {
            const auto found = opening.open(whole.substr(0, size));
            if (!found)
                QVERIFY(!found.error().message.empty());
        }
        for (std::size_t at = 0; at < whole.size(); at += 3 * step) {
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ 0xFF);
            const auto found = opening.open(changed);
            if (!found)
                QVERIFY(!found.error().message.empty());
        }
        QCOMPARE(opening.leftBehind(), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestArchiveHostile)
#include "tst_archive_hostile.moc"
