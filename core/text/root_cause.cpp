#include "text/root_cause.hpp"

#include "base/rng.hpp"
#include "text/cause_finder.hpp"
#include "text/exception_name.hpp"
#include "text/log_line.hpp"
#include "text/passed_on.hpp"
#include "text/plain_lines.hpp"
#include "text/records.hpp"

#include <algorithm>
#include <cctype>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kMaxCauseBytes = 4096;
constexpr int kFrames = 8;

bool startsWith(std::string_view text, std::string_view prefix)
{
    return text.substr(0, prefix.size()) == prefix;
}

/// The cause's message and first frames.
std::string_view causeText(std::string_view text, std::size_t begin)
{
    std::size_t end = begin;
    int frames = 0;
    for (std::size_t at = begin; at < text.size() && at - begin < kMaxCauseBytes;) {
        const std::size_t newline = text.find('\n', at);
        const std::size_t lineEnd = newline == std::string_view::npos ? text.size() : newline;
        const std::string_view line = text.substr(at, lineEnd - at);
        const std::string_view own = passedOn(line);
        const bool frame = isFrame(own);
        if (at > begin) {
            const bool blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
            const bool other = startsWith(line, "Caused by: ") || startsWith(line, "Traceback ")
                               || startsWith(line, "Driver stacktrace")
                               || logLevelOf(own) != LogLevel::None // a runner's is no frame's
                               || beginsBeside(line) || memberOfGroup(own) >= 0
                               || (startsWith(line, "{\"") && lineMarkOf(line) != LineMark::None)
                               || (std::any_of(line.begin(), line.end(), isWordByte) && isChatter(line));
            const bool another = own.size() < line.size() && !frame; // every line has a head, so none is a message's
            if (blank || other || another || (frames > 0 && !frame) || frames >= kFrames)
                break;
        }
        frames += frame ? 1 : 0;
        end = lineEnd;
        at = lineEnd + 1;
    }
    std::size_t size = std::min(end - begin, kMaxCauseBytes);
    while (size > 0 && size < end - begin && (static_cast<unsigned char>(text[begin + size]) & 0xC0U) == 0x80U)
        --size; // not in the middle of a character
    std::string_view cause = text.substr(begin, size);
    while (!cause.empty() && (cause.back() == '\r' || cause.back() == ' ' || cause.back() == '\t'))
        cause.remove_suffix(1);
    return cause;
}

/// With the message on the line of its exception, which Kedro and Snakemake put below it.
std::string withMessageJoined(std::string_view cause)
{
    const std::size_t newline = cause.find('\n');
    const std::string_view head = cause.substr(0, std::min(newline, cause.size()));
    if (newline == std::string_view::npos || !isHeadAlone(head) || isFrame(cause.substr(newline + 1)))
        return std::string(cause);
    const std::size_t message = cause.find_first_not_of(" \t\n", newline + 1);
    if (message == std::string_view::npos)
        return std::string(head);
    return std::string(head.substr(0, head.find_last_of(':') + 1)) + ' ' + std::string(cause.substr(message));
}

/// Words with digits become "#", paths and addresses "/", so that the same failure of another day is the same template.
/// Coarser than LineMasker, and it stays as it is: its hash is a feature of models that were exported.
std::string masked(std::string_view line)
{
    const auto isTokenByte = [](char byte) {
        return isWordByte(byte) || byte == '.' || byte == '/' || byte == ':' || byte == '-' || byte == '@'
               || byte == '%' || byte == '=' || byte == '~';
    };
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        if (!isTokenByte(line[at])) {
            out += line[at++];
            continue;
        }
        std::size_t end = at;
        bool digit = false;
        bool slash = false;
        while (end < line.size() && isTokenByte(line[end])) {
            digit = digit || std::isdigit(static_cast<unsigned char>(line[end])) != 0;
            slash = slash || line[end] == '/';
            ++end;
        }
        const std::string_view token = line.substr(at, end - at);
        if (slash)
            out += '/';
        else if (digit)
            out += '#';
        else
            out += token;
        at = end;
    }
    return out;
}

std::uint64_t hashOf(std::string_view cause)
{
    const std::string_view line = cause.substr(0, std::min(cause.find('\n'), std::size_t{1024}));
    if (line.empty())
        return 0;
    const std::uint64_t hash = base::stableHash(masked(line));
    return hash == 0 ? 1 : hash; // 0 says that there is none
}

/// The cause of a text that is as it was written; `finder`: of it.
RootCause causeOf(std::string_view text, CauseFinder finder)
{
    RootCause cause;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return cause;
    if (const auto success = successAtEnd(text)) { // then nothing that stands before is a cause
        cause.text = text.substr(success->begin, std::min(success->end - success->begin, kMaxCauseBytes));
        cause.templateHash = hashOf(cause.text);
        cause.begin = success->begin;
        return cause;
    }
    const Anchor anchor = finder.find();
    cause.text =
        withMessageJoined(anchor.said ? causeText(*anchor.said, anchor.within) : causeText(text, anchor.begin));
    cause.begin = anchor.begin;
    cause.exceptionClass = anchor.name;
    cause.templateHash = hashOf(cause.text);
    return cause;
}

} // namespace

RootCause findRootCause(std::string_view text)
{
    const auto plain = plainLinesOf(text);
    if (!plain)
        return causeOf(text, CauseFinder(text));
    RootCause cause = findRootCause(*plain);
    cause.begin = plain->placeOf(cause.begin);
    return cause;
}

RootCause findRootCause(const PlainLines &lines)
{
    return causeOf(lines.text, CauseFinder(lines));
}

bool tellsNoFailure(std::string_view cause)
{
    const std::string_view line = cause.substr(0, cause.find('\n'));
    return isInformation(line) && !exceptionIn(line, 0) && !hasFailureWord(cause.substr(0, kMaxCauseBytes));
}

} // namespace mulligan::text
