#include "desktop/widgets/stack_undo.hpp"

#include <QKeyEvent>
#include <QPlainTextEdit>

namespace mulligan::desktop
{

namespace
{

class UndoFilter : public QObject
{
public:
    using QObject::QObject;
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress)
            return false;
        auto *key = static_cast<QKeyEvent *>(event);
        if (!key->matches(QKeySequence::Undo) && !key->matches(QKeySequence::Redo))
            return false;
        // Not overridden: the shortcut of the window's action is taken.
        key->ignore();
        return true;
    }
};

} // namespace

void undoThroughStack(QWidget *field)
{
    field->installEventFilter(new UndoFilter(field));
    if (auto *text = qobject_cast<QPlainTextEdit *>(field))
        text->setUndoRedoEnabled(false);
}

} // namespace mulligan::desktop
