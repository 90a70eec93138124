#include "ingest/yarn_delivery.hpp"

#include "ingest/log_judgement.hpp"
#include "ingest/log_warnings.hpp"

#include <utility>

namespace mulligan::ingest
{

base::Result<void> YarnDelivery::deliver(YarnAttempt &attempt)
{
    const LogFacts &facts = attempt.settle();
    RowOutlet &outlet = m_reading.outlet();
    if (!facts.first)
        return outlet.reject(attempt.line(), 0,
                             "No record in the containers of "
                                 + (facts.application.id.empty() ? "the application" : facts.application.id)
                                 + " has a date, so the attempt has no time",
                             attempt.build(m_path).errorText);
    if (facts.unzoned && !std::exchange(m_unzoned, true))
        outlet.warn(kTimesWithoutZone);
    if (facts.backwards)
        outlet.warn("a log's times go backwards; its attempt ends where it starts");
    if (breaksOff(facts) && facts.exitAfterError) {
        outlet.warn(kExitAfterError);
    } else if (breaksOff(facts)) {
        m_reading.breaksOff();
        outlet.warn("a driver's log breaks off before it says how the application ended");
    }
    return outlet.accept(attempt.build(m_path), attempt.line());
}

} // namespace mulligan::ingest
