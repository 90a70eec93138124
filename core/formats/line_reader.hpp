#pragma once

#include "base/result.hpp"
#include "formats/byte_source.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace mulligan::formats
{

/// Whether the bytes are valid UTF-8.
[[nodiscard]] bool isValidUtf8(std::string_view bytes);
/// The bytes with every invalid sequence replaced by U+FFFD.
[[nodiscard]] std::string repairedUtf8(std::string_view bytes);

/// One line, without its line end. `text` lives until the next call and has kJsonPadding readable bytes behind it.
struct Line {
    std::string_view text;    ///< of an over-limit line only its first 200 bytes
    std::uint64_t number = 0; ///< 1-based
    bool overLimit = false;
    bool complete = true; ///< a line end followed; false for a last line that breaks off
};

/// Splits a stream into lines ("\n" or "\r\n"), dropping a byte order mark. A line longer than the limit is passed over
/// in constant memory. Cost: one pass of memchr.
class LineReader
{
public:
    static constexpr std::size_t kDefaultLimit = 64u << 20;
    static constexpr std::size_t kOverLimitHead = 200;

    explicit LineReader(ByteSource &source, std::size_t maxLineBytes = kDefaultLimit);
    ~LineReader();

    /// Reads the next line; false at the end. Errors: those of the source.
    [[nodiscard]] base::Result<bool> next(Line &line);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::formats
