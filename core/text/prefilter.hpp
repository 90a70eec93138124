#pragma once

#include "text/literal_scan.hpp"
#include "text/pattern_set.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <hs/hs.h>

namespace mulligan::text
{

struct DatabaseDeleter {
    void operator()(hs_database_t *database) const { hs_free_database(database); }
};
struct ScratchDeleter {
    void operator()(hs_scratch_t *scratch) const { hs_free_scratch(scratch); }
};
using ScratchHandle = std::unique_ptr<hs_scratch_t, ScratchDeleter>;

/// Texts, or expressions, of which every match of a pattern holds at least one.
struct PrefilterPattern {
    std::uint32_t id = 0;
    std::vector<std::string> texts;
    bool whole = false; ///< they are expressions
    bool caseless = false;
    bool multiline = false; ///< of expressions
};

/// All texts that patterns require, ready to be looked for in any bytes.
class Prefilter
{
public:
    /// Never fails: what Vectorscan refuses is simply not in `accepted`; a text is always taken. `examples` of what
    /// will be scanned may be null.
    static Prefilter compile(std::vector<PrefilterPattern> patterns, Scanner scanner, const GramCounts *examples);

    [[nodiscard]] bool empty() const { return m_database == nullptr && m_literals.empty(); }
    [[nodiscard]] const std::vector<std::uint32_t> &accepted() const { return m_accepted; }

    /// Grows a scratch to serve this too; false when memory ran out.
    [[nodiscard]] bool prepare(ScratchHandle &scratch) const;
    /// Calls `onEnd` for every end of a text, in no order; false when the scan could not be done and nothing it
    /// reported may be trusted.
    [[nodiscard]] bool scan(std::string_view text, hs_scratch_t *scratch, EndHandler onEnd, void *context) const;

private:
    std::unique_ptr<hs_database_t, DatabaseDeleter> m_database;
    LiteralScan m_literals;
    std::vector<std::uint32_t> m_accepted;
};

} // namespace mulligan::text
