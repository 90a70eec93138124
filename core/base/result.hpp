#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mulligan::base
{

/// What kind of thing went wrong. The names below (see `codeName`) are the `code` of the command line's JSON errors.
enum class ErrorCode {
    InvalidArgument,  ///< the caller asked for something that cannot be (wrong usage, value out of range)
    NotFound,         ///< a file, id or name does not exist
    PermissionDenied, ///< the operating system refused access
    Io,               ///< reading or writing failed
    DiskFull,         ///< no space left where we write
    Parse,            ///< input text is not what its format demands
    Unsupported,      ///< valid, but not something this version handles
    Corrupt,          ///< data fails its own check (hash, integrity check, codec)
    NewerVersion,     ///< written by a newer version of Mulligan
    Conflict,         ///< somebody else holds it, or it exists already
    LimitExceeded,    ///< larger than a stated limit
    InsufficientData, ///< too little data for a sound result
    Cancelled,        ///< stopped on request; never a success
    Internal,         ///< a bug of ours
};

/// Stable snake_case name of a code, used in JSON.
[[nodiscard]] std::string_view codeName(ErrorCode code);

/// An error says what happened (`message`), where (`context`, outermost first, each like "file history.jsonl, line 3"),
/// and what to do about it (`hint`). Never thrown; travels in `Result`.
struct [[nodiscard]] Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::vector<std::string> context;
    std::string hint;

    bool operator==(const Error &) const = default;

    /// Adds an outer place to the context chain and returns the error.
    Error in(std::string place) &&;
    /// Sets the remedy and returns the error.
    Error withHint(std::string remedy) &&;
    /// "message (context; context). hint" on one line, for terminals and logs.
    [[nodiscard]] std::string text() const;
};

/// Shorthand for making an error.
Error makeError(ErrorCode code, std::string message, std::string hint = {});
/// Error for a failed system call on a path: chooses NotFound, PermissionDenied, DiskFull or Io from `errnoValue`.
Error systemError(int errnoValue, std::string_view what, std::string_view path);

/// A value or an `Error`; members are named as in `std::expected`.
template <typename T> class [[nodiscard]] Result
{
public:
    using value_type = T;

    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const { return m_state.index() == 0; }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] T &value() & { return std::get<0>(m_state); }
    [[nodiscard]] const T &value() const & { return std::get<0>(m_state); }
    [[nodiscard]] T &&value() && { return std::get<0>(std::move(m_state)); }
    [[nodiscard]] T &operator*() & { return value(); }
    [[nodiscard]] const T &operator*() const & { return value(); }
    [[nodiscard]] T &&operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T *operator->() { return &std::get<0>(m_state); }
    [[nodiscard]] const T *operator->() const { return &std::get<0>(m_state); }
    [[nodiscard]] Error &error() & { return std::get<1>(m_state); }
    [[nodiscard]] const Error &error() const & { return std::get<1>(m_state); }
    [[nodiscard]] Error &&error() && { return std::get<1>(std::move(m_state)); }
    template <typename U> [[nodiscard]] T value_or(U &&fallback) const &
    {
        return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
    }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value, or an `Error`.
template <> class [[nodiscard]] Result<void>
{
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    [[nodiscard]] bool has_value() const { return !m_error.has_value(); }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] Error &error() & { return *m_error; }
    [[nodiscard]] const Error &error() const & { return *m_error; }
    [[nodiscard]] Error &&error() && { return std::move(*m_error); }

private:
    std::optional<Error> m_error;
};

} // namespace mulligan::base

#define MULLIGAN_CONCAT_INNER(a, b) a##b
#define MULLIGAN_CONCAT(a, b) MULLIGAN_CONCAT_INNER(a, b)
/// `MULLIGAN_TRY(auto x, expr);` binds the value of a `Result`, or returns its error from the enclosing function.
#define MULLIGAN_TRY(declaration, expression)                                                                          \
    auto MULLIGAN_CONCAT(mulliganResult, __LINE__) = (expression);                                                     \
    if (!MULLIGAN_CONCAT(mulliganResult, __LINE__).has_value())                                                        \
        return std::move(MULLIGAN_CONCAT(mulliganResult, __LINE__)).error();                                           \
    declaration = std::move(MULLIGAN_CONCAT(mulliganResult, __LINE__)).value()
/// `MULLIGAN_CHECK(expr);` returns the error of a `Result` from the enclosing function, if there is one.
#define MULLIGAN_CHECK(expression)                                                                                     \
    if (auto mulliganCheck = (expression); !mulliganCheck.has_value())                                                 \
    return std::move(mulliganCheck).error()
