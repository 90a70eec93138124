#include "ingest/yarn_attempts.hpp"

#include "formats/line_reader.hpp"
#include "ingest/log_judgement.hpp"
#include "ingest/log_words.hpp"
#include "text/root_cause.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kMostFailures = 64u << 10;
constexpr std::size_t kMostLine = 16u << 10;

/// Files about the container, not written by what ran in it.
bool isAboutContainer(std::string_view logType)
{
    return logType.starts_with("directory.info") || logType.starts_with("launch_container.sh")
           || logType.starts_with("prelaunch.") || logType.starts_with("container-localizer");
}

} // namespace

void YarnWorkerLog::take(std::string_view raw)
{
    m_records.read(raw, [this](const LogLine &line) {
        const bool failure = m_finder.take(line);
        if (line.record)
            m_asked = line.message.starts_with("RECEIVED SIGNAL TERM");
        if (failure && !m_asked && m_failures.size() < kMostFailures)
            m_failures.append(line.text.substr(0, kMostLine)).push_back('\n');
    });
}

void YarnAttempt::fold()
{
    if (!m_worker)
        return;
    const LogFacts &facts = m_worker->facts();
    m_workerRecords += facts.records;
    m_unzoned = m_unzoned || facts.unzoned;
    if (facts.first && (!m_first || *facts.first < *m_first))
        m_first = facts.first;
    if (facts.last && (!m_last || *m_last < *facts.last))
        m_last = facts.last;
    if (!m_worker->failures().empty() && m_failures.size() + m_worker->failures().size() < kWorkersBytes)
        m_failures += m_workerName + ":\n" + m_worker->failures();
    m_worker.reset();
}

/// "export SPARK_USER=…" of the script that launches a container.
void YarnAttempt::takeScript(std::string_view line)
{
    if (!m_user.empty() || !line.starts_with("export SPARK_USER="))
        return;
    std::string_view user = words::trimmed(line.substr(line.find('=') + 1).substr(0, 256));
    if (user.size() > 1 && (user.front() == '"' || user.front() == '\'') && user.back() == user.front())
        user = user.substr(1, user.size() - 2);
    m_user = user;
}

void YarnAttempt::take(const LogContainer &container, std::string_view host, std::string_view logType,
                       std::string_view line)
{
    if (isAboutContainer(logType)) {
        if (logType.starts_with("launch_container.sh"))
            takeScript(line);
        return;
    }
    if (container.number <= 1)
        return m_master.take(line);
    const std::string name = "Container " + container.id + (host.empty() ? std::string() : " on " + std::string(host));
    if (!m_worker || name != m_workerName) {
        fold();
        m_worker = std::make_unique<YarnWorkerLog>();
        m_workerName = name;
    }
    m_worker->take(line);
}

LogFacts &YarnAttempt::settle()
{
    fold();
    LogFacts &facts = m_master.facts();
    if (!m_application.id.empty())
        facts.application = m_application;
    if (!m_user.empty())
        facts.user = m_user;
    if (facts.records == 0 && m_workerRecords > 0)
        facts.executor = true;
    facts.records += m_workerRecords;
    if (!facts.first) {
        facts.first = m_first;
        facts.last = m_last;
        facts.backwards = m_first && m_last && *m_last < *m_first;
    }
    facts.unzoned = facts.unzoned || m_unzoned;
    return facts;
}

model::Attempt YarnAttempt::build(std::string_view path)
{
    std::string text = m_master.text().take();
    std::replace(m_failures.begin(), m_failures.end(), '\0', ' ');
    if (!formats::isValidUtf8(m_failures))
        m_failures = formats::repairedUtf8(m_failures);
    const text::RootCause own = text::findRootCause(text);
    model::Attempt attempt = attemptOf(std::move(m_master.facts()), std::move(text), path);
    if (attempt.outcome == model::Outcome::Succeeded)
        return attempt;
    // The driver's cause is settled here, since behind its text stand the other containers'.
    const bool bad = attempt.outcome != model::Outcome::Unknown;
    if (bad && attempt.rootCause.empty()) {
        const text::RootCause theirs = text::findRootCause(m_failures);
        attempt.rootCause = isBareCause(own) && !isBareCause(theirs) ? theirs.text : own.text;
    }
    if (!m_failures.empty() && !attempt.errorText.empty() && !attempt.errorText.ends_with('\n'))
        attempt.errorText += '\n';
    attempt.errorText += m_failures;
    return attempt;
}

} // namespace mulligan::ingest
