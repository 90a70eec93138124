#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::text
{

/// What a variable part of a log line is. Literal: it is none, and stands as it is.
enum class MaskKind : std::uint8_t {
    Literal,
    Number,  ///< "42", "-1", "1,024", "3.5.1", and digits within a name ("rdd_<num>_<num>")
    Size,    ///< a number with a unit of bytes: "5.2 KB", "512m", "1048576B"
    Time,    ///< date, time of day or both, with fractions and zone; the day's name before it
    Uuid,    ///< 8-4-4-4-12 hexadecimal digits
    Hex,     ///< "0x…", or at least eight hexadecimal digits of both kinds (hashes, trace ids)
    Address, ///< what the JVM prints after the '@' of an object
    Id,      ///< application, container, attempt, job and task ids, and other words of mostly digits
    Path,    ///< absolute path or URI
    Host,    ///< IPv4 address or qualified host name, with or without port; name with port
    Quoted   ///< what stands between '…', "…" or `…`
};
inline constexpr std::size_t kMaskKindCount = 11;

/// Stands for a masked part in a masked line: "<num>", "<size>", "<time>", …; empty for Literal.
[[nodiscard]] std::string_view placeholder(MaskKind kind);

/// A stretch of a line that was masked as one, or left.
struct MaskedPart {
    MaskKind kind = MaskKind::Literal;
    std::uint32_t begin = 0; ///< bytes of the line, [begin, end)
    std::uint32_t end = 0;

    bool operator==(const MaskedPart &) const = default;
};

/// A word of the masked line: what stands between two spaces, or a masked part that holds spaces itself with what
/// touches it.
struct MaskedToken {
    std::uint32_t begin = 0; ///< bytes of the masked text, [begin, end)
    std::uint32_t end = 0;
    std::uint32_t firstPart = 0; ///< of `parts`
    std::uint32_t lastPart = 0;  ///< one past

    bool operator==(const MaskedToken &) const = default;
};

/// A log line with its variable parts replaced. Spaces of any number and kind are one space.
struct MaskedLine {
    std::string text;
    std::vector<MaskedToken> tokens;
    std::vector<MaskedPart> parts; ///< in order; together they hold every byte of the line that is no space between
    bool cut = false;              ///< the line had more than was looked at

    [[nodiscard]] std::string_view token(std::size_t index) const
    {
        return std::string_view(text).substr(tokens[index].begin, tokens[index].end - tokens[index].begin);
    }
};

/// Lines are looked at up to here: longer ones are records or plans whose ends say nothing more.
inline constexpr std::size_t kMaxMaskedBytes = 4096;

/// Masks lines by general knowledge of logs, without regular expressions: one pass, linear, no allocation once its
/// buffers have grown. Names of classes are left as they are, digits and all. Any bytes may be given. One a thread.
class LineMasker
{
public:
    /// The first line of `line`. Valid until the next call.
    const MaskedLine &mask(std::string_view line);

private:
    MaskedLine m_line;
};

} // namespace mulligan::text
