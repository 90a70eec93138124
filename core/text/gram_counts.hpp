#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mulligan::text
{

/// How often short texts stand in examples of what will be searched, kept as counts of their parts of three, five and
/// eight bytes: quick to make, of fixed size (3 MiB), and right to within what parts can tell.
class GramCounts
{
public:
    GramCounts();

    void add(std::string_view example);
    /// Examples added.
    [[nodiscard]] std::size_t examples() const { return m_examples; }
    /// The most that a text of at least three bytes can stand in all examples together; of a shorter one, as often as
    /// there are examples.
    [[nodiscard]] std::size_t atMost(std::string_view text) const;

private:
    static constexpr std::array<std::size_t, 3> kLengths = {3, 5, 8};

    std::size_t m_examples = 0;
    std::array<std::vector<std::uint32_t>, kLengths.size()> m_counts; ///< by length and hash
};

} // namespace mulligan::text
