#pragma once

#include "base/instant.hpp"

#include <QLabel>
#include <QString>
#include <QTimer>

namespace mulligan::desktop
{

class Session;

/// What the line says of a session at a moment.
struct FreshnessText {
    QString text;
    QString explanation; ///< for the tooltip: what each part means
    bool warning = false;
};

/// Data newer than the model by more than this ask for training.
inline constexpr double kModelAgeDays = 7.0;

/// "Data until 2026-11-24 18:00 · model of 2026-11-20 · refreshed 5 min ago · next in 25 min", with warnings in words
/// before it. Empty when there are no data.
[[nodiscard]] FreshnessText freshnessText(const Session &session, base::Instant now);

/// How fresh data and model are, in the status bar; kept up to date every minute. Elides rather than widen the window.
class FreshnessLine : public QLabel
{
    Q_OBJECT

public:
    explicit FreshnessLine(Session &session, QWidget *parent = nullptr);
    void refresh();
    [[nodiscard]] QString fullText() const { return m_text; }
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void elide();

    Session &m_session;
    QTimer m_minute;
    QString m_text;
};

} // namespace mulligan::desktop
