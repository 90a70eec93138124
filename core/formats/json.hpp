#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mulligan::formats
{

/// A JSON value with its own storage. Objects keep the order of insertion, so that what we write is stable.
class Json
{
public:
    using Array = std::vector<Json>;
    using Object = std::vector<std::pair<std::string, Json>>;

    Json() = default;
    Json(std::nullptr_t) {}
    Json(bool value) : m_value(value) {}
    Json(int value) : m_value(static_cast<std::int64_t>(value)) {}
    Json(std::int64_t value) : m_value(value) {}
    Json(std::uint64_t value) : m_value(static_cast<std::int64_t>(value)) {}
    Json(double value) : m_value(value) {}
    Json(const char *value) : m_value(std::string(value)) {}
    Json(std::string_view value) : m_value(std::string(value)) {}
    Json(std::string value) : m_value(std::move(value)) {}
    Json(Array value) : m_value(std::move(value)) {}
    Json(Object value) : m_value(std::move(value)) {}
    [[nodiscard]] static Json array() { return Json(Array{}); }
    [[nodiscard]] static Json object() { return Json(Object{}); }

    [[nodiscard]] bool isNull() const { return std::holds_alternative<std::monostate>(m_value); }
    [[nodiscard]] bool isBool() const { return std::holds_alternative<bool>(m_value); }
    [[nodiscard]] bool isInteger() const { return std::holds_alternative<std::int64_t>(m_value); }
    [[nodiscard]] bool isNumber() const { return isInteger() || std::holds_alternative<double>(m_value); }
    [[nodiscard]] bool isString() const { return std::holds_alternative<std::string>(m_value); }
    [[nodiscard]] bool isArray() const { return std::holds_alternative<Array>(m_value); }
    [[nodiscard]] bool isObject() const { return std::holds_alternative<Object>(m_value); }

    // Reads of the wrong kind give the fallback; they never throw.
    [[nodiscard]] bool boolean(bool fallback = false) const;
    [[nodiscard]] std::int64_t integer(std::int64_t fallback = 0) const;
    [[nodiscard]] double number(double fallback = 0.0) const;
    [[nodiscard]] const std::string &string() const; ///< "" when it is not a string
    [[nodiscard]] const Array &items() const;        ///< empty when it is not an array
    [[nodiscard]] const Object &members() const;     ///< empty when it is not an object
    [[nodiscard]] size_t size() const;               ///< of an array or object, else 0

    /// Member by key, or null.
    [[nodiscard]] const Json &operator[](std::string_view key) const;
    [[nodiscard]] const Json *find(std::string_view key) const;
    /// Adds or replaces a member (makes a null value an object). Returns *this for chaining.
    Json &set(std::string key, Json value);
    /// Appends to an array (makes a null value an array).
    Json &push(Json value);

    bool operator==(const Json &) const = default;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> m_value;
};

/// Parses one JSON document (simdjson). Errors: Parse, with line, column and what was wrong. Depth at most 256.
[[nodiscard]] base::Result<Json> parseJson(std::string_view text);
/// Compact JSON. Doubles are the shortest text that reads back the same; NaN and infinities are written as null.
/// Invalid UTF-8 in strings is written as U+FFFD.
[[nodiscard]] std::string writeJson(const Json &value);
/// Appends what writeJson makes of a string or a double, for texts that are put together by hand.
void appendJsonString(std::string &out, std::string_view text);
void appendJsonNumber(std::string &out, double value);
/// Indented by two spaces, with a final newline.
[[nodiscard]] std::string writeJsonIndented(const Json &value);

} // namespace mulligan::formats
