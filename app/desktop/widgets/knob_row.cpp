#include "desktop/widgets/knob_row.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/knob_icon.hpp"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

namespace mulligan::desktop
{

namespace
{

/// Lets the wheel through to the scrolled panel while the editor has no focus.
class WheelGuard : public QObject
{
public:
    using QObject::QObject;
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::Wheel)
            return false;
        const auto *editor = qobject_cast<QWidget *>(watched);
        if (editor == nullptr || editor->hasFocus())
            return false;
        event->ignore();
        return true;
    }
};

} // namespace

void ignoreWheelUnlessFocused(QWidget *editor)
{
    auto *guard = new WheelGuard(editor);
    editor->installEventFilter(guard);
    if (editor->focusPolicy() == Qt::WheelFocus)
        editor->setFocusPolicy(Qt::StrongFocus);
    const auto children = editor->findChildren<QWidget *>();
    for (QWidget *child : children) {
        child->installEventFilter(guard);
        if (child->focusPolicy() == Qt::WheelFocus)
            child->setFocusPolicy(Qt::StrongFocus);
    }
}

KnobRow::KnobRow(const QString &label, const QString &help, QWidget *editor, bool wide, QWidget *parent)
    : QWidget(parent)
{
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(kGapSmall);
    layout->setVerticalSpacing(2);
    auto *name = new QLabel(label);
    name->setToolTip(help);
    name->setWordWrap(true);
    name->setBuddy(editor);
    editor->setToolTip(help);
    editor->setAccessibleName(label);
    editor->setAccessibleDescription(help);
    m_reset = new QToolButton;
    setThemedIcon(m_reset, QStringLiteral("undo"));
    m_reset->setIconSize(QSize(14, 14));
    m_reset->setAccessibleName(tr("Put back %1").arg(label));
    QSizePolicy keepsPlace = m_reset->sizePolicy();
    keepsPlace.setRetainSizeWhenHidden(true);
    m_reset->setSizePolicy(keepsPlace);
    m_reset->hide();
    connect(m_reset, &QToolButton::clicked, this, &KnobRow::showResets);
    m_note = makeLabel({}, "muted");
    m_note->hide();
    layout->addWidget(name, 0, 0);
    if (wide) {
        layout->addWidget(m_reset, 0, 1, Qt::AlignRight);
        layout->addWidget(editor, 1, 0, 1, 2);
    } else {
        layout->addWidget(editor, 0, 1);
        layout->addWidget(m_reset, 0, 2);
    }
    layout->addWidget(m_note, 2, 0, 1, 3);
    layout->setColumnStretch(0, 1);
    ignoreWheelUnlessFocused(editor);
}

void KnobRow::setResets(const QString &saved, const QString &shipped)
{
    m_saved = saved;
    m_shipped = shipped;
    m_reset->setVisible(!saved.isEmpty() || !shipped.isEmpty());
    QStringList offers;
    if (!saved.isEmpty())
        offers << tr("saved: %1").arg(saved);
    if (!shipped.isEmpty())
        offers << tr("shipped: %1").arg(shipped);
    m_reset->setToolTip(tr("Put back (%1)").arg(offers.join(QStringLiteral(", "))));
}

void KnobRow::setNote(const QString &note, const QString &help)
{
    m_note->setText(note);
    m_note->setToolTip(help);
    m_note->setVisible(!note.isEmpty());
}

void KnobRow::showResets()
{
    QMenu menu(this);
    const QAction *saved = m_saved.isEmpty() ? nullptr : menu.addAction(tr("Saved value: %1").arg(m_saved));
    const QAction *shipped = m_shipped.isEmpty() ? nullptr : menu.addAction(tr("Shipped value: %1").arg(m_shipped));
    const QAction *chosen = menu.exec(m_reset->mapToGlobal(QPoint(0, m_reset->height())));
    if (chosen == nullptr)
        return;
    if (chosen == saved)
        Q_EMIT resetToSavedRequested();
    else if (chosen == shipped)
        Q_EMIT resetToShippedRequested();
}

} // namespace mulligan::desktop
