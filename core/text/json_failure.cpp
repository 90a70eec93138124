#include "text/json_failure.hpp"

#include "text/exception_list.hpp"
#include "text/exception_name.hpp"
#include "text/json_tree.hpp"
#include "text/signs.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace mulligan::text
{

namespace
{

constexpr int kMostDeepFields = 8;
constexpr int kMostNested = 3;

enum class Role { Message, Told, Trace, Type, Level };

/// A field by its name in lower case, without '_', '-' and '@', behind its object's name where that tells.
struct Field {
    std::string_view name;
    Role role;
    int weight; ///< of two the heavier one counts
};

constexpr int kTraceWeight = 50; ///< before all else
constexpr int kReason = 7;       ///< what an exception says
constexpr int kError = 6;        ///< what a program says of one
constexpr int kStatus = 4;       ///< what a system says of the job that failed
constexpr int kMessage = 2;      ///< what is logged, whatever happened
constexpr int kOfType = 5;       ///< more, where the type of the exception stands beside it
constexpr int kNamed = 2;        ///< more, for a message that names an exception
constexpr int kOneWord = 5;      ///< less, for a message without a blank: a code or a state
constexpr int kAnyWeight = 0;    ///< of what is no text to choose

constexpr std::array kFields = {
    Field{"excinfo", Role::Trace, kTraceWeight},
    Field{"exctext", Role::Trace, kTraceWeight},
    Field{"exc", Role::Trace, kTraceWeight},
    Field{"exception", Role::Trace, kTraceWeight},
    Field{"throwable", Role::Trace, kTraceWeight},
    Field{"thrown", Role::Trace, kTraceWeight},
    Field{"stack", Role::Trace, kTraceWeight},
    Field{"stacktrace", Role::Trace, kTraceWeight},
    Field{"error.stack", Role::Trace, kTraceWeight},
    Field{"error.stacktrace", Role::Trace, kTraceWeight},
    Field{"exception.stacktrace", Role::Trace, kTraceWeight},
    Field{"extendedstacktrace", Role::Trace, kTraceWeight},
    Field{"errortrace", Role::Trace, kTraceWeight},
    Field{"errorstacktrace", Role::Trace, kTraceWeight},
    Field{"traceback", Role::Trace, kTraceWeight},
    Field{"cause.message", Role::Told, kReason + 1},
    Field{"rootcause.reason", Role::Told, kReason + 1},
    Field{"cause", Role::Told, kReason},
    Field{"error.message", Role::Told, kReason},
    Field{"error.reason", Role::Told, kReason},
    Field{"err.message", Role::Told, kReason},
    Field{"exception.message", Role::Told, kReason},
    Field{"exceptionmessage", Role::Told, kReason},
    Field{"thrown.message", Role::Told, kReason},
    Field{"errormessage", Role::Told, kReason},
    Field{"errormsg", Role::Told, kReason},
    Field{"errmsg", Role::Told, kReason},
    Field{"errordescription", Role::Told, kReason},
    Field{"failurereason", Role::Told, kReason},
    Field{"failuredetails.message", Role::Told, kReason},
    Field{"error", Role::Told, kError},
    Field{"err", Role::Told, kError},
    Field{"errors", Role::Told, kError},
    Field{"failure", Role::Told, kError},
    Field{"reason", Role::Told, kStatus + 1},
    Field{"statusreason", Role::Told, kStatus},
    Field{"stoppedreason", Role::Told, kStatus},
    Field{"statemessage", Role::Told, kStatus},
    Field{"statusmessage", Role::Told, kStatus},
    Field{"errordetails", Role::Told, kStatus},
    Field{"message", Role::Message, kMessage},
    Field{"msg", Role::Message, kMessage},
    Field{"event", Role::Message, kMessage},
    Field{"textpayload", Role::Message, kMessage},
    Field{"log", Role::Message, kMessage},
    Field{"body", Role::Message, kMessage},
    Field{"fullmessage", Role::Message, kMessage + 1},
    Field{"shortmessage", Role::Message, kMessage},
    Field{"error.type", Role::Type, kAnyWeight},
    Field{"error.class", Role::Type, kAnyWeight},
    Field{"error.name", Role::Type, kAnyWeight},
    Field{"error.code", Role::Type, kAnyWeight},
    Field{"error.kind", Role::Type, kAnyWeight},
    Field{"err.type", Role::Type, kAnyWeight},
    Field{"err.name", Role::Type, kAnyWeight},
    Field{"errortype", Role::Type, kAnyWeight},
    Field{"exception.type", Role::Type, kAnyWeight},
    Field{"exception.class", Role::Type, kAnyWeight},
    Field{"exceptionclass", Role::Type, kAnyWeight},
    Field{"exceptiontype", Role::Type, kAnyWeight},
    Field{"exceptionname", Role::Type, kAnyWeight},
    Field{"thrown.name", Role::Type, kAnyWeight},
    Field{"cause.name", Role::Type, kAnyWeight},
    Field{"cause.type", Role::Type, kAnyWeight},
    Field{"cause.class", Role::Type, kAnyWeight},
    Field{"rootcause.type", Role::Type, kAnyWeight},
    Field{"level", Role::Level, kAnyWeight},
    Field{"levelname", Role::Level, kAnyWeight},
    Field{"loglevel", Role::Level, kAnyWeight},
    Field{"log.level", Role::Level, kAnyWeight},
    Field{"lvl", Role::Level, kAnyWeight},
    Field{"severity", Role::Level, kAnyWeight},
    Field{"severitytext", Role::Level, kAnyWeight},
};

std::string plainName(std::string_view key)
{
    constexpr std::size_t kLongest = 40;
    std::string name;
    for (const char byte : key.substr(0, kLongest))
        if (byte != '_' && byte != '-' && byte != '@')
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
    return name;
}

const Field *fieldOf(std::string_view name)
{
    const auto found =
        std::find_if(kFields.begin(), kFields.end(), [&](const Field &field) { return field.name == name; });
    return found == kFields.end() ? nullptr : &*found;
}

/// The field that a member is; its object's name goes before its own where both together are one.
const Field *fieldOf(std::string_view object, std::string_view key)
{
    const std::string name = plainName(key);
    const Field *within = object.empty() ? nullptr : fieldOf(std::string(object) + '.' + name);
    return within != nullptr ? within : fieldOf(name);
}

/// Members that hold what a program worked on, or where it was.
bool isPassedOver(std::string_view name)
{
    static constexpr std::array<std::string_view, 12> kNames = {"frames",  "locals", "env",        "environment",
                                                                "request", "input",  "parameters", "arguments",
                                                                "labels",  "tags",   "metadata",   "httprequest"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// The level that a field gives in letters, or in numbers as syslog (0 to 7) and Node.js' loggers (10 to 60) do.
LineMark markOf(std::string_view level)
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

/// Whether a text says anything: "none", "null", "-" and numbers do not.
bool says(std::string_view text)
{
    constexpr std::size_t kFewest = 4;
    const auto letters = std::count_if(text.begin(), text.end(), [](char byte) {
        return std::isalpha(static_cast<unsigned char>(byte)) != 0 || static_cast<unsigned char>(byte) >= 0x80;
    });
    return letters >= static_cast<std::ptrdiff_t>(kFewest) && text != "None" && text != "null"
           && text != "NoneType: None" && text != "true" && text != "false";
}

/// Whether a text may be the name of an exception's type: a word, maybe with dots.
bool isTypeName(std::string_view text)
{
    return !text.empty()
           && std::all_of(text.begin(), text.end(), [](char byte) { return isWordByte(byte) || byte == '.'; })
           && std::isalpha(static_cast<unsigned char>(text.front())) != 0;
}

/// Whether a text holds an exception with its trace, rather than frames alone or a few words.
bool isTrace(std::string_view text)
{
    const bool frames =
        text.find("\n\tat ") != std::string_view::npos || text.find("\n    at ") != std::string_view::npos;
    return text.find("Traceback (most recent call last)") != std::string_view::npos
           || (frames && !text.starts_with("at ")) || text.find("\nCaused by: ") != std::string_view::npos
           || beginsWithException(text);
}

/// Whether a message passes an exception on by its name, with what that says.
bool namesException(std::string_view text)
{
    const auto name = exceptionIn(text, 0);
    return name && text.substr(name->begin + name->name.size()).starts_with(": ");
}

bool holdsJson(std::string_view text)
{
    return text.starts_with('{') || text.starts_with("[{");
}

/// An exception by its type and what it says, as Python ends a traceback, so that whatever name the type has is read as
/// one.
std::string exceptionText(std::string_view type, std::string_view message)
{
    std::string text = "Traceback (most recent call last):\n";
    text.append(type).append(message.empty() ? "" : ": ").append(message);
    return text;
}

/// What is known of an object while its members are read.
struct Place {
    std::string name; ///< of the object or list, as `plainName` gives it
    std::string type; ///< of the exception that it tells of; may be empty
    int depth = 0;
};

/// Chooses among the fields of one JSON text.
class Chooser
{
public:
    explicit Chooser(int nested) : m_nested(nested) {}

    void read(const JsonNode &node, std::string name, int depth)
    {
        if (depth > kMostDeepFields)
            return;
        if (auto text = exceptionListText(node))
            return offer({std::move(*text), node.begin, JsonFailure::Kind::Trace}, kTraceWeight + 1);
        Place place{name == "errors" ? "error" : std::move(name), {}, depth};
        if (node.isObject()) {
            place.type = typeIn(node, place.name);
            if (exceptionAt(place.type, 0)) // it may say nothing
                offer({exceptionText(place.type, ""), node.begin, JsonFailure::Kind::Trace},
                      kReason + kOfType - 1 + deeper(place));
        }
        for (const JsonNode &child : node.children)
            readMember(child, node.isObject() ? child.key : std::string_view(place.name), place);
    }

    [[nodiscard]] std::optional<JsonFailure> found() &&
    {
        if (m_weight == 0)
            return std::nullopt;
        m_best.mark = m_mark;
        return std::move(m_best);
    }

private:
    /// The cause of a cause counts more, whatever else is known of it.
    static int deeper(const Place &place) { return place.name == "cause" ? 3 * (1 + place.depth) : 0; }

    static std::string typeIn(const JsonNode &object, std::string_view name)
    {
        const JsonNode *error = nullptr;
        const JsonNode *cause = nullptr;
        for (const JsonNode &child : object.children) {
            const Field *field = child.isText() ? fieldOf(name, child.key) : nullptr;
            if (field == nullptr)
                continue;
            if (field->role == Role::Type && isTypeName(child.text))
                return std::string(child.text);
            error = field->name == "error" ? &child : error;
            cause = field->name == "cause" ? &child : cause;
        }
        // Step Functions call the type "Error" where there is a "Cause".
        const bool both = error != nullptr && cause != nullptr && isTypeName(error->text);
        return both ? std::string(error->text) : std::string();
    }

    void readMember(const JsonNode &node, std::string_view key, const Place &place)
    {
        const std::string name = plainName(key);
        if (isPassedOver(name))
            return;
        if (node.isObject() || node.isArray())
            return read(node, name, place.depth + 1);
        const Field *field = fieldOf(place.name, key);
        if (field == nullptr || field->role == Role::Type)
            return;
        if (field->role == Role::Level)
            m_mark = m_mark == LineMark::None ? markOf(node.text) : m_mark;
        else if (node.isText())
            readText(node, *field, place);
    }

    void readText(const JsonNode &node, const Field &field, const Place &place)
    {
        std::string text = unescaped(node.text);
        text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
        if (!(place.type.empty() ? says(text) : !text.empty()) || text == place.type)
            return; // what an exception says may be a word
        if (holdsJson(text) && m_nested < kMostNested)
            return readNested(text, node.begin, field);
        if (field.role == Role::Trace)
            return offerTrace(std::move(text), node.begin);
        const bool oneWord = text.find_first_of(" \n") == std::string::npos && !exceptionAt(text, 0);
        int weight = field.weight - (oneWord ? kOneWord : 0) + (namesException(text) ? kNamed : 0) + deeper(place);
        const bool told = field.role == Role::Told;
        JsonFailure failure{std::move(text), node.begin, told ? JsonFailure::Kind::Told : JsonFailure::Kind::Message};
        if (told && !place.type.empty()) {
            weight += kOfType + (oneWord ? kOneWord : 0);
            failure.kind = JsonFailure::Kind::Trace;
            failure.text = exceptionText(place.type, failure.text);
        }
        if (weight >= kMessage)
            offer(std::move(failure), weight);
    }

    void readNested(std::string_view text, std::size_t begin, const Field &field)
    {
        Chooser inner(m_nested + 1);
        inner.read(readJsonTree(text), "", 0);
        const int weight = inner.m_weight;
        auto found = std::move(inner).found();
        if (!found)
            return;
        if (found->kind == JsonFailure::Kind::Message && field.role == Role::Told)
            found->kind = JsonFailure::Kind::Told;
        m_mark = m_mark == LineMark::None ? found->mark : m_mark;
        offer({std::move(found->text), begin, found->kind}, std::max(weight, field.weight));
    }

    void offerTrace(std::string text, std::size_t begin)
    {
        if (!says(text))
            return;
        if (isTrace(text))
            offer({std::move(text), begin, JsonFailure::Kind::Trace}, kTraceWeight);
        else if (text.find("File \"") == std::string::npos && !text.starts_with("at ")) // no frames alone
            offer({std::move(text), begin, JsonFailure::Kind::Told}, kError);
    }

    void offer(JsonFailure failure, int weight)
    {
        if (weight <= m_weight) // of equals the first
            return;
        m_best = std::move(failure);
        m_weight = weight;
    }

    int m_nested;
    JsonFailure m_best;
    int m_weight = 0;
    LineMark m_mark = LineMark::None;
};

} // namespace

std::optional<JsonFailure> jsonFailureIn(std::string_view json)
{
    Chooser chooser(0);
    chooser.read(readJsonTree(json), "", 0);
    return std::move(chooser).found();
}

bool mayHoldFailure(std::string_view json)
{
    static constexpr auto kSigns =
        signList({"rror",         "RROR",         "atal\"",      "ATAL\"",        "ritical\"",    "RITICAL\"",
                  "EVERE",        "evere\"",      "LERT\"",      "MERGENCY",      "anic\"",       "xception",
                  "xc_",          "exc\"",        "hrowable",    "hrown",         "tack",         "raceback",
                  "ause\"",       "eason",        "ailure",      "err\"",         "\"level\":5",  "\"level\":6",
                  "\"level\": 5", "\"level\": 6", "tateMessage", "state_message", "tatusMessage", "status_message"});
    return kSigns.standIn(json);
}

} // namespace mulligan::text
