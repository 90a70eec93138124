#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what they bring from the standard library
#include "desktop/pages/rules_editor_actions.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_page.hpp"
#endif
#include "desktop/widgets/pattern_edit.hpp"
#include "small_history.hpp"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>

#include <initializer_list>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

class RulesActionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shortcuts_focusInAField_areNotTakenByIt();
};

void RulesActionsTest::shortcuts_focusInAField_areNotTakenByIt()
{
    SmallSession small;
    RulesPage page(small.session);
    const auto *actions = page.findChild<RulesEditorActions *>();
    QVERIFY(actions != nullptr);
    QLineEdit line(QStringLiteral("some words"));
    QPlainTextEdit text(QStringLiteral("some words"));
    PatternEdit pattern;
    pattern.setPlainText(QStringLiteral("some words"));
    // What a line takes to move and delete on Unix desktops, whose keys the platform of the tests does not have.
    const QStringList ofUnix{QStringLiteral("Ctrl+A"), QStringLiteral("Ctrl+E"), QStringLiteral("Ctrl+K"),
                             QStringLiteral("Ctrl+U")};
    int checked = 0;
    for (const auto *action : actions->findChildren<QAction *>()) {
        if (action->shortcut().isEmpty())
            continue;
        const QString name = action->shortcut().toString(QKeySequence::PortableText);
        QVERIFY2(!ofUnix.contains(name), qPrintable(name));
        const auto keys = action->shortcut()[0];
        for (QWidget *field : std::initializer_list<QWidget *>{&line, &text, &pattern}) {
            QKeyEvent asked(QEvent::ShortcutOverride, keys.key(), keys.keyboardModifiers());
            asked.ignore();
            QApplication::sendEvent(field, &asked);
            QVERIFY2(!asked.isAccepted(), qPrintable(name));
            ++checked;
        }
    }
    QVERIFY(checked > 20);
}

QTEST_MAIN(RulesActionsTest)
#include "tst_rules_actions.moc"
