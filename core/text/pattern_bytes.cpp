#include "text/pattern_bytes.hpp"

#include <cctype>

namespace mulligan::text
{

ByteSet byteRange(unsigned from, unsigned to)
{
    ByteSet set;
    for (unsigned byte = from; byte <= to && byte < 256; ++byte)
        set.set(byte);
    return set;
}

ByteSet oneByte(char byte)
{
    ByteSet set;
    set.set(static_cast<unsigned char>(byte));
    return set;
}

namespace
{

ByteSet digits()
{
    return byteRange('0', '9');
}
ByteSet words()
{
    return byteRange('a', 'z') | byteRange('A', 'Z') | digits() | oneByte('_');
}
ByteSet spaces()
{
    return byteRange('\t', '\r') | oneByte(' ');
}

} // namespace

std::optional<ByteSet> classEscape(char letter)
{
    switch (letter) {
    case 'd': return digits();
    case 'D': return ~digits();
    case 'w': return words();
    case 'W': return ~words();
    case 's': return spaces();
    case 'S': return ~spaces();
    default: return std::nullopt;
    }
}

std::optional<char> controlEscape(char letter)
{
    switch (letter) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'f': return '\f';
    case 'a': return '\a';
    case 'e': return '\x1b';
    default: return std::nullopt;
    }
}

std::optional<ByteSet> posixClass(std::string_view name)
{
    const auto where = [](int (*is)(int)) {
        ByteSet set;
        for (int byte = 0; byte < 128; ++byte)
            set.set(static_cast<size_t>(byte), is(byte) != 0);
        return set;
    };
    if (name == "alpha")
        return byteRange('a', 'z') | byteRange('A', 'Z');
    if (name == "digit")
        return digits();
    if (name == "alnum")
        return byteRange('a', 'z') | byteRange('A', 'Z') | digits();
    if (name == "upper")
        return byteRange('A', 'Z');
    if (name == "lower")
        return byteRange('a', 'z');
    if (name == "space")
        return spaces();
    if (name == "xdigit")
        return digits() | byteRange('a', 'f') | byteRange('A', 'F');
    if (name == "punct")
        return where(std::ispunct);
    if (name == "word")
        return words();
    return std::nullopt;
}

} // namespace mulligan::text
