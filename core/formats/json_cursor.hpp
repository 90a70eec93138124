#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>

namespace mulligan::formats
{

/// Readable bytes that must lie behind a text given to JsonReader::read (their value does not matter).
inline constexpr std::size_t kJsonPadding = 64;

/// A reference to something callable, without an allocation; it must outlive the call it is passed to.
template <typename Signature> class FunctionRef;
template <typename R, typename... Args> class FunctionRef<R(Args...)>
{
public:
    template <typename F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef>) FunctionRef(F &&f)
        : m_object(const_cast<void *>(static_cast<const void *>(std::addressof(f)))),
          m_call([](void *object, Args... args) -> R {
              return (*static_cast<std::remove_reference_t<F> *>(object))(std::forward<Args>(args)...);
          })
    {
    }
    R operator()(Args... args) const { return m_call(m_object, std::forward<Args>(args)...); }

private:
    void *m_object;
    R (*m_call)(void *, Args...);
};

enum class JsonKind { Null, Boolean, Number, String, Array, Object };

/// A value of the document being read, walked forward once: read it as at most one type, inside the callback that got
/// it. Reads of the wrong kind give nothing. String views live until the reader's next document.
class JsonCursor
{
public:
    [[nodiscard]] JsonKind kind();
    [[nodiscard]] std::optional<std::string_view> string();
    [[nodiscard]] std::optional<double> number();
    [[nodiscard]] std::optional<std::int64_t> integer(); ///< nothing for a number with a fraction or out of range
    [[nodiscard]] std::optional<bool> boolean();
    /// The value's JSON text as it stands in the document.
    [[nodiscard]] std::string_view raw();
    /// Calls back for every member of an object in order; false when it is not one.
    bool members(FunctionRef<void(std::string_view key, JsonCursor &value)> visit);
    /// Calls back for every item of an array in order; false when it is not one.
    bool items(FunctionRef<void(JsonCursor &item)> visit);

private:
    friend class JsonReader;
    JsonCursor(void *value, int *error) : m_value(value), m_error(error) {}
    void *m_value; ///< simdjson's value, which stays behind this header
    int *m_error;
};

/// Reads JSON documents one after another without building a tree (simdjson on demand): members that the caller does
/// not look at cost little more than finding their end. Not for several threads at once.
class JsonReader
{
public:
    JsonReader();
    ~JsonReader();
    JsonReader(JsonReader &&) noexcept;
    JsonReader &operator=(JsonReader &&) noexcept;

    /// Visits the members of `text`, which must be one JSON object and have kJsonPadding readable bytes behind it.
    /// Errors: Parse (malformed, not an object, invalid UTF-8, something behind the object); the callback may have seen
    /// part of the members by then. Members that were not looked at are only checked for balanced brackets.
    [[nodiscard]] base::Result<void> readPadded(std::string_view text,
                                                FunctionRef<void(std::string_view key, JsonCursor &value)> visit);
    /// The same for any text, which is copied to gain the padding.
    [[nodiscard]] base::Result<void> read(std::string_view text,
                                          FunctionRef<void(std::string_view key, JsonCursor &value)> visit);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::formats
