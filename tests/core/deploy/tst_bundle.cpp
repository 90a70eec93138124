#include "deploy/bundle.hpp"

#include "formats/file.hpp"
#include "formats/hash.hpp"
#include "formats/zip.hpp"

#include <QtTest>

#include <functional>

using namespace mulligan;

namespace
{

deploy::Bundle sample()
{
    deploy::Bundle bundle;
    bundle.manifest.set("created_at", "2026-04-01T00:00:00Z").set("approver", "A. Reviewer");
    bundle.files = {{"rules.yaml", "rules: []\n"},
                    {"policy.yaml", "name: p\n"},
                    {"model/spec.json", "{}"},
                    {"model/trees/a.json", "[1]"},
                    {"modelling.txt", "not in model/"}};
    return bundle;
}

using Entries = std::vector<formats::ZipEntry>;

/// Entries of the sample as they lie in the file, to be spoilt.
Entries entriesOf(const std::string &path)
{
    return formats::readZip(path).value();
}

formats::ZipEntry &entry(Entries &entries, const std::string &name)
{
    return *std::find_if(entries.begin(), entries.end(), [&](const auto &e) { return e.name == name; });
}

void replace(std::string &text, const std::string &from, const std::string &to)
{
    const size_t at = text.find(from);
    QVERIFY(at != std::string::npos);
    text.replace(at, from.size(), to);
}

using Spoil = std::function<void(Entries &)>;

} // namespace
Q_DECLARE_METATYPE(Spoil)

class TestBundle : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    [[nodiscard]] std::string path(const char *name) const { return m_folder.filePath(name).toStdString(); }

private slots:
    void writeBundle_thenRead_givesEverythingBack()
    {
        QVERIFY(deploy::writeBundle(sample(), path("a.zip")));
        const auto read = deploy::readBundle(path("a.zip"));
        QVERIFY(read.has_value());
        QVERIFY(read->problems.empty());
        QCOMPARE(read->bundle.files, sample().files);
        QCOMPARE(read->bundle.manifest["approver"].string(), std::string("A. Reviewer"));
        QCOMPARE(read->bundle.manifest["schema_version"].integer(), std::int64_t(deploy::kBundleSchema));
        QCOMPARE(read->bundle.manifest["files"]["policy.yaml"].string(), formats::sha256Hex("name: p\n"));
        QVERIFY(deploy::readTrustedBundle(path("a.zip")).has_value());
    }

    void writeBundle_equalBundles_giveEqualBytes()
    {
        deploy::Bundle stale = sample();
        stale.manifest.set("schema_version", 99).set("files", "stale");
        QVERIFY(deploy::writeBundle(sample(), path("a.zip")));
        QVERIFY(deploy::writeBundle(stale, path("b.zip")));
        QCOMPARE(formats::readTextFile(path("a.zip")).value(), formats::readTextFile(path("b.zip")).value());
    }

    void folder_givesFilesBelowWithTheFolderTakenOff()
    {
        const auto model = sample().folder("model/");
        QCOMPARE(model, (std::map<std::string, std::string>{{"spec.json", "{}"}, {"trees/a.json", "[1]"}}));
        QVERIFY(sample().folder("nothing/").empty());
    }

    void file_thatIsMissing_isNamed()
    {
        const auto missing = sample().file("space.yaml");
        QVERIFY(!missing.has_value());
        QCOMPARE(missing.error().code, base::ErrorCode::Corrupt);
        QVERIFY(missing.error().message.find("space.yaml") != std::string::npos);
    }

    void writeBundle_unsafeName_isRefused()
    {
        deploy::Bundle bundle = sample();
        bundle.files["../outside"] = "x";
        const auto written = deploy::writeBundle(bundle, path("unsafe.zip"));
        QVERIFY(!written.has_value());
        QCOMPARE(written.error().code, base::ErrorCode::InvalidArgument);
        QVERIFY(!QFile::exists(m_folder.filePath("unsafe.zip")));
    }

    void readBundle_spoilt_saysWhat_data()
    {
        QTest::addColumn<Spoil>("spoil");
        QTest::addColumn<QString>("code"); // "problem": listed, not an error
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, Spoil spoil, const char *code, const char *text) {
            QTest::newRow(name) << std::move(spoil) << code << text;
        };
        row(
            "a file was changed", [](Entries &e) { entry(e, "policy.yaml").content += " "; }, "problem",
            "'policy.yaml' was changed: its SHA-256 is not the one in the manifest");
        row(
            "a file was taken out",
            [](Entries &e) { std::erase_if(e, [](const auto &x) { return x.name == "rules.yaml"; }); }, "problem",
            "'rules.yaml' is listed in the manifest but missing");
        row(
            "a file was put in",
            [](Entries &e) {
                e.push_back({"extra.sh", "rm"});
            },
            "problem", "'extra.sh' is not listed in the manifest");
        row(
            "a hash in the manifest is no text",
            [](Entries &e) {
                auto &m = entry(e, "manifest.json").content;
                replace(m, "\"" + formats::sha256Hex("name: p\n") + "\"", "12");
            },
            "problem", "'policy.yaml' was changed");
        row(
            "the manifest is missing",
            [](Entries &e) { std::erase_if(e, [](const auto &x) { return x.name == "manifest.json"; }); }, "corrupt",
            "it has no manifest.json");
        row(
            "the manifest is cut short", [](Entries &e) { entry(e, "manifest.json").content.resize(40); }, "corrupt",
            "The manifest cannot be read");
        row(
            "the manifest is a list", [](Entries &e) { entry(e, "manifest.json").content = "[]"; }, "corrupt",
            "names no schema_version");
        row(
            "the manifest lists no files",
            [](Entries &e) { entry(e, "manifest.json").content = R"({"schema_version":1})"; }, "corrupt",
            "lists no files");
        row(
            "the schema is newer",
            [](Entries &e) {
                replace(entry(e, "manifest.json").content, "\"schema_version\": 1", "\"schema_version\": 2");
            },
            "newer_version", "schema version 2, this program reads up to 1");
        row(
            "the schema is no number",
            [](Entries &e) {
                replace(entry(e, "manifest.json").content, "\"schema_version\": 1", "\"schema_version\": \"1\"");
            },
            "corrupt", "names no schema_version");
    }
    void readBundle_spoilt_saysWhat()
    {
        QFETCH(Spoil, spoil);
        QFETCH(QString, code);
        QFETCH(QString, text);
        QVERIFY(deploy::writeBundle(sample(), path("good.zip")));
        Entries entries = entriesOf(path("good.zip"));
        spoil(entries);
        const auto bytes = formats::makeZip(entries);
        QVERIFY(bytes.has_value());
        QVERIFY(formats::writeFileAtomically(path("bad.zip"), *bytes));
        const auto read = deploy::readBundle(path("bad.zip"));
        const auto trusted = deploy::readTrustedBundle(path("bad.zip"));
        QVERIFY(!trusted.has_value());
        QVERIFY(QString::fromStdString(trusted.error().text()).contains(text));
        QVERIFY(QString::fromStdString(trusted.error().text()).contains("bad.zip"));
        QVERIFY(!trusted.error().hint.empty());
        if (code == "problem") {
            QVERIFY(read.has_value());
            QCOMPARE(read->problems.size(), size_t(1));
            QVERIFY2(QString::fromStdString(read->problems[0]).contains(text), read->problems[0].c_str());
        } else {
            QVERIFY(!read.has_value());
            QCOMPARE(QString::fromUtf8(base::codeName(read.error().code).data()), code);
        }
    }

    void readBundle_notABundleFile_saysWhy_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("code");
        QTest::newRow("text") << QByteArray("rules: []\n") << "corrupt";
        QTest::newRow("empty") << QByteArray() << "corrupt";
        QTest::newRow("zip slip: an entry that leads out of the archive") << slip("../../etc/cron.d/x") << "corrupt";
        QTest::newRow("zip slip: an absolute entry") << slip("/etc/cron.d/xyz12") << "corrupt";
    }
    void readBundle_notABundleFile_saysWhy()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, code);
        QVERIFY(
            formats::writeFileAtomically(path("odd.zip"), std::string_view(bytes.constData(), size_t(bytes.size()))));
        const auto read = deploy::readBundle(path("odd.zip"));
        QVERIFY(!read.has_value());
        QCOMPARE(QString::fromUtf8(base::codeName(read.error().code).data()), code);
    }

    void readBundle_truncated_isRefusedOrWhole()
    {
        QVERIFY(deploy::writeBundle(sample(), path("whole.zip")));
        int refused = 0;
        const std::string whole = formats::readTextFile(path("whole.zip")).value();
        for (size_t size = 0; size + 30 < whole.size(); size += 37) {
            QVERIFY(formats::writeFileAtomically(path("cut.zip"), std::string_view(whole).substr(0, size)));
            // Cut within the directory behind the last file nothing is lost, and the hashes say so.
            const auto read = deploy::readTrustedBundle(path("cut.zip"));
            if (read)
                QCOMPARE(read->files, sample().files);
            refused += read ? 0 : 1;
        }
        QVERIFY(refused > 10);
    }

    void readBundle_noFile_isNotFound()
    {
        const auto read = deploy::readBundle(path("none.zip"));
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().code, base::ErrorCode::NotFound);
    }

private:
    /// A zip whose one entry has been renamed to `name` byte by byte, which makeZip would refuse.
    static QByteArray slip(const std::string &name)
    {
        const std::string innocent(name.size(), 'a');
        const std::vector<formats::ZipEntry> entries{{innocent, "content"},
                                                     {"manifest.json", R"({"schema_version":1,"files":{}})"}};
        std::string bytes = formats::makeZip(entries).value();
        for (size_t at = bytes.find(innocent); at != std::string::npos; at = bytes.find(innocent, at))
            bytes.replace(at, name.size(), name);
        return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
    }
};

QTEST_APPLESS_MAIN(TestBundle)
#include "tst_bundle.moc"
