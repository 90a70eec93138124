#include "text/plain_lines.hpp"

#include "text/json_tree.hpp"
#include "text/passed_on.hpp"

#include <algorithm>

namespace mulligan::text
{

namespace
{

/// Lines that are looked at for the form of a text: the first may be cut off, and runners begin with words of their
/// own.
constexpr int kFirstLines = 3;
constexpr int kFirstLinesOfRunners = 8;
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

/// Whether a line is one of those of JSON that Airflow 3 stores.
bool isAirflowsJson(std::string_view line)
{
    return line.starts_with("{\"timestamp\":") && line.find("\"event\":") != std::string_view::npos
           && (line.find("\"logger\":") != std::string_view::npos || line.find("\"chan\":") != std::string_view::npos);
}

enum class Form { Other, Docker, Cri, AirflowJson, AirflowText };

Form formOf(std::string_view text)
{
    std::size_t at = 0;
    for (int lines = 0; lines < kFirstLinesOfRunners && at < text.size(); ++lines) {
        const std::string_view line = lineAt(text, at);
        at += line.size() + 1;
        if (isAirflowsJson(line))
            return Form::AirflowJson;
        if (line.starts_with('[') && airflowLine(line))
            return Form::AirflowText;
        if (lines >= kFirstLines)
            continue;
        if (line.starts_with("{\"log\":") && valueOfDocker(line) > 0)
            return Form::Docker;
        if (!criLine(line).stream.empty())
            return text.find(" stderr P ") != std::string_view::npos
                           || text.find(" stdout P ") != std::string_view::npos
                       ? Form::Cri
                       : Form::Other;
    }
    return Form::Other;
}

/// What a line of Docker's holds; a line end is put where it does not end in the middle of a long line.
void addDockers(std::string_view line, std::size_t at, PlainLines &out)
{
    const std::size_t value = valueOfDocker(line);
    std::string piece = value == 0 ? std::string(line) : unescaped(line.substr(value, quoteEnd(line, value) - value));
    if (!piece.ends_with('\n') && (value == 0 || piece.size() < kLongLine))
        piece += '\n';
    out.add(piece, at, false);
}

void addAirflows(std::string_view line, std::size_t at, PlainLines &out)
{
    if (const auto child = line.starts_with('{') ? airflowsChildIn(line) : std::nullopt) {
        const std::string_view own = withoutContainer(*child);
        out.add(own, at, false, own.size() < child->size() ? Speaker::Container : Speaker::Child);
    } else {
        const auto known = line.starts_with('[') ? airflowLine(line) : std::nullopt;
        const std::string_view said = known ? known->said : line;
        out.add(said, at + (said.data() - line.data()), true, known ? known->speaker : Speaker::Itself);
    }
    out.text += '\n';
}

/// Lines of CRI's, of which long ones are told in parts.
void addCris(std::string_view text, PlainLines &out)
{
    std::string_view open; // the stream whose line goes on
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view line = lineAt(text, at);
        const CriLine cri = criLine(line);
        if (!open.empty() && cri.stream != open)
            out.text += '\n';
        out.add(cri.stream.empty() ? line : cri.said, at, false);
        out.text.append(cri.part ? "" : "\n");
        open = cri.part ? cri.stream : std::string_view();
        at += line.size() + 1;
    }
}

/// Whether a line begins as those of Airflow 2 do, some of which pass on what others wrote.
bool isAirflows(std::string_view line)
{
    constexpr std::size_t kHeadBytes = 60;
    return line.starts_with('[') && line.size() > 5 && line[5] == '-'
           && line.substr(0, kHeadBytes).find("] {") != std::string_view::npos;
}

bool mayHaveHeads(std::string_view text)
{
    std::size_t at = 0;
    for (int lines = 0; lines < kFirstLinesOfRunners && at < text.size(); ++lines) {
        const std::string_view line = lineAt(text, at);
        if (isAirflows(line) || withoutHead(line).size() < line.size())
            return true;
        at += line.size() + 1;
    }
    return false;
}

} // namespace

void PlainLines::add(std::string_view piece, std::size_t held, bool verbatim, Speaker speaker)
{
    const bool goesOn = verbatim && !pieces.empty() && pieces.back().verbatim && pieces.back().speaker == speaker
                        && held - pieces.back().held == text.size() - pieces.back().begin;
    if (!goesOn)
        pieces.push_back({text.size(), held, verbatim, speaker});
    text += piece;
}

const PlainLines::Piece *PlainLines::pieceAt(std::size_t at) const
{
    const auto behind = std::upper_bound(pieces.begin(), pieces.end(), at,
                                         [](std::size_t place, const Piece &piece) { return place < piece.begin; });
    return behind == pieces.begin() ? nullptr : &*std::prev(behind);
}

std::size_t PlainLines::placeOf(std::size_t at) const
{
    const Piece *piece = pieceAt(at);
    return piece == nullptr ? 0 : piece->held + (piece->verbatim ? at - piece->begin : 0);
}

Span PlainLines::placeOf(Span part, std::string_view whole) const
{
    const std::size_t last = std::max(part.end, part.begin + 1) - 1;
    const Piece *piece = pieceAt(last);
    const bool exact = piece != nullptr && piece->verbatim;
    const std::size_t begin = placeOf(part.begin);
    const std::size_t end = exact ? placeOf(last) + (part.end > part.begin ? 1 : 0) : whole.find('\n', placeOf(last));
    return {begin, std::clamp(end, begin, whole.size())};
}

bool PlainLines::isVerbatim(Span part) const
{
    const Piece *piece = pieceAt(part.begin);
    const Piece *const end = pieces.data() + pieces.size();
    for (; piece != nullptr && piece != end && (piece->begin < part.end || piece->begin <= part.begin); ++piece)
        if (!piece->verbatim)
            return false;
    return true;
}

std::size_t PlainLines::heldAt(std::size_t place) const
{
    const auto behind = std::upper_bound(pieces.begin(), pieces.end(), place,
                                         [](std::size_t at, const Piece &piece) { return at < piece.held; });
    if (behind == pieces.begin())
        return 0;
    const std::size_t end = behind == pieces.end() ? text.size() : behind->begin;
    const Piece &piece = *std::prev(behind);
    const std::size_t last = std::max(end, piece.begin + 1) - 1; // what is behind it was taken off
    return piece.verbatim ? std::min(piece.begin + (place - piece.held), last) : piece.begin;
}

std::optional<PlainLines> plainLinesOf(std::string_view text)
{
    const Form form = formOf(text);
    if (form == Form::Other)
        return std::nullopt;
    PlainLines out;
    out.text.reserve(text.size());
    if (form == Form::Cri)
        addCris(text, out);
    for (std::size_t at = 0; form != Form::Cri && at < text.size();) {
        const std::string_view line = lineAt(text, at);
        if (form == Form::Docker)
            addDockers(line, at, out);
        else
            addAirflows(line, at, out);
        at += line.size() + 1;
    }
    if (!text.ends_with('\n') && out.text.ends_with('\n'))
        out.text.pop_back();
    return out;
}

std::optional<PlainLines> withoutHeads(std::string_view text)
{
    if (!mayHaveHeads(text))
        return std::nullopt;
    PlainLines out;
    out.text.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view line = lineAt(text, at);
        const std::string_view own = withoutHead(line);
        out.add(own, at + (own.data() - line.data()), true);
        at += line.size() + 1;
        if (at <= text.size())
            out.text += '\n';
    }
    return out.pieces.size() > 1 || (!out.pieces.empty() && out.pieces.front().held > 0) ? std::optional(std::move(out))
                                                                                         : std::nullopt;
}

} // namespace mulligan::text
