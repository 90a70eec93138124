#include "text/json_failure.hpp"

#include "text/exception_list.hpp"
#include "text/exception_name.hpp"
#include "text/json_fields.hpp"
#include "text/json_tree.hpp"
#include "text/signs.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace mulligan::text
{

namespace
{

constexpr int kMostDeepFields = 8;
constexpr int kMostNested = 3;
// What a text gains beside the weight of its field.
constexpr int kOfType = 5;  ///< more, where the type of the exception stands beside it
constexpr int kNamed = 2;   ///< more, for a message that names an exception
constexpr int kOneWord = 5; ///< less, for a message without a blank: a code or a state

/// Members that hold what a program worked on, or where it was.
bool isPassedOver(std::string_view name)
{
    static constexpr std::array<std::string_view, 12> kNames = {"frames",  "locals", "env",        "environment",
                                                                "request", "input",  "parameters", "arguments",
                                                                "labels",  "tags",   "metadata",   "httprequest"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
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

/// Whether a member says of its object, whose message tells why, that something failed: activities of Azure's Data
/// Factory and Synapse write "errorCode" and "failureType" beside "message".
bool isCodeOfFailure(const JsonNode &member)
{
    const std::string name = plainName(member.key);
    const bool code = name == "errorcode" || name == "failuretype";
    return code && !member.isObject() && !member.isArray() && !member.text.empty() && member.text != "0"
           && member.text != "null";
}

/// Whether an object is a line that Airflow 3 passes on as information, whatever its task or the task's child wrote.
bool isOfChild(const JsonNode &object)
{
    const JsonNode *logger = object.member("logger");
    return logger != nullptr && (logger->text == "task.stdout" || logger->text == "task.stderr");
}

/// What is known of an object while its members are read.
struct Place {
    std::string name;               ///< of the object or list, as `plainName` gives it
    std::string type;               ///< of the exception that it tells of; may be empty
    bool failed = false;            ///< it has a code or a kind of a failure
    LineMark mark = LineMark::None; ///< of its level, or of what it stands in
    int depth = 0;
};

/// Chooses among the fields of one JSON text.
class Chooser
{
public:
    explicit Chooser(int nested) : m_nested(nested) {}

    void read(const JsonNode &node, std::string name, LineMark mark, int depth)
    {
        if (depth > kMostDeepFields)
            return;
        if (auto text = exceptionListText(node))
            return offer({std::move(*text), node.begin, JsonFailure::Kind::Trace, mark}, kTraceWeight + 1);
        Place place{name == "errors" ? "error" : std::move(name), {}, false, mark, depth};
        if (node.isObject()) {
            place.mark = isOfChild(node) ? LineMark::None : markIn(node, place.name).value_or(mark);
            place.type = typeIn(node, place.name);
            place.failed = std::any_of(node.children.begin(), node.children.end(), isCodeOfFailure);
            if (exceptionAt(place.type, 0)) // it may say nothing
                offer({exceptionText(place.type, ""), node.begin, JsonFailure::Kind::Trace, place.mark},
                      kReason + kOfType - 1 + deeper(place));
        }
        for (const JsonNode &child : node.children)
            readMember(child, node.isObject() ? child.key : std::string_view(place.name), place);
    }

    [[nodiscard]] std::optional<JsonFailure> found() &&
    {
        if (m_weight == 0)
            return std::nullopt;
        return std::move(m_best);
    }

private:
    /// The cause of a cause counts more, whatever else is known of it.
    static int deeper(const Place &place) { return place.name == "cause" ? 3 * (1 + place.depth) : 0; }

    /// The level that an object states, which those of the Elastic Common Schema have in an object of its own.
    static std::optional<LineMark> markIn(const JsonNode &object, std::string_view name)
    {
        for (const JsonNode &child : object.children) {
            if (child.isObject()) {
                const auto mark = child.key == "log" ? markIn(child, child.key) : std::nullopt;
                if (mark)
                    return mark;
                continue;
            }
            const JsonField *field = child.isArray() ? nullptr : jsonFieldOf(name, child.key);
            if (field != nullptr && field->role == JsonRole::Level)
                return levelMark(child.text);
        }
        return std::nullopt;
    }

    static std::string typeIn(const JsonNode &object, std::string_view name)
    {
        const JsonNode *error = nullptr;
        const JsonNode *cause = nullptr;
        for (const JsonNode &child : object.children) {
            const JsonField *field = child.isText() ? jsonFieldOf(name, child.key) : nullptr;
            if (field == nullptr)
                continue;
            if (field->role == JsonRole::Type && isTypeName(child.text))
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
            return read(node, name, place.mark, place.depth + 1);
        const JsonField *field = jsonFieldOf(place.name, key);
        if (field != nullptr && field->role != JsonRole::Type && field->role != JsonRole::Level && node.isText())
            readText(node, *field, place);
    }

    void readText(const JsonNode &node, const JsonField &field, const Place &place)
    {
        std::string text = unescaped(node.text);
        text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
        if (!(place.type.empty() ? says(text) : !text.empty()) || text == place.type)
            return; // what an exception says may be a word
        if (holdsJson(text) && m_nested < kMostNested)
            return readNested(text, node.begin, field, place);
        if (field.role == JsonRole::Trace)
            return offerTrace(std::move(text), node.begin, place);
        const bool oneWord = text.find_first_of(" \n") == std::string::npos && !exceptionAt(text, 0);
        int weight = field.weight - (oneWord ? kOneWord : 0) + (namesException(text) ? kNamed : 0) + deeper(place);
        const bool told = field.role == JsonRole::Told || place.failed;
        weight += place.failed && field.role == JsonRole::Message ? kReason - kMessage : 0;
        JsonFailure failure{std::move(text), node.begin, told ? JsonFailure::Kind::Told : JsonFailure::Kind::Message,
                            place.mark};
        if (told && !place.type.empty()) {
            weight += kOfType + (oneWord ? kOneWord : 0);
            failure.kind = JsonFailure::Kind::Trace;
            failure.text = exceptionText(place.type, failure.text);
        }
        if (weight >= kMessage)
            offer(std::move(failure), weight);
    }

    void readNested(std::string_view text, std::size_t begin, const JsonField &field, const Place &place)
    {
        Chooser inner(m_nested + 1);
        inner.read(readJsonTree(text), "", place.mark, 0);
        const int weight = inner.m_weight;
        auto found = std::move(inner).found();
        if (!found)
            return;
        if (found->kind == JsonFailure::Kind::Message && field.role == JsonRole::Told)
            found->kind = JsonFailure::Kind::Told;
        offer({std::move(found->text), begin, found->kind, found->mark}, std::max(weight, field.weight));
    }

    void offerTrace(std::string text, std::size_t begin, const Place &place)
    {
        if (!says(text))
            return;
        if (isTrace(text))
            offer({std::move(text), begin, JsonFailure::Kind::Trace, place.mark}, kTraceWeight);
        else if (text.find(' ') != std::string::npos && text.find("File \"") == std::string::npos
                 && !text.starts_with("at ")) // no id of a trace, nor frames alone
            offer({std::move(text), begin, JsonFailure::Kind::Told, place.mark}, kError);
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
};

} // namespace

std::optional<JsonFailure> jsonFailureIn(std::string_view json)
{
    Chooser chooser(0);
    chooser.read(readJsonTree(json), "", LineMark::None, 0);
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
