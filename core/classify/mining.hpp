#pragma once

#include "text/line_mask.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// How lines become templates (He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017).
struct MiningOptions {
    /// Depth of the parse tree as the paper counts it: the root, the number of tokens, `depth` − 2 leading tokens.
    /// Deeper trees are faster where every line is another, and take a parameter among the first words for a part of
    /// the message.
    int depth = 3;
    /// Least share of equal tokens for a line to join a template; higher gives more and narrower templates.
    double similarity = 0.6;
    /// Drain takes every position in which two similar lines differ for a parameter, so that "stored as bytes" and
    /// "stored as values" become one. Here a position where a group of similar lines has at most this many different
    /// words (tokens without a digit or anything masked) is part of the message, and tells templates apart. 0: as Drain
    /// does it.
    int constants = 3;
    /// Branches of one node; lines with further leading tokens share the branch of the wildcard.
    int maxChildren = 100;
    /// Tokens of a line that are looked at; longer lines are told apart by these alone.
    int maxTokens = 96;
    /// Templates kept in all, and in one leaf of the tree: bounds memory and time where every line is another. Lines
    /// that would need one more are left without a cluster, and counted.
    std::size_t maxClusters = 100'000;
    std::size_t maxLeafClusters = 256;
    /// Top frames of a stack trace that are part of a cluster's key; 0: none.
    int frames = 2;

    bool operator==(const MiningOptions &) const = default;
};

/// What a failure is clustered by. Views must live for the call.
struct CauseKey {
    std::string_view line;           ///< the root cause's first line
    std::string_view exceptionClass; ///< "" none
    std::string frames;              ///< top frames as "package.Class.method", one a line; "" none
};

/// The key of a root cause as `text::findRootCause` gives it. Of frames only what stays the same from build to build is
/// kept: no line numbers, no numbers of lambdas and anonymous classes; of Python's the file's name and the function.
[[nodiscard]] CauseKey causeKey(std::string_view rootCause, std::string_view exceptionClass, int frames);

/// A template and what tells its cluster from others with the same words.
struct MinedTemplate {
    std::string id;   ///< twelve hexadecimal digits
    std::string text; ///< tokens separated by a space; "<*>" where they differ, "<num>" and so on where masked
    std::string exceptionClass; ///< "" none
    std::string frames;         ///< one a line; "" none

    bool operator==(const MinedTemplate &) const = default;
};

inline constexpr std::string_view kWildcard = "<*>";
inline constexpr std::uint32_t kNoCluster = 0xFFFFFFFF;

/// Groups lines into templates. Deterministic. A template only ever becomes more general; every line that joined it is
/// held by it for ever, and shares at least `similarity` of its tokens with it.
///
/// A cluster's id is the hash of its key and of the masked line that founded it, and never changes. Clusters whose
/// lines are equal once masked (most of them) have the same id in whatever order lines come. Where templates have to
/// generalise, the first line decides: to be independent of the order, learn all lines first and add them sorted.
/// Lines that come later join what was restored before anything new is founded.
class TemplateMiner
{
public:
    explicit TemplateMiner(const MiningOptions &options = {});
    ~TemplateMiner();
    TemplateMiner(TemplateMiner &&) noexcept;
    TemplateMiner &operator=(TemplateMiner &&) noexcept;

    /// Brings back a cluster of an earlier mining; in the order in which they were founded. Returns its index.
    std::uint32_t restore(MinedTemplate stored);
    /// Looks at a line that will be added later: which positions vary is known only from many lines. Lines that were
    /// not learned are learned as they are added.
    /// The result is equal for lines that are equal once masked and have the same key (but for one chance in 2^64).
    std::uint64_t learn(const CauseKey &key);
    /// The cluster of a line, founded if need be: an index into `clusters`. kNoCluster where there is no room.
    std::uint32_t add(const CauseKey &key);
    /// In order of foundation.
    [[nodiscard]] std::span<const MinedTemplate> clusters() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::classify
