#include "text/json_fields.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace mulligan::text
{

namespace
{

constexpr int kAnyWeight = 0; ///< of what is no text to choose

constexpr std::array kFields = {
    JsonField{"excinfo", JsonRole::Trace, kTraceWeight},
    JsonField{"exctext", JsonRole::Trace, kTraceWeight},
    JsonField{"exc", JsonRole::Trace, kTraceWeight},
    JsonField{"exception", JsonRole::Trace, kTraceWeight},
    JsonField{"throwable", JsonRole::Trace, kTraceWeight},
    JsonField{"thrown", JsonRole::Trace, kTraceWeight},
    JsonField{"stack", JsonRole::Trace, kTraceWeight},
    JsonField{"stacktrace", JsonRole::Trace, kTraceWeight},
    JsonField{"error.stack", JsonRole::Trace, kTraceWeight},
    JsonField{"error.stacktrace", JsonRole::Trace, kTraceWeight},
    JsonField{"exception.stacktrace", JsonRole::Trace, kTraceWeight},
    JsonField{"extendedstacktrace", JsonRole::Trace, kTraceWeight},
    JsonField{"errortrace", JsonRole::Trace, kTraceWeight},
    JsonField{"errorstacktrace", JsonRole::Trace, kTraceWeight},
    JsonField{"traceback", JsonRole::Trace, kTraceWeight},
    JsonField{"trace", JsonRole::Trace, kTraceWeight},
    JsonField{"rootexception", JsonRole::Trace, kTraceWeight},
    JsonField{"cause.message", JsonRole::Told, kReason + 1},
    JsonField{"rootcause.reason", JsonRole::Told, kReason + 1},
    JsonField{"cause", JsonRole::Told, kReason},
    JsonField{"error.message", JsonRole::Told, kReason},
    JsonField{"error.reason", JsonRole::Told, kReason},
    JsonField{"err.message", JsonRole::Told, kReason},
    JsonField{"exception.message", JsonRole::Told, kReason},
    JsonField{"exception.msg", JsonRole::Told, kReason},
    JsonField{"exceptionmessage", JsonRole::Told, kReason},
    JsonField{"failureinfo.message", JsonRole::Told, kReason},
    JsonField{"evalue", JsonRole::Told, kReason},
    JsonField{"thrown.message", JsonRole::Told, kReason},
    JsonField{"errormessage", JsonRole::Told, kReason},
    JsonField{"errormsg", JsonRole::Told, kReason},
    JsonField{"errmsg", JsonRole::Told, kReason},
    JsonField{"errordescription", JsonRole::Told, kReason},
    JsonField{"failurereason", JsonRole::Told, kReason},
    JsonField{"failuredetails.message", JsonRole::Told, kReason},
    JsonField{"error", JsonRole::Told, kError},
    JsonField{"err", JsonRole::Told, kError},
    JsonField{"errors", JsonRole::Told, kError},
    JsonField{"failure", JsonRole::Told, kError},
    JsonField{"reason", JsonRole::Told, kStatus + 1},
    JsonField{"statusreason", JsonRole::Told, kStatus},
    JsonField{"stoppedreason", JsonRole::Told, kStatus},
    JsonField{"diagnostics", JsonRole::Told, kStatus},
    JsonField{"terminated.message", JsonRole::Told, kStatus},
    JsonField{"waiting.message", JsonRole::Told, kStatus},
    JsonField{"statechangereason.message", JsonRole::Told, kStatus},
    JsonField{"statemessage", JsonRole::Told, kStatus},
    JsonField{"statusmessage", JsonRole::Told, kStatus},
    JsonField{"errordetails", JsonRole::Told, kStatus},
    JsonField{"message", JsonRole::Message, kMessage},
    JsonField{"msg", JsonRole::Message, kMessage},
    JsonField{"event", JsonRole::Message, kMessage},
    JsonField{"textpayload", JsonRole::Message, kMessage},
    JsonField{"log", JsonRole::Message, kMessage},
    JsonField{"body", JsonRole::Message, kMessage},
    JsonField{"fullmessage", JsonRole::Message, kMessage + 1},
    JsonField{"shortmessage", JsonRole::Message, kMessage},
    JsonField{"error.type", JsonRole::Type, kAnyWeight},
    JsonField{"error.class", JsonRole::Type, kAnyWeight},
    JsonField{"error.name", JsonRole::Type, kAnyWeight},
    JsonField{"error.code", JsonRole::Type, kAnyWeight},
    JsonField{"error.kind", JsonRole::Type, kAnyWeight},
    JsonField{"err.type", JsonRole::Type, kAnyWeight},
    JsonField{"err.name", JsonRole::Type, kAnyWeight},
    JsonField{"errortype", JsonRole::Type, kAnyWeight},
    JsonField{"errorclass", JsonRole::Type, kAnyWeight},
    JsonField{"ename", JsonRole::Type, kAnyWeight},
    JsonField{"error.clsname", JsonRole::Type, kAnyWeight},
    JsonField{"cause.clsname", JsonRole::Type, kAnyWeight},
    JsonField{"failureinfo.type", JsonRole::Type, kAnyWeight},
    JsonField{"exception.type", JsonRole::Type, kAnyWeight},
    JsonField{"exception.class", JsonRole::Type, kAnyWeight},
    JsonField{"exceptionclass", JsonRole::Type, kAnyWeight},
    JsonField{"exceptiontype", JsonRole::Type, kAnyWeight},
    JsonField{"exceptionname", JsonRole::Type, kAnyWeight},
    JsonField{"thrown.name", JsonRole::Type, kAnyWeight},
    JsonField{"cause.name", JsonRole::Type, kAnyWeight},
    JsonField{"cause.type", JsonRole::Type, kAnyWeight},
    JsonField{"cause.class", JsonRole::Type, kAnyWeight},
    JsonField{"rootcause.type", JsonRole::Type, kAnyWeight},
    JsonField{"level", JsonRole::Level, kAnyWeight},
    JsonField{"levelname", JsonRole::Level, kAnyWeight},
    JsonField{"loglevel", JsonRole::Level, kAnyWeight},
    JsonField{"log.level", JsonRole::Level, kAnyWeight},
    JsonField{"lvl", JsonRole::Level, kAnyWeight},
    JsonField{"severity", JsonRole::Level, kAnyWeight},
    JsonField{"severitytext", JsonRole::Level, kAnyWeight},
};

const JsonField *fieldOf(std::string_view name)
{
    const auto found =
        std::find_if(kFields.begin(), kFields.end(), [&](const JsonField &field) { return field.name == name; });
    return found == kFields.end() ? nullptr : &*found;
}

} // namespace

std::string plainName(std::string_view key)
{
    constexpr std::size_t kLongest = 40;
    std::string name;
    for (const char byte : key.substr(0, kLongest))
        if (byte != '_' && byte != '-' && byte != '@')
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
    return name;
}

const JsonField *jsonFieldOf(std::string_view object, std::string_view key)
{
    const std::string name = plainName(key);
    const JsonField *within = object.empty() ? nullptr : fieldOf(std::string(object) + '.' + name);
    return within != nullptr ? within : fieldOf(name);
}

LineMark levelMark(std::string_view level)
{
    std::string name = plainName(level);
    if (!name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) != 0) {
        const int number = std::atoi(name.c_str());
        const bool syslog = number < 8;
        if (syslog ? number < 4 : number >= 50)
            return LineMark::Error;
        return (syslog ? number == 4 : number >= 40) ? LineMark::Warning : LineMark::Information;
    }
    for (const std::string_view word : {"err", "fatal", "crit", "severe", "alert", "emerg", "panic", "dpanic"})
        if (name.starts_with(word))
            return LineMark::Error;
    if (name.starts_with("warn"))
        return LineMark::Warning;
    for (const std::string_view word : {"info", "debug", "trace", "notice"})
        if (name.starts_with(word))
            return LineMark::Information;
    return LineMark::None;
}

} // namespace mulligan::text
