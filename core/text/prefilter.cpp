#include "text/prefilter.hpp"

#include <cstdlib>
#include <limits>

namespace mulligan::text
{

namespace
{

struct CompileErrorDeleter {
    void operator()(hs_compile_error_t *error) const { hs_free_compile_error(error); }
};
struct InfoDeleter {
    void operator()(hs_expr_info_t *info) const { std::free(info); }
};

unsigned flagsOf(const PrefilterPattern &pattern)
{
    return pattern.caseless ? HS_FLAG_CASELESS : 0;
}

/// What Vectorscan says of an expression; nothing when it does not take it.
std::unique_ptr<hs_expr_info_t, InfoDeleter> inspect(const PrefilterPattern &pattern, unsigned flags)
{
    hs_expr_info_t *info = nullptr;
    hs_compile_error_t *error = nullptr;
    const hs_error_t code = hs_expression_info(pattern.expression.c_str(), flags, &info, &error);
    std::unique_ptr<hs_expr_info_t, InfoDeleter> held(info);
    const std::unique_ptr<hs_compile_error_t, CompileErrorDeleter> heldError(error);
    if (code != HS_SUCCESS)
        return nullptr;
    return held;
}

struct Compiled {
    hs_database_t *database = nullptr;
    int refused = -1; ///< index of the expression that was refused; -1: none in particular
};

Compiled compileAll(const std::vector<PrefilterPattern> &patterns)
{
    std::vector<const char *> expressions;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    for (const PrefilterPattern &pattern : patterns) {
        expressions.push_back(pattern.expression.c_str());
        flags.push_back(flagsOf(pattern) | HS_FLAG_PREFILTER);
        ids.push_back(pattern.id);
    }
    Compiled compiled;
    hs_compile_error_t *error = nullptr;
    const hs_error_t code =
        hs_compile_multi(expressions.data(), flags.data(), ids.data(), static_cast<unsigned>(patterns.size()),
                         HS_MODE_BLOCK, nullptr, &compiled.database, &error);
    const std::unique_ptr<hs_compile_error_t, CompileErrorDeleter> heldError(error);
    if (code != HS_SUCCESS) {
        compiled.database = nullptr;
        compiled.refused = error != nullptr ? error->expression : -1;
    }
    return compiled;
}

} // namespace

Prefilter Prefilter::compile(std::vector<PrefilterPattern> patterns)
{
    Prefilter prefilter;
    if (hs_valid_platform() != HS_SUCCESS)
        return prefilter;
    std::erase_if(patterns, [](const PrefilterPattern &pattern) {
        const auto info = inspect(pattern, flagsOf(pattern) | HS_FLAG_PREFILTER);
        return info == nullptr || info->min_width == 0;
    });
    while (!patterns.empty()) {
        const Compiled compiled = compileAll(patterns);
        if (compiled.database != nullptr) {
            prefilter.m_database.reset(compiled.database);
            break;
        }
        if (compiled.refused < 0 || static_cast<std::size_t>(compiled.refused) >= patterns.size())
            return prefilter;
        patterns.erase(patterns.begin() + compiled.refused);
    }
    for (const PrefilterPattern &pattern : patterns) {
        // Only without PREFILTER are widths those of the pattern itself rather than of what it was widened to.
        const auto exact = inspect(pattern, flagsOf(pattern));
        prefilter.m_accepted.push_back(pattern.id);
        prefilter.m_widths.push_back(
            exact != nullptr && exact->max_width != std::numeric_limits<unsigned>::max() ? exact->max_width : 0);
    }
    return prefilter;
}

bool Prefilter::prepare(ScratchHandle &scratch) const
{
    if (empty())
        return true;
    hs_scratch_t *raw = scratch.release();
    const hs_error_t code = hs_alloc_scratch(m_database.get(), &raw);
    scratch.reset(code == HS_SUCCESS ? raw : nullptr);
    return code == HS_SUCCESS;
}

bool Prefilter::scan(std::string_view text, hs_scratch_t *scratch, match_event_handler onMatch, void *context) const
{
    if (empty() || scratch == nullptr || text.size() > std::numeric_limits<unsigned>::max())
        return false;
    const hs_error_t code = hs_scan(m_database.get(), text.data() != nullptr ? text.data() : "",
                                    static_cast<unsigned>(text.size()), 0, scratch, onMatch, context);
    return code == HS_SUCCESS;
}

} // namespace mulligan::text
