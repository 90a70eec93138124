#include "formats/text_encoding.hpp"

#include "formats/line_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include <iconv.h>

namespace mulligan::formats
{

namespace
{

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kChunk = 1u << 16;

std::string upper(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; });
    return out;
}

/// Bytes of the smallest unit, by which reading goes on behind what is no text.
std::size_t unitOf(const std::string &encoding)
{
    const std::string name = upper(encoding);
    if (name.starts_with("UTF-16") || name.starts_with("UTF16") || name.starts_with("UCS-2"))
        return 2;
    return name.starts_with("UTF-32") || name.starts_with("UCS-4") ? 4 : 1;
}

/// A conversion that is closed when nobody needs it.
class Conversion
{
public:
    explicit Conversion(const std::string &from) : m_handle(openHandle(from)) {}
    Conversion(const Conversion &) = delete;
    Conversion &operator=(const Conversion &) = delete;
    ~Conversion()
    {
        if (isOpen())
            ::iconv_close(m_handle);
    }
    [[nodiscard]] bool isOpen() const { return m_handle != reinterpret_cast<iconv_t>(-1); }
    /// Converts as much of `in` as goes into `out`; both move on. 0 or the errno that says why it stopped.
    int convert(std::string_view &in, std::span<char> &out)
    {
        char *from = const_cast<char *>(in.data()); // iconv does not write there
        std::size_t fromLeft = in.size();
        char *to = out.data();
        std::size_t toLeft = out.size();
        const std::size_t done = ::iconv(m_handle, &from, &fromLeft, &to, &toLeft);
        const int why = done == static_cast<std::size_t>(-1) ? errno : 0;
        in.remove_prefix(in.size() - fromLeft);
        out = out.subspan(out.size() - toLeft);
        return why;
    }

private:
    static iconv_t openHandle(const std::string &from)
    {
        // "//" would switch on iconv's own ways with bad bytes, which are not counted.
        if (from.empty() || from.find('/') != std::string::npos || from.find('\0') != std::string::npos)
            return reinterpret_cast<iconv_t>(-1);
        return ::iconv_open("UTF-8", from.c_str());
    }

    iconv_t m_handle;
};

class IconvSource : public DecodedText
{
public:
    IconvSource(ByteSource &source, std::unique_ptr<Conversion> conversion, std::size_t unit)
        : m_source(source), m_conversion(std::move(conversion)), m_unit(unit)
    {
    }

    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        while (m_at == m_out.size() && !m_finished) {
            m_out.clear();
            m_at = 0;
            MULLIGAN_CHECK(convertChunk());
            if (m_atStart && m_out.size() >= kByteOrderMark.size()) {
                m_atStart = false;
                if (std::string_view(m_out).starts_with(kByteOrderMark))
                    m_at = kByteOrderMark.size();
            }
        }
        const std::size_t size = std::min(buffer.size(), m_out.size() - m_at);
        std::memcpy(buffer.data(), m_out.data() + m_at, size);
        m_at += size;
        return size;
    }
    [[nodiscard]] bool truncated() const override { return m_source.truncated(); }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_source.rawBytes(); }
    [[nodiscard]] std::uint64_t badSequences() const override { return m_bad; }

private:
    base::Result<void> convertChunk()
    {
        const std::size_t kept = m_in.size();
        m_in.resize(kept + kChunk);
        MULLIGAN_TRY(const std::size_t got, m_source.read({m_in.data() + kept, kChunk}));
        m_in.resize(kept + got);
        m_finished = got == 0;
        std::string_view rest = m_in;
        while (!rest.empty()) {
            std::span<char> room = m_room;
            const int why = m_conversion->convert(rest, room);
            m_out.append(m_room.data(), m_room.size() - room.size());
            if (why == EINVAL && !m_finished)
                break;
            if (why == EILSEQ || why == EINVAL) {
                m_out += kReplacement;
                ++m_bad;
                rest.remove_prefix(std::min(rest.size(), m_unit));
            }
        }
        m_in.erase(0, m_in.size() - rest.size());
        return {};
    }

    ByteSource &m_source;
    std::unique_ptr<Conversion> m_conversion;
    std::size_t m_unit;
    std::string m_in;
    std::string m_out;
    std::vector<char> m_room = std::vector<char>(kChunk);
    std::size_t m_at = 0;
    std::uint64_t m_bad = 0;
    bool m_atStart = true;
    bool m_finished = false;
};

/// A text together with the source that it is decoded from.
class OwnedText : public ByteSource
{
public:
    OwnedText(std::unique_ptr<ByteSource> source, std::unique_ptr<DecodedText> text)
        : m_source(std::move(source)), m_text(std::move(text))
    {
    }
    base::Result<std::size_t> read(std::span<char> buffer) override { return m_text->read(buffer); }
    [[nodiscard]] bool truncated() const override { return m_text->truncated(); }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_text->rawBytes(); }

private:
    std::unique_ptr<ByteSource> m_source;
    std::unique_ptr<DecodedText> m_text;
};

/// The encoding that a byte order mark other than UTF-8's tells; "" there is none.
std::string wideEncodingOf(std::string_view head)
{
    // The mark of UTF-32 begins with that of UTF-16.
    if (head.starts_with(std::string_view("\xFF\xFE\0\0", 4)))
        return "UTF-32LE";
    if (head.starts_with(std::string_view("\0\0\xFE\xFF", 4)))
        return "UTF-32BE";
    if (head.starts_with("\xFF\xFE"))
        return "UTF-16LE";
    return head.starts_with("\xFE\xFF") ? "UTF-16BE" : "";
}

base::Error unknownEncoding(const std::string &encoding)
{
    return base::makeError(base::ErrorCode::Unsupported, "There is no encoding '" + encoding.substr(0, 60) + "'",
                           "Common ones: UTF-8, UTF-16LE, UTF-16BE, ISO-8859-1, WINDOWS-1252, SHIFT_JIS, EUC-JP; "
                           "'iconv -l' lists all.");
}

/// Share of the non-ASCII bytes that form two-byte characters whose lead and trail bytes lie in the given ranges;
/// negative when some do not fit at all.
double japaneseScore(std::string_view head, bool shiftJis)
{
    double pairs = 0;
    for (std::size_t i = 0; i < head.size(); ++i) {
        const auto c = static_cast<unsigned char>(head[i]);
        if (c < 0x80)
            continue;
        if (shiftJis && c >= 0xA1 && c <= 0xDF) // half-width katakana, one byte
            continue;
        if (i + 1 == head.size())
            break;
        const auto d = static_cast<unsigned char>(head[++i]);
        const bool fits =
            shiftJis ? ((c >= 0x81 && c <= 0x9F) || (c >= 0xE0 && c <= 0xFC)) && d >= 0x40 && d != 0x7F && d <= 0xFC
                     : (c == 0x8E || (c >= 0xA1 && c <= 0xFE)) && d >= 0xA1 && d <= 0xFE;
        if (!fits)
            return -1;
        // Kana and the common characters are what tells Japanese from chance.
        const bool common = shiftJis ? c == 0x82 || c == 0x83 || (c >= 0x88 && c <= 0x97)
                                     : c == 0xA4 || c == 0xA5 || (c >= 0xB0 && c <= 0xCF);
        pairs += common ? 2 : 0;
    }
    const auto high =
        std::count_if(head.begin(), head.end(), [](char c) { return static_cast<unsigned char>(c) > 127; });
    return high == 0 ? -1 : pairs / static_cast<double>(high);
}

/// The head without a character that it cuts in two.
std::string_view withoutCutCharacter(std::string_view head)
{
    std::size_t back = 0;
    while (back < 4 && back < head.size()) {
        const auto c = static_cast<unsigned char>(head[head.size() - 1 - back++]);
        if ((c & 0xC0) == 0x80)
            continue;
        const std::size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
        return length > back ? head.substr(0, head.size() - back) : head;
    }
    return head;
}

} // namespace

base::Result<std::unique_ptr<DecodedText>> decodedText(ByteSource &source, const std::string &encoding)
{
    auto conversion = std::make_unique<Conversion>(encoding);
    if (!conversion->isOpen())
        return unknownEncoding(encoding);
    return std::unique_ptr<DecodedText>(std::make_unique<IconvSource>(source, std::move(conversion), unitOf(encoding)));
}

base::Result<std::unique_ptr<ByteSource>> unicodeText(std::unique_ptr<ByteSource> source, std::string_view head)
{
    const std::string encoding = wideEncodingOf(head);
    if (encoding.empty())
        return source;
    MULLIGAN_TRY(auto text, decodedText(*source, encoding));
    return std::unique_ptr<ByteSource>(std::make_unique<OwnedText>(std::move(source), std::move(text)));
}

base::Result<std::string> decodeText(std::string_view bytes, const std::string &encoding, bool cut)
{
    const auto memory = memorySource(bytes);
    MULLIGAN_TRY(const auto text, decodedText(*memory, encoding));
    std::string out;
    std::vector<char> buffer(kChunk);
    for (;;) {
        MULLIGAN_TRY(const std::size_t got, text->read(buffer));
        if (got == 0)
            break;
        out.append(buffer.data(), got);
    }
    while (cut && out.ends_with(kReplacement))
        out.resize(out.size() - kReplacement.size());
    return out;
}

bool isKnownEncoding(const std::string &encoding)
{
    return Conversion(encoding).isOpen();
}

EncodingGuess guessEncoding(std::string_view head)
{
    if (head.starts_with(kByteOrderMark))
        return {"UTF-8", true};
    if (const std::string wide = wideEncodingOf(head); !wide.empty())
        return {wide, true};
    std::size_t zeros[2] = {0, 0};
    for (std::size_t i = 0; i < head.size(); ++i)
        zeros[i % 2] += head[i] == '\0' ? 1 : 0;
    const std::size_t many = head.size() / 5;
    if (head.size() >= 4 && zeros[1] > many && zeros[0] * 10 < zeros[1])
        return {"UTF-16LE", true};
    if (head.size() >= 4 && zeros[0] > many && zeros[1] * 10 < zeros[0])
        return {"UTF-16BE", true};
    if (isValidUtf8(withoutCutCharacter(head)))
        return {"UTF-8", true};
    const double shiftJis = japaneseScore(head, true);
    const double eucJp = japaneseScore(head, false);
    if (std::max(shiftJis, eucJp) > 0.5)
        return {eucJp >= shiftJis ? "EUC-JP" : "SHIFT_JIS", false};
    return {"WINDOWS-1252", false};
}

} // namespace mulligan::formats
