#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what they bring from the standard library
#include "desktop/pages/rules_editor_checks.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_effect.hpp"
#include "desktop/pages/rules_editor_preview.hpp"
#include "desktop/pages/rules_editor_samples.hpp"
#include "desktop/pages/rules_page.hpp"
#include "pipeline/compare_packs.hpp"
#endif
#include "desktop/pages/rules_trial_panel.hpp"
#include "desktop/widgets/format.hpp"
#include "small_history.hpp"

#include <QDir>
#include <QLabel>
#include <QPushButton>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

namespace
{

QByteArray skyRule()
{
    return "  - id: test.sky\n"
           "    title: The sky fell\n"
           "    class: service.unavailable\n"
           "    domain: user\n"
           "    transient: false\n"
           "    action: stop\n"
           "    match:\n"
           "      any:\n"
           "        - 'the sky fell'\n";
}

bool saysAnywhere(const QWidget &in, const QString &words)
{
    for (const auto *label : in.findChildren<QLabel *>())
        if (label->text().contains(words))
            return true;
    return false;
}

/// What is worked out beside the window is there some time later.
bool comesToSay(const QWidget &in, const QString &words)
{
    return SmallSession::waitFor([&] { return saysAnywhere(in, words); });
}

bool comesToOmit(const QWidget &in, const QString &words)
{
    return SmallSession::waitFor([&] { return !saysAnywhere(in, words); });
}

/// The shipped defaults, with a file that every load of a history reads and that can be made to come late.
class LateResources
{
public:
    LateResources()
    {
        const QDir shipped(QString::fromStdString(SmallSession::resources().folder));
        for (const QString &name : shipped.entryList(QDir::AllEntries | QDir::NoDotAndDotDot))
            QFile::link(shipped.filePath(name), m_folder.filePath(name));
        m_space = m_folder.filePath(QStringLiteral("space.yaml")).toStdString();
        m_shipped = shipped.filePath(QStringLiteral("space.yaml"));
    }
    ~LateResources() { letCome(); }
    [[nodiscard]] pipeline::Resources resources() const { return {m_folder.path().toStdString()}; }
    /// Who reads the file from now on waits.
    void hold()
    {
        QVERIFY(QFile::remove(QString::fromStdString(m_space)));
        QCOMPARE(::mkfifo(m_space.c_str(), 0600), 0);
        m_held = true;
    }
    void letCome()
    {
        if (!std::exchange(m_held, false))
            return;
        const int waiting = ::open(m_space.c_str(), O_RDWR | O_CLOEXEC);
        QFile::remove(QString::fromStdString(m_space));
        QFile::link(m_shipped, QString::fromStdString(m_space));
        QFile file(m_shipped);
        if (file.open(QIODevice::ReadOnly)) {
            const QByteArray bytes = file.readAll(); // less than what a pipe holds
            if (::write(waiting, bytes.constData(), static_cast<size_t>(bytes.size())) != bytes.size())
                qWarning("The late file is cut off");
        }
        ::close(waiting);
    }

private:
    QTemporaryDir m_folder;
    QString m_shipped;
    std::string m_space;
    bool m_held = false;
};

} // namespace

/// What the Rules page tells of the effect of an edit on the workspace, and of what it is an effect.
class RulesEffectTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void money_verdictsOfAnotherPack_isThatOfComparingThePacks();
    void money_editedWhileTheHistoryLoads_waitsForIt();
    void draft_ofAnActiveRule_showsTheLoss();
    void draft_leftForAnotherRule_countsNoLonger();
    void classify_otherRulesThanTheVerdicts_isPointedOut();
    void draft_besideOtherEdits_isNotToldTheirEffect();
    void pattern_notRight_saysThatAllIsOfTheTextBefore();
    void pattern_notRightAfterAnEdit_countsThatEdit();
    void pattern_notRightOfANewRule_isLeftOut();

private:
    /// Both rules in force, and the page shown on one of them.
    void usePack(const QByteArray &pack, const std::string &rule);
    void edit(const std::function<void(classify::Rule &)> &how);
    [[nodiscard]] RulesEditorController &editor() const { return *m_page->findChild<RulesEditorController *>(); }
    [[nodiscard]] RulesEditorPreview &preview() const { return *m_page->findChild<RulesEditorPreview *>(); }
    [[nodiscard]] RuleEffectCard &effect() const { return *m_page->findChild<RuleEffectCard *>(); }
    [[nodiscard]] bool ready() const { return preview().phase() == RulesEditorPreview::Phase::Ready; }
    [[nodiscard]] pipeline::PackComparison compared() const;

    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<RulesPage> m_page;
};

void RulesEffectTest::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    m_small = std::make_unique<SmallSession>();
    QVERIFY(m_small->fill()); // classified by the rule test.heap alone
}

void RulesEffectTest::init()
{
    m_small->session.undoStack()->clear();
    m_page = std::make_unique<RulesPage>(m_small->session);
    m_page->show();
}

void RulesEffectTest::cleanup()
{
    m_page.reset();
}

void RulesEffectTest::usePack(const QByteArray &pack, const std::string &rule)
{
    const QString path =
        m_small->folder.filePath(QStringLiteral("%1.yaml").arg(QLatin1String(QTest::currentTestFunction())));
    tests::writeFile(path, pack);
    m_small->session.setRulePaths({path});
    const auto inForce = [&] {
        const auto rules = m_small->session.rules();
        const auto *found = rules ? rules->find(rule) : nullptr;
        return found != nullptr && found->file == path.toStdString();
    };
    QVERIFY(SmallSession::waitFor(
        [&] { return inForce() && editor().opened() && editor().state().fileOf(rule) == path.toStdString(); }));
    m_page->reveal(QStringLiteral("edit:") + desktop::text(rule));
    QVERIFY(SmallSession::waitFor([&] { return ready(); }));
}

void RulesEffectTest::edit(const std::function<void(classify::Rule &)> &how)
{
    auto rule = editor().rule();
    QVERIFY(rule.has_value());
    how(*rule);
    editor().edit(*rule, QStringLiteral("field"));
}

pipeline::PackComparison RulesEffectTest::compared() const
{
    const auto &session = m_small->session;
    const auto give = [](auto result) {
        if (!result)
            qFatal("%s", result.error().text().c_str());
        return std::move(*result);
    };
    auto workspace = give(store::Workspace::open(m_small->path().toStdString(), store::OpenMode::ReadOnly));
    const pipeline::SavingsRequest request{
        session.policy(), session.economics(), give(pipeline::loadSpace(session.resources())), {}};
    base::Progress progress;
    return give(pipeline::comparePacks(workspace, session.rules(),
                                       give(classify::Classifier::make(editor().state().documents.pack())), request, {},
                                       progress));
}

void RulesEffectTest::money_verdictsOfAnotherPack_isThatOfComparingThePacks()
{
    usePack(tests::smallPack() + skyRule(), "test.sky");
    QVERIFY(SmallSession::waitFor([&] { return saysAnywhere(*m_page, QStringLiteral(", as last classified")); }));
    edit([](auto &rule) { rule.any = {"the sky fell on the reticulator [1-4]"}; });
    QVERIFY(SmallSession::waitFor([&] { return ready() && preview().savings(); }));
    const auto first = compared();
    QVERIFY(first.savings.has_value());
    QCOMPARE(preview().preview()->changed, first.change.changed);
    QVERIFY(preview().savings()->before == first.savings->before);
    QVERIFY(preview().savings()->after == first.savings->after);
    QVERIFY(first.savings->before.savings.net.value != m_small->session.replay()->report.savings.net.value);
    QVERIFY(comesToSay(effect(), QString::fromUtf8("Net savings %1 → %2")
                                     .arg(moneyText(first.savings->before.savings.net.value),
                                          moneyText(first.savings->after.savings.net.value))));
    // Another edit is measured from the same rules.
    edit([](auto &rule) { rule.any = {"the sky fell on the reticulator [1-7]"}; });
    QVERIFY(SmallSession::waitFor([&] { return ready() && preview().savings(); }));
    const auto second = compared();
    QVERIFY(preview().savings()->before == first.savings->before);
    QVERIFY(preview().savings()->after == second.savings->after);
    QVERIFY(first.savings->after != second.savings->after);
}

void RulesEffectTest::money_editedWhileTheHistoryLoads_waitsForIt()
{
    LateResources late;
    auto small = std::make_unique<SmallSession>(late.resources());
    const auto release = qScopeGuard([&] { late.letCome(); }); // else the end waits for what never comes
    QVERIFY(small->fill());
    auto &session = small->session;
    const double before = session.replay()->report.savings.net.value;
    RulesPage page(session);
    page.show();
    auto &editor = *page.findChild<RulesEditorController *>();
    auto &preview = *page.findChild<RulesEditorPreview *>();
    const auto settled = [&] { return preview.phase() == RulesEditorPreview::Phase::Ready; };
    const QString path = small->folder.filePath(QStringLiteral("two.yaml"));
    tests::writeFile(path, tests::smallPack() + skyRule());
    session.setRulePaths({path});
    QVERIFY(SmallSession::waitFor([&] { return editor.opened() && editor.state().find("test.sky").has_value(); }));
    QVERIFY(SmallSession::waitFor([&] { return session.rules()->find("test.sky") != nullptr && settled(); }));
    late.hold();
    QSignalSpy counted(&session, &Session::dataChanged);
    session.classify();
    QVERIFY(counted.wait(60'000));
    page.reveal(QStringLiteral("edit:test.sky"));
    QVERIFY(SmallSession::waitFor(settled));
    auto rule = *editor.rule();
    rule.any = {"the sky fell on the reticulator [1-4]"};
    editor.edit(rule, QStringLiteral("field"));
    QVERIFY(SmallSession::waitFor([&] { return settled() && preview.preview()->changed > 0; }));
    QTest::qWait(2500); // longer than a replay of this history and the pause before it
    QVERIFY(!preview.savings()); // what is loaded has the verdicts of before
    QVERIFY(preview.replaying());
    late.letCome();
    QVERIFY(SmallSession::waitFor([&] { return preview.savings() && !session.stale(); }));
    const double now = session.replay()->report.savings.net.value;
    QVERIFY(now != before);
    QCOMPARE(preview.savings()->before.savings.net.value, now);
}

void RulesEffectTest::draft_ofAnActiveRule_showsTheLoss()
{
    usePack(tests::smallPack() + skyRule(), "test.heap");
    const auto *trial = m_page->findChild<RuleTrialPanel *>();
    QVERIFY(SmallSession::waitFor([&] { return trial->answer().contains(QLatin1String("This rule wins")); }));
    editor().setStatus(classify::RuleStatus::Retired);
    QVERIFY(SmallSession::waitFor([&] { return ready() && preview().preview()->changed > 0; }));
    const auto retired = *preview().preview();
    editor().setStatus(classify::RuleStatus::Draft);
    QVERIFY(SmallSession::waitFor([&] { return ready(); }));
    QCOMPARE(preview().preview()->changed, retired.changed);
    QCOMPARE(preview().preview()->newlyUnclassified, retired.newlyUnclassified);
    QVERIFY(preview().effectOfSelected() != nullptr);
    QCOMPARE(preview().effectOfSelected()->wins, std::uint64_t{0});
    QCOMPARE(preview().effectOfSelected()->winsBefore, retired.changed);
    QVERIFY(comesToOmit(effect(), QStringLiteral("Once it is active")));
    QVERIFY(SmallSession::waitFor([&] { return !trial->answer().contains(QLatin1String("This rule wins")); }));
    QVERIFY(comesToSay(*trial, QStringLiteral("but the rule is draft: only active rules classify")));
    // Once that is saved nothing is lost any more, and it is tried like any other draft.
    QVERIFY(editor().save());
    QVERIFY(SmallSession::waitFor([&] { return trial->answer().contains(QLatin1String("This rule wins")); }));
    QVERIFY(SmallSession::waitFor([&] { return saysAnywhere(effect(), QStringLiteral("Once it is active: Of ")); }));
}

void RulesEffectTest::draft_leftForAnotherRule_countsNoLonger()
{
    usePack(tests::smallPack() + skyRule(), "test.heap");
    editor().addFromFailure("the sky fell on the reticulator 3");
    edit([](auto &rule) { rule.priority = 100; });
    QVERIFY(SmallSession::waitFor([&] { return ready() && preview().preview()->changed > 0; }));
    editor().select("test.heap");
    QVERIFY(SmallSession::waitFor([&] { return ready() && preview().preview()->changed == 0; }));
}

void RulesEffectTest::classify_otherRulesThanTheVerdicts_isPointedOut()
{
    const auto role = [&] {
        for (const auto *button : m_page->findChild<QWidget *>(QStringLiteral("rules"))->findChildren<QPushButton *>())
            if (button->text() == QLatin1String("Classify again"))
                return button->property("role").toString();
        return QStringLiteral("no button");
    };
    usePack(tests::smallPack(), "test.heap");
    QVERIFY(SmallSession::waitFor([&] { return ready(); }));
    QCOMPARE(role(), QString());
    // By others, as an editor beside the window or --rules does.
    usePack(tests::smallPack("OutOfMemoryError"), "test.heap");
    QVERIFY(SmallSession::waitFor([&] { return role() == QLatin1String("primary"); }, 20'000));
    usePack(tests::smallPack(), "test.heap");
    QVERIFY(SmallSession::waitFor([&] { return role().isEmpty(); }, 20'000));
}

void RulesEffectTest::draft_besideOtherEdits_isNotToldTheirEffect()
{
    usePack(tests::smallPack() + skyRule(), "test.heap");
    editor().addFromFailure("a text that no failure has");
    const std::string draft = editor().selected();
    editor().select("test.sky");
    edit([](auto &rule) { rule.any = {"the sky fell on the reticulator [1-4]"}; });
    editor().select(draft);
    QVERIFY(SmallSession::waitFor(
        [&] { return saysAnywhere(effect(), QStringLiteral("All edits together, with this rule active: Of ")); }));
    QVERIFY(comesToOmit(effect(), QStringLiteral("Once it is active")));
    QCOMPARE(preview().effectOfSelected()->wins, std::uint64_t{0});
    // A rule without a pattern has no part in it.
    editor().addBlank();
    QVERIFY(SmallSession::waitFor(
        [&] { return saysAnywhere(effect(), QStringLiteral("Without this rule, which is not right yet: Of ")); }));
}

void RulesEffectTest::pattern_notRight_saysThatAllIsOfTheTextBefore()
{
    usePack(tests::smallPack(), "test.heap");
    const auto *checks = m_page->findChild<RulesEditorChecks *>();
    const auto *trial = m_page->findChild<RuleTrialPanel *>();
    const auto &samples = *m_page->findChild<RuleSamplesForm *>();
    const auto settled = [&] { return ready() && checks->trial() && !checks->trying() && !checks->checking(); };
    QVERIFY(SmallSession::waitFor([&] { return settled() && saysAnywhere(*m_page, QStringLiteral("samples pass")); }));
    edit([](auto &rule) { rule.any = {"OutOfMemoryError: Java heap (space"}; });
    QVERIFY(SmallSession::waitFor(settled));
    QVERIFY(comesToSay(effect(), QStringLiteral("the rule counts as it was before the error")));
    QVERIFY(comesToOmit(effect(), QStringLiteral("edit the rule to see")));
    QVERIFY(SmallSession::waitFor([&] { return trial->answer().contains(QLatin1String("This rule wins")); }));
    QVERIFY(comesToSay(*trial, QStringLiteral("this is of the rule as it was before the error")));
    QVERIFY(comesToOmit(*m_page, QString::fromUtf8("✓ 1 samples pass")));
    QVERIFY(comesToSay(*m_page, QStringLiteral("Before the error 1 samples passed")));
    QVERIFY(comesToSay(samples, QStringLiteral("The rule is not right yet: its samples (1)")));
    m_small->session.undoStack()->undo();
    QVERIFY(SmallSession::waitFor(settled));
    QVERIFY(comesToSay(effect(), QStringLiteral("edit the rule to see")));
    QVERIFY(comesToOmit(*trial, QStringLiteral("before the error")));
    QVERIFY(comesToSay(samples, QStringLiteral("1 of 1 pass")));
}

void RulesEffectTest::pattern_notRightAfterAnEdit_countsThatEdit()
{
    usePack(tests::smallPack() + skyRule(), "test.sky");
    edit([](auto &rule) { rule.any = {"the sky fell on the reticulator [1-4]"}; });
    QVERIFY(SmallSession::waitFor([&] { return ready() && preview().preview()->changed > 0; }));
    const auto changed = preview().preview()->changed;
    edit([](auto &rule) { rule.any = {"the sky fell on the reticulator [1-4"}; });
    QVERIFY(SmallSession::waitFor(
        [&] { return saysAnywhere(effect(), QStringLiteral("With this rule as it was before the error: Of ")); }));
    QCOMPARE(preview().preview()->changed, changed);
}

void RulesEffectTest::pattern_notRightOfANewRule_isLeftOut()
{
    usePack(tests::smallPack(), "test.heap");
    editor().addBlank();
    m_page->reveal(QStringLiteral("text:the sky fell"));
    const auto *trial = m_page->findChild<RuleTrialPanel *>();
    QVERIFY(SmallSession::waitFor(
        [&] { return saysAnywhere(*trial, QStringLiteral("this is of the other rules, without it")); }));
    QVERIFY(SmallSession::waitFor(
        [&] { return saysAnywhere(effect(), QStringLiteral("this rule is not right yet and counts for nothing")); }));
}

QTEST_MAIN(RulesEffectTest)
#include "tst_rules_effect.moc"
