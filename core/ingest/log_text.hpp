#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// Keeps of a log what classifies it, in bounded memory: the whole text up to the limit; of a longer one its failure
/// records, with what belongs to them, and its last lines.
class LogText
{
public:
    static constexpr std::size_t kMaxBytes = 4u << 20; ///< as LogFiles keeps of a log that a row names

    explicit LogText(std::size_t maxBytes = kMaxBytes) : m_maxBytes(maxBytes) {}

    /// Adds the next line. `failure`: it belongs to a record that tells of a failure.
    void add(std::string_view line, bool failure);
    /// What was kept, as valid UTF-8 without zero bytes; where lines were left out, a line says how many bytes.
    [[nodiscard]] std::string take();
    /// Once taken: whether some of it was no UTF-8 and was replaced by U+FFFD.
    [[nodiscard]] bool wasRepaired() const { return m_repaired; }

private:
    struct Kept {
        std::uint64_t begin = 0; ///< byte of the log it stands at
        std::string text;
    };
    void keepFailure(std::string_view line);

    std::size_t m_maxBytes;
    std::string m_tail;
    std::uint64_t m_bytes = 0; ///< of all lines so far
    std::deque<Kept> m_first;  ///< the first failure records
    std::deque<Kept> m_last;   ///< the failure records after those, oldest dropped
    std::size_t m_firstBytes = 0;
    std::size_t m_lastBytes = 0;
    bool m_repaired = false;
};

} // namespace mulligan::ingest
