#include "formats/json.hpp"

#include "formats/json_check.hpp"
#include "formats/line_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <simdjson.h>

namespace mulligan::formats
{

namespace
{

constexpr int kMaxDepth = 256;
const Json kNull;
const std::string kNoText;
const Json::Array kNoItems;
const Json::Object kNoMembers;

Json fromDom(const simdjson::dom::element &element)
{
    using Type = simdjson::dom::element_type;
    switch (element.type()) {
    case Type::ARRAY: {
        Json::Array items;
        for (const auto item : simdjson::dom::array(element))
            items.push_back(fromDom(item));
        return Json(std::move(items));
    }
    case Type::OBJECT: {
        Json::Object members;
        for (const auto field : simdjson::dom::object(element))
            members.emplace_back(std::string(field.key), fromDom(field.value));
        return Json(std::move(members));
    }
    case Type::INT64: return Json(static_cast<std::int64_t>(element.get_int64()));
    case Type::UINT64: return Json(static_cast<double>(static_cast<std::uint64_t>(element.get_uint64())));
    case Type::DOUBLE: return Json(static_cast<double>(element.get_double()));
    case Type::STRING: return Json(std::string_view(element.get_string()));
    case Type::BOOL: return Json(static_cast<bool>(element.get_bool()));
    case Type::NULL_VALUE: break;
    }
    return {};
}

bool isPlain(char c)
{
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

void appendEscaped(std::string &out, std::string_view text)
{
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t begin = i;
        while (i < text.size() && isPlain(text[i]))
            ++i;
        out.append(text, begin, i - begin);
        if (i == text.size())
            break;
        const char c = text[i];
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            out += "\\u00";
            out += kHex[(c >> 4) & 0xf];
            out += kHex[c & 0xf];
        }
    }
    out += '"';
}

void appendString(std::string &out, std::string_view text)
{
    if (isValidUtf8(text))
        appendEscaped(out, text);
    else
        appendEscaped(out, repairedUtf8(text));
}

void appendNumber(std::string &out, double value)
{
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    char buffer[40];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    const std::string_view digits(buffer, static_cast<size_t>(end - buffer));
    out += digits;
    // A whole number stays recognisable as a double, so that it reads back as the same kind.
    if (digits.find_first_of(".en") == std::string_view::npos)
        out += ".0";
}

struct Writer {
    std::string out;
    bool indented = false;

    void newLine(int depth)
    {
        if (indented) {
            out += '\n';
            out.append(static_cast<size_t>(depth) * 2, ' ');
        }
    }

    void write(const Json &value, int depth)
    {
        if (value.isArray()) {
            writeArray(value, depth);
        } else if (value.isObject()) {
            writeObject(value, depth);
        } else if (value.isString()) {
            appendString(out, value.string());
        } else if (value.isInteger()) {
            out += std::to_string(value.integer());
        } else if (value.isNumber()) {
            appendNumber(out, value.number());
        } else if (value.isBool()) {
            out += value.boolean() ? "true" : "false";
        } else {
            out += "null";
        }
    }

    void writeArray(const Json &value, int depth)
    {
        out += '[';
        bool first = true;
        for (const Json &item : value.items()) {
            if (!first)
                out += ',';
            first = false;
            newLine(depth + 1);
            write(item, depth + 1);
        }
        if (!first)
            newLine(depth);
        out += ']';
    }

    void writeObject(const Json &value, int depth)
    {
        out += '{';
        bool first = true;
        for (const auto &[key, member] : value.members()) {
            if (!first)
                out += ',';
            first = false;
            newLine(depth + 1);
            appendString(out, key);
            out += indented ? ": " : ":";
            write(member, depth + 1);
        }
        if (!first)
            newLine(depth);
        out += '}';
    }
};

} // namespace

bool Json::boolean(bool fallback) const
{
    const bool *value = std::get_if<bool>(&m_value);
    return value != nullptr ? *value : fallback;
}

std::int64_t Json::integer(std::int64_t fallback) const
{
    if (const auto *value = std::get_if<std::int64_t>(&m_value))
        return *value;
    if (const auto *value = std::get_if<double>(&m_value);
        value != nullptr && std::trunc(*value) == *value && std::abs(*value) < 9.2e18)
        return static_cast<std::int64_t>(*value);
    return fallback;
}

double Json::number(double fallback) const
{
    if (const auto *value = std::get_if<std::int64_t>(&m_value))
        return static_cast<double>(*value);
    const double *value = std::get_if<double>(&m_value);
    return value != nullptr ? *value : fallback;
}

const std::string &Json::string() const
{
    const auto *value = std::get_if<std::string>(&m_value);
    return value != nullptr ? *value : kNoText;
}

const Json::Array &Json::items() const
{
    const auto *value = std::get_if<Array>(&m_value);
    return value != nullptr ? *value : kNoItems;
}

const Json::Object &Json::members() const
{
    const auto *value = std::get_if<Object>(&m_value);
    return value != nullptr ? *value : kNoMembers;
}

size_t Json::size() const
{
    return isArray() ? items().size() : members().size();
}

const Json *Json::find(std::string_view key) const
{
    for (const auto &[name, value] : members()) {
        if (name == key)
            return &value;
    }
    return nullptr;
}

const Json &Json::operator[](std::string_view key) const
{
    const Json *found = find(key);
    return found != nullptr ? *found : kNull;
}

Json &Json::set(std::string key, Json value)
{
    if (!isObject())
        m_value = Object{};
    auto &members = std::get<Object>(m_value);
    const auto at =
        std::find_if(members.begin(), members.end(), [&](const auto &member) { return member.first == key; });
    if (at != members.end())
        at->second = std::move(value);
    else
        members.emplace_back(std::move(key), std::move(value));
    return *this;
}

Json &Json::push(Json value)
{
    if (!isArray())
        m_value = Array{};
    std::get<Array>(m_value).push_back(std::move(value));
    return *this;
}

base::Result<Json> parseJson(std::string_view text)
{
    simdjson::dom::parser parser;
    if (const auto failure = parser.allocate(std::max<size_t>(text.size(), 64), kMaxDepth);
        failure != simdjson::SUCCESS)
        return base::makeError(base::ErrorCode::LimitExceeded, "The JSON text is too large to parse");
    const auto parsed = parser.parse(text.data(), text.size());
    if (parsed.error() != simdjson::SUCCESS) {
        const bool deep = parsed.error() == simdjson::DEPTH_ERROR;
        const char *hint = deep ? "Nesting is limited to 256 levels." : "Check brackets, quotes and commas.";
        if (const auto problem = findJsonProblem(text))
            return base::makeError(base::ErrorCode::Parse, "Not valid JSON: " + problem->message, hint)
                .in(placeOf(text, problem->offset));
        return base::makeError(base::ErrorCode::Parse,
                               std::string("Not valid JSON: ") + simdjson::error_message(parsed.error()), hint);
    }
    return fromDom(parsed.value_unsafe());
}

void appendJsonString(std::string &out, std::string_view text)
{
    appendString(out, text);
}

void appendJsonNumber(std::string &out, double value)
{
    appendNumber(out, value);
}

std::string writeJson(const Json &value)
{
    Writer writer;
    writer.write(value, 0);
    return std::move(writer.out);
}

std::string writeJsonIndented(const Json &value)
{
    Writer writer;
    writer.indented = true;
    writer.write(value, 0);
    return std::move(writer.out) + "\n";
}

} // namespace mulligan::formats
