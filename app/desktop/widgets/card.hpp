#pragma once

#include <QFrame>
#include <QString>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace mulligan::desktop
{

/// A titled panel that lies on the window: what a page groups its content in.
class Card : public QFrame
{
    Q_OBJECT

public:
    /// Without a title there is no heading row until one is set.
    explicit Card(const QString &title = {}, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    /// A muted line under the title.
    void setSubtitle(const QString &subtitle);
    /// The content goes here.
    [[nodiscard]] QVBoxLayout *body() const { return m_body; }
    /// Puts a widget at the right end of the heading row.
    void addHeaderWidget(QWidget *widget);

private:
    QHBoxLayout *m_header = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_subtitle = nullptr;
    QVBoxLayout *m_body = nullptr;
};

/// A label with one of the style sheet's roles: "title", "heading", "muted", "figure", "gain", "loss", "caution".
[[nodiscard]] QLabel *makeLabel(const QString &text, const char *role = nullptr, QWidget *parent = nullptr);
/// Gives a widget another role and lets the style sheet apply it.
void setRole(QWidget *widget, const char *role);

} // namespace mulligan::desktop
