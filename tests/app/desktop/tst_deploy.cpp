#include "desktop/pages/deploy_controller.hpp"
#include "desktop/pages/deploy_figures.hpp"
#include "sample_session.hpp"

#include <QUndoStack>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::desktop;

class Deploy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_sample.open(), qPrintable(m_sample.errors.join(QLatin1Char('\n'))));
        m_controller = std::make_unique<DeployController>(m_sample.session);
    }
    void cleanupTestCase() { m_controller.reset(); }

    void checks_noModel_asksForAttention()
    {
        const auto checks = m_controller->checks();
        QVERIFY(checks.size() >= 6);
        const auto check = [&](const QString &title) {
            return *std::find_if(checks.begin(), checks.end(), [&](const DeployCheck &c) { return c.title == title; });
        };
        QCOMPARE(check(QStringLiteral("History")).state, DeployCheck::State::Ready);
        QCOMPARE(check(QStringLiteral("Model")).state, DeployCheck::State::Attention);
        QCOMPARE(check(QStringLiteral("Scope")).state, DeployCheck::State::Ready);
    }

    void checks_scopeOfAllRuns_warns()
    {
        policy::Policy policy = m_sample.session.policy();
        policy.scope = policy::Scope::Job;
        m_sample.session.setPolicy(policy, QStringLiteral("scope"));
        const auto checks = m_controller->checks();
        QVERIFY(std::any_of(checks.begin(), checks.end(), [](const DeployCheck &c) {
            return c.title == QStringLiteral("Scope") && c.state == DeployCheck::State::Attention;
        }));
        m_sample.session.undoStack()->undo();
    }

    void preview_openFailures_holdsOneDecisionEach()
    {
        QSignalSpy spy(m_controller.get(), &DeployController::previewChanged);
        m_controller->startPreview();
        QVERIFY(tests::SampleSession::waitFor([&] { return m_controller->preview().has_value(); }));
        const RecommendationPreview &preview = *m_controller->preview();
        QVERIFY(preview.open > 0);
        QCOMPARE(preview.rows.size(), std::min<size_t>(preview.open, DeployController::kMostPreviewed));
        for (const RecommendationRow &row : preview.rows) {
            const auto detail = m_sample.session.replaySession()->decisionAt(row.attemptId, m_sample.session.policy(),
                                                                             m_sample.session.economics());
            QVERIFY(detail.has_value());
            QVERIFY(detail->decision == row.decision);
        }
        QCOMPARE(previewRows(preview, QStringLiteral("USD")).size(), static_cast<qsizetype>(preview.rows.size()));
    }

    void export_thenVerify_isSound_andTamperedIsNot()
    {
        QVERIFY(m_sample.settle());
        const QString path = m_sample.path(QStringLiteral("bundle.zip"));
        QVERIFY(m_controller->ready());
        m_controller->startExport(path, QStringLiteral(" A. Approver "), DeployController::targets());
        QVERIFY(m_controller->job() != nullptr);
        QVERIFY(!m_controller->ready());
        QVERIFY(tests::SampleSession::waitFor([&] { return m_controller->job() == nullptr; }));
        QVERIFY2(m_controller->exported().has_value(), qPrintable(m_sample.errors.join(QLatin1Char('\n'))));
        const auto files = fileRows(*m_controller->exported());
        QVERIFY(std::any_of(files.begin(), files.end(),
                            [](const auto &row) { return row[0].text == QStringLiteral("policy.yaml"); }));
        QVERIFY(QFile::exists(path));

        verify(path);
        QVERIFY2(m_controller->verified()->ok,
                 m_controller->verified()->problems.empty() ? "" : m_controller->verified()->problems[0].c_str());
        QVERIFY(m_controller->verified()->golden > 0);

        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(file.size() / 2));
        const QByteArray byte = file.peek(1);
        QVERIFY(file.write(QByteArray(1, static_cast<char>(byte[0] ^ 0x55))) == 1);
        file.close();
        verify(path);
        QVERIFY(!m_controller->verified()->ok);
        QVERIFY(!m_controller->verified()->problems.empty());
        QVERIFY(verifySentence(*m_controller->verified(), QStringLiteral("bundle.zip"))
                    .contains(QStringLiteral("must not be used")));
    }

    void verify_missingFile_isAnErrorToShow()
    {
        m_sample.errors.clear();
        m_controller->startVerify(m_sample.path(QStringLiteral("missing.zip")));
        QVERIFY(tests::SampleSession::waitFor([&] { return m_controller->job() == nullptr; }));
        QCOMPARE(m_sample.errors.size(), 1);
        QVERIFY(m_sample.errors.front().contains(QStringLiteral("missing.zip")));
    }

    void patchText_changes_showOldAndNew()
    {
        QCOMPARE(patchText({{"spark.executor.memory", "4g"}},
                           {{"spark.executor.memory", "8g"}, {"spark.driver.memory", "2g"}}),
                 QStringLiteral("driver.memory = 2g\nexecutor.memory 4g → 8g"));
        QVERIFY(patchText({}, {}).isEmpty());
    }

private:
    void verify(const QString &path)
    {
        QSignalSpy spy(m_controller.get(), &DeployController::verifyDone);
        m_controller->startVerify(path);
        QVERIFY(tests::SampleSession::waitFor([&] { return spy.size() == 1; }));
    }

    tests::SampleSession m_sample;
    std::unique_ptr<DeployController> m_controller;
};

QTEST_MAIN(Deploy)
#include "tst_deploy.moc"
