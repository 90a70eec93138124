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

/// One expression as Vectorscan is to take it.
struct PrefilterPattern {
    std::uint32_t id = 0;
    std::string expression;
    bool caseless = false;
};

/// Vectorscan's database of all patterns it can take, in byte mode, so that any bytes may be scanned.
class Prefilter
{
public:
    /// Compiles what can be compiled. Never fails: what Vectorscan refuses is simply not in `accepted`.
    static Prefilter compile(std::vector<PrefilterPattern> patterns);

    [[nodiscard]] bool empty() const { return m_database == nullptr; }
    [[nodiscard]] const std::vector<std::uint32_t> &accepted() const { return m_accepted; }
    /// Widest match of each accepted pattern where Vectorscan knows it exactly, else 0 (parallel to `accepted`).
    [[nodiscard]] const std::vector<std::size_t> &widths() const { return m_widths; }

    /// Grows a scratch to serve this database too; false when memory ran out.
    [[nodiscard]] bool prepare(ScratchHandle &scratch) const;
    /// Calls `onMatch` for every end; false when the scan could not be done and nothing it reported may be trusted.
    [[nodiscard]] bool scan(std::string_view text, hs_scratch_t *scratch, match_event_handler onMatch,
                            void *context) const;

private:
    std::unique_ptr<hs_database_t, DatabaseDeleter> m_database;
    std::vector<std::uint32_t> m_accepted;
    std::vector<std::size_t> m_widths;
};

} // namespace mulligan::text
