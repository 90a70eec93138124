#include "bench/generated_workspace.hpp"
#include "desktop/pages/failures_page.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/main_window.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QElapsedTimer>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace mulligan;
using namespace mulligan::desktop;

/// The window on a workspace of a million failures (design: shown within a second).
class WindowSlowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void window_aMillionFailures_isShownWithinASecond();

private:
    static constexpr std::int64_t kFailures = 1'000'000;
    QTemporaryDir m_folder;
    QString m_path;
};

void WindowSlowTest::initTestCase()
{
    m_path = m_folder.filePath(QStringLiteral("million.mulligan"));
    const auto written = tests::GeneratedWorkspace::write(m_path.toStdString(), kFailures);
    QVERIFY2(written.has_value(), written ? "" : written.error().text().c_str());
}

void WindowSlowTest::window_aMillionFailures_isShownWithinASecond()
{
    const auto resources = pipeline::findResources({}, MULLIGAN_RESOURCE_DIR);
    QVERIFY(resources.has_value());
    QSettings settings(m_folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    QElapsedTimer clock;
    clock.start();
    Session session(resources.value());
    MainWindow window(session, settings);
    window.showPage(QStringLiteral("failures"));
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    session.openWorkspace(m_path);
    QCoreApplication::processEvents();
    QVERIFY(!window.grab().isNull());
    const qint64 shown = clock.elapsed();
    QVERIFY(session.isOpen());
    QCOMPARE(session.info().failures, static_cast<std::uint64_t>(kFailures));
    auto *table = window.findChild<FailuresPage *>()->findChild<TableView *>();
    QVERIFY(QTest::qWaitFor([&] { return table->model()->rowCount() == kFailures; }, 30'000));
    qInfo("shown after %lld ms, a million failures listed after %lld ms", static_cast<long long>(shown),
          static_cast<long long>(clock.elapsed()));
    QVERIFY2(shown <= 1000, qPrintable(QString::number(shown)));
    session.closeWorkspace();
}

QTEST_MAIN(WindowSlowTest)
#include "tst_window_slow.moc"
