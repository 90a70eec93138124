#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace mulligan::text
{

/// Thrown out of Boost.Regex when the budget of a search is spent; caught by the search itself.
struct BudgetSpent {
};

/// What may be read after that: Boost 1.74 reads on while it clears its stack, as below a negative assertion, and would
/// not free the rest of the stack if that threw at once.
inline constexpr std::uint64_t kStepsOfClearing = 1'000'000;

/// A pointer into the text that pays for each byte it reads: Boost 1.74 offers no limit for one call.
class CountingIterator
{
public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char *;
    using reference = const char &;

    CountingIterator() = default;
    CountingIterator(const char *at, std::uint64_t *left) : m_at(at), m_left(left) {}

    [[nodiscard]] const char *base() const { return m_at; }

    reference operator*() const
    {
        if (*m_left == 0) {
            *m_left = kStepsOfClearing;
            throw BudgetSpent();
        }
        --*m_left;
        return *m_at;
    }
    reference operator[](difference_type offset) const { return *(*this + offset); }
    CountingIterator &operator++() { return ++m_at, *this; }
    CountingIterator &operator--() { return --m_at, *this; }
    CountingIterator operator++(int) { return {m_at++, m_left}; }
    CountingIterator operator--(int) { return {m_at--, m_left}; }
    CountingIterator &operator+=(difference_type offset) { return m_at += offset, *this; }
    CountingIterator &operator-=(difference_type offset) { return m_at -= offset, *this; }
    friend CountingIterator operator+(CountingIterator it, difference_type offset) { return it += offset; }
    friend CountingIterator operator+(difference_type offset, CountingIterator it) { return it += offset; }
    friend CountingIterator operator-(CountingIterator it, difference_type offset) { return it -= offset; }
    friend difference_type operator-(const CountingIterator &a, const CountingIterator &b) { return a.m_at - b.m_at; }
    friend bool operator==(const CountingIterator &a, const CountingIterator &b) { return a.m_at == b.m_at; }
    friend bool operator!=(const CountingIterator &a, const CountingIterator &b) { return a.m_at != b.m_at; }
    friend bool operator<(const CountingIterator &a, const CountingIterator &b) { return a.m_at < b.m_at; }
    friend bool operator>(const CountingIterator &a, const CountingIterator &b) { return a.m_at > b.m_at; }
    friend bool operator<=(const CountingIterator &a, const CountingIterator &b) { return a.m_at <= b.m_at; }
    friend bool operator>=(const CountingIterator &a, const CountingIterator &b) { return a.m_at >= b.m_at; }

private:
    const char *m_at = nullptr;
    std::uint64_t *m_left = nullptr;
};

} // namespace mulligan::text
