#include "bench/generated_workspace.hpp"
#include "desktop/pages/failures_page.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/main_window.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace mulligan;
using namespace mulligan::desktop;

/// The window on a workspace too large to be read before it is shown.
class WindowManyFailuresTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void window_manyFailures_isShownBeforeTheyAreCounted();

private:
    static constexpr std::int64_t kFailures = 20'000;
    QTemporaryDir m_folder;
    QString m_path;
};

void WindowManyFailuresTest::initTestCase()
{
    m_path = m_folder.filePath(QStringLiteral("many.mulligan"));
    const auto written = tests::GeneratedWorkspace::write(m_path.toStdString(), kFailures);
    QVERIFY2(written.has_value(), written ? "" : written.error().text().c_str());
}

void WindowManyFailuresTest::window_manyFailures_isShownBeforeTheyAreCounted()
{
    const auto resources = pipeline::findResources({}, MULLIGAN_SOURCE_DIR "/resources");
    QVERIFY(resources.has_value());
    QSettings settings(m_folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    Session session(resources.value());
    MainWindow window(session, settings);
    window.showPage(QStringLiteral("failures"));
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    session.openWorkspace(m_path);
    // Opening returns with what the list of sources says; counting and loading go on in the background.
    QVERIFY(session.isOpen());
    QCOMPARE(session.info().failures, static_cast<std::uint64_t>(kFailures));
    QVERIFY(session.info().classes.empty());
    QVERIFY(session.replaySession() == nullptr);
    QVERIFY(!window.grab().isNull());
    auto *table = window.findChild<FailuresPage *>()->findChild<TableView *>();
    QVERIFY(QTest::qWaitFor([&] { return table->model()->rowCount() == kFailures; }, 60'000));
    QVERIFY(QTest::qWaitFor([&] { return !session.info().classes.empty(); }, 60'000));
    session.closeWorkspace();
}

QTEST_MAIN(WindowManyFailuresTest)
#include "tst_window_many_failures.moc"
