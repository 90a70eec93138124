#include "program.hpp"

#include "../../core/pipeline/generated_rows.hpp"

#include <QtTest>

#include <sys/resource.h>

namespace
{

QByteArray rows(int count, std::uint64_t seed)
{
    generated::Rows generated(seed, 300);
    std::string out;
    for (int i = 0; i < count; ++i)
        out += generated.jsonLine(generated.next());
    return QByteArray::fromStdString(out);
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write a test file");
}

/// Runs the program where no file may grow beyond so many bytes, as on a disk that is full.
cli::Run limited(const QStringList &arguments, rlim_t bytes, const QByteArray &input = {})
{
    QProcess process;
    process.setChildProcessModifier([bytes] {
        const struct rlimit limit {
            bytes, bytes
        };
        ::setrlimit(RLIMIT_FSIZE, &limit);
    });
    process.start(QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan"), arguments);
    process.write(input);
    process.closeWriteChannel();
    cli::Run run;
    process.waitForFinished(120'000);
    run.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    return run;
}

/// Runs a script with a small disk of its own at `disk`, in name spaces that end with it; nothing where the system does
/// not allow that.
std::optional<cli::Run> onSmallDisk(const QString &disk, const QString &script)
{
    QProcess process;
    process.start(QStringLiteral("unshare"),
                  {"-rm", "sh", "-c",
                   QStringLiteral("mount -t tmpfs -o size=2m none '%1' || exit 77; M='%2'; %3")
                       .arg(disk, QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan"), script)});
    if (!process.waitForStarted() || !process.waitForFinished(120'000) || process.exitCode() == 77)
        return std::nullopt;
    cli::Run run;
    run.exitCode = process.exitCode();
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    if (run.err.contains("unshare"))
        return std::nullopt;
    return run;
}

} // namespace

/// Disks that fill up in the middle of an import: the workspace's, and that of the temporary folder.
class TestImportDiskFull : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        write(at("small.jsonl"), rows(20, 7));
        write(at("big.jsonl"), rows(6000, 8));
        QCOMPARE(cli::mulligan({"init", at("w.mulligan")}).exitCode, 0);
        QCOMPARE(cli::mulligan({"import", at("w.mulligan"), at("small.jsonl")}).exitCode, 0);
    }

    void import_workspaceThatMayNotGrow_isAnErrorAndLosesNothing()
    {
        const auto run = limited({"--json", "import", at("w.mulligan"), at("big.jsonl")}, 1u << 20);
        QCOMPARE(run.exitCode, 1);
        const QByteArray said = run.out + run.err;
        QVERIFY2(said.contains("big.jsonl"), said.constData());
        QVERIFY2(said.contains("write") || said.contains("disk"), said.constData());
        QCOMPARE(attempts(), 20);
        QCOMPARE(cli::mulligan({"import", at("w.mulligan"), at("big.jsonl")}).exitCode, 0);
        QCOMPARE(attempts(), 6020);
    }

    void import_standardInputThatCannotBeSetDown_isAnErrorThatNamesThePlace()
    {
        QFile big(at("big.jsonl"));
        QVERIFY(big.open(QIODevice::ReadOnly));
        QDir().mkpath(at("tmp"));
        qputenv("TMPDIR", at("tmp").toUtf8());
        const auto run = limited({"import", at("w.mulligan"), "-"}, 1u << 20, big.readAll());
        qunsetenv("TMPDIR");
        QCOMPARE(run.exitCode, 1);
        const QByteArray said = run.out + run.err;
        QVERIFY2(said.contains("Cannot set down standard input in"), said.constData());
        QVERIFY2(said.contains(at("tmp").toUtf8()) && said.contains("TMPDIR"), said.constData());
        QCOMPARE(attempts(), 20);
        QVERIFY2(QDir(at("tmp")).isEmpty(), "the temporary file was left behind");
    }

    void import_workspaceOnAFullDisk_isAnErrorAndLosesNothing()
    {
        QDir().mkpath(at("disk"));
        const auto run = onSmallDisk(at("disk"), QStringLiteral(R"(
cp '%1' '%2/w.mulligan' && "$M" --json import '%2/w.mulligan' '%3' >'%4/out' 2>'%4/err'; echo "exit $?"
"$M" --json info '%2/w.mulligan')")
                                                     .arg(at("w.mulligan"), at("disk"), at("big.jsonl"), at("")));
        if (!run)
            QSKIP("a small disk cannot be mounted here");
        QVERIFY2(run->out.startsWith("exit 1\n"), (run->out + run->err).constData());
        const QJsonObject error = QJsonDocument::fromJson(read("out")).object().value("error").toObject();
        QCOMPARE(error.value("code").toString(), QStringLiteral("disk_full"));
        QCOMPARE(error.value("context").toArray().first().toString(), "file " + at("big.jsonl"));
        QVERIFY(error.value("hint").toString().startsWith("Free space on the disk that holds the workspace"));
        const QJsonObject info = QJsonDocument::fromJson(run->out.mid(7)).object();
        QCOMPARE(info.value("attempts").toInt(), 20);
        QCOMPARE(info.value("sources").toInt(), 1);
    }

    void import_standardInputWithAFullTemporaryFolder_isAnErrorThatNamesThePlace()
    {
        QDir().mkpath(at("disk"));
        const auto run = onSmallDisk(at("disk"), QStringLiteral(R"(
TMPDIR='%1' "$M" --json import '%2' - <'%3' >'%4/out' 2>'%4/err'; echo "exit $?"; ls -A '%1' | wc -l)")
                                                     .arg(at("disk"), at("w.mulligan"), at("big.jsonl"), at("")));
        if (!run)
            QSKIP("a small disk cannot be mounted here");
        QCOMPARE(run->out.simplified(), QByteArray("exit 1 0"));
        const QJsonObject error = QJsonDocument::fromJson(read("out")).object().value("error").toObject();
        QCOMPARE(error.value("code").toString(), QStringLiteral("disk_full"));
        QVERIFY2(error.value("hint").toString().contains("TMPDIR"), read("out").constData());
        QCOMPARE(attempts(), 20);
    }

private:
    [[nodiscard]] QString at(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] QByteArray read(const QString &name) const
    {
        QFile file(at(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] int attempts() const
    {
        return cli::mulligan({"--json", "info", at("w.mulligan")}).json().value("attempts").toInt(-1);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestImportDiskFull)
#include "tst_import_disk_full.moc"
