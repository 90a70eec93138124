#include "ingest/log_text.hpp"

#include "formats/line_reader.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

/// Of one line: a plan or a record printed whole says nothing more behind this.
constexpr std::size_t kMaxLine = 256u << 10;

std::string_view clipped(std::string_view line)
{
    if (line.size() <= kMaxLine)
        return line;
    std::size_t end = kMaxLine;
    while (end > kMaxLine - 4 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U)
        --end;
    return line.substr(0, end);
}

} // namespace

void LogText::add(std::string_view line, bool failure)
{
    line = clipped(line);
    if (failure)
        keepFailure(line);
    m_tail.append(line).push_back('\n');
    m_bytes += line.size() + 1;
    if (m_tail.size() > 2 * m_maxBytes)
        m_tail.erase(0, m_tail.size() - m_maxBytes);
}

void LogText::keepFailure(std::string_view line)
{
    // An eighth for the first failures, from which the others follow, and three for the last, which ended the run.
    const std::size_t size = line.size() + sizeof(Kept);
    if (m_last.empty() && m_firstBytes + size <= m_maxBytes / 8) {
        m_first.push_back({m_bytes, std::string(line)});
        m_firstBytes += size;
        return;
    }
    m_last.push_back({m_bytes, std::string(line)});
    m_lastBytes += size;
    while (m_lastBytes > m_maxBytes / 8 * 3) {
        m_lastBytes -= m_last.front().text.size() + sizeof(Kept);
        m_last.pop_front();
    }
}

std::string LogText::take()
{
    std::string out;
    if (m_bytes <= m_maxBytes) {
        out = std::move(m_tail);
    } else {
        // The tail gets at least half, and begins with a whole line.
        std::size_t begin = m_tail.size() - std::min(m_tail.size(), m_maxBytes / 2);
        begin = std::min(m_tail.find('\n', begin), m_tail.size() - 1) + 1;
        const std::uint64_t tailAt = m_bytes - (m_tail.size() - begin);
        std::uint64_t at = 0;
        const auto gap = [&](std::uint64_t next) {
            if (next > at)
                out += "[" + std::to_string(next - at) + " bytes of the log left out]\n";
        };
        for (const auto *part : {&m_first, &m_last}) {
            for (const Kept &kept : *part) {
                if (kept.begin >= tailAt)
                    break;
                gap(kept.begin);
                out.append(kept.text).push_back('\n');
                at = kept.begin + kept.text.size() + 1;
            }
        }
        gap(tailAt);
        out.append(m_tail, begin);
    }
    m_tail.clear();
    std::replace(out.begin(), out.end(), '\0', ' ');
    m_repaired = !formats::isValidUtf8(out);
    return m_repaired ? formats::repairedUtf8(out) : out;
}

} // namespace mulligan::ingest
