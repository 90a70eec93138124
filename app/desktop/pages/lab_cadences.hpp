#pragma once

#include "desktop/charts/figure_table.hpp"
#include "desktop/session/session.hpp"
#include "model/cadence.hpp"
#include "simulate/cadence.hpp"

#include <QObject>
#include <QPointer>
#include <QString>
#include <QVector>

#include <cstdint>
#include <optional>
#include <vector>

namespace mulligan::desktop
{

/// How fresh recommendations must be, without its widgets: replays history under the policy in force once for each of
/// three cadences, on another thread and only when asked to.
class LabCadences : public QObject
{
    Q_OBJECT

public:
    explicit LabCadences(Session &session, QObject *parent = nullptr);
    ~LabCadences() override;

    /// Compares under the knobs as they stand; a comparison under way is given up. Nothing without a replay session.
    void compare();
    /// As compare(), once per history and only where it is quick: for a page that is looked at.
    void compareUnasked();
    /// Compares anew when the choice differs and there is a comparison.
    void setWhenAbsent(simulate::WhenAbsent whenAbsent);

    [[nodiscard]] const std::vector<model::CadenceRow> &rows() const { return m_rows; } ///< empty until compared
    [[nodiscard]] bool running() const { return m_running; }
    [[nodiscard]] bool stale() const; ///< rows() are of other knobs than those in force

Q_SIGNALS:
    void changed(); ///< any of the above

private:
    void forget();

    Session &m_session;
    simulate::WhenAbsent m_whenAbsent = simulate::WhenAbsent::FallBack;
    std::vector<model::CadenceRow> m_rows;
    policy::Policy m_policy; ///< of the rows
    policy::Economics m_economics;
    bool m_running = false;
    bool m_asked = false; ///< since the history was loaded
    QPointer<Job> m_job;
    std::uint64_t m_generation = 0;
};

/// The comparison as the card's table shows it, one row a cadence.
[[nodiscard]] QStringList cadenceColumns();
[[nodiscard]] QStringList cadenceColumnHelp();
[[nodiscard]] QVector<QVector<FigureCell>> cadenceRows(const std::vector<model::CadenceRow> &rows,
                                                       const QString &currency);

} // namespace mulligan::desktop
