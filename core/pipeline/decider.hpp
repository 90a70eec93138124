#pragma once

#include "base/result.hpp"
#include "deploy/bundle.hpp"
#include "formats/json.hpp"
#include "policy/decide.hpp"
#include "predict/context.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mulligan::pipeline
{

/// Production decisions from a bundle: what `mulligan decide` runs, and what `verify` and the export's golden file use,
/// so that the same input gives the same bytes in every place. Immutable; one per thread or shared.
class Decider
{
public:
    [[nodiscard]] static base::Result<std::shared_ptr<const Decider>> make(const deploy::Bundle &bundle);

    /// One native attempt record (JSON, with optional "id" and "history": earlier attempts of the run) to one decision
    /// in the form of cli.md's `decide`. `cost_usd` is what a retry is expected to cost: predicted hours by the price
    /// book, also for a job without a past, whose hours are then judged by how long the failed attempt ran; a logged
    /// cost is on another scale than these and does not enter them. It is given back as `failed_cost_usd`. An input
    /// that cannot be read gives an error naming the field. Without "history" all earlier attempts count as automatic
    /// retries after a failure of this kind, so that limits bind all the same.
    [[nodiscard]] base::Result<formats::Json> decideRecord(std::string_view json) const;
    /// As decideRecord, but with what was known of jobs and owners at the failure's own time instead of the bundle's
    /// snapshot: for comparing with a replay, from which it then differs by the models' dates alone.
    [[nodiscard]] base::Result<formats::Json> decideRecordAsOf(std::string_view json,
                                                               const predict::PastIndex &past) const;
    /// As decideRecord, as the bytes of one JSON line without newline; errors become {"error":{…}} so that a stream of
    /// records keeps its order and length; with `record` (counted from 1, 0 for none) they say which one it was.
    [[nodiscard]] std::string decideLine(std::string_view json, size_t record = 0) const;

    ~Decider();
    Decider(const Decider &) = delete;
    Decider &operator=(const Decider &) = delete;

private:
    struct State;
    explicit Decider(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::pipeline
