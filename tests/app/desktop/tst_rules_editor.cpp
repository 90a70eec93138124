#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what they bring from the standard library
#include "desktop/pages/rules_editor_checks.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_starter.hpp"
#endif
#include "desktop/pages/rules_trial_panel.hpp"
#include "small_history.hpp"

#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPlainTextEdit>

#include <regex>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

namespace
{

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The small pack with a comment that an edit must keep, and a second rule.
QByteArray commentedPack()
{
    return "# kept: head\n" + tests::smallPack()
           + "  # kept: above the second\n"
             "  - id: test.sky\n"
             "    title: The sky fell\n"
             "    class: service.unavailable\n"
             "    domain: platform\n"
             "    transient: true\n"
             "    action: retry\n"
             "    match:\n"
             "      any:\n"
             "        - 'the sky fell' # kept: beside\n";
}

} // namespace

class RulesEditorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void edit_anyField_isOneStepThatUndoRestoresByteForByte();
    void edit_typingWithoutAPause_isOneStep();
    void edit_idTypedWithoutAPause_isOneStep();
    void edit_patternThatIsNotRight_isKeptAsADraftAndUndone();
    void edit_patternMendedAgain_goesIntoItsFile();
    void add_blankRule_waitsForWhatItLacks();
    void add_fromFailure_makesARuleThatFindsItAgain();
    void duplicate_rule_givesADraftUnderAFreeId();
    void remove_rule_selectsTheNextAndComesBackByUndo();
    void move_rule_changesItsPlaceAndKeepsItsComment();
    void setStatus_retireAndRestore_keepTheRule();
    void addSample_log_becomesASampleOnce();
    void addSample_ruleThatLooksAtLevels_keepsTheLevelOfTheLine();
    void save_editedFile_keepsCommentsAndIsClean();
    void save_draft_isRefusedNamingTheRule();
    void disk_changedByOthersWithoutEdits_isTaken();
    void disk_changedByOthersWithEdits_asksAndKeepsMine();
    void disk_changedByOthersWithEdits_takesTheirsUndoably();
    void readOnly_shippedPack_refusesEditsUntilCopied();
    void copyPack_twoFilesOfOneName_writesNeither();
    void open_otherPack_forgetsEditsOfTheOlder();
    void checks_brokenSample_isFoundAndFixedByUndo();
    void checks_draftRule_isTriedAsIfActive();
    void trial_text_namesCapturesAndWinner();
    void trial_linesThatDoNotCount_areNotMarked();
    void trial_causeReadOutOfJson_isMarkedWhereTheJsonTellsIt_data();
    void trial_causeReadOutOfJson_isMarkedWhereTheJsonTellsIt();
    void trial_patternThatTheJsonHoldsAsItIs_isMarkedThereAlone();
    void trial_linesBehindHeads_areMarkedWhereTheyStand();
    void patternOfLine_linesOfLogs_matchThemselvesAndTheirKin_data();
    void patternOfLine_linesOfLogs_matchThemselvesAndTheirKin();

private:
    [[nodiscard]] QUndoStack &stack() { return *m_small->session.undoStack(); }
    void edit(const std::function<void(classify::Rule &)> &how, const QString &what = QStringLiteral("field"));
    [[nodiscard]] QString file() const { return m_small->folder.filePath(QStringLiteral("rules.yaml")); }
    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<RulesEditorController> m_controller;
};

void RulesEditorTest::init()
{
    m_controller.reset();
    m_small = std::make_unique<SmallSession>();
    tests::writeFile(file(), commentedPack());
    m_small->session.setRulePaths({file()});
    QVERIFY(SmallSession::waitFor(
        [&] { return m_small->session.rules() && m_small->session.rules()->pack().rules.size() == 2; }));
    m_controller = std::make_unique<RulesEditorController>(m_small->session);
    QVERIFY(SmallSession::waitFor([&] { return m_controller->opened(); }));
    m_controller->select("test.heap");
}

void RulesEditorTest::edit(const std::function<void(classify::Rule &)> &how, const QString &what)
{
    auto rule = m_controller->rule();
    QVERIFY(rule.has_value());
    how(*rule);
    m_controller->edit(*rule, what);
}

void RulesEditorTest::edit_anyField_isOneStepThatUndoRestoresByteForByte()
{
    const std::string before = m_controller->state().documents.files().front().text();
    edit([](auto &rule) { rule.title = "Heap is very full"; }, QStringLiteral("title"));
    edit([](auto &rule) { rule.priority = 77; }, QStringLiteral("priority"));
    edit([](auto &rule) { rule.owner = "platform"; }, QStringLiteral("owner"));
    QCOMPARE(stack().count(), 3);
    QCOMPARE(m_controller->rule()->title, std::string("Heap is very full"));
    QCOMPARE(m_controller->rule()->modified, todayText());
    QVERIFY(m_controller->dirty());
    const std::string after = m_controller->state().documents.files().front().text();
    QVERIFY(after.find("# kept: above the second") != std::string::npos);
    while (stack().canUndo())
        stack().undo();
    QCOMPARE(m_controller->state().documents.files().front().text(), before);
    QVERIFY(!m_controller->dirty());
    while (stack().canRedo())
        stack().redo();
    QCOMPARE(m_controller->state().documents.files().front().text(), after);
}

void RulesEditorTest::edit_typingWithoutAPause_isOneStep()
{
    for (const char *typed : {"H", "He", "Heap"})
        edit([&](auto &rule) { rule.title = typed; }, QStringLiteral("title"));
    QCOMPARE(stack().count(), 1);
    stack().undo();
    QCOMPARE(m_controller->rule()->title, std::string("Heap is full"));
    // Another rule's title is another step.
    edit([](auto &rule) { rule.title = "a"; }, QStringLiteral("title"));
    m_controller->select("test.sky");
    edit([](auto &rule) { rule.title = "b"; }, QStringLiteral("title"));
    QCOMPARE(stack().count(), 2);
}

void RulesEditorTest::edit_idTypedWithoutAPause_isOneStep()
{
    for (const char *typed : {"test.s", "test.st", "test.storm"})
        edit([&](auto &rule) { rule.id = typed; }, QStringLiteral("id"));
    QVERIFY(m_controller->rule().has_value());
    QCOMPARE(m_controller->rule()->id, std::string("test.storm"));
    QCOMPARE(stack().count(), 1);
    stack().undo();
    QCOMPARE(m_controller->rule()->id, std::string("test.heap"));
    // Two new rules are two steps, however quickly they are made.
    m_controller->addBlank();
    m_controller->addBlank();
    QCOMPARE(stack().count(), 2);
}

void RulesEditorTest::edit_patternThatIsNotRight_isKeptAsADraftAndUndone()
{
    const auto before = m_controller->state().documents;
    edit([](auto &rule) { rule.any = {"Java heap (space"}; });
    QCOMPARE(m_controller->rule()->any, std::vector<std::string>{"Java heap (space"});
    QVERIFY(m_controller->state().documents == before);
    const auto *error = m_controller->state().errorOf("test.heap");
    QVERIFY(error != nullptr);
    QVERIFY2(error->message.find("regular expression") != std::string::npos, error->message.c_str());
    stack().undo();
    QVERIFY(m_controller->state().errorOf("test.heap") == nullptr);
    QVERIFY(!m_controller->dirty());
}

void RulesEditorTest::edit_patternMendedAgain_goesIntoItsFile()
{
    edit([](auto &rule) { rule.any = {"Java heap ("}; });
    edit([](auto &rule) { rule.any = {"Java heap (?:space)"}; });
    QVERIFY(m_controller->state().drafts.empty());
    QCOMPARE(m_controller->state().documents.find("test.heap")->any, std::vector<std::string>{"Java heap (?:space)"});
}

void RulesEditorTest::add_blankRule_waitsForWhatItLacks()
{
    m_controller->addBlank();
    QCOMPARE(m_controller->selected(), std::string("new.rule"));
    QVERIFY(m_controller->state().errorOf("new.rule") != nullptr);
    QVERIFY(m_controller->dirty());
    edit([](auto &rule) {
        rule.errorClass = "code.exception";
        rule.any = {"Boom"};
    });
    QVERIFY(m_controller->state().drafts.empty());
    // After the rule that was selected.
    const auto &rules = m_controller->state().documents.files().front().rules();
    QCOMPARE(rules.size(), size_t{3});
    QCOMPARE(rules[1].id, std::string("new.rule"));
    stack().undo();
    stack().undo();
    QCOMPARE(m_controller->selected(), std::string("test.heap"));
    QVERIFY(!m_controller->state().find("new.rule"));
}

void RulesEditorTest::add_fromFailure_makesARuleThatFindsItAgain()
{
    m_controller->addFromFailure("java.io.IOException: lost node-17 after 300 s\n\tat org.example.Job.run(Job.java:4)");
    const auto rule = m_controller->rule();
    QVERIFY(rule.has_value());
    QCOMPARE(rule->id, std::string("new.ioexception"));
    QCOMPARE(rule->any.size(), size_t{1});
    QVERIFY(std::regex_search("java.io.IOException: lost node-4 after 20 s", std::regex(rule->any.front())));
    QCOMPARE(rule->positive.size(), size_t{1});
    QVERIFY(rule->status == classify::RuleStatus::Draft);
}

void RulesEditorTest::duplicate_rule_givesADraftUnderAFreeId()
{
    m_controller->duplicate();
    QCOMPARE(m_controller->selected(), std::string("test.heap_copy"));
    QVERIFY(m_controller->rule()->status == classify::RuleStatus::Draft);
    m_controller->select("test.heap");
    m_controller->duplicate();
    QCOMPARE(m_controller->selected(), std::string("test.heap_copy_2"));
}

void RulesEditorTest::remove_rule_selectsTheNextAndComesBackByUndo()
{
    m_controller->remove();
    QCOMPARE(m_controller->selected(), std::string("test.sky"));
    QVERIFY(!m_controller->state().find("test.heap"));
    stack().undo();
    QCOMPARE(m_controller->selected(), std::string("test.heap"));
    QVERIFY(!m_controller->dirty());
}

void RulesEditorTest::move_rule_changesItsPlaceAndKeepsItsComment()
{
    m_controller->select("test.sky");
    m_controller->move(-1);
    const auto &document = m_controller->state().documents.files().front();
    QCOMPARE(document.rules().front().id, std::string("test.sky"));
    QVERIFY(document.textOf("test.sky").find("# kept: above the second") != std::string_view::npos);
    const int steps = stack().count();
    m_controller->move(-1); // at the top already
    QCOMPARE(stack().count(), steps);
}

void RulesEditorTest::setStatus_retireAndRestore_keepTheRule()
{
    m_controller->setStatus(classify::RuleStatus::Retired);
    QVERIFY(m_controller->state().documents.find("test.heap")->status == classify::RuleStatus::Retired);
    m_controller->setStatus(classify::RuleStatus::Active);
    QVERIFY(m_controller->state().documents.find("test.heap")->status == classify::RuleStatus::Active);
}

void RulesEditorTest::addSample_log_becomesASampleOnce()
{
    const std::string log = "java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(D.java:1)";
    m_controller->addSample(classify::SampleKind::Positive, log);
    m_controller->addSample(classify::SampleKind::Positive, log);
    QCOMPARE(m_controller->rule()->positive.size(), size_t{2});
    m_controller->addSample(classify::SampleKind::Negative, "all is well");
    QCOMPARE(m_controller->rule()->negative, std::vector<std::string>{"all is well"});
}

void RulesEditorTest::addSample_ruleThatLooksAtLevels_keepsTheLevelOfTheLine()
{
    edit([](auto &rule) {
        rule.where = classify::MatchWhere::Message;
        rule.leastLevel = classify::LeastLevel::Error;
    });
    const std::string line = "24/05/01 10:00:00 WARN A: java.lang.OutOfMemoryError: Java heap space";
    m_controller->addSample(classify::SampleKind::Negative, "24/05/01 09:59:00 INFO A: begun\n" + line + "\n");
    QCOMPARE(m_controller->rule()->negative.back(), line);
}

void RulesEditorTest::save_editedFile_keepsCommentsAndIsClean()
{
    edit([](auto &rule) { rule.title = "Renamed"; }, QStringLiteral("title"));
    QVERIFY(m_controller->unsaved("test.heap"));
    QVERIFY(!m_controller->unsaved("test.sky"));
    QVERIFY(m_controller->save());
    QVERIFY(!m_controller->dirty());
    const QByteArray written = bytesOf(file());
    for (const char *kept : {"# kept: head", "# kept: above the second", "# kept: beside", "title: Renamed"})
        QVERIFY2(written.contains(kept), kept);
    // Undoing after a save is an edit like others.
    stack().undo();
    QVERIFY(m_controller->dirty());
    QVERIFY(m_controller->save());
    QCOMPARE(bytesOf(file()), commentedPack());
}

void RulesEditorTest::save_draft_isRefusedNamingTheRule()
{
    QSignalSpy refused(m_controller.get(), &RulesEditorController::refused);
    edit([](auto &rule) { rule.any = {"("}; });
    m_controller->select("test.sky");
    QVERIFY(!m_controller->save());
    QCOMPARE(refused.count(), 1);
    QVERIFY(refused.front().front().value<base::Error>().text().find("test.heap") != std::string::npos);
    QCOMPARE(m_controller->selected(), std::string("test.heap"));
    QCOMPARE(bytesOf(file()), commentedPack());
}

void RulesEditorTest::disk_changedByOthersWithoutEdits_isTaken()
{
    tests::writeFile(file(), commentedPack().replace("Heap is full", "Heap by others"));
    QVERIFY(SmallSession::waitFor([&] { return m_controller->rule()->title == "Heap by others"; }));
    QVERIFY(!m_controller->dirty());
    QVERIFY(m_controller->conflicts().empty());
}

void RulesEditorTest::disk_changedByOthersWithEdits_asksAndKeepsMine()
{
    edit([](auto &rule) { rule.title = "Mine"; }, QStringLiteral("title"));
    tests::writeFile(file(), commentedPack().replace("Heap is full", "Theirs"));
    QVERIFY(SmallSession::waitFor([&] { return m_controller->conflicts().size() == 1; }));
    QCOMPARE(m_controller->rule()->title, std::string("Mine"));
    QVERIFY(!m_controller->save());
    QVERIFY(bytesOf(file()).contains("Theirs"));
    QVERIFY(SmallSession::waitFor([&] { return m_controller->conflicts().size() == 1; }));
    m_controller->resolve(classify::ConflictAnswer::KeepMine);
    QVERIFY(m_controller->conflicts().empty());
    QVERIFY(m_controller->save());
    QVERIFY(bytesOf(file()).contains("title: Mine"));
}

void RulesEditorTest::disk_changedByOthersWithEdits_takesTheirsUndoably()
{
    edit([](auto &rule) { rule.title = "Mine"; }, QStringLiteral("title"));
    tests::writeFile(file(), commentedPack().replace("Heap is full", "Theirs"));
    QVERIFY(SmallSession::waitFor([&] { return m_controller->conflicts().size() == 1; }));
    m_controller->resolve(classify::ConflictAnswer::TakeTheirs);
    QCOMPARE(m_controller->rule()->title, std::string("Theirs"));
    QVERIFY(!m_controller->dirty());
    stack().undo();
    QCOMPARE(m_controller->rule()->title, std::string("Mine"));
    QVERIFY(m_controller->dirty());
}

void RulesEditorTest::readOnly_shippedPack_refusesEditsUntilCopied()
{
    m_small->session.setRulePaths({});
    QVERIFY(SmallSession::waitFor([&] { return m_controller->readOnly() && m_controller->state().ids().size() > 50; }));
    QSignalSpy touched(m_controller.get(), &RulesEditorController::readOnlyTouched);
    m_controller->addBlank();
    m_controller->remove();
    QCOMPARE(touched.count(), 2);
    QVERIFY(!m_controller->dirty());
    const auto rules = m_controller->state().ids().size();
    const QString own = m_small->folder.filePath(QStringLiteral("own"));
    QVERIFY(m_controller->copyPack(own));
    QCOMPARE(m_small->session.rulePaths(), QStringList{own});
    QVERIFY(SmallSession::waitFor([&] { return m_controller->opened() && !m_controller->readOnly(); }));
    QVERIFY(SmallSession::waitFor(
        [&] { return m_controller->state().documents.files().front().name().find("own") != std::string::npos; }));
    QCOMPARE(m_controller->state().ids().size(), rules);
    // A folder that holds such files already is left alone.
    QSignalSpy refused(m_controller.get(), &RulesEditorController::refused);
    QVERIFY(!m_controller->copyPack(own));
    QCOMPARE(refused.count(), 1);
}

void RulesEditorTest::copyPack_twoFilesOfOneName_writesNeither()
{
    const QDir folder(m_small->folder.path());
    for (const auto *name : {"a", "b"}) {
        QVERIFY(folder.mkpath(QString::fromLatin1(name)));
        QByteArray pack = tests::smallPack();
        pack.replace("test.heap", QByteArray("test.") + name);
        tests::writeFile(folder.filePath(QString::fromLatin1(name) + QStringLiteral("/x.yaml")), pack);
    }
    m_small->session.setRulePaths({folder.filePath(QStringLiteral("a")), folder.filePath(QStringLiteral("b"))});
    QVERIFY(SmallSession::waitFor([&] { return m_controller->state().documents.files().size() == 2; }));
    QSignalSpy refused(m_controller.get(), &RulesEditorController::refused);
    const QString own = folder.filePath(QStringLiteral("own"));
    QVERIFY(!m_controller->copyPack(own));
    QCOMPARE(refused.count(), 1);
    QVERIFY(QDir(own).isEmpty());
}

void RulesEditorTest::open_otherPack_forgetsEditsOfTheOlder()
{
    edit([](auto &rule) { rule.title = "Edited"; }, QStringLiteral("title"));
    const QString other = m_small->folder.filePath(QStringLiteral("other.yaml"));
    tests::writeFile(other, tests::smallPack("something else"));
    m_small->session.setRulePaths({other});
    QVERIFY(SmallSession::waitFor([&] { return m_controller->state().ids().size() == 1; }));
    stack().undo();
    QCOMPARE(m_controller->state().ids().size(), size_t{1});
    QVERIFY(!m_controller->dirty());
}

void RulesEditorTest::checks_brokenSample_isFoundAndFixedByUndo()
{
    RulesEditorChecks checks(*m_controller);
    QVERIFY(SmallSession::waitFor([&] { return !checks.checking() && checks.checks().samples == 1; }));
    QCOMPARE(checks.checks().failed, std::uint64_t{0});
    edit([](auto &rule) { rule.any = {"something else"}; });
    checks.runNow();
    QVERIFY(SmallSession::waitFor([&] { return !checks.checking() && checks.checks().failed == 1; }));
    QVERIFY(checks.checks().failedSamples.count("test.heap") == 1);
    stack().undo();
    checks.runNow();
    QVERIFY(SmallSession::waitFor([&] { return !checks.checking() && checks.checks().failed == 0; }));
}

void RulesEditorTest::checks_draftRule_isTriedAsIfActive()
{
    m_controller->addFromFailure("the moon fell on the reticulator 7");
    const auto pack = packAsEdited(m_controller->state(), m_controller->selected());
    const auto &added = pack.rules.back();
    QCOMPARE(added.id, m_controller->selected());
    QVERIFY(added.status == classify::RuleStatus::Active);
    QVERIFY(packAsEdited(m_controller->state(), "test.heap").rules.back().status == classify::RuleStatus::Draft);
}

void RulesEditorTest::trial_text_namesCapturesAndWinner()
{
    edit([](auto &rule) {
        rule.any = {"used (?<used>\\d+ MB) of heap"};
        rule.captures = {{"used", "bytes"}};
    });
    RulesEditorChecks checks(*m_controller);
    checks.setTrialText("first\nused 12 MB of heap, used 13 MB of heap");
    QVERIFY(SmallSession::waitFor([&] { return checks.trial() && checks.trial()->matches.size() == 2; }));
    const auto &trial = *checks.trial();
    QVERIFY(trial.ruleWins);
    QCOMPARE(trial.verdict.errorClass, std::string("memory_config.executor_heap"));
    QCOMPARE(trial.matches.front().groups.size(), size_t{1});
    QCOMPARE(trial.matches.front().groups.front().name, std::string("used"));
    QCOMPARE(trial.captures.at("used").value.value_or(0), 12.0 * 1024 * 1024);
    checks.setTrialText({});
    QVERIFY(!checks.trial());
}

void RulesEditorTest::trial_linesThatDoNotCount_areNotMarked()
{
    edit([](auto &rule) {
        rule.where = classify::MatchWhere::WholeLog;
        rule.any = {"used (?<used>\\d+ MB)"};
        rule.none = {"all is well"};
        rule.captures = {{"used", "bytes"}};
        rule.leastLevel = classify::LeastLevel::Error;
    });
    RulesEditorChecks checks(*m_controller);
    const std::string text = "10:00 WARN A: used 12 MB, used 13 MB\n10:01 ERROR A: used 14 MB\n";
    checks.setTrialText(text);
    QVERIFY(SmallSession::waitFor([&] { return checks.trial().has_value(); }));
    QCOMPARE(checks.trial()->matches.size(), size_t{1});
    QCOMPARE(checks.trial()->matches.front().begin, text.find("used 14"));
    QCOMPARE(checks.trial()->captures.at("used").text, std::string("14 MB"));
    QVERIFY(checks.trial()->ruleMatches);
    checks.setTrialText(text + "10:02 INFO A: all is well\n");
    QVERIFY(SmallSession::waitFor([&] { return checks.trial() && checks.trial()->matches.size() == 2; }));
    QVERIFY(!checks.trial()->ruleMatches); // what rules out does so wherever it stands
}

namespace
{

const std::string kJsonLog = "{\"level\":\"info\",\"event\":\"began\"}\n"
                             "{\"level\":\"error\",\"error\":\"ShelfError: no \\\"shelf\\\" 7\"}\n"
                             "{\"level\":\"info\",\"event\":\"ended\"}\n";

} // namespace

void RulesEditorTest::trial_causeReadOutOfJson_isMarkedWhereTheJsonTellsIt_data()
{
    QTest::addColumn<int>("where");
    QTest::addColumn<QString>("pattern");
    QTest::newRow("of the whole log") << static_cast<int>(classify::MatchWhere::WholeLog)
                                      << "ShelfError: no \"shelf\" (?<used>\\d+)";
    QTest::newRow("that begins with the end of a line") << static_cast<int>(classify::MatchWhere::WholeLog)
                                                        << "\\nShelfError: no \"shelf\" (?<used>\\d+)";
    QTest::newRow("of the root cause") << static_cast<int>(classify::MatchWhere::RootCause)
                                       << "^ShelfError: no \"shelf\" (?<used>\\d+)$";
    QTest::newRow("of the message") << static_cast<int>(classify::MatchWhere::Message)
                                    << "\"shelf\" (?<used>\\d+)";
}

void RulesEditorTest::trial_causeReadOutOfJson_isMarkedWhereTheJsonTellsIt()
{
    QFETCH(int, where);
    QFETCH(QString, pattern);
    edit([&](auto &rule) {
        rule.where = static_cast<classify::MatchWhere>(where);
        rule.any = {pattern.toStdString()};
        rule.captures = {{"used", "count"}};
        rule.leastLevel = classify::LeastLevel::Error;
    });
    RulesEditorChecks checks(*m_controller);
    checks.setTrialText(kJsonLog);
    QVERIFY(SmallSession::waitFor([&] { return checks.trial().has_value(); }));
    const auto &trial = *checks.trial();
    QVERIFY(trial.ruleWins);
    QCOMPARE(trial.matches.size(), size_t{1});
    const std::string value = "ShelfError: no \\\"shelf\\\" 7";
    const size_t begin = kJsonLog.find(value);
    QCOMPARE(kJsonLog.substr(trial.matches.front().begin, value.size()), kJsonLog.substr(begin, value.size()));
    QCOMPARE(trial.matches.front().end, kJsonLog.find('\n', begin));
    QCOMPARE(trial.captures.at("used").text, std::string("7"));
    RuleTrialPanel panel(m_small->session);
    panel.setRule("test.heap", true);
    panel.setText(QString::fromStdString(kJsonLog));
    panel.showTrial(trial, {}, false);
    const auto marks = panel.findChild<QPlainTextEdit *>()->extraSelections();
    QCOMPARE(marks.size(), 1);
    QVERIFY(marks.front().cursor.selectedText().startsWith(QString::fromStdString(value)));
    const auto labels = panel.findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [](const QLabel *label) { return label->text().contains(QLatin1String("out of JSON")); }));
}

void RulesEditorTest::trial_patternThatTheJsonHoldsAsItIs_isMarkedThereAlone()
{
    edit([&](auto &rule) {
        rule.where = classify::MatchWhere::WholeLog;
        rule.any = {"ShelfError: no"};
    });
    RulesEditorChecks checks(*m_controller);
    checks.setTrialText(kJsonLog);
    QVERIFY(SmallSession::waitFor([&] { return checks.trial().has_value(); }));
    QVERIFY(checks.trial()->ruleWins);
    QCOMPARE(checks.trial()->matches.size(), size_t{1});
    QCOMPARE(checks.trial()->matches.front().begin, kJsonLog.find("ShelfError"));
    QCOMPARE(checks.trial()->matches.front().end, kJsonLog.find("ShelfError: no") + 14);
}

void RulesEditorTest::trial_linesBehindHeads_areMarkedWhereTheyStand()
{
    const std::string log = "2024-05-11T03:20:10.4Z begun\n2024-05-11T03:20:10.5Z ShelfError: none\n"
                            "2024-05-11T03:20:10.6Z used 77 of them\n";
    edit([&](auto &rule) {
        rule.where = classify::MatchWhere::WholeLog;
        rule.any = {"ShelfError: none\\nused (?<used>\\d+)", "Z ShelfError"};
        rule.captures = {{"used", "count"}};
    });
    RulesEditorChecks checks(*m_controller);
    checks.setTrialText(log);
    QVERIFY(SmallSession::waitFor([&] { return checks.trial().has_value(); }));
    const auto &trial = *checks.trial();
    QVERIFY(trial.ruleWins);
    QCOMPARE(trial.matches.size(), size_t{1});
    const auto &match = trial.matches.front();
    QCOMPARE(match.begin, log.find("ShelfError"));
    QCOMPARE(match.end, log.find(" of them"));
    QVERIFY(!match.decoded);
    QCOMPARE(match.groups.front().begin, log.find("77"));
    QCOMPARE(match.groups.front().end, log.find("77") + 2);
    QCOMPARE(trial.captures.at("used").text, std::string("77"));
}

void RulesEditorTest::patternOfLine_linesOfLogs_matchThemselvesAndTheirKin_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("kin");
    QTest::addColumn<QString>("stranger");
    QTest::newRow("numbers differ") << "Lost task 3.0 in stage 12.1"
                                    << "Lost task 14.2 in stage 7.0"
                                    << "Lost task x in stage 12.1";
    QTest::newRow("what means something to the engine is literal") << "Cannot cast (a+b)* [x] to {y}|z?"
                                                                   << "Cannot cast (a+b)* [x] to {y}|z?"
                                                                   << "Cannot cast aab x to y";
    QTest::newRow("quoted names differ") << "Table 'sales_2024' was not found"
                                         << "Table 'orders' was not found"
                                         << "Table sales was not found";
    QTest::newRow("paths differ") << "No such file: /data/a/b.parquet"
                                  << "No such file: /tmp/x/part-0.parquet"
                                  << "No such dir: /data/a";
    QTest::newRow("hexadecimal words differ") << "block blk1 of deadbeef01 is lost"
                                              << "block blk7 of cafe1234ab is lost"
                                              << "block blk1 of a file is lost";
    QTest::newRow("a second line is left out") << "first 1\nsecond"
                                               << "first 2"
                                               << "second";
}

void RulesEditorTest::patternOfLine_linesOfLogs_matchThemselvesAndTheirKin()
{
    QFETCH(QString, line);
    QFETCH(QString, kin);
    QFETCH(QString, stranger);
    const std::string pattern = patternOfLine(line.toStdString());
    QVERIFY2(text::checkPattern({pattern}).has_value(), pattern.c_str());
    const auto set = text::PatternSet::make({{pattern}});
    QVERIFY(set.has_value());
    text::Match match;
    const auto finds = [&](const QString &where) {
        const std::string bytes = where.toStdString();
        return set.value()->search(0, bytes, 0, match) == text::Outcome::Match;
    };
    QVERIFY2(finds(line), pattern.c_str());
    QVERIFY2(finds(kin), pattern.c_str());
    QVERIFY2(!finds(stranger), pattern.c_str());
}

QTEST_MAIN(RulesEditorTest)
#include "tst_rules_editor.moc"
