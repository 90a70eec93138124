#include "ingest/mapping.hpp"

#include "formats/local_time.hpp"
#include "formats/text_encoding.hpp"
#include "formats/yaml.hpp"
#include "ingest/mapped_time.hpp"
#include "ingest/mapping_units.hpp"

#include <algorithm>
#include <array>

namespace mulligan::ingest
{

namespace
{

constexpr std::array<std::string_view, 3> kFormats{"csv", "jsonl", "json"};
constexpr std::array<Field, 5> kRequired{Field::Job, Field::Run, Field::Outcome, Field::StartedAt, Field::EndedAt};

base::Error wrong(std::string message, std::string hint = {})
{
    return base::makeError(base::ErrorCode::InvalidArgument, std::move(message), std::move(hint));
}

bool isTime(Field field)
{
    return field == Field::StartedAt || field == Field::EndedAt;
}

bool isWholeNumber(Field field)
{
    return field == Field::Attempt || field == Field::ExitCode;
}

// Keys of YAML may be 1,024 bytes long, and an escaped byte takes six.
constexpr std::size_t kLongestKey = 150;

std::optional<base::Error> sourceProblem(const MappedField &field)
{
    if (field.member.size() > kLongestKey)
        return wrong("'" + targetName(field).substr(0, 60) + "…' is longer than " + std::to_string(kLongestKey)
                     + " bytes");
    const int sources = (field.columns.empty() ? 0 : 1) + (field.text.empty() ? 0 : 1) + (field.constant ? 1 : 0)
                        + (field.duration.empty() ? 0 : 1);
    if (sources == 0)
        return wrong("'" + targetName(field) + "' says not where it comes from",
                     "Give it a column, columns, a template or a constant.");
    if (sources > 1)
        return wrong("'" + targetName(field)
                         + "' has more than one of column, columns, template, constant and duration",
                     "Keep one of them.");
    if (!field.duration.empty() && field.field != Field::EndedAt)
        return wrong("'" + targetName(field) + "' cannot come from a duration", "Only ended_at can.");
    for (const auto &column : field.columns) {
        if (column.empty())
            return wrong("'" + targetName(field) + "' names a column without a name");
    }
    if (field.text.empty())
        return std::nullopt;
    const auto parts = templateParts(field.text);
    return parts.has_value() ? std::nullopt : std::optional(parts.error());
}

std::optional<base::Error> unitProblem(const MappedField &field)
{
    if (field.unit.empty())
        return std::nullopt;
    const auto known = unitsOf(field);
    if (known.empty())
        return wrong("'" + targetName(field) + "' takes no unit");
    if (std::find(known.begin(), known.end(), field.unit) != known.end())
        return std::nullopt;
    std::string hint = "Units:";
    for (const auto unit : known)
        hint += ' ' + std::string(unit);
    return wrong("'" + targetName(field) + "' has no unit '" + field.unit + "'", hint + '.');
}

std::optional<base::Error> timeProblem(const Mapping &mapping, const MappedField &field)
{
    if (!isTime(field.field) && (!field.time.empty() || !field.zone.empty()))
        return wrong("'" + targetName(field) + "' is not a time: 'time' and 'zone' belong to started_at and ended_at");
    if (!isTime(field.field) || !field.duration.empty())
        return std::nullopt;
    const auto reader = TimeReader::make(field.time, field.zone.empty() ? mapping.zone : field.zone);
    return reader.has_value() ? std::nullopt : std::optional(reader.error());
}

std::optional<base::Error> valuesProblem(const MappedField &field)
{
    const auto target = [&](const std::string &text) -> std::optional<base::Error> {
        if (field.field != Field::Outcome || text == kSkipRow || text == kContinues || model::outcomeFromName(text))
            return std::nullopt;
        return wrong(
            "'" + text + "' is no outcome",
            "Outcomes are succeeded, failed, killed and unknown; skip passes the row over, continues says that the "
            "attempt goes on in a later row.");
    };
    for (const auto &[from, to] : field.values) {
        if (from.size() > kLongestKey)
            return wrong("A text in the value map of '" + targetName(field) + "' is longer than "
                         + std::to_string(kLongestKey) + " bytes");
        if (auto problem = target(to))
            return problem;
    }
    return field.otherwise ? target(*field.otherwise) : std::nullopt;
}

std::optional<base::Error> dialectProblem(const Dialect &dialect)
{
    const auto characters = std::count_if(dialect.delimiter.begin(), dialect.delimiter.end(),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    if (characters != 1 || dialect.delimiter == "\n" || dialect.delimiter == "\r" || dialect.delimiter.size() > 4)
        return wrong("The delimiter must be one character other than a line end");
    const bool plainQuote =
        dialect.quote.empty()
        || (dialect.quote.size() == 1 && dialect.quote[0] > ' ' && dialect.quote[0] < 0x7F && dialect.quote != "\\");
    if (!plainQuote)
        return wrong("The quote must be one visible ASCII character, or empty where there are none");
    if (dialect.quote == dialect.delimiter)
        return wrong("The quote and the delimiter cannot be the same");
    if (dialect.escape == formats::CsvEscape::Backslash && dialect.delimiter == "\\")
        return wrong("A backslash cannot both separate and escape");
    if (dialect.skipLines < 0 || dialect.skipLines > 1'000'000)
        return wrong("skip_lines must lie between 0 and 1000000");
    if (dialect.comment.size() > 100 || dialect.comment.find('\n') != std::string::npos)
        return wrong("A comment's beginning must be a short text on one line");
    return std::nullopt;
}

} // namespace

std::string_view name(RowFormat format)
{
    return kFormats[static_cast<std::size_t>(format)];
}

std::optional<RowFormat> rowFormatFromName(std::string_view text)
{
    for (std::size_t i = 0; i < kFormats.size(); ++i) {
        if (kFormats[i] == text)
            return static_cast<RowFormat>(i);
    }
    return std::nullopt;
}

const MappedField *Mapping::find(Field field, std::string_view member) const
{
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const MappedField &each) {
        return each.field == field && each.member == member;
    });
    return found == fields.end() ? nullptr : &*found;
}

std::string targetName(const MappedField &field)
{
    const std::string own(name(field.field));
    return field.member.empty() ? own : own + '.' + field.member;
}

bool setTarget(MappedField &field, std::string_view target)
{
    std::optional<Field> found = fieldFromName(target);
    std::string_view member;
    for (const Field composite : {Field::Config, Field::Metrics}) {
        const std::string prefix = std::string(name(composite)) + '.';
        if (target.starts_with(prefix) && target.size() > prefix.size()) {
            found = composite;
            member = target.substr(prefix.size());
        }
    }
    if (!found)
        return false;
    field.field = *found;
    field.member = member;
    return true;
}

std::vector<std::string> columnsOf(const MappedField &field)
{
    std::vector<std::string> out = field.columns;
    if (!field.duration.empty())
        out.push_back(field.duration);
    if (!field.text.empty()) {
        const auto parts = templateParts(field.text);
        if (parts) {
            for (const auto &part : parts.value()) {
                if (part.isColumn)
                    out.push_back(part.text);
            }
        }
    }
    return out;
}

base::Result<std::vector<TemplatePart>> templateParts(std::string_view text)
{
    std::vector<TemplatePart> parts;
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c == '{' || c == '}') && i + 1 < text.size() && text[i + 1] == c) {
            plain += c;
            ++i;
        } else if (c == '{') {
            const std::size_t end = text.find('}', i);
            if (end == text.npos)
                return wrong("The template '" + std::string(text) + "' opens a brace and never closes it",
                             "Write a column as {name}, and a brace itself twice.");
            if (end == i + 1)
                return wrong("The template '" + std::string(text) + "' names a column without a name");
            if (!plain.empty())
                parts.push_back({false, std::move(plain)});
            plain.clear();
            parts.push_back({true, std::string(text.substr(i + 1, end - i - 1))});
            i = end;
        } else if (c == '}') {
            return wrong("The template '" + std::string(text) + "' closes a brace that it never opened",
                         "Write a brace itself twice.");
        } else {
            plain += c;
        }
    }
    if (!plain.empty())
        parts.push_back({false, std::move(plain)});
    return parts;
}

std::optional<base::Error> problemOf(const Mapping &mapping, const MappedField &field)
{
    for (const auto &problem :
         {sourceProblem(field), unitProblem(field), timeProblem(mapping, field), valuesProblem(field)}) {
        if (problem)
            return problem;
    }
    if (field.add != 0 && !isWholeNumber(field.field))
        return wrong("'" + targetName(field) + "' is no whole number: 'add' belongs to attempt and exit_code");
    return std::nullopt;
}

std::optional<base::Error> problemOf(const Mapping &mapping)
{
    if (!formats::isKnownEncoding(mapping.encoding))
        return wrong("There is no encoding '" + mapping.encoding + "'",
                     "Common ones: UTF-8, UTF-16LE, UTF-16BE, ISO-8859-1, WINDOWS-1252, SHIFT_JIS, EUC-JP; 'iconv -l' "
                     "lists all.");
    if (auto problem = dialectProblem(mapping.dialect))
        return problem;
    if (mapping.numbers.decimal != "." && mapping.numbers.decimal != ",")
        return wrong("The decimal sign must be \".\" or \",\"");
    const std::string &thousands = mapping.numbers.thousands;
    if (thousands == mapping.numbers.decimal)
        return wrong("The decimal sign and the thousands separator cannot be the same");
    if (thousands.size() > 3 || thousands.find_first_of("0123456789+-") != std::string::npos)
        return wrong("The thousands separator must be one character that is no digit");
    if (!mapping.zone.empty()) {
        if (const auto zone = formats::TimeZone::named(mapping.zone); !zone)
            return zone.error();
    }
    return std::nullopt;
}

std::vector<Field> openFields(const Mapping &mapping)
{
    std::vector<Field> open;
    std::copy_if(kRequired.begin(), kRequired.end(), std::back_inserter(open),
                 [&](Field field) { return mapping.find(field) == nullptr; });
    return open;
}

base::Result<void> checkComplete(const Mapping &mapping)
{
    if (auto problem = problemOf(mapping))
        return *problem;
    for (const auto &field : mapping.fields) {
        if (auto problem = problemOf(mapping, field))
            return *problem;
    }
    const auto open = openFields(mapping);
    if (open.empty())
        return {};
    std::string names;
    for (const Field field : open)
        names += (names.empty() ? "" : ", ") + std::string(name(field));
    return wrong("The profile does not say where these fields come from: " + names,
                 "Every attempt needs job, run, outcome, started_at and ended_at; a constant will do where the file "
                 "has no column.");
}

} // namespace mulligan::ingest
