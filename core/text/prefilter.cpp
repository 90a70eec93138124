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

/// What ends are reported under that mean nothing: those of texts that are looked for only so that the scan misses none
/// of the others. They are bytes that valid UTF-8 does not hold.
constexpr unsigned kNoPattern = ~0U;
/// With more texts than these LiteralScan is as fast as Vectorscan, whose time grows with them, and ready far sooner.
constexpr std::size_t kMostForVectorscan = 5000;

/// An expression that matches these bytes and no others.
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
    std::vector<std::string> texts; // of all patterns, as expressions
    std::vector<const char *> expressions;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    std::vector<std::ptrdiff_t> owners;
    const auto take = [&](std::string expression, unsigned flag, unsigned id, std::ptrdiff_t owner) {
        texts.push_back(std::move(expression));
        flags.push_back(flag);
        ids.push_back(id);
        owners.push_back(owner);
    };
    for (std::size_t i = 0; i < patterns.size(); ++i)
        for (const std::string &text : patterns[i].texts)
            take(patterns[i].whole ? text : literalExpression(text), flagsOf(patterns[i]), patterns[i].id,
                 static_cast<std::ptrdiff_t>(i));
    for (const std::string &text : padding())
        take(literalExpression(text), HS_FLAG_PREFILTER, kNoPattern, -1);
    for (const std::string &text : texts)
        expressions.push_back(text.c_str());
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

/// Compiles what Vectorscan takes of the patterns, and leaves those; null where it takes none.
hs_database_t *databaseOf(std::vector<PrefilterPattern> &patterns)
{
    // Asking takes three times as long as compiling, so it is not asked about texts.
    std::erase_if(patterns, [](const PrefilterPattern &pattern) {
        return pattern.whole && !std::all_of(pattern.texts.begin(), pattern.texts.end(), [&](const std::string &text) {
                   return takes(text, flagsOf(pattern));
               });
    });
    while (!patterns.empty()) {
        const Compiled compiled = compileAll(patterns);
        if (compiled.database != nullptr)
            return compiled.database;
        if (compiled.refused < 0)
            patterns.clear();
        else
            patterns.erase(patterns.begin() + compiled.refused);
    }
    return nullptr;
}

std::vector<SoughtText> textsOf(const std::vector<PrefilterPattern> &patterns)
{
    std::vector<SoughtText> texts;
    for (const PrefilterPattern &pattern : patterns)
        for (const std::string &text : pattern.texts)
            texts.push_back({text, pattern.caseless, pattern.id});
    return texts;
}

/// Who is told, and what they want to be told with.
struct Told {
    EndHandler onEnd;
    void *context;
};

int tell(unsigned id, unsigned long long, unsigned long long to, unsigned, void *context)
{
    const Told &told = *static_cast<const Told *>(context);
    if (id != kNoPattern)
        told.onEnd(id, to, told.context);
    return 0;
}

} // namespace

Prefilter Prefilter::compile(std::vector<PrefilterPattern> patterns, Scanner scanner, const GramCounts *examples)
{
    Prefilter prefilter;
    std::erase_if(patterns, [](const PrefilterPattern &pattern) { return pattern.texts.empty(); });
    const bool whole = std::ranges::any_of(patterns, &PrefilterPattern::whole);
    std::vector<SoughtText> texts = textsOf(patterns);
    if (scanner == Scanner::Fitting && !whole)
        scanner = texts.size() > kMostForVectorscan || hs_valid_platform() != HS_SUCCESS ? Scanner::LiteralScan
                                                                                         : Scanner::Vectorscan;
    if (scanner == Scanner::LiteralScan)
        prefilter.m_literals = LiteralScan(texts, examples);
    else if (hs_valid_platform() == HS_SUCCESS)
        prefilter.m_database.reset(databaseOf(patterns));
    if (prefilter.empty())
        return prefilter;
    for (const PrefilterPattern &pattern : patterns)
        prefilter.m_accepted.push_back(pattern.id);
    return prefilter;
}

bool Prefilter::prepare(ScratchHandle &scratch) const
{
    if (m_database == nullptr)
        return true;
    hs_scratch_t *raw = scratch.release();
    const hs_error_t code = hs_alloc_scratch(m_database.get(), &raw);
    scratch.reset(code == HS_SUCCESS ? raw : nullptr);
    return code == HS_SUCCESS;
}

bool Prefilter::scan(std::string_view text, hs_scratch_t *scratch, EndHandler onEnd, void *context) const
{
    if (!m_literals.empty()) {
        m_literals.scan(text, onEnd, context);
        return true;
    }
    if (m_database == nullptr || scratch == nullptr || text.size() > std::numeric_limits<unsigned>::max())
        return false;
    Told told{onEnd, context};
    const hs_error_t code = hs_scan(m_database.get(), text.data() != nullptr ? text.data() : "",
                                    static_cast<unsigned>(text.size()), 0, scratch, tell, &told);
    return code == HS_SUCCESS;
}

} // namespace mulligan::text
