#pragma once

#include "base/result.hpp"
#include "deploy/bundle.hpp"
#include "formats/json.hpp"
#include "policy/decide.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mulligan::pipeline {

/// Production decisions from a bundle: what `mulligan decide` runs, and what `verify` and the export's golden file use,
/// so that the same input gives the same bytes in every place. Immutable; one per thread or shared.
class Decider {
public:
    [[nodiscard]] static base::Result<std::shared_ptr<const Decider>> make(const deploy::Bundle &bundle);

    /// One native attempt record (JSON, with optional "id" and "history": earlier attempts of the run) to one decision
    /// in the form of cli.md's `decide`. An input that cannot be read gives an error naming the field.
    [[nodiscard]] base::Result<formats::Json> decideRecord(std::string_view json) const;
    /// As above, as the bytes of one JSON line without newline; errors become {"error":{…}} so that a stream of
    /// records keeps its order and length.
    [[nodiscard]] std::string decideLine(std::string_view json) const;

    ~Decider();
    Decider(const Decider &) = delete;
    Decider &operator=(const Decider &) = delete;

private:
    struct State;
    explicit Decider(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::pipeline
