#include "formats/json_cursor.hpp"

#include <cstring>
#include <string>

#include <simdjson.h>

static_assert(mulligan::formats::kJsonPadding >= simdjson::SIMDJSON_PADDING);

namespace mulligan::formats
{

namespace ondemand = simdjson::ondemand;

namespace
{

ondemand::value &valueOf(void *value)
{
    return *static_cast<ondemand::value *>(value);
}

// A wrong type is an answer; anything else means the document is broken.
bool broken(simdjson::error_code code)
{
    return code != simdjson::SUCCESS && code != simdjson::INCORRECT_TYPE && code != simdjson::NUMBER_OUT_OF_RANGE;
}

} // namespace

struct JsonReader::State {
    ondemand::parser parser;
    std::string padded;
};

JsonKind JsonCursor::kind()
{
    const auto type = valueOf(m_value).type();
    if (type.error() != simdjson::SUCCESS) {
        *m_error = type.error();
        return JsonKind::Null;
    }
    switch (type.value_unsafe()) {
    case ondemand::json_type::array: return JsonKind::Array;
    case ondemand::json_type::object: return JsonKind::Object;
    case ondemand::json_type::number: return JsonKind::Number;
    case ondemand::json_type::string: return JsonKind::String;
    case ondemand::json_type::boolean: return JsonKind::Boolean;
    case ondemand::json_type::null: break;
    }
    return JsonKind::Null;
}

std::optional<std::string_view> JsonCursor::string()
{
    std::string_view text;
    if (const auto code = valueOf(m_value).get_string().get(text); code != simdjson::SUCCESS) {
        if (broken(code))
            *m_error = code;
        return std::nullopt;
    }
    return text;
}

std::optional<double> JsonCursor::number()
{
    double number = 0.0;
    if (const auto code = valueOf(m_value).get_double().get(number); code != simdjson::SUCCESS) {
        if (broken(code))
            *m_error = code;
        return std::nullopt;
    }
    return number;
}

std::optional<std::int64_t> JsonCursor::integer()
{
    std::int64_t number = 0;
    if (const auto code = valueOf(m_value).get_int64().get(number); code != simdjson::SUCCESS)
        return std::nullopt;
    return number;
}

std::optional<bool> JsonCursor::boolean()
{
    bool truth = false;
    if (const auto code = valueOf(m_value).get_bool().get(truth); code != simdjson::SUCCESS) {
        if (broken(code))
            *m_error = code;
        return std::nullopt;
    }
    return truth;
}

std::string_view JsonCursor::raw()
{
    std::string_view text;
    const auto type = valueOf(m_value).type();
    if (type.error() != simdjson::SUCCESS) {
        *m_error = type.error();
        return {};
    }
    simdjson::error_code code = simdjson::SUCCESS;
    if (type.value_unsafe() == ondemand::json_type::object) {
        ondemand::object object;
        code = valueOf(m_value).get_object().get(object);
        if (code == simdjson::SUCCESS)
            code = object.raw_json().get(text);
    } else if (type.value_unsafe() == ondemand::json_type::array) {
        ondemand::array array;
        code = valueOf(m_value).get_array().get(array);
        if (code == simdjson::SUCCESS)
            code = array.raw_json().get(text);
    } else {
        text = valueOf(m_value).raw_json_token();
        while (!text.empty() && std::strchr(" \t\r\n", text.back()) != nullptr)
            text.remove_suffix(1);
    }
    if (code != simdjson::SUCCESS)
        *m_error = code;
    return text;
}

bool JsonCursor::members(FunctionRef<void(std::string_view key, JsonCursor &value)> visit)
{
    ondemand::object object;
    if (const auto code = valueOf(m_value).get_object().get(object); code != simdjson::SUCCESS) {
        if (broken(code))
            *m_error = code;
        return false;
    }
    for (auto field : object) {
        std::string_view key;
        ondemand::value value;
        auto code = field.unescaped_key().get(key);
        if (code == simdjson::SUCCESS)
            code = field.value().get(value);
        if (code != simdjson::SUCCESS) {
            *m_error = code;
            return true;
        }
        JsonCursor cursor(&value, m_error);
        visit(key, cursor);
        if (*m_error != simdjson::SUCCESS)
            return true;
    }
    return true;
}

bool JsonCursor::items(FunctionRef<void(JsonCursor &item)> visit)
{
    ondemand::array array;
    if (const auto code = valueOf(m_value).get_array().get(array); code != simdjson::SUCCESS) {
        if (broken(code))
            *m_error = code;
        return false;
    }
    for (auto item : array) {
        ondemand::value value;
        if (const auto code = item.get(value); code != simdjson::SUCCESS) {
            *m_error = code;
            return true;
        }
        JsonCursor cursor(&value, m_error);
        visit(cursor);
        if (*m_error != simdjson::SUCCESS)
            return true;
    }
    return true;
}

JsonReader::JsonReader() : m_state(std::make_unique<State>())
{
}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader &&) noexcept = default;
JsonReader &JsonReader::operator=(JsonReader &&) noexcept = default;

base::Result<void> JsonReader::readPadded(std::string_view text,
                                          FunctionRef<void(std::string_view key, JsonCursor &value)> visit)
{
    const auto failed = [](simdjson::error_code code) {
        return base::makeError(base::ErrorCode::Parse,
                               std::string("Not a sound JSON object: ") + simdjson::error_message(code));
    };
    ondemand::document document;
    const simdjson::padded_string_view view(text.data(), text.size(), text.size() + kJsonPadding);
    if (const auto code = m_state->parser.iterate(view).get(document); code != simdjson::SUCCESS)
        return failed(code);
    ondemand::object object;
    if (const auto code = document.get_object().get(object); code != simdjson::SUCCESS)
        return code == simdjson::INCORRECT_TYPE
                   ? base::makeError(base::ErrorCode::Parse, "Expected a JSON object on this line")
                   : failed(code);
    int error = simdjson::SUCCESS;
    for (auto field : object) {
        std::string_view key;
        ondemand::value value;
        auto code = field.unescaped_key().get(key);
        if (code == simdjson::SUCCESS)
            code = field.value().get(value);
        if (code != simdjson::SUCCESS)
            return failed(code);
        JsonCursor cursor(&value, &error);
        visit(key, cursor);
        if (error != simdjson::SUCCESS)
            return failed(static_cast<simdjson::error_code>(error));
    }
    if (document.current_location().error() == simdjson::SUCCESS)
        return base::makeError(base::ErrorCode::Parse, "Something stands behind the JSON object on this line");
    return {};
}

base::Result<void> JsonReader::read(std::string_view text,
                                    FunctionRef<void(std::string_view key, JsonCursor &value)> visit)
{
    m_state->padded.assign(text);
    m_state->padded.append(kJsonPadding, ' ');
    return readPadded(std::string_view(m_state->padded).substr(0, text.size()), visit);
}

} // namespace mulligan::formats
