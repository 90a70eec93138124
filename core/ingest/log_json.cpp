#include "ingest/log_json.hpp"

#include "formats/json.hpp"
#include "ingest/log_time.hpp"

#include <initializer_list>

namespace mulligan::ingest
{

namespace
{

using formats::Json;

constexpr int kMostCauses = 50;

/// The first of the members that is there; "a.b" also means member b of object a.
const Json &firstOf(const Json &object, std::initializer_list<std::string_view> names)
{
    static const Json none;
    for (const std::string_view name : names) {
        if (const Json *found = object.find(name); found != nullptr && !found->isNull())
            return *found;
        const std::size_t dot = name.find('.');
        if (dot == std::string_view::npos)
            continue;
        if (const Json &inner = object[name.substr(0, dot)][name.substr(dot + 1)]; !inner.isNull())
            return inner;
    }
    return none;
}

std::string frameOf(const Json &frame)
{
    if (frame.isString())
        return frame.string();
    const std::string &className = firstOf(frame, {"class", "declaringClass"}).string();
    const std::string &method = firstOf(frame, {"method", "methodName"}).string();
    const std::string &file = firstOf(frame, {"file", "fileName"}).string();
    const std::int64_t number = firstOf(frame, {"line", "lineNumber"}).integer(-1);
    std::string place = file.empty() ? "Unknown Source" : file;
    if (!file.empty() && number >= 0)
        place += ":" + std::to_string(number);
    return "\tat " + className + "." + method + "(" + place + ")";
}

/// The lines of a stack, which is a text or a list of frames.
std::string stackOf(const Json &stack)
{
    if (stack.isString())
        return stack.string();
    std::string out;
    for (const Json &frame : stack.items())
        out += (out.empty() ? "" : "\n") + frameOf(frame);
    return out;
}

void appendTrace(std::string &out, std::string_view lead, const Json &name, const Json &message, const Json &stack)
{
    const std::string frames = stackOf(stack);
    if (!out.empty() && !(name.isNull() && message.isNull() && frames.empty()))
        out += '\n';
    out += lead;
    // A stack that was printed whole begins with the exception itself.
    const bool whole = !name.string().empty() && frames.starts_with(name.string());
    if (!whole) {
        out += name.string();
        if (!message.string().empty())
            out += (name.string().empty() ? "" : ": ") + message.string();
    }
    if (!frames.empty())
        out += (whole || out.empty() ? "" : "\n") + frames;
}

std::string traceOf(const Json &record)
{
    std::string out;
    if (const Json &thrown = record["thrown"]; thrown.isObject()) {
        const Json *cause = &thrown;
        for (int depth = 0; cause->isObject() && depth < kMostCauses; ++depth, cause = &(*cause)["cause"])
            appendTrace(out, depth == 0 ? "" : "Caused by: ", (*cause)["name"],
                        firstOf(*cause, {"message", "localizedMessage"}), (*cause)["extendedStackTrace"]);
        return out;
    }
    if (const Json &exception = record["exception"]; exception.isObject()) {
        appendTrace(out, "", firstOf(exception, {"class", "exception_class"}),
                    firstOf(exception, {"msg", "message", "exception_message"}), exception["stacktrace"]);
        return out;
    }
    appendTrace(out, "", firstOf(record, {"error.type"}), firstOf(record, {"error.message"}),
                firstOf(record, {"error.stack_trace", "stack_trace"}));
    return out;
}

void readTime(const Json &record, JsonRecord &out)
{
    if (const Json &instant = record["instant"]; instant.isObject()) {
        out.time = base::Instant{instant["epochSecond"].integer() * base::kMsPerSecond
                                 + instant["nanoOfSecond"].integer() / 1'000'000};
    } else if (const Json &millis = firstOf(record, {"timeMillis", "ts", "@timestamp"}); millis.isInteger()) {
        out.time = base::Instant{millis.integer()};
    } else {
        out.timeText = firstOf(record, {"ts", "@timestamp", "timestamp"}).string();
        if (const auto time = logTimeAt(out.timeText)) {
            out.time = time->at;
            out.zoned = time->zoned;
        }
    }
    constexpr std::int64_t kYear10000 = 253'402'300'800'000;
    if (out.time && (out.time->ms < 0 || out.time->ms >= kYear10000))
        out.time.reset();
    if (out.timeText.empty() && out.time)
        out.timeText = base::formatInstant(*out.time);
}

} // namespace

std::optional<DockerLine> dockerLine(std::string_view text)
{
    // Most lines of most logs are none, and are not to be parsed twice.
    if (text.find("\"log\"") == std::string_view::npos || text.find("\"time\"") == std::string_view::npos)
        return std::nullopt;
    const auto parsed = formats::parseJson(text);
    if (!parsed || !parsed->isObject())
        return std::nullopt;
    const Json *log = parsed->find("log");
    const std::string &stream = (*parsed)["stream"].string();
    if (log == nullptr || !log->isString() || (stream != "stdout" && stream != "stderr"))
        return std::nullopt;
    DockerLine out{log->string(), std::nullopt};
    if (const auto time = logTimeAt((*parsed)["time"].string()); time && time->zoned)
        out.time = time->at;
    return out;
}

std::optional<JsonRecord> readJsonRecord(std::string_view text)
{
    const auto parsed = formats::parseJson(text);
    if (!parsed || !parsed->isObject())
        return std::nullopt;
    JsonRecord out;
    out.levelName = firstOf(*parsed, {"level", "log.level"}).string();
    const Json &message = firstOf(*parsed, {"msg", "message"});
    if (out.levelName.empty() || message.isNull())
        return std::nullopt;
    out.level = logLevelAt(out.levelName);
    if (out.level == LogLevel::None)
        return std::nullopt;
    out.message = message.isObject() ? message["message"].string() : message.string();
    out.logger = firstOf(*parsed, {"logger", "loggerName", "logger_name", "log.logger"}).string();
    out.trace = traceOf(*parsed);
    readTime(*parsed, out);
    return out;
}

} // namespace mulligan::ingest
