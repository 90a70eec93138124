#include "text/plain_lines.hpp"

#include "text/json_tree.hpp"

#include <algorithm>

namespace mulligan::text
{

namespace
{

/// Lines that are looked at for the form of a text: the first may be cut off.
constexpr int kFirstLines = 3;
/// Docker splits longer lines, and says so by nothing but a line end that is missing.
constexpr std::size_t kLongLine = 16000;

std::string_view lineAt(std::string_view text, std::size_t begin)
{
    return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

/// Where the value of "log" begins, behind its quote, of a line of Docker's; 0: it is none. Other programs log objects
/// that begin so too: Docker's go on with the stream, and then with the time or the container's labels.
std::size_t valueOfDocker(std::string_view line)
{
    constexpr std::string_view kTime = ",\"time\":"; // or as much of it as was not cut off
    for (const std::string_view begin : {"{\"log\":\"", "{\"log\": \""}) {
        if (!line.starts_with(begin))
            continue;
        std::string rest(line.substr(std::min(quoteEnd(line, begin.size()), line.size()), 64)); // as far as is asked
        std::erase(rest, ' ');
        for (const std::string_view stream : {"\",\"stream\":\"stdout\"", "\",\"stream\":\"stderr\""})
            if (rest.starts_with(stream)) {
                const std::string_view next = std::string_view(rest).substr(stream.size());
                if (next.starts_with('}') || next.starts_with(kTime) || kTime.starts_with(next)
                    || next.starts_with(",\"attrs\":"))
                    return begin.size();
            }
    }
    return 0;
}

/// A line of CRI's: "2024-05-01T10:00:00.123456789Z stderr P …".
struct CriLine {
    std::string_view stream; ///< empty: it is none
    std::string_view said;
    bool part = false;
};

CriLine criLine(std::string_view line)
{
    constexpr std::size_t kShortest = 20; ///< of a time
    constexpr std::size_t kLongest = 36;
    if (line.size() < kShortest || line[4] != '-' || line[10] != 'T')
        return {};
    const std::size_t time = line.substr(0, kLongest).find(' ');
    if (time == std::string_view::npos)
        return {};
    const std::string_view rest = line.substr(time + 1);
    for (const std::string_view stream : {"stdout ", "stderr "})
        if (rest.starts_with(stream))
            for (const std::string_view tag : {"P ", "F "})
                if (rest.substr(stream.size()).starts_with(tag))
                    return {stream, rest.substr(stream.size() + tag.size()), tag == "P "};
    return {};
}

enum class Form { Other, Docker, Cri };

Form formOf(std::string_view text)
{
    std::size_t at = 0;
    for (int lines = 0; lines < kFirstLines && at < text.size(); ++lines) {
        const std::string_view line = lineAt(text, at);
        if (line.starts_with("{\"log\":") && valueOfDocker(line) > 0)
            return Form::Docker;
        if (!criLine(line).stream.empty())
            return text.find(" stderr P ") != std::string_view::npos
                           || text.find(" stdout P ") != std::string_view::npos
                       ? Form::Cri
                       : Form::Other;
        at += line.size() + 1;
    }
    return Form::Other;
}

/// What a line of Docker's holds; a line end is put where it does not end in the middle of a long line.
std::string dockersPiece(std::string_view line)
{
    const std::size_t value = valueOfDocker(line);
    if (value == 0)
        return std::string(line) + '\n';
    std::string piece = unescaped(line.substr(value, quoteEnd(line, value) - value));
    if (!piece.ends_with('\n') && piece.size() < kLongLine)
        piece += '\n';
    return piece;
}

} // namespace

std::size_t PlainLines::placeOf(std::size_t at) const
{
    const auto behind = std::upper_bound(pieces.begin(), pieces.end(), at,
                                         [](std::size_t place, const auto &piece) { return place < piece.first; });
    return behind == pieces.begin() ? 0 : std::prev(behind)->second;
}

std::optional<PlainLines> plainLinesOf(std::string_view text)
{
    const Form form = formOf(text);
    if (form == Form::Other)
        return std::nullopt;
    PlainLines out;
    out.text.reserve(text.size());
    std::string_view open; // the stream whose line goes on
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view line = lineAt(text, at);
        const CriLine cri = form == Form::Cri ? criLine(line) : CriLine();
        if (!open.empty() && cri.stream != open)
            out.text += '\n';
        out.pieces.emplace_back(out.text.size(), at);
        open = cri.part ? cri.stream : std::string_view();
        if (form == Form::Docker)
            out.text += dockersPiece(line);
        else
            out.text.append(cri.stream.empty() ? line : cri.said).append(cri.part ? "" : "\n");
        at += line.size() + 1;
    }
    if (!text.ends_with('\n') && out.text.ends_with('\n'))
        out.text.pop_back();
    return out;
}

} // namespace mulligan::text
