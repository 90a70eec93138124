#pragma once

#include "model/verdict.hpp"
#include "text/aborted_tasks.hpp"
#include "text/pattern_set.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace mulligan::text
{

/// Whether a line without a level, which is not empty, goes on with the record before it: frames, causes, an
/// exception's own line.
[[nodiscard]] bool continuesRecord(std::string_view line);

/// Where a text says at its end that what it is the log of ended well: the line without its end, as the scheduler or
/// resource manager says it ("Final app status: SUCCEEDED", "Marking task as SUCCESS"). Absent where something that
/// went wrong stands behind it. Looks at the last 8 KiB, but for the master of a MapReduce job (`jobsSuccess`), behind
/// which stands nothing but what Hadoop logs.
[[nodiscard]] std::optional<Span> successAtEnd(std::string_view text);

/// The records of a log: lines with a level, each with the lines without one that continue it. Works things out when it
/// is first asked, so an object is for one thread.
class Records
{
public:
    /// `text` must live as long as the object.
    explicit Records(std::string_view text) : m_text(text) {}

    /// What the line at a place has to do with the failure that the log ends in. Absent: nothing, since it was got
    /// over: a warning or less, something beside the work, or the loss of a task or an executor, after which Spark or
    /// MapReduce says that a job or a batch came to its end, or that another attempt of the task did, or that a job was
    /// aborted for another task; or what goes wrong with the logging itself.
    [[nodiscard]] std::optional<model::Evidence> evidenceAt(std::size_t place);
    /// What stands in a part of the text was told at a place of it, and so is as good as that.
    void standsFor(Span part, std::size_t place) { m_retold = {part, place}; }
    /// Whether the text says at its end that all went well: `successAtEnd`; or the program with its last line ("job
    /// finished", "Successfully stopped SparkContext"), where no line that may tell of a failure raises a doubt.
    [[nodiscard]] bool endWell();

    /// Plain texts of which a log holds at least one where it says that something ended well. Who scans the text anyway
    /// looks for them on the way.
    [[nodiscard]] static std::span<const std::string_view> signsOfSuccess();
    /// Tells that none of those stands in the text, so that it is not searched for them.
    void holdsNoSignOfSuccess();
    /// Whether one of them stands in a text.
    [[nodiscard]] static bool holdsSignOfSuccess(std::string_view text);

private:
    [[nodiscard]] std::optional<model::Evidence> evidenceOfLine(std::size_t begin);
    /// Where the last line begins that says that a job or a batch came to its end; 0: there is none.
    [[nodiscard]] std::size_t lastSuccess();
    [[nodiscard]] bool raiseNoDoubt();
    [[nodiscard]] bool isDoneAgain(std::string_view line, std::size_t begin);
    [[nodiscard]] bool isMadeUpForLater(std::string_view task, std::size_t begin);
    [[nodiscard]] bool isOfAnAttempt(std::size_t begin);
    [[nodiscard]] bool isOutlived(std::string_view line, std::size_t begin);

    std::string_view m_text;
    /// By begin of the line: a text's matches lie on few lines, and several on the same.
    std::vector<std::pair<std::size_t, std::optional<model::Evidence>>> m_known;
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> m_finished; ///< by task and stage
    std::map<std::string_view, bool> m_madeUpFor;                                    ///< of MapReduce, by task
    std::optional<bool> m_mayHoldAttempts;
    std::optional<AbortedTasks> m_aborted;
    std::pair<Span, std::size_t> m_retold;
    bool m_mayTellOfSuccess = true;
    std::optional<std::size_t> m_lastSuccess;
    std::optional<bool> m_endWell;
};

} // namespace mulligan::text
