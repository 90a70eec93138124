#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace mulligan::text
{

/// The tasks that a Spark job was aborted for. What their attempts were lost of is logged as a warning, since it may be
/// got over; where the job was aborted it is what failed the job, and often nothing else in the log tells it. What
/// other tasks were lost of before is then known to have been got over, since it aborted nothing.
class AbortedTasks
{
public:
    /// `text` must live as long as the object. Linear in it.
    explicit AbortedTasks(std::string_view text);

    /// Whether a line tells what an attempt of such a task was lost of ("Lost task 3.0 in stage 412.0 (TID 9155) (host
    /// executor 12): …"); or one of another task of its stage, where those of the aborted one are only told to repeat
    /// it ("Lost task 3.1 in stage 412.0 (TID 9160) on host, executor 12: a.B (…) [duplicate 1]").
    [[nodiscard]] bool areLostIn(std::string_view line) const;

    /// Whether the text tells an exception that such a task was lost of, and not just that it was.
    [[nodiscard]] bool areTold() const { return !m_told.empty(); }

    /// Whether a line at a place of the text tells of the loss of another task, which the jobs outlived: they were
    /// aborted behind it for what is told of each, and for another stage's tasks or another exception.
    [[nodiscard]] bool outlivedLossIn(std::string_view line, std::size_t at) const;

private:
    /// A task's stage with the stage's attempt, and its number.
    using Task = std::pair<std::string_view, std::string_view>;

    void noteAborted(std::string_view text, std::size_t at);
    void noteRepeated(std::string_view line);
    void noteTold(std::string_view said, std::string_view beforeReason);

    std::map<Task, std::size_t> m_tasks; ///< where the text says last that the job was aborted for it
    std::set<std::pair<std::string_view, std::string_view>> m_repeated; ///< by stage, exceptions' classes
    std::set<Task> m_told;                                              ///< of those tasks
    std::set<std::pair<std::string_view, std::string_view>> m_causes;   ///< by stage without its attempt, classes
    std::size_t m_outlived = 0; ///< losses of other tasks before this place were got over
};

/// Whether an exception, from its name on, says that a job was aborted for a task, and not what that failed of: "…: Job
/// aborted due to stage failure: Task 3 in stage 1.0 failed 4 times", where a log or an engine cuts the rest off.
[[nodiscard]] bool abortsWithoutReason(std::string_view exception);

} // namespace mulligan::text
