#include "text/line_mask.hpp"

#include "text/line_shapes.hpp"

#include <algorithm>
#include <array>

namespace mulligan::text
{

namespace
{

/// What the bytes of a run (letters, digits, "_$.-") are.
struct RunShape {
    std::size_t digits = 0;
    std::size_t letters = 0; ///< bytes beyond ASCII among them
    std::size_t dots = 0;
    std::size_t underscores = 0;
    std::size_t hyphens = 0;
    std::size_t capitals = 0;
    std::size_t dollars = 0;
    bool hexOnly = true;
};

bool startsRun(char byte)
{
    return isNameByte(byte) || byte == '$';
}

bool continuesRun(char byte)
{
    return startsRun(byte) || byte == '.' || byte == '-';
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

/// "org.apache.spark.SparkException", "foo.Bar$Baz": digits of such names say which class it is.
bool isClassName(std::string_view run, const RunShape &shape)
{
    if (shape.dots == 0 || shape.capitals == 0 || shape.hyphens > 0 || !isAsciiLetter(run.front()))
        return false;
    for (std::size_t dot = run.find('.'); dot != std::string_view::npos; dot = run.find('.', dot + 1))
        if (dot + 1 < run.size() && run[dot + 1] >= 'A' && run[dot + 1] <= 'Z') // a class, or a member of one
            return true;
    return false;
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

/// Writes one masked line.
class Writer
{
public:
    Writer(std::string_view line, MaskedLine &out) : m_line(line), m_out(out) {}

    void write()
    {
        while (m_at < m_line.size()) {
            if (isBlank(m_line[m_at])) {
                ++m_at;
                continue;
            }
            writeToken();
        }
    }

private:
    void writeToken()
    {
        if (!m_out.text.empty())
            m_out.text += ' ';
        MaskedToken token;
        token.begin = static_cast<std::uint32_t>(m_out.text.size());
        token.firstPart = static_cast<std::uint32_t>(m_out.parts.size());
        m_literal = m_tokenBegin = m_at;
        while (m_at < m_line.size() && !isBlank(m_line[m_at]))
            writeNext();
        flushLiteral();
        token.end = static_cast<std::uint32_t>(m_out.text.size());
        token.lastPart = static_cast<std::uint32_t>(m_out.parts.size());
        m_out.tokens.push_back(token);
    }

    [[nodiscard]] char before() const { return m_at > m_tokenBegin ? m_line[m_at - 1] : ' '; }
    [[nodiscard]] char peek(std::size_t offset) const
    {
        return m_at + offset < m_line.size() ? m_line[m_at + offset] : '\0';
    }

    void flushLiteral()
    {
        if (m_literal < m_at) {
            m_out.parts.push_back(
                {MaskKind::Literal, static_cast<std::uint32_t>(m_literal), static_cast<std::uint32_t>(m_at)});
            m_out.text += m_line.substr(m_literal, m_at - m_literal);
        }
        m_literal = m_at;
    }

    void masked(MaskKind kind, std::size_t length)
    {
        flushLiteral();
        m_out.parts.push_back({kind, static_cast<std::uint32_t>(m_at), static_cast<std::uint32_t>(m_at + length)});
        m_out.text += placeholder(kind);
        m_at += length;
        m_literal = m_at;
    }

    void writeNext()
    {
        const char byte = m_line[m_at];
        if (startsRun(byte))
            return writeRun();
        switch (byte) {
        case '/':
            if (const std::size_t length = isPathStart() ? pathRestAt(m_line, m_at) : 0; length > 1)
                return masked(MaskKind::Path, length);
            break;
        case '\'':
        case '"':
        case '`':
            if (peek(1) == byte) { // empty: what follows is not quoted
                ++m_at;
                break;
            }
            if (const std::size_t length = isNameByte(before()) ? 0 : quotedAt(m_line, m_at); length > 0) {
                ++m_at;
                masked(MaskKind::Quoted, length);
            }
            break;
        case '@':
            if (const std::size_t length = isNameByte(before()) ? addressLength() : 0; length > 0) {
                ++m_at;
                return masked(MaskKind::Address, length);
            }
            break;
        case '-':
        case '+':
            if (!isNameByte(before()) && before() != ')' && isAsciiDigit(peek(1)))
                return writeSigned();
            break;
        default: break;
        }
        ++m_at;
    }

    [[nodiscard]] bool isPathStart() const
    {
        const char last = before();
        if (last != ' ' && std::string_view("([{=:,\"'`<>|").find(last) == std::string_view::npos)
            return false;
        const char next = peek(1);
        return isNameByte(next) || next == '.' || next == '-' || next == '$' || next == '/' || next == '~';
    }

    [[nodiscard]] std::size_t addressLength() const
    {
        std::size_t length = 0;
        while (isHexDigit(peek(1 + length)))
            ++length;
        return length >= 4 && length <= 16 && !isNameByte(peek(1 + length)) && peek(1 + length) != '.' ? length : 0;
    }

    void writeSigned()
    {
        ++m_at;
        const std::size_t end = runEnd(m_line, m_at);
        const RunShape shape = shapeOf(m_line.substr(m_at, end - m_at));
        const bool number = shape.digits + shape.dots == end - m_at;
        if (number) {
            --m_at;
            masked(MaskKind::Number, end - m_at);
        }
    }

    /// "file:/x", "s3a://b/k", "C:\x": how long the address that begins with a run is.
    [[nodiscard]] std::size_t addressAt(std::size_t end) const
    {
        if (end + 1 >= m_line.size() || m_line[end] != ':' || !isAsciiLetter(m_line[m_at]))
            return 0;
        const bool drive = end - m_at == 1 && m_line[end + 1] == '\\';
        if (!drive && (m_line[end + 1] != '/' || end - m_at < 2))
            return 0;
        return end + 1 - m_at + pathRestAt(m_line, end + 1);
    }

    void writeRun()
    {
        if (m_line[m_at] <= 'Z' && !isNameByte(before()))
            if (const std::size_t length = timeAt(m_line, m_at); length > 0)
                return masked(MaskKind::Time, length);
        const std::size_t end = runEnd(m_line, m_at);
        const std::string_view run = m_line.substr(m_at, end - m_at);
        if (const std::size_t length = addressAt(end); length > 0)
            return masked(MaskKind::Path, length);
        const RunShape shape = shapeOf(run);
        if (end < m_line.size() && m_line[end] == ':' && mayHavePort(run, shape) && !isClassName(run, shape))
            if (const std::size_t port = portAt(m_line, end); port > 0 && shape.letters + shape.dots > 0)
                return masked(MaskKind::Host, run.size() + port);
        if (shape.digits == 0) {
            m_at = end;
            return;
        }
        if (isClassName(run, shape))
            return writeClassName(end);
        const MaskKind kind = wholeRunKind(run, shape);
        if (kind == MaskKind::Number)
            return writeNumber(end);
        if (kind != MaskKind::Literal)
            return masked(kind, run.size());
        writePieces(end);
    }

    /// Digits of a run, with thousands and a unit.
    void writeNumber(std::size_t end)
    {
        while (end + 3 < m_line.size() && m_line[end] == ',' && isAsciiDigit(m_line[end + 1])
               && isAsciiDigit(m_line[end + 2]) && isAsciiDigit(m_line[end + 3])
               && (end + 4 == m_line.size() || !isAsciiDigit(m_line[end + 4])))
            end += 4;
        const std::size_t unit = sizeUnitAt(m_line, end);
        masked(unit > 0 ? MaskKind::Size : MaskKind::Number, end + unit - m_at);
    }

    /// Numbers of anonymous classes and lambdas change from build to build; other digits belong to the name.
    void writeClassName(std::size_t end)
    {
        while (m_at < end) {
            if (isAsciiDigit(m_line[m_at]) && m_line[m_at - 1] == '$')
                masked(MaskKind::Number, digitsFrom(end));
            else
                ++m_at;
        }
    }

    [[nodiscard]] std::size_t digitsFrom(std::size_t end) const
    {
        std::size_t length = 0;
        while (m_at + length < end && isAsciiDigit(m_line[m_at + length]))
            ++length;
        return length;
    }

    /// A run of several things: digits that stand by themselves or end a word are masked, those amid letters
    /// ("Slf4j") are spelling.
    void writePieces(std::size_t end)
    {
        const std::size_t begin = m_at;
        while (m_at < end) {
            const bool joint = m_at == begin || !isAsciiLetter(m_line[m_at - 1]);
            if (joint && isHexDigit(m_line[m_at]) && end - m_at >= 36)
                if (const std::size_t length = uuidAt(m_line, m_at); length > 0) {
                    masked(MaskKind::Uuid, length);
                    continue;
                }
            if (!isAsciiDigit(m_line[m_at])) {
                ++m_at;
                continue;
            }
            const std::size_t length = digitsFrom(end);
            const std::size_t after = m_at + length;
            const std::size_t unit = m_at == begin ? sizeUnitAt(m_line, after) : 0;
            if (unit > 0)
                masked(MaskKind::Size, length + unit);
            else if (joint || after == end || !isAsciiLetter(m_line[after]))
                masked(MaskKind::Number, length);
            else
                m_at = after;
        }
    }

    std::string_view m_line;
    MaskedLine &m_out;
    std::size_t m_at = 0;
    std::size_t m_tokenBegin = 0;
    std::size_t m_literal = 0; ///< where what is not written yet begins
};

} // namespace

std::string_view placeholder(MaskKind kind)
{
    static constexpr std::array<std::string_view, kMaskKindCount> kNames = {
        "", "<num>", "<size>", "<time>", "<uuid>", "<hex>", "<address>", "<id>", "<path>", "<host>", "<text>"};
    return kNames[static_cast<std::size_t>(kind)];
}

const MaskedLine &LineMasker::mask(std::string_view line)
{
    m_line.text.clear();
    m_line.tokens.clear();
    m_line.parts.clear();
    const std::size_t end = line.substr(0, kMaxMaskedBytes + 1).find('\n');
    m_line.cut = end == std::string_view::npos && line.size() > kMaxMaskedBytes;
    Writer(line.substr(0, std::min({end, line.size(), kMaxMaskedBytes})), m_line).write();
    return m_line;
}

} // namespace mulligan::text
