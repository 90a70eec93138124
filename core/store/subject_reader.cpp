#include "store/subject_reader.hpp"

#include "formats/compress.hpp"
#include "store/attempt_columns.hpp"
#include "store/file_access.hpp"

namespace mulligan::store
{

base::Result<TextReader> TextReader::open(const std::string &workspacePath)
{
    MULLIGAN_TRY(auto connection, readingConnection(workspacePath));
    MULLIGAN_CHECK(connection.run("PRAGMA cache_size = -8192; PRAGMA mmap_size = 1073741824"));
    TextReader reader(std::move(connection));
    MULLIGAN_TRY(reader.m_text, reader.m_connection.prepare("SELECT body FROM error_text WHERE id = ?1"));
    MULLIGAN_TRY(reader.m_cause, reader.m_connection.prepare("SELECT body FROM cause WHERE id = ?1"));
    return reader;
}

base::Result<std::string> TextReader::text(std::int64_t textId)
{
    if (textId == 0)
        return std::string();
    m_text.bind(1, textId);
    MULLIGAN_TRY(const bool found, m_text.step());
    auto text = found ? formats::zstdDecompress(m_text.text(0)) : base::Result<std::string>(std::string());
    m_text.reset();
    return text;
}

base::Result<std::string> TextReader::cause(std::int64_t causeId)
{
    if (causeId == 0)
        return std::string();
    m_cause.bind(1, causeId);
    MULLIGAN_TRY(const bool found, m_cause.step());
    std::string cause(found ? m_cause.text(0) : std::string_view());
    m_cause.reset();
    return cause;
}

base::Result<ScopeReader> ScopeReader::prepare(const sqlite::Connection &connection, std::set<std::string> properties)
{
    ScopeReader reader;
    reader.m_properties = std::move(properties);
    MULLIGAN_TRY(reader.m_job, connection.prepare("SELECT name FROM job WHERE id = ?1"));
    MULLIGAN_TRY(reader.m_config, connection.prepare("SELECT body FROM config WHERE id = ?1"));
    return reader;
}

base::Result<const std::string *> ScopeReader::job(std::int64_t jobId)
{
    if (const auto known = m_jobs.find(jobId); known != m_jobs.end())
        return &known->second;
    m_job.bind(1, jobId);
    MULLIGAN_TRY(const bool found, m_job.step());
    const auto kept = m_jobs.emplace(jobId, found ? m_job.text(0) : std::string_view()).first;
    m_job.reset();
    return &kept->second;
}

base::Result<const model::Config *> ScopeReader::config(std::int64_t configId)
{
    if (const auto known = m_configs.find(configId); known != m_configs.end())
        return &known->second;
    model::Config some;
    if (configId != 0 && !m_properties.empty()) {
        m_config.bind(1, configId);
        MULLIGAN_TRY(const bool found, m_config.step());
        if (found)
            for (auto &[property, value] : configFromText(m_config.text(0)))
                if (m_properties.contains(property))
                    some.emplace(property, value);
        m_config.reset();
    }
    return &m_configs.emplace(configId, std::move(some)).first->second;
}

} // namespace mulligan::store
