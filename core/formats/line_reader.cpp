#include "formats/line_reader.hpp"

#include "formats/json_cursor.hpp"

#include <cstring>
#include <string>
#include <vector>

#include <simdjson.h>

namespace mulligan::formats
{

namespace
{

constexpr std::size_t kChunk = 1u << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Length of the valid UTF-8 sequence at the front, or 0.
std::size_t sequenceLength(std::string_view bytes)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xC0) != 0x80)
            return 0;
    }
    const bool overlong = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xF0 && at(1) < 0x90);
    const bool surrogate = lead == 0xED && at(1) >= 0xA0;
    const bool tooLarge = lead == 0xF4 && at(1) >= 0x90;
    return overlong || surrogate || tooLarge ? 0 : length;
}

} // namespace

bool isValidUtf8(std::string_view bytes)
{
    return simdjson::validate_utf8(bytes.data(), bytes.size());
}

std::string repairedUtf8(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t length = sequenceLength(bytes);
        if (length == 0)
            out += "\xEF\xBF\xBD";
        else
            out.append(bytes.substr(0, length));
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

struct LineReader::State {
    State(ByteSource &from, std::size_t maximum) : source(from), limit(maximum), buffer(kChunk + kJsonPadding) {}

    ByteSource &source;
    std::size_t limit;
    std::vector<char> buffer;
    std::size_t begin = 0;    ///< first byte not delivered
    std::size_t end = 0;      ///< behind the last byte read
    std::size_t searched = 0; ///< no line end before it
    bool finished = false;
    bool atStart = true;
    std::uint64_t number = 0;

    /// Reads more behind `end`, moving what is left to the front or growing when it fills the buffer.
    base::Result<void> fill()
    {
        if (begin > 0) {
            std::memmove(buffer.data(), buffer.data() + begin, end - begin);
            end -= begin;
            searched -= begin;
            begin = 0;
        }
        if (buffer.size() - end < kChunk / 2 + kJsonPadding)
            buffer.resize(buffer.size() * 2);
        MULLIGAN_TRY(const std::size_t got, source.read({buffer.data() + end, buffer.size() - end - kJsonPadding}));
        finished = got == 0;
        end += got;
        if (atStart && (end >= 3 || finished)) {
            atStart = false;
            if (std::string_view(buffer.data(), end).starts_with(kByteOrderMark))
                begin = searched = 3;
        }
        return {};
    }

    /// Passes over the rest of a line that is too long, keeping only its head.
    base::Result<bool> skipLong(Line &line)
    {
        head.assign(buffer.data() + begin, kOverLimitHead);
        head.append(kJsonPadding, ' ');
        line.overLimit = true;
        line.complete = false;
        begin = end = searched = 0;
        while (!finished && !line.complete) {
            MULLIGAN_TRY(const std::size_t got, source.read({buffer.data(), kChunk}));
            finished = got == 0;
            if (const void *found = std::memchr(buffer.data(), '\n', got)) {
                begin = searched = static_cast<std::size_t>(static_cast<const char *>(found) - buffer.data()) + 1;
                end = got;
                line.complete = true;
            }
        }
        line.text = std::string_view(head).substr(0, kOverLimitHead);
        return true;
    }

    std::string head;
};

LineReader::LineReader(ByteSource &source, std::size_t maxLineBytes)
    : m_state(std::make_unique<State>(source, std::max(maxLineBytes, kOverLimitHead)))
{
}
LineReader::~LineReader() = default;

base::Result<bool> LineReader::next(Line &line)
{
    State &s = *m_state;
    line = {};
    for (;;) {
        const void *found =
            s.end > s.searched ? std::memchr(s.buffer.data() + s.searched, '\n', s.end - s.searched) : nullptr;
        if (found != nullptr || s.finished) {
            if (found == nullptr && s.begin == s.end)
                return false;
            std::size_t stop =
                found != nullptr ? static_cast<std::size_t>(static_cast<const char *>(found) - s.buffer.data()) : s.end;
            const std::size_t next = found != nullptr ? stop + 1 : stop;
            line.number = ++s.number;
            line.complete = found != nullptr;
            line.overLimit = stop - s.begin > s.limit;
            if (stop > s.begin && s.buffer[stop - 1] == '\r')
                --stop;
            line.text = {s.buffer.data() + s.begin, stop - s.begin};
            if (line.overLimit)
                line.text = line.text.substr(0, kOverLimitHead);
            s.begin = s.searched = next;
            return true;
        }
        s.searched = s.end;
        if (s.end - s.begin > s.limit) {
            line.number = ++s.number;
            return s.skipLong(line);
        }
        MULLIGAN_CHECK(s.fill());
    }
}

} // namespace mulligan::formats
