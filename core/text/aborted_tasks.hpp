#pragma once

#include <set>
#include <string_view>
#include <utility>

namespace mulligan::text
{

/// The tasks that a Spark job was aborted for. What their attempts were lost of is logged as a warning, since it may be
/// got over; where the job was aborted it is what failed the job, and often nothing else in the log tells it.
class AbortedTasks
{
public:
    /// `text` must live as long as the object. Linear in it.
    explicit AbortedTasks(std::string_view text);

    /// Whether a line tells what an attempt of such a task was lost of ("Lost task 3.0 in stage 412.0 (TID 9155) (host
    /// executor 12): …"); or one of another task of its stage, where those of the aborted one are only told to repeat
    /// it ("Lost task 3.1 in stage 412.0 (TID 9160) on host, executor 12: a.B (…) [duplicate 1]").
    [[nodiscard]] bool areLostIn(std::string_view line) const;

private:
    void noteAborted(std::string_view text, std::size_t at);
    void noteRepeated(std::string_view line);

    std::set<std::pair<std::string_view, std::string_view>> m_tasks;    ///< by stage with its attempt, and task
    std::set<std::pair<std::string_view, std::string_view>> m_repeated; ///< likewise, exceptions' classes
};

} // namespace mulligan::text
