#pragma once

#include "evaluate/truth_reader.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::evaluate
{

/// A configuration taken apart for comparing two of them.
struct Knobs {
    std::vector<double> memory;              ///< bytes; more of any of them never makes a run fail
    std::vector<double> other;               ///< other amounts, which must be equal
    std::map<std::string, std::string> rest; ///< everything else that counts, which must be equal

    bool operator==(const Knobs &) const = default;
};
/// Whether `a` has at least the memory of `b` in every knob and equals it in all else.
[[nodiscard]] bool covers(const Knobs &a, const Knobs &b);

/// What the table has to be told of configurations and prices.
struct TruthRules {
    std::function<Knobs(const model::Config &, const std::string &job)> knobs;
    std::function<double(const TruthRow &)> price; ///< dollars of a row
    /// Dollars an hour of what a configuration of a job asks for; 0: not known.
    std::function<double(const model::Config &, const std::string &job)> hourlyRate;
};

enum class Basis {
    Unknown,  ///< the truth does not say
    Measured, ///< the configuration was run
    Dominance ///< follows from runs with at most, or at least, its memory
};

/// What the truth says of one configuration at one decision.
struct Answer {
    Basis basis = Basis::Unknown;
    double success = 0.0;     ///< P: the share of the repeats that succeeded
    double costFail = 0.0;    ///< C_f, mean dollars of the failing repeats; 0 when none failed
    double costSuccess = 0.0; ///< C_s, mean dollars of the succeeding repeats; 0 when none succeeded

    bool operator==(const Answer &) const = default;
};

/// Truth rows folded to cells (job, variant, configuration). Immutable.
class TruthTable
{
public:
    [[nodiscard]] static TruthTable build(const std::vector<TruthRow> &rows, const TruthRules &rules);

    /// The variant that tells of attempt `attempt` of a run: "RUN/ATTEMPT", else the newest earlier attempt's (asked
    /// again), else "RUN", else the last part of the run's path, else the job's only variant. A variant whose name
    /// holds a '/' names one run and never stands in for another.
    [[nodiscard]] std::optional<std::size_t> variantOf(std::string_view job, std::string_view run, int attempt) const;
    /// What would happen under `config`. One that was not run is answered by dominance: its chance lies at least at
    /// that of the best cell with no more memory, at most at that of the worst cell with no less; where the two meet it
    /// is known, and its cost is that of the nearer cell times the ratio of their hourly rates. Else Unknown.
    [[nodiscard]] Answer answer(std::size_t variant, const model::Config &config) const;

    [[nodiscard]] std::size_t rowCount() const { return m_rows; }
    [[nodiscard]] std::size_t cellCount() const;
    [[nodiscard]] std::size_t variantCount() const { return m_variants.size(); }

private:
    struct Cell {
        Knobs knobs;
        double rate = 0.0; ///< dollars an hour
        double repeats = 0.0;
        Answer answer; ///< sums until build() ends
    };
    struct Variant {
        std::string job;
        std::vector<Cell> cells;
    };
    [[nodiscard]] const Cell *nearest(const Variant &variant, const Knobs &knobs, double success) const;

    TruthRules m_rules;
    std::size_t m_rows = 0;
    std::vector<Variant> m_variants;
    std::map<std::string, std::map<std::string, std::size_t, std::less<>>, std::less<>> m_index; ///< job → variant
};

} // namespace mulligan::evaluate
