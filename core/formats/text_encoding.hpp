#pragma once

#include "formats/byte_source.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mulligan::formats
{

/// Another source's text as UTF-8.
class DecodedText : public ByteSource
{
public:
    /// Byte sequences so far that are no text in the encoding; each was delivered as U+FFFD.
    [[nodiscard]] virtual std::uint64_t badSequences() const = 0;
};

/// Decodes `source`, which must outlive the result, from the named encoding (any that iconv(3) knows: UTF-8, UTF-16,
/// UTF-16LE, UTF-16BE, ISO-8859-1, WINDOWS-1252, SHIFT_JIS, EUC-JP, …; case does not matter). Streaming, constant
/// memory. A byte order mark is dropped; "UTF-16" without one is little-endian. Errors: Unsupported (no such encoding),
/// those of the source.
[[nodiscard]] base::Result<std::unique_ptr<DecodedText>> decodedText(ByteSource &source, const std::string &encoding);
/// The same of a source that the result owns: UTF-8 where `head`, its first bytes, is the byte order mark of UTF-16 or
/// UTF-32; any other source is given back as it came.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> unicodeText(std::unique_ptr<ByteSource> source,
                                                                    std::string_view head);
/// The whole of `bytes` as UTF-8; a sequence cut off at the end is dropped without a mark when `cut` says that there is
/// more behind it. Errors: Unsupported.
[[nodiscard]] base::Result<std::string> decodeText(std::string_view bytes, const std::string &encoding, bool cut);
[[nodiscard]] bool isKnownEncoding(const std::string &encoding);

/// The encoding that the beginning of a text is most likely in: by byte order mark, by where its zero bytes stand, as
/// valid UTF-8, by the lead bytes of Japanese; else WINDOWS-1252. `sure`: nothing else would fit as well.
struct EncodingGuess {
    std::string encoding;
    bool sure = true;
};
[[nodiscard]] EncodingGuess guessEncoding(std::string_view head);

} // namespace mulligan::formats
