#pragma once

#include "base/result.hpp"
#include "text/gram_counts.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::text
{

/// A regular expression in Boost.Regex's Perl syntax over bytes; `.` does not match line ends (\n, \r, \f), `^` and `$`
/// are the ends of the text. Flags within the expression (`(?i)`, `(?m)`, `(?s)`) are the options of a single pattern.
/// In Vectorscan and Boost alike a byte above 127 is no word character and has no case.
struct Pattern {
    std::string expression;
    bool caseless = false;  ///< for ASCII letters
    bool multiline = false; ///< `^` and `$` are the ends of lines too; a line ends with \n, \r\n, \r or \f
    /// Only asked about where others matched, to rule them out, and so no candidate by itself. One that must match at
    /// the text's begin, or whose plain words logs are full of, is not looked for ahead: asking costs less than the
    /// many ends of those words.
    bool guard = false;
};

/// What looks for the texts that patterns require.
enum class Scanner {
    Fitting, ///< Vectorscan where they are few, and LiteralScan, which is ready far sooner, with thousands
    LiteralScan,
    Vectorscan,
};

struct PatternSetOptions {
    bool prefilter = true; ///< false: every pattern is always a candidate (same matches, much slower)
    /// Steps of one pattern on one text, however often it is searched there; 0: kDefaultSteps, and kStepsPerByte more
    /// for each byte of the text.
    std::uint64_t stepBudget = 0;
    /// Examples of the texts that will be searched: a pattern is looked for by what few of them hold. Matches are the
    /// same without.
    std::shared_ptr<const GramCounts> examples;
    Scanner scanner = Scanner::Fitting; ///< another for tests and measuring
    /// For measuring only: Vectorscan gets whole patterns instead of the texts they require. Version 5.4.9 misses
    /// matches of some (`a\n(?:\tat [^\n]*\n)+\tat b`), so nothing but `scanOnly` is to be used with it.
    bool wholePatterns = false;
};

inline constexpr std::uint64_t kDefaultSteps = 1'000'000;
inline constexpr std::uint64_t kStepsPerByte = 64;
inline constexpr std::size_t kMaxPatternBytes = 8192;

/// Undetermined: the step budget ran out, or the engine gave up; neither a match nor none.
enum class Outcome { NoMatch, Match, Undetermined };

/// Byte offsets [begin, end).
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;

    bool operator==(const Span &) const = default;
};

struct NamedSpan {
    std::string_view name; ///< lives as long as the set
    Span span;

    bool operator==(const NamedSpan &) const = default;
};

/// Where a pattern matched, and the named groups that took part.
struct Match {
    Span span;
    std::vector<NamedSpan> groups;

    bool operator==(const Match &) const = default;
};

struct ScratchState;

/// What one thread needs to search with one or several sets. Movable, not to be shared between threads.
class Scratch
{
public:
    Scratch();
    ~Scratch();
    Scratch(Scratch &&) noexcept;
    Scratch &operator=(Scratch &&) noexcept;

private:
    friend class PatternSet;
    std::unique_ptr<ScratchState> m_state;
};

/// Whether a pattern compiles, is no longer than kMaxPatternBytes and does not match the empty text.
/// Errors: InvalidArgument, saying what is wrong at which character.
[[nodiscard]] base::Result<void> checkPattern(const Pattern &pattern);

/// Many patterns compiled once. One pass over a text finds what matches cannot do without (Vectorscan, or LiteralScan
/// where there are thousands of such texts), and so says which patterns may match and from where on; Boost.Regex
/// decides and captures. Immutable and shared between threads, each with its own scratch.
class PatternSet
{
public:
    /// Errors: as `checkPattern`, with "pattern N" (0-based) in the context. A pattern without required text, and
    /// every pattern where it cannot run, is always a candidate.
    [[nodiscard]] static base::Result<std::shared_ptr<const PatternSet>> make(std::vector<Pattern> patterns,
                                                                              const PatternSetOptions &options = {});

    [[nodiscard]] std::size_t size() const;
    /// Whether the scan looks for a pattern; otherwise it is always a candidate.
    [[nodiscard]] bool prefiltered(std::uint32_t id) const;
    /// How many of a thousand texts, more or less, a pattern is a candidate in.
    [[nodiscard]] double expectedHits(std::uint32_t id) const;
    /// Makes room for this set in a scratch; afterwards it still serves the sets it served before.
    void prepare(Scratch &scratch) const;

    /// One pass over the text: ids of the patterns that may match, ascending. Valid until the scratch is used again.
    [[nodiscard]] std::span<const std::uint32_t> candidates(std::string_view text, Scratch &scratch) const;
    /// Whether a pattern was among the candidates of the last `candidates` call.
    [[nodiscard]] bool isCandidate(std::uint32_t id, const Scratch &scratch) const;
    /// Whether a pattern may match within [begin, end) of the text of the last `candidates` call.
    [[nodiscard]] bool mayMatchWithin(std::uint32_t id, Span part, const Scratch &scratch) const;
    /// The leftmost match of a candidate of the last `candidates` call on the same text.
    [[nodiscard]] Outcome confirm(std::uint32_t id, std::string_view text, Scratch &scratch, Match &match) const;
    /// The leftmost match of such a candidate that begins at or after `from`; takes the steps it needs off `stepsLeft`.
    [[nodiscard]] Outcome confirm(std::uint32_t id, std::string_view text, std::size_t from, Scratch &scratch,
                                  std::uint64_t &stepsLeft, Match &match) const;
    /// The leftmost match at or after `from`, by Boost.Regex alone.
    [[nodiscard]] Outcome search(std::uint32_t id, std::string_view text, std::size_t from, Match &match) const;
    /// The same; takes the steps it needs off `stepsLeft`, so that several searches can share one budget.
    [[nodiscard]] Outcome search(std::uint32_t id, std::string_view text, std::size_t from, Scratch &scratch,
                                 std::uint64_t &stepsLeft, Match &match) const;
    /// Steps that one pattern may take on a text of this size.
    [[nodiscard]] std::uint64_t stepsFor(std::size_t bytes) const;
    /// The scan alone, as a measure of what it costs: how many ends were reported.
    [[nodiscard]] std::uint64_t scanOnly(std::string_view text, Scratch &scratch) const;

    ~PatternSet();
    PatternSet(const PatternSet &) = delete;
    PatternSet &operator=(const PatternSet &) = delete;

private:
    struct State;
    explicit PatternSet(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::text
