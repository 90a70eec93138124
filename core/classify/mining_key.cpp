#include "classify/mining.hpp"

#include <algorithm>

namespace mulligan::classify
{

namespace
{

bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/// "java.base/java.util.ArrayList.get" → "java.util.ArrayList.get".
std::string_view withoutModule(std::string_view name)
{
    const std::size_t slash = name.rfind('/');
    // "Foo$$Lambda$123/0x0000000840.run": what stands after the slash is an address and no name.
    if (slash == std::string_view::npos || (slash + 1 < name.size() && isDigit(name[slash + 1])))
        return name;
    return name.substr(slash + 1);
}

/// A method's name without what the compiler and the JVM number.
std::string steadyName(std::string_view name)
{
    std::string out;
    for (std::size_t at = 0; at < name.size(); ++at) {
        const char byte = name[at];
        if (byte == '/') { // an address up to the method's name
            at = std::min(name.find('.', at), name.size()) - 1;
            continue;
        }
        const bool numbered = !out.empty() && (out.back() == '$' || out.ends_with("Accessor"));
        if (isDigit(byte) && numbered) {
            while (at + 1 < name.size() && isDigit(name[at + 1]))
                ++at;
            continue;
        }
        out += byte;
    }
    return out;
}

std::string javaFrame(std::string_view frame)
{
    const std::string_view name = frame.substr(0, frame.find('('));
    return steadyName(withoutModule(name.substr(0, name.find_last_not_of(' ') + 1)));
}

/// `/opt/jobs/load.py", line 12, in main` → "load.py:main".
std::string pythonFrame(std::string_view frame)
{
    const std::string_view path = frame.substr(0, frame.find('"'));
    std::string out(path.substr(path.find_last_of("/\\") + 1));
    if (const std::size_t in = frame.rfind(", in "); in != std::string_view::npos)
        out.append(1, ':').append(frame.substr(in + 5));
    return out;
}

std::string frameOf(std::string_view line)
{
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == 0 || begin == std::string_view::npos)
        return {};
    std::string_view frame = line.substr(begin);
    if (!frame.empty() && frame.back() == '\r')
        frame.remove_suffix(1);
    if (frame.starts_with("at "))
        return javaFrame(frame.substr(3));
    if (frame.starts_with("File \""))
        return pythonFrame(frame.substr(6));
    return {};
}

} // namespace

CauseKey causeKey(std::string_view rootCause, std::string_view exceptionClass, int frames)
{
    CauseKey key;
    key.exceptionClass = exceptionClass;
    std::size_t at = std::min(rootCause.find('\n'), rootCause.size());
    key.line = rootCause.substr(0, at);
    while (frames > 0 && at < rootCause.size()) {
        const std::size_t end = std::min(rootCause.find('\n', at + 1), rootCause.size());
        const std::string frame = frameOf(rootCause.substr(at + 1, end - at - 1));
        at = end;
        if (frame.empty())
            continue;
        key.frames += (key.frames.empty() ? "" : "\n") + frame;
        --frames;
    }
    return key;
}

} // namespace mulligan::classify
