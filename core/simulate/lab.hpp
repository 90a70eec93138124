#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "model/savings.hpp"
#include "simulate/replay.hpp"

#include <array>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::simulate
{

/// One bar of the lab's chart.
struct ClassBar {
    std::string errorClass;
    std::uint64_t episodes = 0;
    double threshold = 0.0;
    double net = 0.0;
    double policyCost = 0.0; ///< F + X + L, dollars
    double remediated = 0.0; ///< expected episodes
    double wronglyStopped = 0.0;
};

/// What the lab shows at one setting of the thresholds.
struct LabPoint {
    model::Figure net;
    std::array<model::Figure, kPartCount> parts; ///< order of `Part`
    model::Figure retryCost;                     ///< F + X
    model::Figure interventions;
    model::Figure remediated; ///< share of episodes
    model::Figure wronglyStopped;
    double unsupportedNet = 0.0;
    std::array<model::ProvenanceShare, model::kProvenanceCount> provenance;
    std::vector<ClassBar> classes; ///< by class name
};

/// A replay compiled for moving thresholds: with all else fixed an episode's outcome is piecewise constant in the
/// thresholds of the classes it meets, so its pieces are tabulated once. Immutable and cheap to copy; `evaluate` may be
/// called from several threads. It equals a full replay at those thresholds.
class LabTable
{
public:
    [[nodiscard]] static base::Result<LabTable> compile(const model::History &history, const policy::Policy &policy,
                                                        const policy::Economics &economics,
                                                        const CandidateSource &source, const ReplayOptions &options,
                                                        std::stop_token stop, base::Progress &progress);

    /// Thresholds by class or group, else the default: as Policy::thresholdFor.
    [[nodiscard]] LabPoint evaluate(const std::map<std::string, double> &thresholds, double defaultThreshold) const;
    /// `points` thresholds evenly over [0, 1] for `selector` (a class, a group, or "" for the default), the others as
    /// in the policy that was compiled.
    [[nodiscard]] std::vector<model::SweepPoint> sweep(std::string_view selector, size_t points) const;
    [[nodiscard]] std::uint64_t decisionPoints() const;

private:
    struct State;
    explicit LabTable(std::shared_ptr<const State> state);
    std::shared_ptr<const State> m_state;
};

} // namespace mulligan::simulate
