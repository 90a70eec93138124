#include "desktop/mapping/mapping_dialog.hpp"
#include "desktop/mapping/mapping_fields.hpp"
#include "desktop/mapping/mapping_tables.hpp"
#include "desktop/mapping/value_map_dialog.hpp"
#include "sample_session.hpp"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::desktop;

namespace
{

// Synthetic: a scheduler's export under names of its own.
constexpr const char *kExport = "JobName;RunId;Result;Begin;Finish;Elapsed;Host\n"
                                "load;r1;OK;31.05.2024 01:00:00;31.05.2024 01:01:00;60;w1\n"
                                "load;r2;FAILED;31.05.2024 02:00:00;31.05.2024 02:01:00;60;w1\n"
                                "load;r2;OK;31.05.2024 02:10:00;31.05.2024 02:11:00;60;w2\n"
                                "send;r3;RUNNING;31.05.2024 03:00:00;;;w2\n"
                                "send;r4;ODD;31.05.2024 04:00:00;31.05.2024 04:01:00;60;w2\n";

QPushButton *button(const QWidget &window, const QString &text)
{
    for (auto *each : window.findChildren<QPushButton *>()) {
        if (each->text().remove(QLatin1Char('&')) == text)
            return each;
    }
    return nullptr;
}

} // namespace

class Mapping : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QFile file(m_folder->filePath(QStringLiteral("export.csv")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(kExport);
    }

    void openFile_export_isProposedAndTried()
    {
        MappingController controller;
        QVERIFY(open(controller));
        QCOMPARE(controller.sourceText(QStringLiteral("job")), QStringLiteral("JobName"));
        QCOMPARE(controller.state(QStringLiteral("job")).state, MappingFieldState::State::Good);
        QCOMPARE(controller.state(QStringLiteral("outcome")).state, MappingFieldState::State::Wrong);
        QCOMPARE(controller.preview().attempts, std::uint64_t(3));
        QCOMPARE(controller.preview().skipped, std::uint64_t(1));
        QVERIFY(controller.ready().has_value());
        QVERIFY(controller.valuesOf(QStringLiteral("outcome")).contains(QStringLiteral("ODD")));
    }

    void openFile_missing_fails()
    {
        MappingController controller;
        QSignalSpy failed(&controller, &MappingController::failed);
        controller.openFile(m_folder->filePath(QStringLiteral("none.csv")));
        QVERIFY(QTest::qWaitFor([&] { return failed.size() == 1; }));
        QVERIFY(!controller.ready().has_value());
    }

    void setSourceText_forms_areKept_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("good");
        QTest::newRow("a column") << "owner"
                                  << "Host" << true;
        QTest::newRow("several columns") << "owner"
                                         << "Host | JobName" << true;
        QTest::newRow("a template") << "job"
                                    << "{JobName}.{Host}" << true;
        QTest::newRow("a constant") << "cluster"
                                    << "= main" << true;
        QTest::newRow("a duration") << "ended_at"
                                    << "started_at + Elapsed" << true;
        QTest::newRow("no such column") << "owner"
                                        << "Nobody" << false;
        QTest::newRow("an open brace") << "job"
                                       << "{JobName" << false;
        QTest::newRow("a setting") << "config.spark.executor.memory"
                                   << "= 4g" << true;
    }
    void setSourceText_forms_areKept()
    {
        QFETCH(QString, target);
        QFETCH(QString, typed);
        QFETCH(bool, good);
        MappingController controller;
        QVERIFY(open(controller));
        controller.setSourceText(target, typed);
        QVERIFY(settle(controller));
        QCOMPARE(controller.sourceText(target), typed);
        QVERIFY(controller.targets().contains(target));
        using State = MappingFieldState::State;
        QCOMPARE(controller.state(target).state, good ? State::Good : State::Wrong);
        controller.setSourceText(target, {});
        QVERIFY(settle(controller));
        QVERIFY(controller.field(target) == nullptr);
        QVERIFY(controller.targets().contains(target));
    }

    void requiredField_withoutSource_isOpenAndKeepsFromImporting()
    {
        MappingController controller;
        QVERIFY(open(controller));
        controller.setSourceText(QStringLiteral("run"), {});
        QVERIFY(settle(controller));
        QCOMPARE(controller.state(QStringLiteral("run")).state, MappingFieldState::State::Open);
        QVERIFY(!controller.ready().has_value());
        QVERIFY(controller.preview().problem.has_value());
    }

    void profile_savedAndLoaded_isTheSame()
    {
        MappingController controller;
        QVERIFY(open(controller));
        controller.setSourceText(QStringLiteral("cluster"), QStringLiteral("= main"));
        const ingest::Mapping before = controller.mapping();
        const QString path = m_folder->filePath(QStringLiteral("p.yaml"));
        QVERIFY(controller.saveProfile(path).has_value());
        controller.setSourceText(QStringLiteral("cluster"), {});
        QVERIFY(!(controller.mapping() == before));
        QVERIFY(controller.loadProfile(path).has_value());
        QVERIFY(controller.mapping() == before);
        QFile bad(path);
        QVERIFY(bad.open(QIODevice::WriteOnly));
        bad.write("version: 1\nfields: {jobb: x}\n");
        bad.close();
        const auto refused = controller.loadProfile(path);
        QVERIFY(!refused.has_value());
        QVERIFY(controller.mapping() == before);
    }

    void models_pass_theModelTester()
    {
        MappingController controller;
        QVERIFY(open(controller));
        RawRowsModel raw;
        QAbstractItemModelTester rawTester(&raw, QAbstractItemModelTester::FailureReportingMode::QtTest);
        raw.show(controller.preview(), controller.proposal().columns);
        QCOMPARE(raw.columnCount(), 8);
        QCOMPARE(raw.headerData(4, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("Begin · time"));
        RowsModel<ingest::PreviewRow> result(previewColumns(), nullptr);
        QAbstractItemModelTester resultTester(&result, QAbstractItemModelTester::FailureReportingMode::QtTest);
        result.setRows(controller.preview().rows);
        QCOMPARE(result.index(4, 1).data().toString(), QStringLiteral("rejected"));
        QVERIFY(result.index(4, 2).data().toString().contains(QStringLiteral("'ODD'")));
    }

    void valueMapDialog_rows_giveTheMap()
    {
        ingest::MappedField field;
        field.field = ingest::Field::Outcome;
        field.values = {{"OK", "succeeded"}};
        const ValueMapDialog dialog(field, {QStringLiteral("ok"), QStringLiteral("ODD")});
        const auto combos = dialog.findChildren<QComboBox *>();
        QCOMPARE(combos.size(), 3); // two values and all others
        for (auto *combo : combos) {
            if (combo->accessibleName() == QStringLiteral("Meaning of ODD"))
                combo->setEditText(QStringLiteral("failed"));
        }
        const std::vector<std::pair<QString, QString>> expected{{QStringLiteral("OK"), QStringLiteral("succeeded")},
                                                                {QStringLiteral("ODD"), QStringLiteral("failed")}};
        QVERIFY(dialog.values() == expected);
        QVERIFY(dialog.otherwise().isNull());
    }

    void dialog_fieldChanged_previewFollows_andImports()
    {
        tests::SampleSession sample;
        sample.session.createWorkspace(sample.path(QStringLiteral("w.mulligan")));
        QVERIFY(sample.session.isOpen());
        MappingDialog dialog(m_folder->filePath(QStringLiteral("export.csv")));
        connect(&dialog, &MappingDialog::importRequested, &sample.session,
                [&](const QString &path, const ingest::Mapping &mapping) {
                    sample.session.importPaths({path}, std::make_shared<const ingest::Mapping>(mapping));
                });
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QVERIFY(QTest::qWaitFor([&] { return dialog.controller().preview().attempts == 3; }));
        auto *import = button(dialog, QStringLiteral("Import"));
        QVERIFY(import != nullptr && import->isEnabled());

        // A field is changed with the keyboard, and the preview shows it.
        QComboBox *job = dialog.fields()->sourceOf(QStringLiteral("job"));
        job->setFocus();
        job->lineEdit()->selectAll();
        QTest::keyClicks(job->lineEdit(), QStringLiteral("{JobName}@{Host}"));
        QTest::keyClick(job->lineEdit(), Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] {
            const auto &rows = dialog.controller().preview().rows;
            return !rows.empty() && rows.front().attempt.job == "load@w1";
        }));
        QVERIFY(dialog.isVisible()); // Enter settles the field and does not import
        // A required field without a source keeps from importing, and says so.
        QComboBox *run = dialog.fields()->sourceOf(QStringLiteral("run"));
        run->lineEdit()->clear();
        Q_EMIT run->lineEdit()->editingFinished();
        QVERIFY(QTest::qWaitFor([&] { return !import->isEnabled(); }));
        run->lineEdit()->setText(QStringLiteral("RunId"));
        Q_EMIT run->lineEdit()->editingFinished();
        QVERIFY(QTest::qWaitFor([&] { return import->isEnabled(); }));

        import->click();
        QVERIFY(tests::SampleSession::waitFor([&] { return sample.session.lastImport().has_value(); }));
        QCOMPARE(sample.session.lastImport()->attempts, std::uint64_t(3));
        QCOMPARE(sample.session.lastImport()->rejectedRows, std::uint64_t(1));
        QVERIFY(sample.errors.isEmpty());
        QVERIFY(tests::SampleSession::waitFor([&] { return sample.session.currentJob() == nullptr; }));
    }

    void dialog_everyControl_hasAnAccessibleName()
    {
        const MappingDialog dialog(m_folder->filePath(QStringLiteral("export.csv")));
        for (const auto *combo : dialog.findChildren<QComboBox *>())
            QVERIFY(!combo->accessibleName().isEmpty());
        for (const auto *view : dialog.findChildren<QTableView *>())
            QVERIFY(!view->accessibleName().isEmpty());
    }

private:
    bool open(MappingController &controller) const
    {
        const QSignalSpy opened(&controller, &MappingController::fileOpened);
        controller.openFile(m_folder->filePath(QStringLiteral("export.csv")));
        return QTest::qWaitFor([&] { return opened.size() == 1; });
    }
    static bool settle(const MappingController &controller)
    {
        return QTest::qWaitFor([&] { return !controller.isBusy(); });
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(Mapping)
#include "tst_mapping.moc"
