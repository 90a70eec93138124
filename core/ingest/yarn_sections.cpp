#include "ingest/yarn_sections.hpp"

#include "ingest/log_words.hpp"

#include <charconv>

namespace mulligan::ingest
{

using words::trimmed;

namespace
{

constexpr std::string_view kContainer = "Container: ";
constexpr std::string_view kEnd = "End of LogType:";
constexpr std::size_t kMostName = 255;

bool isLength(std::string_view line)
{
    return line.starts_with("LogLength:") || line.starts_with("Log Length:");
}

bool isContents(std::string_view line)
{
    return line.starts_with("LogContents:") || line.starts_with("Log Contents:");
}

} // namespace

std::optional<LogContainer> containerHeader(std::string_view line)
{
    if (!line.starts_with(kContainer))
        return std::nullopt;
    auto container = containerAt(line.substr(kContainer.size()));
    if (!container)
        return std::nullopt;
    const std::string_view rest = line.substr(kContainer.size() + container->id.size());
    return rest.starts_with(" on ") || trimmed(rest).empty() ? container : std::nullopt;
}

std::string_view logTypeHeader(std::string_view line)
{
    for (const std::string_view lead : {"LogType:", "Log Type:"}) {
        if (!line.starts_with(lead))
            continue;
        const std::string_view type = trimmed(line.substr(lead.size()));
        return type.size() <= kMostName ? type : std::string_view();
    }
    return {};
}

bool isSectionHeader(std::string_view line)
{
    return isLength(line) || isContents(line) || line.starts_with("LogLastModifiedTime:")
           || line.starts_with("Log Upload Time:") || line.starts_with("LogUploadTime:");
}

void YarnSections::count(std::string_view line)
{
    m_bytes += static_cast<std::int64_t>(line.size()) + 1;
    ++m_lines;
    m_blankAtEnd = line.empty() ? m_blankAtEnd + 1 : 0;
}

void YarnSections::endSection()
{
    if (m_place == Place::Content && m_lengthStated) {
        // Blank lines go between sections, and ends of line of two bytes are counted as one.
        const bool agrees = m_length && *m_length >= m_bytes - m_blankAtEnd - 2 && *m_length <= m_bytes + m_lines + 1;
        m_wrongLengths += agrees ? 0 : 1;
    }
    m_place = Place::Outside;
}

bool YarnSections::takeContainer(std::string_view line)
{
    auto container = containerHeader(line);
    if (!container)
        return false;
    endSection();
    const std::size_t on = line.find(" on ");
    m_host =
        on == std::string_view::npos ? std::string() : std::string(trimmed(line.substr(on + 4)).substr(0, kMostName));
    m_container = std::move(*container);
    m_type.clear();
    return true;
}

YarnLine YarnSections::takeHeader(std::string_view line)
{
    if (isLength(line)) {
        const std::string_view number = trimmed(line.substr(line.find(':') + 1));
        std::int64_t length = 0;
        const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), length);
        m_lengthStated = true;
        m_length = code == std::errc() && length >= 0 ? std::optional(length) : std::nullopt;
    } else if (isContents(line)) {
        m_place = Place::Content;
    }
    return YarnLine::Header;
}

YarnLine YarnSections::take(std::string_view line)
{
    m_heldContent.reset();
    if (m_held) {
        if (isSectionHeader(line)) {
            endSection();
            m_type = logTypeHeader(*m_held);
            m_place = Place::Header;
            m_length.reset();
            m_lengthStated = false;
            m_bytes = m_lines = m_blankAtEnd = 0;
            ++m_sections;
        } else if (m_place == Place::Content) {
            m_heldContent = std::move(m_held);
            count(*m_heldContent);
        }
        m_held.reset();
    }
    if (takeContainer(line))
        return YarnLine::Container;
    if (line.starts_with(kEnd) && (m_type.empty() || trimmed(line.substr(kEnd.size())) == m_type)) {
        m_ended += m_place == Place::Outside ? 0 : 1;
        endSection();
        return YarnLine::Header;
    }
    if (!logTypeHeader(line).empty()) {
        m_held = std::string(line);
        return YarnLine::Header;
    }
    if (m_place == Place::Header)
        return takeHeader(line);
    if (m_place == Place::Outside)
        return YarnLine::Header;
    count(line);
    return YarnLine::Content;
}

void YarnSections::finish()
{
    if (!brokenOff())
        endSection();
}

} // namespace mulligan::ingest
