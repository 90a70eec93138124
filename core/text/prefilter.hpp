#pragma once

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

/// Expressions of which every match of a pattern holds at least one.
struct PrefilterPattern {
    std::uint32_t id = 0;
    std::vector<std::string> expressions;
    bool literal = true; ///< each is `literalExpression` of at least one byte, which is always taken
    bool caseless = false;
    bool multiline = false;
};

/// What ends are reported under that mean nothing: those of texts that are looked for only so that the scan misses none
/// of the others. They are bytes that valid UTF-8 does not hold.
inline constexpr unsigned kNoPattern = ~0U;

/// An expression that matches these bytes and no others.
[[nodiscard]] std::string literalExpression(std::string_view bytes);

/// Vectorscan's database of all patterns it can take, in byte mode, so that any bytes may be scanned.
class Prefilter
{
public:
    /// Compiles what can be compiled. Never fails: what Vectorscan refuses is simply not in `accepted`.
    static Prefilter compile(std::vector<PrefilterPattern> patterns);

    [[nodiscard]] bool empty() const { return m_database == nullptr; }
    [[nodiscard]] const std::vector<std::uint32_t> &accepted() const { return m_accepted; }

    /// Grows a scratch to serve this database too; false when memory ran out.
    [[nodiscard]] bool prepare(ScratchHandle &scratch) const;
    /// Calls `onMatch` for every end, some of them under kNoPattern; false when the scan could not be done and nothing
    /// it reported may be trusted.
    [[nodiscard]] bool scan(std::string_view text, hs_scratch_t *scratch, match_event_handler onMatch,
                            void *context) const;

private:
    std::unique_ptr<hs_database_t, DatabaseDeleter> m_database;
    std::vector<std::uint32_t> m_accepted;
};

} // namespace mulligan::text
