#include "ingest/airflow_log_line.hpp"
#include "ingest/airflow_rows.hpp"

#include <charconv>
#include <vector>

namespace mulligan::ingest::airflow
{

namespace
{

/// "7.log" or "7.log.gz": 7; 0 when the name is another.
int attemptOf(std::string_view name)
{
    int value = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), value);
    if (code != std::errc() || value < 1)
        return 0;
    const std::string_view rest = name.substr(static_cast<std::size_t>(end - name.data()));
    return rest == ".log" || rest == ".log.gz" || rest == ".log.zst" ? value : 0;
}

/// The value of a component such as "run_id=…"; empty when it is another.
std::string_view valueOf(std::string_view component, std::string_view key)
{
    return component.starts_with(key) ? component.substr(key.size()) : std::string_view();
}

std::optional<LogPlace> namedLayout(const std::vector<std::string_view> &parts)
{
    std::size_t i = parts.size();
    LogPlace out;
    out.attempt = attemptOf(valueOf(parts[--i], "attempt="));
    if (out.attempt == 0 || i < 3)
        return std::nullopt;
    if (const std::string_view index = valueOf(parts[i - 1], "map_index="); !index.empty()) {
        const auto [end, code] = std::from_chars(index.data(), index.data() + index.size(), out.mapIndex);
        if (code != std::errc() || end != index.data() + index.size() || out.mapIndex < 0)
            return std::nullopt;
        --i;
    }
    if (i < 3)
        return std::nullopt;
    out.task = valueOf(parts[i - 1], "task_id=");
    out.run = valueOf(parts[i - 2], "run_id=");
    out.dag = valueOf(parts[i - 3], "dag_id=");
    return out.task.empty() || out.run.empty() || out.dag.empty() ? std::nullopt : std::optional(out);
}

std::optional<LogPlace> datedLayout(const std::vector<std::string_view> &parts)
{
    const std::size_t n = parts.size();
    if (n < 4)
        return std::nullopt;
    LogPlace out;
    out.attempt = attemptOf(parts[n - 1]);
    const std::string_view date = parts[n - 2];
    // The scheduler keeps logs in folders of plain days, which are no execution dates.
    if (out.attempt == 0 || date.find('T') == std::string_view::npos || !parseTime(date))
        return std::nullopt;
    out.run = executionDate(date);
    out.runIsDate = true;
    out.task = parts[n - 3];
    out.dag = parts[n - 4];
    return out.task.empty() || out.dag.empty() ? std::nullopt : std::optional(out);
}

} // namespace

void LogPlace::complete(const LogPlace &other)
{
    if (dag.empty())
        dag = other.dag;
    if (task.empty())
        task = other.task;
    if (job.empty())
        job = other.job;
    if (owner.empty())
        owner = other.owner;
    if (run.empty() || (runIsDate && !other.run.empty() && !other.runIsDate)) {
        run = other.run;
        runIsDate = other.runIsDate;
    }
    if (mapIndex < 0)
        mapIndex = other.mapIndex;
    if (attempt == 0)
        attempt = other.attempt;
}

std::optional<LogPlace> placeOfPath(std::string_view path)
{
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        if (end > begin)
            parts.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    if (parts.empty())
        return std::nullopt;
    const auto named = namedLayout(parts);
    return named ? named : datedLayout(parts);
}

} // namespace mulligan::ingest::airflow
