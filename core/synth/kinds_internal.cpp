#include "synth/kind.hpp"

namespace mulligan::synth
{

namespace
{

Kind internal(std::string_view id, Place place, double low, double high, std::vector<std::string_view> texts)
{
    return {id, model::kUnclassified, model::Domain::User, Origin::Internal, place, 1.0, low, high, 36.0,
            70, std::move(texts)};
}

} // namespace

std::span<const Kind> timeoutKinds()
{
    static const std::vector<Kind> kinds = {
        {"deadline",
         "scheduler.timeout",
         model::Domain::Timeout,
         Origin::Timeout,
         Place::Driver,
         1.0,
         1.0,
         1.0,
         30.0,
         124,
         {"airflow.exceptions.AirflowTaskTimeout: Timeout, PID: {tid}\n"
          "[{ts}] ERROR - task {name}.load was stopped after {secs} seconds",
          "{ts} ERROR driver: Run exceeded timeout of {secs} seconds; terminating {app}"}}};
    return kinds;
}

std::span<const Kind> internalKinds()
{
    static const std::vector<Kind> kinds = {
        internal("quayside_lease", Place::Driver, 0.02, 0.2,
                 {"QUAYSIDE-4{few}17 lease of berth {name}/{n} was not granted: {few} of {n} wardens answered\n"
                  "quayside: leaving with state BERTH_WITHHELD (epoch {tid})"}),
        internal("ledgerline_drift", Place::Task, 0.3, 0.9,
                 {"ledgerline[{tid}]: balance drift {n}.{few} on book {name} is over the tolerance, page {line}\n"
                  "ledgerline[{tid}]: refusing to seal the page"}),
        internal("tessel_gate", Place::Driver, 0.8, 0.98,
                 {"TESSEL gate \"{name}-completeness\" shut: {n} of {line} slices below the floor\n"
                  "TESSEL verdict=HOLD ticket={hex}"}),
        internal("murmur_sync", Place::Driver, 0.05, 0.4,
                 {"murmur-sync: peer {host} fell behind by {line} ticks, dropping out of the ring\n"
                  "murmur-sync: no quorum for generation {tid}"}),
        internal("brine_packer", Place::Task, 0.2, 0.7,
                 {"brine packer on {host}: slab {few} grew past its tray ({n} of {n} cells), giving up on batch {tid}\n"
                  "brine packer: worker {exec} left without a receipt"}),
        internal("orrery_plan", Place::Driver, 0.01, 0.1,
                 {"orrery: plan {hex} refers to epoch {n} which the almanac no longer holds\n"
                  "orrery: nothing was scheduled for {name}"}),
    };
    return kinds;
}

} // namespace mulligan::synth
