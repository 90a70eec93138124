#include "ingest/yarn_log.hpp"

#include "formats/line_reader.hpp"
#include "ingest/container_logs.hpp"
#include "ingest/row_reading.hpp"
#include "ingest/yarn_attempts.hpp"
#include "ingest/yarn_delivery.hpp"
#include "ingest/yarn_sections.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace mulligan::ingest
{

namespace
{

/// Containers of one attempt need not stand together, since nodes are printed one after another; so attempts stay open,
/// but not more than this at once.
constexpr std::size_t kMostOpen = 16;

class YarnLogReading
{
public:
    YarnLogReading(RowReading &reading, const std::string &path) : m_reading(reading), m_delivery(reading, path) {}

    base::Result<void> read(std::size_t maxLineBytes)
    {
        formats::LineReader lines(m_reading.source(), maxLineBytes);
        formats::Line line;
        for (;;) {
            MULLIGAN_CHECK(m_reading.tick());
            MULLIGAN_TRY(const bool more, lines.next(line));
            if (!more)
                break;
            if (line.overLimit)
                MULLIGAN_CHECK(m_reading.outlet().reject(
                    line.number, 0, "The line is longer than " + std::to_string(maxLineBytes) + " bytes", line.text));
            MULLIGAN_CHECK(take(line));
        }
        m_sections.finish();
        return finish();
    }

private:
    base::Result<void> take(const formats::Line &line)
    {
        const YarnLine what = m_sections.take(line.text);
        if (const auto &held = m_sections.heldContent())
            MULLIGAN_CHECK(takeContent(*held, line.number - 1));
        if (what == YarnLine::Container)
            m_attempt = nullptr;
        return what == YarnLine::Content ? takeContent(line.text, line.number) : base::Result<void>();
    }

    base::Result<void> takeContent(std::string_view text, std::uint64_t line)
    {
        const LogContainer &container = m_sections.container();
        if (m_attempt == nullptr)
            MULLIGAN_CHECK(chooseAttempt(container.application, line));
        m_attempt->take(container, m_sections.host(), m_sections.logType(), text);
        return {};
    }

    base::Result<void> chooseAttempt(const LogApplication &application, std::uint64_t line)
    {
        const auto known = std::find_if(m_open.begin(), m_open.end(),
                                        [&](const auto &open) { return open->application() == application; });
        if (known != m_open.end()) {
            m_attempt = known->get();
            return {};
        }
        if (application.id.empty())
            m_reading.outlet().warn("a log stands below no container and was taken as the driver's");
        if (m_open.size() == kMostOpen) {
            MULLIGAN_CHECK(m_delivery.deliver(*m_open.front()));
            m_open.erase(m_open.begin());
        }
        m_open.push_back(std::make_unique<YarnAttempt>(application, line));
        m_attempt = m_open.back().get();
        return {};
    }

    base::Result<void> finish()
    {
        if (m_sections.sections() == 0)
            return base::makeError(base::ErrorCode::Parse, "It holds no section of a container's log",
                                   "Give what 'yarn logs -applicationId …' prints, with its headers; the log of one "
                                   "driver alone is read as spark-log.");
        if (m_open.empty())
            m_reading.outlet().warn("the containers' logs are empty");
        for (const auto &attempt : m_open)
            MULLIGAN_CHECK(m_delivery.deliver(*attempt));
        for (std::uint64_t i = 0; i < m_sections.wrongLengths(); ++i)
            m_reading.outlet().warn("the length stated for a log is not the length of what follows");
        if (m_sections.brokenOff()) {
            m_reading.breaksOff();
            m_reading.outlet().warn("the last log breaks off");
        }
        return {};
    }

    RowReading &m_reading;
    YarnDelivery m_delivery;
    YarnSections m_sections;
    std::vector<std::unique_ptr<YarnAttempt>> m_open; ///< in the order of their first containers
    YarnAttempt *m_attempt = nullptr;                 ///< of the container being read
};

/// Reads the parts of a unit, the log of a container each, as one attempt.
class ContainersReading
{
public:
    ContainersReading(RowReading &reading, const SourceUnit &unit)
        : m_reading(reading), m_unit(unit), m_attempt(applicationOf(unit), 1)
    {
    }

    base::Result<void> read(std::size_t maxLineBytes)
    {
        std::size_t part = 0;
        for (bool more = true; more; ++part) {
            MULLIGAN_CHECK(readPart(m_unit.parts.empty() ? m_unit.path : m_unit.parts[part], maxLineBytes));
            MULLIGAN_TRY(more, m_reading.openNext());
        }
        return YarnDelivery(m_reading, m_unit.path).deliver(m_attempt);
    }

private:
    static LogApplication applicationOf(const SourceUnit &unit)
    {
        const auto container = containerOfPath(unit.parts.empty() ? unit.path : unit.parts.front());
        return container ? container->application : LogApplication();
    }

    base::Result<void> readPart(const std::string &path, std::size_t maxLineBytes)
    {
        MULLIGAN_TRY(const LogContainer container, containerOf(path));
        formats::LineReader lines(m_reading.source(), maxLineBytes);
        formats::Line line;
        for (;;) {
            MULLIGAN_CHECK(m_reading.tick());
            MULLIGAN_TRY(const bool more, lines.next(line));
            if (!more)
                return {};
            if (line.overLimit)
                MULLIGAN_CHECK(m_reading.outlet().reject(
                    line.number, 0, "The line is longer than " + std::to_string(maxLineBytes) + " bytes", line.text));
            m_attempt.take(container, {}, kSyslog, line.text);
        }
    }

    /// By its path; where that names none, its content says whether it is the master.
    static base::Result<LogContainer> containerOf(const std::string &path)
    {
        if (auto container = containerOfPath(path))
            return std::move(*container);
        MULLIGAN_TRY(const auto source, formats::openDecoded(path, {nullptr, true, true}));
        MULLIGAN_TRY(const std::string head, formats::readHead(*source, kHeadBytes));
        LogContainer container;
        container.number = looksLikeMapReduceMaster(head) ? 1 : 2;
        return container;
    }

    static constexpr std::string_view kSyslog = "syslog";
    static constexpr std::size_t kHeadBytes = 1u << 16;
    RowReading &m_reading;
    const SourceUnit &m_unit;
    YarnAttempt m_attempt;
};

} // namespace

bool looksLikeYarnLog(std::string_view head)
{
    constexpr int kLines = 400;
    bool afterType = false;
    bool section = false;
    bool container = false;
    for (int i = 0; i < kLines && !head.empty() && !(section && container); ++i) {
        const std::string_view line = head.substr(0, head.find_first_of("\r\n"));
        container = container || containerHeader(line).has_value();
        section = section || (afterType && isSectionHeader(line));
        afterType = !logTypeHeader(line).empty();
        head.remove_prefix(std::min(std::min(head.find('\n'), head.size()) + 1, head.size()));
    }
    return section && container;
}

base::Result<SourceReport> readYarnLog(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                       std::stop_token stop, base::Progress &progress)
{
    RowReading reading(unit, options, sink, std::move(stop), progress);
    MULLIGAN_CHECK(reading.open());
    const std::size_t maxLineBytes = std::min(options.maxLineBytes, LogReading::kMaxLineBytes);
    MULLIGAN_TRY(const bool ofContainer, holdsMapReduceLog(unit.parts.empty() ? unit.path : unit.parts.front()));
    auto read = ofContainer || unit.parts.size() > 1 ? ContainersReading(reading, unit).read(maxLineBytes)
                                                     : YarnLogReading(reading, unit.path).read(maxLineBytes);
    MULLIGAN_CHECK(std::move(read));
    return reading.finish();
}

} // namespace mulligan::ingest
