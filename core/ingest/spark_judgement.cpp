#include "ingest/log_kills.hpp"
#include "ingest/spark_failures.hpp"

#include <algorithm>
#include <array>

namespace mulligan::ingest::spark
{

namespace
{

constexpr std::size_t kMostCauseBytes = 4096;
constexpr std::size_t kMostCauseLines = 12;
constexpr TimeMs kNearMs = 120'000; ///< an executor lost this long before a failure may have brought it about
constexpr std::size_t kMostLosses = 4;

bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

std::string_view firstLine(std::string_view text)
{
    return text.substr(0, text.find('\n'));
}

bool isContinuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// At most `lines` lines and `bytes` bytes from the front, whole characters.
std::string firstLines(std::string_view text, std::size_t lines, std::size_t bytes)
{
    std::size_t end = 0;
    for (std::size_t i = 0; i < lines && end < text.size(); ++i) {
        const std::size_t next = text.find('\n', end);
        end = next == std::string_view::npos ? text.size() : next + 1;
    }
    end = frontOf(text, std::min(end, bytes)).size();
    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r'))
        --end;
    return std::string(text.substr(0, end));
}

/// The line a Python traceback ends with: the first one at the margin behind its last frame; "" without a traceback.
std::string_view pythonError(std::string_view text)
{
    constexpr std::string_view kHead = "Traceback (most recent call last):";
    const std::size_t head = text.rfind(kHead);
    if (head == std::string_view::npos)
        return {};
    std::size_t at = text.find('\n', head);
    while (at != std::string_view::npos && at + 1 < text.size()) {
        const std::string_view line = firstLine(text.substr(at + 1));
        if (!line.empty() && line.front() != ' ' && line.front() != '\t' && line.front() != '\r')
            return line;
        at = text.find('\n', at + 1);
    }
    return {};
}

enum class Blame { Unsaid, Loss, Fetch, Itself };

/// What a stage's own reason names as the cause.
Blame blameOf(std::string_view reason)
{
    if (has(reason, "ExecutorLostFailure"))
        return Blame::Loss;
    if (has(reason, "FetchFailed") || has(reason, "MetadataFetchFailed"))
        return Blame::Fetch;
    constexpr std::array<std::string_view, 4> kItself{"Total size of serialized results", "erialization failed",
                                                      "not serializable", "exceeds max allowed"};
    for (const std::string_view part : kItself) {
        if (has(reason, part))
            return Blame::Itself;
    }
    return Blame::Unsaid;
}

/// Whether the text names an exception of its own; an executor that happened to go before it is no cause then.
bool namesAnException(std::string_view text)
{
    return has(text, "Exception") || has(text, "Error:");
}

/// Whether a reason says no more than that the executor is gone.
bool saysNoCause(std::string_view reason)
{
    constexpr std::array<std::string_view, 4> kGone{"Slave lost", "worker lost", "Executor Process Lost",
                                                    "Remote RPC client disassociated"};
    return std::all_of(reason.begin(), reason.end(), [](char c) { return c == ' ' || c == '\n'; })
           || std::any_of(kGone.begin(), kGone.end(), [&](std::string_view gone) { return reason.starts_with(gone); });
}

/// Whether the removal of an executor says more of why it went than the end of a task that ran on it.
bool tellsMore(const ExecutorLoss &removal, const ExecutorLoss &task)
{
    if (saysNoCause(removal.reason) || has(task.reason, removal.reason))
        return false;
    return saysNoCause(task.reason) || killSignOf(removal.reason).weight > killSignOf(task.reason).weight;
}

/// A fetch fails where it is read, and breaks where it was written: both lines belong to its cause.
std::string fetchCause(std::string_view text)
{
    const std::size_t at = text.find("message=\n");
    std::string_view message = at == std::string_view::npos ? text : text.substr(at + 9);
    if (message.ends_with("\n)"))
        message.remove_suffix(2);
    const std::string cause = deepestCause(message);
    std::string root(firstLine(message));
    if (message.find("\nCaused by: ") != std::string_view::npos)
        root += "\nCaused by: " + cause;
    return firstLines(root, kMostCauseLines, kMostCauseBytes);
}

} // namespace

std::string_view frontOf(std::string_view text, std::size_t most)
{
    std::size_t end = std::min(text.size(), most);
    while (end > 0 && end < text.size() && isContinuation(text[end]))
        --end;
    return text.substr(0, end);
}

std::string shortened(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return std::string(text);
    const std::size_t head = frontOf(text, most / 2).size();
    std::size_t tail = text.size() - most / 2;
    while (tail < text.size() && isContinuation(text[tail]))
        ++tail;
    return std::string(text.substr(0, head)) + "\n[" + std::to_string(tail - head) + " bytes left out]\n"
           + std::string(text.substr(tail));
}

std::string deepestCause(std::string_view trace)
{
    constexpr std::string_view kCause = "\nCaused by: ";
    if (const std::size_t last = trace.rfind(kCause); last != std::string_view::npos)
        trace.remove_prefix(last + kCause.size());
    if (const std::string_view python = pythonError(trace); !python.empty())
        return firstLines(python, 1, kMostCauseBytes);
    return firstLines(trace, kMostCauseLines, kMostCauseBytes);
}

bool FailureLog::workFailed(const Failing &failing) const
{
    return failedStageOf(&failing) != nullptr || evidenceFor(&failing, nullptr) != nullptr;
}

model::Outcome FailureLog::outcome(bool ended, std::optional<std::int64_t> exitCode) const
{
    if (!ended)
        return model::Outcome::Unknown;
    const bool atFault = std::any_of(m_failing.begin(), m_failing.end(), [&](const Failing &failing) {
        return failing.nature == Failing::Nature::OwnFault || workFailed(failing);
    });
    const bool signalled = exitCode == 130 || exitCode == 143;
    if (atFault || (exitCode.value_or(0) != 0 && !signalled))
        return model::Outcome::Failed;
    return signalled || !m_failing.empty() ? model::Outcome::Killed : model::Outcome::Succeeded;
}

/// The failure that decided: the last job that failed by itself, unless something else was begun after it and failed.
const Failing *FailureLog::mainFailure() const
{
    const Failing *job = nullptr;
    const Failing *other = nullptr;
    const Failing *stopped = nullptr;
    for (const Failing &failing : m_failing) {
        if (failing.nature != Failing::Nature::OwnFault)
            stopped = stopped != nullptr && workFailed(*stopped) && !workFailed(failing) ? stopped : &failing;
        else if (failing.kind == Failing::Kind::Job)
            job = &failing;
        else
            other = &failing;
    }
    if (job != nullptr && other != nullptr)
        return other->started > job->order ? other : job;
    return job != nullptr ? job : other != nullptr ? other : stopped;
}

const StageFailure *FailureLog::failedStageOf(const Failing *failing) const
{
    const StageFailure *found = nullptr;
    for (const StageFailure &failure : m_stageFailures) {
        const bool ours = failing == nullptr || failing->started == 0
                          || std::binary_search(failing->stages.begin(), failing->stages.end(), failure.stage);
        if (!ours)
            continue;
        if (failing != nullptr && std::string_view(failing->message).starts_with(failure.reason))
            return &failure;
        found = &failure;
    }
    return found;
}

const TaskEvidence *FailureLog::evidenceFor(const Failing *failing, const StageFailure *stage) const
{
    if (stage != nullptr) {
        const auto found = m_evidence.find({stage->stage, stage->attempt});
        return found == m_evidence.end() ? nullptr : &found->second;
    }
    const TaskEvidence *latest = nullptr;
    for (const auto &[key, evidence] : m_evidence) {
        const bool ours =
            failing == nullptr || failing->started == 0
            || std::binary_search(failing->stages.begin(), failing->stages.end(), static_cast<std::int32_t>(key.first));
        if (ours && !evidence.empty() && (latest == nullptr || evidence.order > latest->order))
            latest = &evidence;
    }
    return latest;
}

FailureLog::Carriers FailureLog::carriers(std::optional<std::int64_t> exitCode, TimeMs last) const
{
    Carriers found;
    found.exitCode = exitCode;
    found.main = mainFailure();
    // A query or operation other than a job has stages only through its jobs, which would have failed before it.
    if (found.main == nullptr || found.main->kind == Failing::Kind::Job) {
        found.stage = failedStageOf(found.main);
        found.tasks = evidenceFor(found.main, found.stage);
    }
    const Blame blame = found.stage != nullptr ? blameOf(found.stage->reason) : Blame::Unsaid;
    if (blame == Blame::Itself)
        found.tasks = nullptr;
    const bool byException = found.tasks != nullptr && !found.tasks->exceptionTrace.empty() && blame == Blame::Unsaid;
    if (found.tasks != nullptr && found.tasks->loss)
        found.losses.push_back(&*found.tasks->loss);
    const bool jobs = found.main == nullptr || found.main->kind == Failing::Kind::Job;
    const std::string_view said = found.stage != nullptr  ? std::string_view(found.stage->reason)
                                  : found.main != nullptr ? std::string_view(found.main->message)
                                                          : std::string_view();
    const bool bySaying = blame == Blame::Itself || (blame == Blame::Unsaid && namesAnException(said));
    if (byException || bySaying || !jobs)
        return found;
    const TimeMs failed = found.main != nullptr ? found.main->time : last;
    const ExecutorLoss *task = found.losses.empty() ? nullptr : found.losses.front();
    for (auto loss = m_removals.rbegin(); loss != m_removals.rend() && found.losses.size() < kMostLosses; ++loss) {
        const bool near = failed == 0 || loss->time == 0 || loss->time + kNearMs >= failed;
        const bool same = task != nullptr && task->executor == loss->executor;
        if (!near || (same && !tellsMore(*loss, *task)) || removedOnPurpose(loss->text))
            continue;
        // What names the cause stands first, since the root cause is taken from there.
        found.losses.insert(same ? found.losses.begin() : found.losses.end(), &*loss);
    }
    return found;
}

std::vector<FailureLog::Section> FailureLog::sections(const Carriers &found) const
{
    std::vector<Section> out;
    const std::string_view reason = found.stage != nullptr ? std::string_view(found.stage->reason) : std::string_view();
    const Blame blame = blameOf(reason);
    const bool named =
        found.tasks != nullptr && !found.tasks->exceptionClass.empty() && has(reason, found.tasks->exceptionClass);
    const bool exception = found.tasks != nullptr && !found.tasks->exceptionTrace.empty()
                           && (blame == Blame::Unsaid || (named && blame == Blame::Loss));
    if (exception)
        out.push_back({found.tasks->exceptionPlace + ":\n" + found.tasks->exceptionTrace,
                       deepestCause(found.tasks->exceptionTrace)});
    for (const ExecutorLoss *loss : found.losses)
        out.push_back({loss->text, deepestCause(loss->text)});
    if (found.tasks != nullptr && !found.tasks->fetch.empty() && (!exception || blame == Blame::Fetch))
        out.push_back({found.tasks->fetch, fetchCause(found.tasks->fetch)});
    if (found.stage != nullptr) {
        // The trace stands above already where the stage's reason repeats it.
        const bool repeats = (named && exception) || (blame == Blame::Fetch && !out.empty());
        const std::string_view said = repeats ? firstLine(reason) : reason;
        out.push_back({"Stage " + std::to_string(found.stage->stage) + "." + std::to_string(found.stage->attempt) + " ("
                           + found.stage->name + ") failed: " + std::string(said),
                       deepestCause(reason)});
    }
    if (found.main != nullptr) {
        const bool repeats = !reason.empty() && has(found.main->message, firstLine(reason));
        const std::string_view said = repeats ? firstLine(found.main->message) : std::string_view(found.main->message);
        // What cancels a job names it itself.
        const bool names = said.starts_with(found.main->what + " ");
        const std::string failed = found.main->what + " failed" + (said.empty() ? "" : ": ");
        out.push_back({(names ? std::string() : failed) + std::string(said),
                       said.empty() ? failed : deepestCause(found.main->message)});
    }
    if (found.exitCode.value_or(0) != 0) {
        const std::string text = "The application ended with exit code " + std::to_string(*found.exitCode);
        // Executors that went while no work failed for it are no cause, only what else there is to say.
        const bool alone = found.main == nullptr && found.stage == nullptr && found.tasks == nullptr;
        out.insert(alone ? out.begin() : out.end(), {text, text});
    }
    return out;
}

Judgement FailureLog::judge(bool ended, std::optional<std::int64_t> exitCode, TimeMs last) const
{
    Judgement judgement;
    judgement.outcome = outcome(ended, exitCode);
    if (judgement.outcome == model::Outcome::Succeeded) {
        judgement.overcomeJobs = m_counts.failedJobs;
        return judgement;
    }
    const Carriers found = carriers(exitCode, last);
    for (const Section &section : sections(found)) {
        if (judgement.rootCause.empty())
            judgement.rootCause = section.root;
        judgement.errorText += (judgement.errorText.empty() ? "" : "\n") + section.text;
    }
    // SQL, streaming and Connect say the same once more, in the user's terms.
    for (const Failing &failing : m_failing) {
        if (&failing != found.main && failing.kind != Failing::Kind::Job && failing.nature == Failing::Nature::OwnFault)
            judgement.errorText += "\n" + failing.what + " failed: " + failing.message;
    }
    return judgement;
}

} // namespace mulligan::ingest::spark
