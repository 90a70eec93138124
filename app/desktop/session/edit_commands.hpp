#pragma once

#include <QString>
#include <QUndoCommand>

#include <functional>
#include <utility>

namespace mulligan::desktop
{

/// One change of a value (policy or economics). Changes of the same thing that follow each other become one step, so
/// that a slider being dragged is undone at once.
template <typename Value> class EditCommand : public QUndoCommand
{
public:
    using Apply = std::function<void(const Value &)>;

    EditCommand(Value before, Value after, const QString &what, int kind, Apply apply)
        : QUndoCommand(what), m_before(std::move(before)), m_after(std::move(after)), m_kind(kind),
          m_apply(std::move(apply))
    {
    }

    [[nodiscard]] int id() const override { return m_kind; }
    void undo() override { m_apply(m_before); }
    void redo() override { m_apply(m_after); }

    bool mergeWith(const QUndoCommand *other) override
    {
        if (other->id() != id() || other->text() != text())
            return false;
        m_after = static_cast<const EditCommand *>(other)->m_after;
        // Dragged there and back: nothing is left to undo.
        setObsolete(m_after == m_before);
        return true;
    }

private:
    Value m_before;
    Value m_after;
    int m_kind;
    Apply m_apply;
};

} // namespace mulligan::desktop
