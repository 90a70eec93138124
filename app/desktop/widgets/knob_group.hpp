#pragma once

#include <QWidget>

class QToolButton;
class QVBoxLayout;

namespace mulligan::desktop
{

/// A heading that folds what lies under it, with resets for all of it.
class KnobGroup : public QWidget
{
    Q_OBJECT

public:
    KnobGroup(const QString &title, bool open, QWidget *parent = nullptr);
    [[nodiscard]] QVBoxLayout *body() const { return m_body; }
    void setOpen(bool open);
    /// How many of its knobs differ from the saved policy; shown in the heading.
    void setChangedCount(int count);

Q_SIGNALS:
    void resetToSavedRequested();
    void resetToShippedRequested();

private:
    void refreshTitle();

    QString m_title;
    int m_changed = 0;
    QToolButton *m_heading = nullptr;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_body = nullptr;
};

} // namespace mulligan::desktop
