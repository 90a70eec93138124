#include "text/line_runs.hpp"

#include "text/line_shapes.hpp"

#include <algorithm>
#include <array>

namespace mulligan::text
{

namespace
{

bool continuesRun(char byte)
{
    return startsRun(byte) || byte == '.' || byte == '-';
}

bool isIpv4(std::string_view run)
{
    int groups = 0;
    for (std::size_t at = 0; at <= run.size();) {
        const std::size_t end = std::min(run.find('.', at), run.size());
        int value = end == at ? 256 : 0;
        for (std::size_t i = at; i < end && value < 256; ++i)
            value = value * 10 + (run[i] - '0');
        if (value > 255)
            return false;
        ++groups;
        at = end + 1;
    }
    return groups == 4;
}

/// "application_1700000000000_0001" and its kin of YARN, MapReduce and HDFS.
bool isKnownId(std::string_view run)
{
    static constexpr std::array<std::string_view, 8> kPrefixes = {
        "application_", "appattempt_", "container_e", "container_", "attempt_", "job_", "task_", "blk_"};
    return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view prefix) {
        return run.size() > prefix.size() && run.substr(0, prefix.size()) == prefix && isAsciiDigit(run[prefix.size()]);
    });
}

/// "RDD.scala" before ":123" is a file and no host.
bool isSourceFile(std::string_view run)
{
    static constexpr std::array<std::string_view, 12> kEndings = {".scala", ".java", ".py", ".kt",  ".cpp", ".cc",
                                                                  ".c",     ".h",    ".go", ".sql", ".js",  ".rs"};
    return std::any_of(kEndings.begin(), kEndings.end(),
                       [&](std::string_view ending) { return run.ends_with(ending); });
}

/// A qualified name of a machine: "ip-10-0-0-1.ec2.internal", "worker3.prod.example.com".
bool isHostName(std::string_view run, const RunShape &shape)
{
    if (shape.dots < 2 || shape.capitals > 0 || shape.underscores > 0 || shape.dollars > 0
        || shape.hyphens + shape.digits == 0)
        return false;
    const std::string_view last = run.substr(run.rfind('.') + 1);
    return last.size() >= 2 && std::all_of(last.begin(), last.end(), isAsciiLetter);
}

} // namespace

bool startsRun(char byte)
{
    return isNameByte(byte) || byte == '$';
}

std::size_t runEnd(std::string_view line, std::size_t at)
{
    std::size_t end = at + 1;
    while (end < line.size() && continuesRun(line[end]))
        ++end;
    while (line[end - 1] == '.' || line[end - 1] == '-')
        --end;
    return end;
}

RunShape shapeOf(std::string_view run)
{
    RunShape shape;
    for (const char byte : run) {
        if (isAsciiDigit(byte)) {
            ++shape.digits;
            continue;
        }
        switch (byte) {
        case '.': ++shape.dots; break;
        case '_': ++shape.underscores; break;
        case '-': ++shape.hyphens; break;
        case '$': ++shape.dollars; break;
        default:
            ++shape.letters;
            shape.capitals += byte >= 'A' && byte <= 'Z' ? 1 : 0;
            shape.hexOnly = shape.hexOnly && isHexDigit(byte);
        }
    }
    return shape;
}

bool isClassName(std::string_view run, const RunShape &shape)
{
    if (shape.dots == 0 || shape.capitals == 0 || shape.hyphens > 0 || !isAsciiLetter(run.front()))
        return false;
    for (std::size_t dot = run.find('.'); dot != std::string_view::npos; dot = run.find('.', dot + 1))
        if (dot + 1 < run.size() && run[dot + 1] >= 'A' && run[dot + 1] <= 'Z') // a class, or a member of one
            return true;
    return false;
}

bool mayHavePort(std::string_view run, const RunShape &shape)
{
    if (shape.underscores > 0 || shape.dollars > 0 || isSourceFile(run))
        return false;
    return run == "localhost" || shape.hyphens + shape.dots > 0 || shape.digits > 0;
}

MaskKind wholeRunKind(std::string_view run, const RunShape &shape)
{
    const std::size_t joints = shape.dots + shape.underscores + shape.hyphens + shape.dollars;
    if (shape.letters == 0 && joints == shape.dots)
        return shape.dots == 3 && isIpv4(run) ? MaskKind::Host : MaskKind::Number;
    if (run.size() > 2 && run[0] == '0' && (run[1] == 'x' || run[1] == 'X')
        && std::all_of(run.begin() + 2, run.end(), isHexDigit))
        return MaskKind::Hex;
    if (joints == 0 && shape.hexOnly && run.size() >= 8)
        return MaskKind::Hex;
    if (joints == 0 && run.size() >= 16 && shape.digits >= 4 && shape.letters >= 4)
        return MaskKind::Id;
    if (isKnownId(run))
        return MaskKind::Id;
    if (shape.digits >= 8 && shape.digits * 2 >= run.size() && shape.underscores + shape.hyphens > 0
        && !(run.size() >= 36 && uuidAt(run, run.size() - 36) > 0))
        return MaskKind::Id;
    return isHostName(run, shape) ? MaskKind::Host : MaskKind::Literal;
}

} // namespace mulligan::text
