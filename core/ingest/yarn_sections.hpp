#pragma once

#include "ingest/log_ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// What a line of an aggregate of `yarn logs` is.
enum class YarnLine {
    Header,   ///< a container's or section's header, or between sections
    Content,  ///< of the section
    Container ///< the header of a container, which may be the one before
};

/// Takes an aggregate of `yarn logs` apart: "Container: … on …" headers, below them sections of one file each
/// ("LogType:", "LogLength:" and others, "LogContents:" or "Log Contents:", "End of LogType:…"). A line of content that
/// looks like a header is content unless the next line proves it; lengths are compared, not trusted. Source: Hadoop's
/// LogToolUtils and AggregatedLogFormat.
class YarnSections
{
public:
    /// Takes the next line. When it shows that the line before, held back as a possible header, was content after all,
    /// `heldContent` gives that line, which comes first.
    YarnLine take(std::string_view line);
    void finish();

    [[nodiscard]] const std::optional<std::string> &heldContent() const { return m_heldContent; }
    [[nodiscard]] const LogContainer &container() const { return m_container; } ///< its id is "" before the first
    [[nodiscard]] const std::string &host() const { return m_host; }
    [[nodiscard]] const std::string &logType() const { return m_type; } ///< "stderr", "directory.info", …
    [[nodiscard]] std::uint64_t sections() const { return m_sections; }
    [[nodiscard]] std::uint64_t wrongLengths() const { return m_wrongLengths; }
    /// The last section has no end, though others have.
    [[nodiscard]] bool brokenOff() const { return m_place != Place::Outside && m_ended > 0; }

private:
    enum class Place { Outside, Header, Content };
    bool takeContainer(std::string_view line);
    YarnLine takeHeader(std::string_view line);
    void count(std::string_view line);
    void endSection();

    Place m_place = Place::Outside;
    LogContainer m_container;
    std::string m_host;
    std::string m_type;
    std::optional<std::string> m_held; ///< the last line, which may begin a section
    std::optional<std::string> m_heldContent;
    std::optional<std::int64_t> m_length; ///< as stated
    bool m_lengthStated = false;
    std::int64_t m_bytes = 0;
    std::int64_t m_lines = 0;
    std::int64_t m_blankAtEnd = 0; ///< empty lines that the content ends with so far
    std::uint64_t m_sections = 0;
    std::uint64_t m_ended = 0;
    std::uint64_t m_wrongLengths = 0;
};

/// The container that a line "Container: container_… on host_port" names.
[[nodiscard]] std::optional<LogContainer> containerHeader(std::string_view line);
/// The file that a line "LogType:stderr" (or "LogType: stderr", "Log Type: stderr") names; "" when it is none.
[[nodiscard]] std::string_view logTypeHeader(std::string_view line);
/// Whether the line is one of those that follow a section's first.
[[nodiscard]] bool isSectionHeader(std::string_view line);

} // namespace mulligan::ingest
