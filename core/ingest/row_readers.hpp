#pragma once

#include "ingest/reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

// The readers of native attempts; readSource chooses among them, and their contract is its own.

/// One JSON object a line.
[[nodiscard]] base::Result<SourceReport> readJsonLines(const SourceUnit &unit, const ReadOptions &options,
                                                       AttemptSink &sink, std::stop_token stop,
                                                       base::Progress &progress);
/// A header line of field names, then one record an attempt; "config.<property>" and "metrics.<name>" columns, or JSON
/// objects in `config` and `metrics`. Comma, semicolon or tab.
[[nodiscard]] base::Result<SourceReport> readCsv(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                                 std::stop_token stop, base::Progress &progress);

/// How many columns of the header that a text begins with are fields of an attempt, and which are among them.
struct CsvHeader {
    std::size_t known = 0;
    bool identifies = false;          ///< job and run
    bool complete = false;            ///< all that an attempt needs
    bool completeInLowerCase = false; ///< not so, but it would be in lower case
};
[[nodiscard]] CsvHeader csvHeaderOf(std::string_view head);

} // namespace mulligan::ingest
