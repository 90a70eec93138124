#pragma once

#include "model/verdict.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace mulligan::synth
{

/// What makes an error of a kind come and go.
enum class Origin {
    Memory,     ///< a hidden need is larger than what the configuration gives
    Burst,      ///< an outage that many jobs share, over when it is over
    Background, ///< a single mishap of the platform, independent of any other
    Incident,   ///< something that stays broken until a person repairs it
    Timeout,    ///< the run lasts longer than its schedule allows
    Internal    ///< what only in-house tools say, and no rule knows
};

/// Where in a Spark application the error shows.
enum class Place { Driver, Task, Executor };

/// One kind of failure: its truth, and what it looks like in a log.
struct Kind {
    std::string_view id;
    std::string_view errorClass; ///< the class a right rule gives it
    model::Domain domain = model::Domain::User;
    Origin origin = Origin::Incident;
    Place place = Place::Driver;
    double weight = 1.0; ///< among kinds of the same origin
    double low = 0.0;    ///< the failure comes after this share of the run's time, at the earliest
    double high = 0.1;   ///< and at the latest
    double minutes = 30; ///< median of a person's minutes to repair it
    int exitCode = 1;
    /// Alternative texts. {placeholders} are filled by TextWriter (error_text.hpp).
    std::vector<std::string_view> texts;
};

[[nodiscard]] std::span<const Kind> memoryKinds();
[[nodiscard]] std::span<const Kind> burstKinds();
[[nodiscard]] std::span<const Kind> backgroundKinds();
[[nodiscard]] std::span<const Kind> incidentKinds();
[[nodiscard]] std::span<const Kind> timeoutKinds();
[[nodiscard]] std::span<const Kind> internalKinds();
/// The memory kind with this id; it must exist.
[[nodiscard]] const Kind &memoryKind(std::string_view id);

} // namespace mulligan::synth
