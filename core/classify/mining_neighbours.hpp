#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// Another template, and how alike the two are.
struct Neighbour {
    std::uint32_t index = 0;
    double similarity = 0.0; ///< cosine of weighted words, in (0, 1]

    bool operator==(const Neighbour &) const = default;
};

/// Finds texts with similar words. A text is the set of words of its template (runs of letters and digits, in lower
/// case, without placeholders), each weighted by idf(w) = ln((1 + N) / (1 + n_w)) + 1 with N texts and n_w of them
/// holding the word; similarity is the cosine of two such vectors. Exact: an index from word to texts, no sampling.
/// Deterministic.
class NeighbourIndex
{
public:
    explicit NeighbourIndex(const std::vector<std::string> &texts);
    ~NeighbourIndex();
    NeighbourIndex(NeighbourIndex &&) noexcept;
    NeighbourIndex &operator=(NeighbourIndex &&) noexcept;

    /// The texts most like text `index`, but for itself: the most alike first, then by index. Those below `least` are
    /// left out.
    [[nodiscard]] std::vector<Neighbour> of(std::uint32_t index, std::size_t count, double least = 0.2) const;
    /// Likewise for a text that need not be in the index.
    [[nodiscard]] std::vector<Neighbour> like(std::string_view text, std::size_t count, double least = 0.2) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::classify
