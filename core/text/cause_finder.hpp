#pragma once

#include "text/aborted_tasks.hpp"
#include "text/log_line.hpp"
#include "text/records.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mulligan::text
{

struct JsonFailure;
struct PlainLines;

/// Whether a line, as it was passed on, is a frame of a stack trace of the JVM, of Python or of Node.js.
[[nodiscard]] bool isFrame(std::string_view line);

/// How much an exception says of the failure.
enum Strength {
    kNone = 0,
    kEnd = 1,       ///< another program ended, or it happened beside the work
    kWrapper = 2,   ///< something else failed, it says no more
    kLow = 3,       ///< logged as a warning or below
    kAftermath = 4, ///< follows from a failure elsewhere
    kBare = 5,      ///< an error without a name
    kCause = 6,
};

/// Where the cause begins, as far as the text has been read.
struct Anchor {
    std::size_t begin = 0;
    std::string_view name;
    int strength = kNone;                              ///< a later one as strong replaces it
    std::shared_ptr<const std::string> said = nullptr; ///< what JSON says at `begin`, decoded; the name lies in it
    std::size_t within = 0;                            ///< where the cause begins in that
};

/// Looks for the line of a failure text that tells its cause, in one pass. For one text.
class CauseFinder
{
public:
    /// `quoted`: how many times the text has been taken out of another one's quotes.
    explicit CauseFinder(std::string_view text, int quoted = 0);
    /// Of a text that was taken out of another form, which must live as long: whose words its lines are is known.
    explicit CauseFinder(const PlainLines &lines);

    [[nodiscard]] Anchor find();

private:
    /// What a line belongs to that is not looked at.
    enum class Passed {
        Nothing,
        Attempt, ///< of a task that was made up for: all up to an empty line
        Trace,   ///< of what goes wrong with the logging, or of a task's loss that was got over: a line and one trace
    };

    [[nodiscard]] Anchor best();
    [[nodiscard]] Anchor withMessage(std::size_t begin) const;
    void readLine(std::string_view line, std::size_t at);
    void read(std::string_view line, std::size_t at, LogLevel level);
    [[nodiscard]] bool isPassedOver(std::string_view line, std::size_t at, LogLevel level);
    void noteBeside(std::string_view line, LogLevel level);
    void notePassing(std::string_view line, std::string_view own, std::size_t at);
    void noteGroup(std::string_view line, std::string_view own);
    void forgive();
    void notePlain(std::string_view line, std::size_t at, LogLevel level);
    [[nodiscard]] bool readTraceback(std::string_view line, std::size_t at, LogLevel level, std::size_t begin);
    void endTraceback(std::string_view line, std::size_t at);
    [[nodiscard]] bool readNamedNext(std::string_view line, std::size_t at, LogLevel level);
    [[nodiscard]] bool readEscaped(std::string_view line, std::size_t at, std::size_t traceback, LogLevel level);
    [[nodiscard]] bool readJson(std::string_view line, std::size_t at);
    [[nodiscard]] std::size_t readDocument(std::string_view line, std::size_t at);
    [[nodiscard]] bool offerQuoted(const JsonFailure &failure, std::size_t at);
    [[nodiscard]] bool readOtherLanguages(std::string_view line, std::size_t at);
    [[nodiscard]] bool readAnswer(std::string_view line, std::size_t at);
    [[nodiscard]] bool readClassAlone(std::string_view line, std::size_t at, bool announced);
    void readClassBefore(std::string_view frame);
    [[nodiscard]] bool readPanic(std::string_view line, std::size_t at);
    void readCommandError(std::string_view line, std::size_t at);
    [[nodiscard]] bool readAttempts(std::string_view line, std::size_t at);
    [[nodiscard]] int strengthOf(std::string_view line, std::string_view exception, LogLevel level) const;
    [[nodiscard]] int strengthBelow(std::string_view exception, std::size_t at) const;
    void noteException(std::string_view line, std::size_t at, LogLevel level);
    void offerException(std::string_view line, std::size_t at, std::size_t begin, std::string_view name,
                        LogLevel level);
    void noteTelling(std::string_view line, std::size_t at, LogLevel level);
    void offer(const Anchor &anchor);

    std::string_view m_text;
    int m_quoted;
    const PlainLines *m_lines = nullptr;
    std::size_t m_nextPiece = 0;   ///< of those
    std::size_t m_documentEnd = 0; ///< up to here no document is looked for
    Records m_records;
    bool m_attempts; ///< the text may tell of attempts of MapReduce's tasks
    AbortedTasks m_aborted;
    Anchor m_cause;
    std::size_t m_causeHead = 0; ///< the line with a level that its record begins with
    Anchor m_telling;
    std::size_t m_head = 0;
    std::size_t m_lastLine = 0;
    std::size_t m_lastPlain = 0;
    bool m_sawPlain = false;
    std::optional<std::size_t> m_said;          ///< the last plain line of a program's own
    std::optional<std::size_t> m_saidBeforeEnd; ///< the last one before a line that gives nothing but an exit code
    bool m_saidByChild = false;                 ///< the last one was passed on by what ran the program
    bool m_passedOn = false;                    ///< the line at hand was
    bool m_ofRunner = false;                    ///< it was, and is the runner's own
    bool m_containers = false;                  ///< lines name the container that they are of
    bool m_inHarmless = false;
    bool m_inTraceback = false;
    std::size_t m_traceIndent = 0; ///< of the traceback's first line
    bool m_flatTrace = false;      ///< its frames are not indented
    bool m_sawPythonFrame = false;
    bool m_keepEarlier = false;
    bool m_namedNext = false;   ///< the next line is an exception, whatever its name
    bool m_beside = false;      ///< the record at hand tells of what goes wrong beside the work
    bool m_besideTold = false;  ///< and has come to its exception
    bool m_otherMember = false; ///< of a group of exceptions one behind the first is at hand
    Passed m_passed = Passed::Nothing;
    bool m_passedFrame = false;    ///< the trace that is passed over has begun
    bool m_answerNext = false;     ///< the next line is what a server answered
    bool m_classNext = false;      ///< the next line that is not empty names an exception's class
    bool m_inFrames = false;       ///< the line before was a frame
    bool m_panicNext = false;      ///< the next line is a panic's message
    bool m_inChain = false;        ///< numbered causes follow
    bool m_inCommandError = false; ///< what a task's command said last follows
    bool m_inAttempts = false;     ///< what a client's attempts failed of follows
};

} // namespace mulligan::text
