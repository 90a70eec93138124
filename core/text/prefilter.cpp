#include "text/prefilter.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
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
    return HS_FLAG_PREFILTER | (pattern.caseless ? HS_FLAG_CASELESS : 0U)
           | (pattern.multiline ? HS_FLAG_MULTILINE : 0U);
}

/// Whether Vectorscan takes an expression, and it asks for at least one byte.
bool takes(const std::string &expression, unsigned flags)
{
    hs_expr_info_t *info = nullptr;
    hs_compile_error_t *error = nullptr;
    const hs_error_t code = hs_expression_info(expression.c_str(), flags, &info, &error);
    const std::unique_ptr<hs_expr_info_t, InfoDeleter> held(info);
    const std::unique_ptr<hs_compile_error_t, CompileErrorDeleter> heldError(error);
    return code == HS_SUCCESS && held != nullptr && held->min_width > 0;
}

/// Vectorscan 5.4.9 skips ahead to the bytes that texts can begin with, where they are few, and then misses some: of
/// "at c" and "abcab" it did not see the first in "…at cabcat c". These texts leave it nothing to skip: together they
/// have more bytes at each place than it skips for.
std::vector<std::string> padding()
{
    constexpr int kTexts = 64;
    constexpr int kBytes = 8;
    std::vector<std::string> texts(kTexts);
    for (int text = 0; text < kTexts; ++text)
        for (int at = 0; at < kBytes; ++at)
            texts[text] += static_cast<char>(0x80 + (text + 11 * at) % kTexts);
    return texts;
}

struct Compiled {
    hs_database_t *database = nullptr;
    std::ptrdiff_t refused = -1; ///< index of the pattern that was refused; -1: none in particular
};

Compiled compileAll(const std::vector<PrefilterPattern> &patterns)
{
    std::vector<const char *> expressions;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    std::vector<std::ptrdiff_t> owners;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        for (const std::string &expression : patterns[i].expressions) {
            expressions.push_back(expression.c_str());
            flags.push_back(flagsOf(patterns[i]));
            ids.push_back(patterns[i].id);
            owners.push_back(static_cast<std::ptrdiff_t>(i));
        }
    }
    std::vector<std::string> pads;
    for (const std::string &text : padding())
        pads.push_back(literalExpression(text));
    for (const std::string &pad : pads) {
        expressions.push_back(pad.c_str());
        flags.push_back(HS_FLAG_PREFILTER);
        ids.push_back(kNoPattern);
    }
    Compiled compiled;
    hs_compile_error_t *error = nullptr;
    const hs_error_t code =
        hs_compile_multi(expressions.data(), flags.data(), ids.data(), static_cast<unsigned>(expressions.size()),
                         HS_MODE_BLOCK, nullptr, &compiled.database, &error);
    const std::unique_ptr<hs_compile_error_t, CompileErrorDeleter> heldError(error);
    if (code != HS_SUCCESS) {
        compiled.database = nullptr;
        if (error != nullptr && error->expression >= 0 && static_cast<std::size_t>(error->expression) < owners.size())
            compiled.refused = owners[static_cast<std::size_t>(error->expression)];
    }
    return compiled;
}

} // namespace

std::string literalExpression(std::string_view bytes)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        if (value < 128 && std::isalnum(value) != 0) {
            out += byte;
        } else {
            out += "\\x";
            out += kDigits[value >> 4U];
            out += kDigits[value & 15U];
        }
    }
    return out;
}

Prefilter Prefilter::compile(std::vector<PrefilterPattern> patterns)
{
    Prefilter prefilter;
    if (hs_valid_platform() != HS_SUCCESS)
        return prefilter;
    std::erase_if(patterns, [](const PrefilterPattern &pattern) {
        // Asking takes three times as long as compiling.
        return pattern.expressions.empty()
               || (!pattern.literal
                   && !std::all_of(pattern.expressions.begin(), pattern.expressions.end(),
                                   [&](const std::string &expression) { return takes(expression, flagsOf(pattern)); }));
    });
    while (!patterns.empty()) {
        const Compiled compiled = compileAll(patterns);
        if (compiled.database != nullptr) {
            prefilter.m_database.reset(compiled.database);
            break;
        }
        if (compiled.refused < 0)
            return prefilter;
        patterns.erase(patterns.begin() + compiled.refused);
    }
    for (const PrefilterPattern &pattern : patterns)
        prefilter.m_accepted.push_back(pattern.id);
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
