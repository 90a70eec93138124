#include "pipeline/match_texts.hpp"

#include "ingest/recognise.hpp"
#include "ingest/redact.hpp"
#include "model/verdict.hpp"
#include "pipeline/error_line.hpp"

#include <algorithm>

namespace mulligan::pipeline
{

namespace
{

using formats::Json;

// As much of a text as tells whether it is one.
constexpr size_t kHeadBytes = 64 * 1024;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view line)
{
    const size_t begin = line.find_first_not_of(" \t\r");
    return begin == std::string_view::npos ? std::string_view()
                                           : line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
}

/// The next non-empty line, trimmed, and its number; false at the end.
bool nextLine(std::string_view input, size_t &at, size_t &number, std::string_view &line)
{
    while (at < input.size()) {
        const size_t end = std::min(input.find('\n', at), input.size());
        line = trimmed(input.substr(at, end - at));
        at = end + 1;
        ++number;
        if (!line.empty())
            return true;
    }
    return false;
}

/// Whether a line begins an object, however it goes on: a brace and a quoted name behind it, or nothing.
bool beginsObject(std::string_view line)
{
    const size_t inside = line.find_first_not_of(" \t", 1);
    return line.front() == '{' && inside != std::string_view::npos && (line[inside] == '"' || line[inside] == '}');
}

/// Whether a line is a record of a log that is written as JSON: such a log is a text, and not a list of texts.
bool isLogRecord(std::string_view line)
{
    constexpr std::string_view kNames[] = {"\"level\"", "\"severity\"", "\"message\"", "\"msg\"", "\"log\""};
    return line.find("\"id\"") == std::string_view::npos
           && std::any_of(std::begin(kNames), std::end(kNames),
                          [&](std::string_view name) { return line.find(name) != std::string_view::npos; });
}

/// Whether the input is JSON Lines of texts rather than one text.
bool holdsRecords(std::string_view input)
{
    size_t at = 0;
    size_t number = 0;
    std::string_view line;
    if (!nextLine(input, at, number, line) || line.front() != '{')
        return false;
    // A record that is broken or lacks its text is one all the same: taken for a text it would get a verdict.
    if (beginsObject(line) && !isLogRecord(line))
        return true;
    do {
        if (line.front() != '{')
            continue;
        const auto json = formats::parseJson(line);
        if (json && json->isObject() && json->find("text") != nullptr)
            return true;
    } while (nextLine(input, at, number, line));
    return false;
}

/// What a value is that is no string, with itself where it is short: "the number 5".
std::string kindOf(const Json &value)
{
    if (value.isObject())
        return "an object";
    if (value.isArray())
        return "an array";
    return (value.isNumber() ? "the number " : "") + formats::writeJson(value);
}

IdentifiedText readRecord(std::string_view line, size_t number)
{
    const std::string place = "line " + std::to_string(number);
    IdentifiedText record;
    auto json = formats::parseJson(line);
    if (!json) {
        record.error = std::move(json).error().in(place);
        return record;
    }
    const Json &id = (*json)["id"];
    record.id = id.isString() ? id.string() : id.isNull() ? std::string() : formats::writeJson(id);
    const Json *text = json->find("text");
    if (text == nullptr || !text->isString()) {
        record.error =
            base::makeError(base::ErrorCode::Parse,
                            text == nullptr ? "The record has no \"text\""
                                            : "The record's \"text\" must be a string, and is " + kindOf(*text),
                            "Give every line as {\"id\": \"…\", \"text\": \"…\"}.")
                .in(place);
        return record;
    }
    if (record.id.empty() && !id.isString())
        record.id = std::to_string(number);
    record.text = text->string();
    return record;
}

/// The whole input as one text. Of what is no text every verdict would be "unclassified", and say nothing of why.
IdentifiedText wholeText(std::string_view input)
{
    if (!ingest::isBinary(input.substr(0, kHeadBytes)))
        return {"1", std::string(input)};
    const size_t zero = input.find('\0');
    const auto before = input.substr(0, zero == std::string_view::npos ? 0 : zero);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    IdentifiedText record;
    record.error =
        base::makeError(base::ErrorCode::Unsupported,
                        std::string("The input is binary, not text: it holds ")
                            + (zero == std::string_view::npos ? "control bytes" : "zero bytes"),
                        "Unpack or decode it first, 'gzip -dc FILE | mulligan match' or 'iconv -f UTF-16 -t UTF-8 "
                        "FILE | mulligan match'; 'mulligan import' reads archives as they are.")
            .in("line " + std::to_string(line));
    return record;
}

Json captureJson(const model::Capture &capture)
{
    Json json = Json::object();
    json.set("text", capture.text);
    if (!capture.unit.empty())
        json.set("unit", capture.unit);
    if (capture.value)
        json.set("value", *capture.value);
    return json;
}

Json matchesJson(const std::vector<model::RuleMatch> &matches)
{
    Json array = Json::array();
    for (const model::RuleMatch &match : matches) {
        Json entry = Json::object();
        entry.set("rule", match.rule);
        entry.set("pattern", match.pattern);
        entry.set("line", match.line);
        Json span = Json::array();
        span.push(static_cast<std::uint64_t>(match.begin)).push(static_cast<std::uint64_t>(match.end));
        entry.set("span", std::move(span));
        entry.set("winner", match.winner);
        if (match.evidence != model::Evidence::Failure)
            entry.set("evidence", name(match.evidence));
        array.push(std::move(entry));
    }
    return array;
}

Json namesJson(const std::vector<std::string> &names)
{
    Json array = Json::array();
    for (const std::string &name : names)
        array.push(name);
    return array;
}

} // namespace

std::vector<IdentifiedText> readTexts(std::string_view input)
{
    if (input.substr(0, kByteOrderMark.size()) == kByteOrderMark)
        input.remove_prefix(kByteOrderMark.size());
    std::vector<IdentifiedText> texts;
    if (input.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return texts;
    if (!holdsRecords(input)) {
        texts.push_back(wholeText(input));
        return texts;
    }
    size_t at = 0;
    size_t number = 0;
    std::string_view line;
    while (nextLine(input, at, number, line)) {
        texts.push_back(readRecord(line, number));
        texts.back().record = texts.size();
    }
    return texts;
}

Json matchText(const classify::Classifier &classifier, const IdentifiedText &text)
{
    if (text.error)
        return errorAnswer(*text.error, text.record, text.id.empty() ? Json() : Json(text.id));
    classify::Subject subject;
    subject.text = text.text;
    text::Scratch scratch = classifier.makeScratch();
    model::Verdict verdict = classifier.classify(subject, scratch);
    // Places are those of the text as it came; what is quoted of it is quoted without its secrets.
    std::string redacted = text.text;
    if (ingest::Redactor().redact(redacted) > 0) {
        subject.text = redacted;
        const model::Verdict quoted = classifier.classify(subject, scratch);
        const bool same = quoted.rule == verdict.rule;
        verdict.captures = same ? quoted.captures : decltype(quoted.captures)();
        verdict.summary = same ? quoted.summary : std::string();
        verdict.advice = same ? quoted.advice : std::string();
    }
    Json captures = Json::object();
    for (const auto &[name, capture] : verdict.captures)
        captures.set(name, captureJson(capture));
    Json json = Json::object();
    json.set("id", text.id);
    json.set("class", verdict.errorClass);
    json.set("domain", std::string(model::name(verdict.domain)));
    json.set("transient", verdict.transient);
    json.set("rule", verdict.rule.empty() ? Json() : Json(verdict.rule));
    json.set("action", std::string(model::name(verdict.action)));
    json.set("summary", verdict.summary);
    json.set("advice", verdict.advice);
    const bool matched = !verdict.matches.empty();
    Json span = Json::array();
    if (matched)
        span.push(static_cast<std::uint64_t>(verdict.matches.front().begin))
            .push(static_cast<std::uint64_t>(verdict.matches.front().end));
    json.set("line", matched ? Json(verdict.matches.front().line) : Json());
    json.set("span", matched ? std::move(span) : Json());
    json.set("captures", std::move(captures));
    json.set("all_rules", matchesJson(verdict.matches));
    if (!verdict.undetermined.empty())
        json.set("undetermined", namesJson(verdict.undetermined));
    return json;
}

} // namespace mulligan::pipeline
