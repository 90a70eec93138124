#include "desktop/pages/lab_cadences.hpp"
#include "desktop/pages/lab_controller.hpp"
#include "desktop/pages/lab_figures_text.hpp"
#include "desktop/pages/lab_knobs.hpp"
#include "desktop/pages/lab_page.hpp"
#include "formats/file.hpp"
#include "policy/policy_file.hpp"
#include "sample_session.hpp"

#include <QUndoStack>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::desktop;

/// The lab on a real workspace: what it shows after a moved knob is what a whole replay gives.
class Lab : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_sample.open(), qPrintable(m_sample.errors.join(QLatin1Char('\n'))));
        m_controller = std::make_unique<LabController>(m_sample.session);
        QVERIFY(m_controller->figures().available);
    }
    void init()
    {
        m_sample.errors.clear();
        const auto shipped = m_controller->shippedPolicy();
        QVERIFY(shipped.has_value());
        m_sample.session.setPolicy(shipped.value(), QStringLiteral("shipped"));
        QVERIFY(m_sample.settle());
    }
    void cleanupTestCase() { m_controller.reset(); }

    void setThreshold_moved_figuresEqualAFullReplayAtOnce_data()
    {
        QTest::addColumn<QString>("selector");
        QTest::addColumn<double>("threshold");
        QTest::newRow("the default, up") << QString() << 0.65;
        QTest::newRow("the default, to nothing") << QString() << 0.0;
        QTest::newRow("a group") << QStringLiteral("memory_config") << 0.5;
        QTest::newRow("a class nothing passes") << QStringLiteral("unclassified") << 1.0;
    }
    void setThreshold_moved_figuresEqualAFullReplayAtOnce()
    {
        QFETCH(QString, selector);
        QFETCH(double, threshold);
        m_controller->setThreshold(selector, threshold);
        const LabFigures shown = m_controller->figures(); // no event has run since
        QVERIFY(!shown.stale);
        base::Progress progress;
        const Session &session = m_sample.session;
        const auto full = session.replaySession()->replay(session.policy(), session.economics(), {}, {}, progress);
        QVERIFY(full.has_value());
        const model::SavingsReport &report = full->report;
        near(shown.net.value, report.savings.net.value);
        near(*shown.net.low, *report.savings.net.low);
        near(shown.retryCost.value, report.policy.retryCost.value);
        near(shown.interventions.value, report.policy.interventions.value);
        near(shown.remediated.value, report.policy.remediatedShare.value);
        near(shown.wronglyStopped.value, report.policy.wronglyStopped.value);
        double parts = 0.0;
        for (const model::Figure &part : shown.parts)
            parts += part.value;
        near(parts, shown.net.value);
        for (size_t i = 0; i < model::kProvenanceCount; ++i)
            QCOMPARE(shown.provenance[i].count, report.provenance[i].count);
        double byClass = 0.0;
        for (const auto &bar : shown.classes)
            byClass += bar.net;
        near(byClass, shown.net.value);
    }

    void setThreshold_moved_keepsTheLabAndMarksTheRestStale()
    {
        m_controller->setThreshold({}, 0.4);
        QVERIFY(m_sample.session.lab().has_value());
        QVERIFY(!m_controller->figures().stale);
        QVERIFY(m_controller->figures().replayStale);
        QVERIFY(m_sample.settle());
        QVERIFY(!m_controller->figures().replayStale);
        near(m_controller->figures().net.value, m_sample.session.replay()->report.savings.net.value);
    }

    void setThreshold_dragged_isOneStepOfUndo()
    {
        const int before = m_sample.session.undoStack()->index();
        const double net = m_controller->figures().net.value;
        for (const double threshold : {0.3, 0.5, 0.8, 0.95})
            m_controller->setThreshold({}, threshold);
        QCOMPARE(m_sample.session.undoStack()->index(), before + 1);
        m_sample.session.undoStack()->undo();
        QCOMPARE(m_controller->threshold({}), 0.2);
        near(m_controller->figures().net.value, net);
    }

    void apply_anotherKnob_isStaleUntilTheReplayArrives()
    {
        m_controller->apply(QStringLiteral("retry_limit.user"), QStringLiteral("0"), QStringLiteral("limit"));
        QCOMPARE(m_sample.session.policy().retryLimit[0], 0);
        QVERIFY(m_controller->figures().stale);
        QVERIFY(m_sample.settle());
        QVERIFY(!m_controller->figures().stale);
        near(m_controller->figures().net.value, m_sample.session.replay()->report.savings.net.value);
    }

    void apply_economics_reachTheFigures()
    {
        const double before = m_controller->figures().history.retryCost.value;
        m_controller->apply(QStringLiteral("labour_rate"), QStringLiteral("180"), QStringLiteral("rate"));
        QVERIFY(m_sample.settle());
        QCOMPARE(m_sample.session.economics().labourRatePerHour, 180.0);
        near(m_controller->figures().history.retryCost.value, before); // machines cost what they did
        m_controller->apply(QStringLiteral("labour_rate"), QStringLiteral("90"), QStringLiteral("rate back"));
        QVERIFY(m_sample.settle());
    }

    void apply_badValue_isToldAndChangesNothing_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("a threshold above one") << QStringLiteral("threshold") << QStringLiteral("1.7");
        QTest::newRow("half a retry") << QStringLiteral("retry_limit.user") << QStringLiteral("1.5");
        QTest::newRow("too much exploration") << QStringLiteral("exploration") << QStringLiteral("0.5");
        QTest::newRow("a knob that is not") << QStringLiteral("thresold") << QStringLiteral("0.5");
    }
    void apply_badValue_isToldAndChangesNothing()
    {
        QFETCH(QString, key);
        QFETCH(QString, value);
        const auto before = m_sample.session.policy();
        m_controller->apply(key, value, QStringLiteral("bad"));
        QCOMPARE(m_sample.errors.size(), 1);
        QVERIFY(m_sample.errors.front().contains(key) || m_sample.errors.front().contains(value));
        QVERIFY(m_sample.session.policy() == before);
    }

    void sweep_selector_equalsTheLabAtEveryThreshold()
    {
        m_controller->setThreshold(QStringLiteral("unclassified"), 0.3);
        QSignalSpy spy(m_controller.get(), &LabController::sweepChanged);
        m_controller->setSweepSelector(QStringLiteral("memory_config"));
        QVERIFY(tests::SampleSession::waitFor([&] { return spy.size() >= 2 && !m_controller->sweep().empty(); }));
        for (const model::SweepPoint &point : m_controller->sweep()) {
            auto thresholds = m_sample.session.policy().thresholds;
            thresholds["memory_config"] = point.threshold;
            const auto at = m_sample.session.lab()->evaluate(thresholds, m_sample.session.policy().defaultThreshold);
            near(point.net, at.net.value);
        }
        QCOMPARE(m_controller->sweep().front().threshold, 0.0);
        QCOMPARE(m_controller->sweep().back().threshold, 1.0);
        m_controller->setSweepSelector({});
    }

    void cadences_compared_equalTheirReplays()
    {
        LabCadences cadences(m_sample.session);
        QVERIFY(cadences.rows().empty());
        cadences.compare();
        QVERIFY(cadences.running());
        QVERIFY(tests::SampleSession::waitFor([&] { return !cadences.running(); }));
        QCOMPARE(cadences.rows().size(), size_t(3));
        near(cadences.rows()[0].net.value, m_sample.session.replay()->report.savings.net.value, 0.006);
        QCOMPARE(cadences.rows()[0].figures.own, cadences.rows()[0].figures.points);
        for (const model::CadenceRow &row : cadences.rows()) {
            const model::CadenceFigures &f = row.figures;
            near(f.own + f.older + f.none, f.points);
        }
        QVERIFY(cadences.rows()[2].figures.batches < cadences.rows()[1].figures.batches);
        QVERIFY(!cadences.stale());
        m_controller->setThreshold({}, 0.61);
        QVERIFY(cadences.stale());
        m_sample.session.undoStack()->undo();
        QVERIFY(!cadences.stale());
        cadences.setWhenAbsent(simulate::WhenAbsent::Wait);
        QVERIFY(tests::SampleSession::waitFor([&] { return !cadences.running(); }));
        QCOMPARE(cadences.rows()[2].figures.none, 0.0);
        QVERIFY(cadences.rows()[2].figures.waitingMean > 0.0);
        QVERIFY(m_sample.settle());
    }

    void cadenceRows_anyFigures_haveACellForEveryColumn()
    {
        model::CadenceRow row;
        row.figures.cadence = "30m";
        row.figures.points = 4.0;
        row.figures.own = 1.0;
        row.figures.older = 3.0;
        const auto cells = cadenceRows({row}, QStringLiteral("USD"));
        QCOMPARE(cells.size(), 1);
        QCOMPARE(cells[0].size(), cadenceColumns().size());
        QCOMPARE(cadenceColumnHelp().size(), cadenceColumns().size());
        QCOMPARE(cells[0][3].number.value(), 0.25);
        QCOMPARE(cells[0][4].number.value(), 0.75);
    }

    void breakEven_history_isAChance()
    {
        const auto all = m_controller->breakEven({});
        QVERIFY(all.has_value());
        QVERIFY(*all > 0.0 && *all < 1.0);
        QVERIFY(!m_controller->breakEven(QStringLiteral("no.such_class")).has_value());
        QVERIFY(m_controller->selectors().contains(QStringLiteral("memory_config")));
    }

    void policyFile_savedAndLoaded_isTheSame()
    {
        m_controller->setThreshold(QStringLiteral("network"), 0.35);
        const auto edited = m_sample.session.policy();
        const QString path = m_sample.path(QStringLiteral("policy.yaml"));
        QVERIFY(m_controller->savePolicyFile(path).has_value());
        m_sample.session.undoStack()->undo();
        QVERIFY(!(m_sample.session.policy() == edited));
        QVERIFY(m_controller->loadPolicyFile(path).has_value());
        QVERIFY(m_sample.session.policy() == edited);
    }

    void policyFile_withAThresholdOfOnePointSeven_isRefusedWithItsLine()
    {
        const QString path = m_sample.path(QStringLiteral("bad.yaml"));
        QVERIFY(formats::writeFileAtomically(path.toStdString(), "name: bad\nthreshold: 1.7\n").has_value());
        const auto before = m_sample.session.policy();
        const auto loaded = m_controller->loadPolicyFile(path);
        QVERIFY(!loaded.has_value());
        QVERIFY(loaded.error().text().find("line 2") != std::string::npos);
        QVERIFY(m_sample.session.policy() == before);
    }

    void knobs_everyKeyOfBothFiles_hasAnEditor()
    {
        LabPage page(m_sample.session);
        const QStringList knobs = page.knobs().knobKeys();
        const auto covered = [&](const QString &key) {
            return std::any_of(knobs.begin(), knobs.end(), [&](const QString &knob) {
                return knob == key || knob.startsWith(key + QLatin1Char('.'));
            });
        };
        const std::string files = policy::writePolicy({}) + policy::writeEconomics({});
        const QStringList lines = QString::fromStdString(files).split(QLatin1Char('\n'));
        int keys = 0;
        for (const QString &line : lines) {
            const auto colon = line.indexOf(QLatin1Char(':'));
            if (colon <= 0 || !line.front().isLetter())
                continue;
            ++keys;
            QVERIFY2(covered(line.left(colon)), qPrintable(line));
        }
        QVERIFY(keys > 20);
    }

    void knobs_scalar_valuesReadBackAsTheyWere()
    {
        for (const KnobSection &section : {limitKnobs(), backoffKnobs(), configurationKnobs(), ruleKnobs(),
                                           recommendationKnobs(), labourKnobs(), priceKnobs()}) {
            for (const Knob &knob : section.knobs) {
                policy::Policy policy;
                policy::Economics economics;
                const QString value = knob.get(policy, economics);
                const auto set =
                    policy::applySetting(policy, economics, (knob.key + QLatin1Char('=') + value).toStdString());
                QVERIFY2(set.has_value(), qPrintable(knob.key));
                QCOMPARE(knob.get(policy, economics), value);
                QVERIFY(policy == policy::Policy{});
            }
        }
    }

    void classBars_manyClasses_lastRowHoldsTheRest()
    {
        std::vector<simulate::ClassBar> classes;
        for (int i = 0; i < 20; ++i)
            classes.push_back({"group.kind" + std::to_string(i), 1, 0.2, 20.0 - i, 0.0, 0.0, 0.0});
        const auto bars = labClasses(classes, 12, QStringLiteral("USD"));
        QCOMPARE(bars.size(), 12);
        double sum = 0.0;
        for (const Bar &bar : bars)
            sum += bar.value;
        near(sum, 210.0);
        QVERIFY(bars.back().key.isEmpty());
    }

private:
    static void near(double actual, double expected, double within = 0.0)
    {
        const double tolerance = std::max(within, 1e-6 * std::max(1.0, std::abs(expected)));
        QVERIFY2(std::abs(actual - expected) <= tolerance,
                 qPrintable(QStringLiteral("%1 is not %2").arg(actual, 0, 'g', 12).arg(expected, 0, 'g', 12)));
    }

    tests::SampleSession m_sample;
    std::unique_ptr<LabController> m_controller;
};

QTEST_MAIN(Lab)
#include "tst_lab.moc"
