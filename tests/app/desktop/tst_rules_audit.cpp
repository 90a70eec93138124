#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what it brings from the standard library
#include "desktop/pages/rules_audit_columns.hpp"
#include "desktop/pages/rules_audit_samples.hpp"
#include "desktop/pages/rules_pack_access.hpp"
#endif
#include "desktop/pages/rules_audit_controller.hpp"
#include "desktop/pages/rules_audit_panel.hpp"
#include "desktop/widgets/edit_preview.hpp"
#include "desktop/widgets/elided_label.hpp"
#include "desktop/widgets/log_view.hpp"
#include "desktop/widgets/table_view.hpp"
#include "rule_files.hpp"
#include "small_history.hpp"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <cmath>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

/// Another class, so that there is something to correct to.
inline QByteArray packOfTwo()
{
    return tests::smallPack()
           + "  - id: test.sky\n"
             "    title: The sky fell\n"
             "    class: service.unavailable\n"
             "    domain: platform\n"
             "    transient: true\n"
             "    action: retry\n"
             "    match:\n"
             "      any:\n"
             "        - 'never to be seen'\n"
             "    samples:\n"
             "      positive:\n"
             "        - 'never to be seen'\n";
}

class RulesAuditTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void figureColumns_anyLine_makeASoundModel();
    void overallRows_unclassifiedUnanswered_sayWhatIsMissing();
    void correctionLines_answers_listWhatWasWrongAlone();
    void controller_noSample_hasNone();
    void controller_answers_giveFiguresAndAreStored();
    void controller_drawnAgain_isTakenUpWhereItWasLeft();
    void controller_undo_takesTheAnswerBackInTheWorkspaceToo();
    void controller_unknownClass_isRefused();
    void controller_ownClassAsTheRightOne_isRefused();
    void controller_deletedAtOnce_losesNoAnswer();
    void panel_keys_answerOneAfterAnother();
    void panel_classTyped_correctsByAPartOfItsName();
    void panel_enterInTheListOfRules_answers();
    void panel_wrong_namesHaveRoom();
    void panel_rule_longTitleEndsInAnEllipsis();
    void panel_export_showsThatItIsAMenu();
    void panel_undoKey_takesTheAnswerBack();
    void panel_text_highlightsTheMatch();
    void panel_samples_goIntoThePackAfterAPreview();
    void panel_samplesTakenBack_areNoLongerSaidToBeThere();
    void panel_samplesAskedForAgain_dropTheErrorOfBefore();
    void panel_errorOnTheWayToTheNext_staysUntilTheNextAnswer();
    void panel_columnsHiddenByTheUser_areNotCopied();

private:
    bool draw(RulesAuditController &audit, std::uint64_t size);
    bool settled(RulesAuditController &audit);
    bool goToClass(RulesAuditController &audit, const std::string &errorClass);
    void openPanel();
    /// Answers one and takes the samples made of it over into the rules.
    void makeSamples();
    [[nodiscard]] QLineEdit *classField() const;
    [[nodiscard]] QComboBox *ruleField() const;
    [[nodiscard]] bool says(const QString &words) const;
    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<tests::RuleFiles> m_files;
    std::unique_ptr<RulesAuditPanel> m_panel;
};

void RulesAuditTest::init()
{
    QLocale::setDefault(QLocale::c());
    m_panel.reset();
    m_small = std::make_unique<SmallSession>();
    QVERIFY(m_small->fill());
    const QString rules = m_small->folder.filePath(QStringLiteral("rules.yaml"));
    tests::writeFile(rules, packOfTwo());
    QVERIFY(SmallSession::waitFor(
        [&] { return m_small->session.rules() && m_small->session.rules()->pack().rules.size() == 2; }));
    m_files = std::make_unique<tests::RuleFiles>(rules);
}

bool RulesAuditTest::draw(RulesAuditController &audit, std::uint64_t size)
{
    pipeline::AuditOptions options;
    options.size = size;
    options.minimum = 2;
    audit.draw(options);
    return SmallSession::waitFor([&] { return audit.sample().id != 0; }, 20'000);
}

bool RulesAuditTest::settled(RulesAuditController &audit)
{
    return SmallSession::waitFor([&] { return audit.pending() == 0; }, 20'000);
}

bool RulesAuditTest::goToClass(RulesAuditController &audit, const std::string &errorClass)
{
    for (size_t i = 0; i < audit.sample().items.size(); ++i) {
        const auto &item = audit.sample().items[i];
        if (item.classNow != errorClass || item.answer)
            continue;
        audit.goTo(static_cast<int>(i));
        return audit.item()->classNow == errorClass;
    }
    return false;
}

void RulesAuditTest::openPanel()
{
    m_panel = std::make_unique<RulesAuditPanel>(m_small->session);
    m_panel->setPack(m_files.get());
    m_panel->resize(1200, 700);
    m_panel->show();
    QVERIFY(SmallSession::waitFor([&] { return m_panel->audit().loaded(); }));
    QVERIFY(draw(m_panel->audit(), 12));
    QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
}

void RulesAuditTest::figureColumns_anyLine_makeASoundModel()
{
    RowsModel<pipeline::AuditFigure> model(figureColumns(QStringLiteral("Class")), nullptr);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows({{"a.b", {0.9, 0.8, 0.95, 20, 20, 18, 100}}, {"c.d", {}}});
    QVERIFY(model.index(0, 1).data().toString().startsWith(QLatin1String("90.0")));
    QCOMPARE(model.index(0, 3).data().toString(), QStringLiteral("18 of 20"));
    QCOMPARE(model.index(1, 2).data().toString(), QString());
    RowsModel<CorrectionLine> corrections(correctionColumns(), nullptr);
    QAbstractItemModelTester correctionTester(&corrections, QAbstractItemModelTester::FailureReportingMode::QtTest);
    corrections.setRows({{1, 2, "a.b", "r", "", ""}});
    QCOMPARE(corrections.index(0, 1).data().toString(), QStringLiteral("no cause in the text"));
}

void RulesAuditTest::overallRows_unclassifiedUnanswered_sayWhatIsMissing()
{
    pipeline::AuditFigures figures;
    figures.precision = {0.9, 0.8, 0.95, 20, 20, 18, 100};
    figures.unclassifiedUnseen = true;
    figures.unclassifiedOpen = 7;
    IntervalChart chart(QStringLiteral("Audit"));
    chart.replace(overallRows(figures));
    QVERIFY(chart.rows()[0].known);
    for (const int row : {1, 2}) {
        QVERIFY(!chart.rows()[row].known);
        QCOMPARE(chart.rows()[row].unknown, QStringLiteral("7 unclassified failures unanswered"));
    }
    QVERIFY2(chart.accessibleDescription().contains(
                 QStringLiteral("Recall not known yet (7 unclassified failures unanswered)")),
             qPrintable(chart.accessibleDescription()));
}

void RulesAuditTest::correctionLines_answers_listWhatWasWrongAlone()
{
    const auto item = [](std::int64_t id, const char *now, std::optional<std::string> said) {
        store::AuditItem each;
        each.id = id;
        each.classNow = now;
        if (said)
            each.answer = store::AuditAnswer{*said, {}, {}, {}};
        return each;
    };
    store::AuditSample sample;
    sample.items = {item(1, "a.b", "a.b"),       item(2, "a.b", "c.d"),
                    item(3, "unclassified", ""), item(4, "unclassified", "c.d"),
                    item(5, "a.b", ""),          item(6, "a.b", std::nullopt),
                    item(7, "", "c.d")};
    std::vector<std::int64_t> ids;
    for (const auto &line : correctionLines(sample))
        ids.push_back(line.item);
    QCOMPARE(ids, (std::vector<std::int64_t>{2, 4, 5}));
    QCOMPARE(answerText(sample.items[0]), QStringLiteral("correct"));
    QCOMPARE(answerText(sample.items[1]), QStringLiteral("wrong: c.d"));
    QCOMPARE(answerText(sample.items[4]), QStringLiteral("no cause in the text"));
    QCOMPARE(answerText(sample.items[5]), QString());
}

void RulesAuditTest::controller_noSample_hasNone()
{
    RulesAuditController audit(m_small->session, nullptr);
    audit.load();
    QVERIFY(SmallSession::waitFor([&] { return audit.loaded(); }, 20'000));
    QCOMPARE(audit.sample().id, std::int64_t(0));
    QCOMPARE(audit.index(), -1);
    audit.confirm();
    audit.skip();
    audit.back();
    QCOMPARE(audit.pending(), size_t(0));
}

void RulesAuditTest::controller_answers_giveFiguresAndAreStored()
{
    RulesAuditController audit(m_small->session, nullptr);
    QVERIFY(draw(audit, 12));
    QVERIFY(goToClass(audit, "memory_config.executor_heap"));
    const std::int64_t right = audit.item()->id;
    audit.confirm();
    QVERIFY(audit.item()->id != right); // on to the next one
    QCOMPARE(audit.figures().precision.value, 1.0);
    QVERIFY(goToClass(audit, "unclassified"));
    const std::int64_t wrong = audit.item()->id;
    audit.correct(QStringLiteral("service.unavailable"), {});
    QVERIFY(audit.figures().coverage.value < 1.0);
    QVERIFY(settled(audit));
    const auto stored = store::loadAuditSample(*m_small->session.workspace());
    QVERIFY(stored.has_value());
    for (const auto &item : stored->items) {
        if (item.id == right)
            QCOMPARE(item.answer->errorClass, std::string("memory_config.executor_heap"));
        if (item.id == wrong)
            QCOMPARE(item.answer->errorClass, std::string("service.unavailable"));
    }
    QCOMPARE(pipeline::auditFigures(*stored), audit.figures());
    QVERIFY(m_small->allWell());
}

void RulesAuditTest::controller_drawnAgain_isTakenUpWhereItWasLeft()
{
    std::int64_t sample = 0;
    size_t answered = 0;
    {
        RulesAuditController audit(m_small->session, nullptr);
        QVERIFY(draw(audit, 12));
        audit.confirm();
        audit.confirm();
        sample = audit.sample().id;
        answered = audit.figures().answered;
        QVERIFY(settled(audit));
    }
    RulesAuditController again(m_small->session, nullptr);
    QVERIFY(draw(again, 12));
    QCOMPARE(again.sample().id, sample);
    QCOMPARE(again.figures().answered, answered);
    QVERIFY(!again.item()->answer.has_value());
}

void RulesAuditTest::controller_undo_takesTheAnswerBackInTheWorkspaceToo()
{
    RulesAuditController audit(m_small->session, nullptr);
    QVERIFY(draw(audit, 12));
    const std::int64_t first = audit.item()->id;
    audit.confirm();
    QVERIFY(settled(audit));
    audit.undoStack()->undo();
    QCOMPARE(audit.item()->id, first); // back to the failure it was about
    QVERIFY(!audit.item()->answer.has_value());
    QVERIFY(settled(audit));
    const auto stored = store::loadAuditSample(*m_small->session.workspace());
    for (const auto &item : stored->items)
        QVERIFY(!item.answer.has_value());
    audit.undoStack()->redo();
    QVERIFY(settled(audit));
    QVERIFY(audit.figures().answered > 0);
    QVERIFY(m_small->allWell());
}

void RulesAuditTest::controller_unknownClass_isRefused()
{
    RulesAuditController audit(m_small->session, nullptr);
    QVERIFY(draw(audit, 12));
    QSignalSpy failed(&audit, &RulesAuditController::failed);
    audit.correct(QStringLiteral("no.such_class"), {});
    QCOMPARE(failed.count(), 1);
    QCOMPARE(audit.figures().answered, std::uint64_t(0));
    QVERIFY(!audit.undoStack()->canUndo());
}

void RulesAuditTest::controller_ownClassAsTheRightOne_isRefused()
{
    RulesAuditController audit(m_small->session, nullptr);
    QVERIFY(draw(audit, 12));
    QVERIFY(goToClass(audit, "memory_config.executor_heap"));
    QSignalSpy failed(&audit, &RulesAuditController::failed);
    audit.correct(QStringLiteral("memory_config.executor_heap"), {});
    QCOMPARE(failed.count(), 1);
    QCOMPARE(audit.figures().answered, std::uint64_t(0));
}

void RulesAuditTest::controller_deletedAtOnce_losesNoAnswer()
{
    auto audit = std::make_unique<RulesAuditController>(m_small->session, nullptr);
    QVERIFY(draw(*audit, 12));
    while (!audit->complete())
        audit->confirm();
    const auto answered = audit->figures().answered;
    QVERIFY(answered > 2);
    audit.reset();
    const auto stored = store::loadAuditSample(*m_small->session.workspace());
    QCOMPARE(pipeline::auditFigures(*stored).answered, answered);
}

void RulesAuditTest::panel_keys_answerOneAfterAnother()
{
    openPanel();
    auto &audit = m_panel->audit();
    QVERIFY(goToClass(audit, "memory_config.executor_heap"));
    const int first = audit.index();
    QTest::keyClick(m_panel->findChild<LogView *>(), Qt::Key_Y);
    QVERIFY(audit.sample().items[static_cast<size_t>(first)].answer.has_value());
    QVERIFY(audit.index() != first);
    const int second = audit.index();
    QTest::keyClick(m_panel->findChild<LogView *>(), Qt::Key_S);
    QVERIFY(audit.index() != second);
    QVERIFY(!audit.sample().items[static_cast<size_t>(second)].answer.has_value());
    QTest::keyClick(m_panel->findChild<LogView *>(), Qt::Key_Backspace);
    QCOMPARE(audit.index(), second);
    QVERIFY(goToClass(audit, "memory_config.executor_heap"));
    const int third = audit.index();
    QTest::keyClick(m_panel->findChild<LogView *>(), Qt::Key_U);
    QVERIFY(audit.sample().items[static_cast<size_t>(third)].answer->noCause());
    QVERIFY(settled(audit));
    QVERIFY(m_small->allWell());
}

void RulesAuditTest::panel_classTyped_correctsByAPartOfItsName()
{
    openPanel();
    auto &audit = m_panel->audit();
    QVERIFY(goToClass(audit, "memory_config.executor_heap"));
    const int place = audit.index();
    QTest::keyClick(m_panel->findChild<LogView *>(), Qt::Key_N);
    QLineEdit *typed = classField();
    QVERIFY(typed != nullptr && typed->isVisible());
    // Letters that are keys of answers are letters here.
    QTest::keyClicks(typed, QStringLiteral("unav"));
    QCOMPARE(audit.index(), place);
    QTest::keyClick(typed, Qt::Key_Return);
    QCOMPARE(audit.sample().items[static_cast<size_t>(place)].answer->errorClass, std::string("service.unavailable"));
    QVERIFY(!typed->isVisible());
    QVERIFY(settled(audit));
}

QLineEdit *RulesAuditTest::classField() const
{
    for (auto *each : m_panel->findChildren<QLineEdit *>())
        if (each->accessibleName() == QLatin1String("Class that the text really names"))
            return each;
    return nullptr;
}

QComboBox *RulesAuditTest::ruleField() const
{
    for (auto *each : m_panel->findChildren<QComboBox *>())
        if (each->accessibleName() == QLatin1String("Rule that should have won"))
            return each;
    return nullptr;
}

void RulesAuditTest::panel_enterInTheListOfRules_answers()
{
    openPanel();
    auto &audit = m_panel->audit();
    QVERIFY(goToClass(audit, "unclassified"));
    const auto place = static_cast<size_t>(audit.index());
    QTest::keyClick(m_panel->findChild<LogView *>(), Qt::Key_N);
    QTest::keyClicks(classField(), QStringLiteral("service.unavailable"));
    QComboBox *rules = ruleField();
    QVERIFY(rules != nullptr && rules->isEnabled());
    rules->setFocus();
    QTest::keyClick(rules, Qt::Key_Down);
    QCOMPARE(rules->currentText(), QStringLiteral("test.sky"));
    QVERIFY(!audit.sample().items[place].answer.has_value());
    QTest::keyClick(rules, Qt::Key_Return);
    QVERIFY(audit.sample().items[place].answer.has_value());
    QCOMPARE(audit.sample().items[place].answer->errorClass, std::string("service.unavailable"));
    QCOMPARE(audit.sample().items[place].answer->rule, std::string("test.sky"));
    QVERIFY(!classField()->isVisible());
    QVERIFY(settled(audit));
}

void RulesAuditTest::panel_wrong_namesHaveRoom()
{
    openPanel();
    QVERIFY(goToClass(m_panel->audit(), "memory_config.executor_heap"));
    m_panel->resize(808, 560); // what a window of 1,024 leaves
    QTest::keyClick(m_panel->findChild<LogView *>(), Qt::Key_N);
    QVERIFY(SmallSession::waitFor([&] { return classField()->isVisible() && classField()->width() > 100; }));
    const auto room = [](const QWidget *field, const QString &words) {
        return field->width() - field->fontMetrics().horizontalAdvance(words);
    };
    QVERIFY2(room(classField(), QStringLiteral("memory_config.executor_heap")) >= 16,
             qPrintable(QString::number(classField()->width())));
    QVERIFY(room(ruleField(), ruleField()->currentText()) >= 30);
}

void RulesAuditTest::panel_rule_longTitleEndsInAnEllipsis()
{
    openPanel();
    QVERIFY(goToClass(m_panel->audit(), "memory_config.executor_heap"));
    const auto labels = m_panel->findChildren<ElidedLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const ElidedLabel *label) {
        return label->text() == QLatin1String("test.heap: Heap is full") && label->toolTip() == label->text();
    }));
}

void RulesAuditTest::panel_export_showsThatItIsAMenu()
{
    openPanel();
    const auto buttons = m_panel->findChildren<QToolButton *>();
    const auto found =
        std::find_if(buttons.begin(), buttons.end(), [](const auto *each) { return each->menu() != nullptr; });
    QVERIFY(found != buttons.end());
    QCOMPARE((*found)->text(), QStringLiteral("▾"));
    m_panel->resize(808, 560); // what a window of 1,024 leaves
    QTest::qWait(1);
    const auto labels = m_panel->findChildren<ElidedLabel *>();
    const auto answered = std::find_if(labels.begin(), labels.end(), [](const auto *each) {
        return each->text().endsWith(QLatin1String("answered"));
    });
    QVERIFY(answered != labels.end());
    QVERIFY((*answered)->width() >= (*answered)->fontMetrics().horizontalAdvance((*answered)->text()));
}

void RulesAuditTest::panel_undoKey_takesTheAnswerBack()
{
    openPanel();
    auto &audit = m_panel->audit();
    QTest::keyClick(m_panel->findChild<LogView *>(), Qt::Key_Y);
    QVERIFY(audit.figures().answered > 0);
    QTest::keySequence(m_panel->findChild<LogView *>(), QKeySequence(QKeySequence::Undo));
    QCOMPARE(audit.figures().answered, std::uint64_t(0));
    QVERIFY(settled(audit));
}

void RulesAuditTest::panel_text_highlightsTheMatch()
{
    openPanel();
    QVERIFY(goToClass(m_panel->audit(), "memory_config.executor_heap"));
    const auto selections = m_panel->findChild<LogView *>()->extraSelections();
    QVERIFY(!selections.isEmpty());
    QCOMPARE(selections.first().cursor.selectedText(), QStringLiteral("OutOfMemoryError: Java heap space"));
}

bool RulesAuditTest::says(const QString &words) const
{
    for (const auto *label : m_panel->findChildren<QLabel *>())
        if (label->isVisible() && label->text().contains(words))
            return true;
    return false;
}

void RulesAuditTest::makeSamples()
{
    openPanel();
    auto &audit = m_panel->audit();
    QVERIFY(goToClass(audit, "unclassified"));
    audit.correct(QStringLiteral("service.unavailable"), {});
    QVERIFY(settled(audit));
    for (auto *button : m_panel->findChildren<QPushButton *>())
        if (button->text() == QStringLiteral("Make samples…"))
            button->click();
    QVERIFY(SmallSession::waitFor([&] { return m_panel->findChild<EditPreview *>() != nullptr; }, 20'000));
    auto *preview = m_panel->findChild<EditPreview *>();
    QVERIFY2(preview->text().contains(QLatin1String("the sky fell")), qPrintable(preview->text()));
    preview->accept();
}

void RulesAuditTest::panel_samples_goIntoThePackAfterAPreview()
{
    makeSamples();
    QCOMPARE(m_files->edits, 1);
    const auto *rule = m_files->now.find("test.sky");
    QVERIFY(rule != nullptr);
    QCOMPARE(rule->positive.size(), size_t(2));
    QVERIFY(m_small->allWell());
}

void RulesAuditTest::panel_samplesTakenBack_areNoLongerSaidToBeThere()
{
    m_panel.reset();
    const auto before = m_files->now;
    makeSamples();
    const auto after = m_files->now;
    QVERIFY(says(QStringLiteral("the editor's tab saves them")));
    m_files->unsaved = false;
    m_panel->packChanged();
    QVERIFY(says(QStringLiteral("in the rules and saved")));
    m_files->now = before; // undone
    m_panel->packChanged();
    QVERIFY(!says(QStringLiteral("The samples are in the rules")));
    m_files->now = after; // and done again
    m_files->unsaved = true;
    m_panel->packChanged();
    QVERIFY(says(QStringLiteral("the editor's tab saves them")));
}

void RulesAuditTest::panel_samplesAskedForAgain_dropTheErrorOfBefore()
{
    openPanel();
    QPushButton *make = nullptr;
    for (auto *button : m_panel->findChildren<QPushButton *>())
        if (button->text() == QStringLiteral("Make samples…"))
            make = button;
    QVERIFY(goToClass(m_panel->audit(), "unclassified"));
    m_panel->audit().correct(QStringLiteral("service.unavailable"), {});
    QVERIFY(settled(m_panel->audit()));
    QSignalSpy over(&m_small->session, &Session::errorSettled);
    m_files->ready = false;
    make->click();
    QCOMPARE(m_small->errors.size(), size_t(1));
    QCOMPARE(over.count(), 0);
    m_files->ready = true;
    make->click();
    QCOMPARE(over.count(), 1);
    QVERIFY(over.first().first().value<base::Error>() == m_small->errors.front());
    QVERIFY(SmallSession::waitFor([&] { return m_panel->findChild<EditPreview *>() != nullptr; }, 20'000));
    QCOMPARE(m_small->errors.size(), size_t(1));
}

void RulesAuditTest::panel_errorOnTheWayToTheNext_staysUntilTheNextAnswer()
{
    openPanel();
    QSignalSpy over(&m_small->session, &Session::errorSettled);
    auto &connection = m_small->session.workspace()->connection();
    QVERIFY(connection.run("ALTER TABLE rule_match RENAME TO rule_match_away").has_value());
    QTest::keyClick(m_panel->findChild<LogView *>(), Qt::Key_Y);
    QCOMPARE(m_small->errors.size(), size_t(1)); // the next failure cannot be read
    QCOMPARE(over.count(), 0);
    QVERIFY(settled(m_panel->audit()));
    QCOMPARE(over.count(), 0);
    QVERIFY(connection.run("ALTER TABLE rule_match_away RENAME TO rule_match").has_value());
    m_panel->audit().undoStack()->undo();
    QCOMPARE(over.count(), 1);
    QVERIFY(over.first().first().value<base::Error>() == m_small->errors.front());
    QCOMPARE(m_small->errors.size(), size_t(1));
    QVERIFY(settled(m_panel->audit()));
}

void RulesAuditTest::panel_columnsHiddenByTheUser_areNotCopied()
{
    openPanel();
    TableView *figures = nullptr;
    for (auto *each : m_panel->findChildren<TableView *>())
        if (each->accessibleName() == QLatin1String("Precision by class or rule"))
            figures = each;
    QVERIFY(figures != nullptr);
    const auto toggle = [&](const char *column) {
        std::unique_ptr<QMenu> menu(figures->makeColumnMenu(nullptr));
        for (QAction *action : menu->actions())
            if (action->text() == QLatin1String(column))
                action->toggle();
    };
    m_panel->resize(808, 560); // what a window of 1,024 leaves
    QVERIFY(SmallSession::waitFor([&] { return figures->isColumnHidden(3); }));
    const auto copied = [&] { return figures->selectionText().section(QLatin1Char('\n'), 0, 0); };
    QVERIFY2(copied().contains(QLatin1String("Right")), qPrintable(copied())); // only wants room
    toggle("Precision");
    QVERIFY(figures->isColumnHidden(1));
    QVERIFY2(!copied().contains(QLatin1String("Precision")), qPrintable(copied()));
    QVERIFY(copied().contains(QLatin1String("Right")));
    // Shown and hidden again it is the user's.
    toggle("Right");
    toggle("Right");
    QVERIFY(figures->isColumnHidden(3));
    QVERIFY2(!copied().contains(QLatin1String("Right")), qPrintable(copied()));
}

QTEST_MAIN(RulesAuditTest)
#include "tst_rules_audit.moc"
