#pragma once

#include "base/result.hpp"
#include "formats/json_cursor.hpp"
#include "model/attempt.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// The fields of the native record in the order of design.md, section 4. `RootCause` and `CostSource` are ours: they
/// let an attempt that came from another reader be written down and read back whole.
enum class Field : std::uint8_t {
    Job,
    Run,
    Attempt,
    Outcome,
    StartedAt,
    EndedAt,
    Workflow,
    Owner,
    Team,
    Cluster,
    Queue,
    ApplicationId,
    Trigger,
    ExitCode,
    ErrorText,
    LogPath,
    RootCause,
    Config,
    Metrics,
    VcoreSeconds,
    MemoryGbSeconds,
    CostUsd,
    CostSource,
    ManualMinutes,
    Action,
    ActionProbability,
    PolicyVersion,
};
inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::PolicyVersion) + 1;

[[nodiscard]] std::string_view name(Field field);
[[nodiscard]] std::optional<Field> fieldFromName(std::string_view text);

/// A value as a source holds it, before it is known what it should be. The text lives as long as the source's row.
struct FieldValue {
    enum class Kind { Null, Text, Integer, Number, Boolean, Composite };
    Kind kind = Kind::Null;
    std::string_view text;
    std::int64_t integer = 0;
    double number = 0.0;
    bool boolean = false;

    [[nodiscard]] static FieldValue of(std::string_view text) { return {Kind::Text, text, 0, 0.0, false}; }
    [[nodiscard]] static FieldValue of(std::int64_t value)
    {
        return {Kind::Integer, {}, value, static_cast<double>(value), false};
    }
    [[nodiscard]] static FieldValue of(double value) { return {Kind::Number, {}, 0, value, false}; }
    [[nodiscard]] static FieldValue of(bool value) { return {Kind::Boolean, {}, 0, 0.0, value}; }
    /// Takes the scalar a JSON cursor stands on; an object or array becomes Composite and stays unread.
    [[nodiscard]] static FieldValue of(formats::JsonCursor &cursor);
};

/// Puts an attempt together field by field, keeps the first thing that is wrong, and checks the whole at the end.
class AttemptBuilder
{
public:
    /// `textNumbers`: numbers may come as text, as every CSV field does.
    explicit AttemptBuilder(bool textNumbers = false) : m_textNumbers(textNumbers) {}

    /// Forgets the row before.
    void clear();
    void set(Field field, const FieldValue &value);
    void setConfig(std::string_view property, const FieldValue &value);
    void setMetric(std::string_view metric, const FieldValue &value);
    void setMember(Field field, std::string_view key, const FieldValue &value);
    /// Notes that a field of several members begins, so that a second one is refused.
    void begin(Field field);
    void fail(Field field, std::string reason);
    /// Says where a field came from (" from column 'Start'"), which errors then name behind the field.
    using Origin = std::function<std::string(std::string_view field)>;
    void tellOrigins(Origin origin) { m_origin = std::move(origin); }

    /// The finished attempt. Errors: Parse, "field 'ended_at': …".
    [[nodiscard]] base::Result<model::Attempt> finish();
    /// Name of the field the error is about; empty while there is none.
    [[nodiscard]] const std::string &problemField() const { return m_problemField; }
    [[nodiscard]] const std::string &logPath() const { return m_logPath; }

private:
    [[nodiscard]] std::optional<double> numberOf(const FieldValue &value) const;
    [[nodiscard]] std::optional<std::int64_t> integerOf(const FieldValue &value) const;
    void setText(Field field, const FieldValue &value, std::string &into);
    void setInstant(Field field, const FieldValue &value, base::Instant &into);
    void setAmount(Field field, const FieldValue &value, std::optional<double> &into);
    void setAttemptNumber(const FieldValue &value);
    void setExitCode(const FieldValue &value);
    void setProbability(const FieldValue &value);
    template <typename E>
    void setName(Field field, const FieldValue &value, E &into, std::optional<E> (*fromName)(std::string_view),
                 std::string_view expected);
    void check();

    bool m_textNumbers;
    model::Attempt m_attempt;
    std::string m_logPath;
    std::uint32_t m_seen = 0;
    std::string m_problemField;
    std::string m_problem;
    Origin m_origin;
};

/// Fills a builder from one JSON object with kJsonPadding readable bytes behind it. Keys that are not fields go to
/// `unknownKeys`. Errors: Parse when it is not a sound object; what is wrong with fields the builder keeps.
[[nodiscard]] base::Result<void> fillFromJson(formats::JsonReader &reader, std::string_view paddedText,
                                              AttemptBuilder &builder, std::vector<std::string> *unknownKeys);

} // namespace mulligan::ingest
