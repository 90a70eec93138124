#include "evaluate/truth_reader.hpp"

#include "formats/json.hpp"
#include "formats/json_check.hpp"

#include <cmath>
#include <limits>
#include <unordered_map>

namespace mulligan::evaluate
{

namespace
{

using formats::Json;

constexpr const char *kFields = "A line of a truth file holds job, variant, config, repeat, outcome, seconds and "
                                "cost_usd.";

/// One line on its way to a row; the first thing wrong with it is kept.
class LineReading
{
public:
    LineReading(const formats::Line &line, const Json &json) : m_line(line), m_json(json) {}

    base::Result<TruthRow> row()
    {
        TruthRow out;
        out.line = m_line.number;
        out.job = text("job", true);
        out.variant = text("variant", false);
        out.config = config();
        out.repeat = repeat();
        out.outcome = outcome();
        out.seconds = amount("seconds", true).value_or(0.0);
        out.costUsd = amount("cost_usd", true).value_or(0.0);
        out.vcoreSeconds = amount("vcore_seconds", false);
        out.memoryGbSeconds = amount("memory_gb_seconds", false);
        if (m_error)
            return *m_error;
        return out;
    }

private:
    void wrong(const char *field, const std::string &why)
    {
        if (m_error)
            return;
        const std::size_t at = m_line.text.find('"' + std::string(field) + '"');
        std::string place = "line " + std::to_string(m_line.number);
        if (at != std::string_view::npos)
            place += ", column " + std::to_string(at + 1);
        m_error = base::makeError(base::ErrorCode::Parse, "'" + std::string(field) + "' " + why, kFields).in(place);
    }

    std::string text(const char *field, bool needed)
    {
        const Json &value = m_json[field];
        if (value.isNull() && needed)
            wrong(field, "is missing");
        else if (!value.isNull() && !value.isString())
            wrong(field, "must be a text");
        else if (needed && value.string().empty())
            wrong(field, "must not be empty");
        return value.string();
    }

    std::optional<double> amount(const char *field, bool needed)
    {
        const Json &value = m_json[field];
        if (value.isNull() && !needed)
            return std::nullopt;
        if (value.isNull())
            wrong(field, "is missing");
        else if (!value.isNumber())
            wrong(field, "must be a number");
        else if (!std::isfinite(value.number()) || value.number() < 0.0)
            wrong(field, "must not be negative");
        return value.number();
    }

    model::Config config()
    {
        model::Config out;
        const Json &value = m_json["config"];
        if (value.isNull())
            wrong("config", "is missing");
        else if (!value.isObject())
            wrong("config", "must be an object of Spark properties");
        for (const auto &[property, setting] : value.members()) {
            if (setting.isString())
                out[property] = setting.string();
            else if (setting.isNumber() || setting.isBool())
                out[property] = formats::writeJson(setting);
            else
                wrong("config", "must give '" + property + "' a text, a number or a truth value");
        }
        return out;
    }

    int repeat()
    {
        const Json &value = m_json["repeat"];
        if (value.isNull())
            return 1;
        if (!value.isInteger() || value.integer() < 1 || value.integer() > std::numeric_limits<int>::max()) {
            wrong("repeat", "must be a whole number from 1 on");
            return 1;
        }
        return static_cast<int>(value.integer());
    }

    model::Outcome outcome()
    {
        const std::string name = text("outcome", true);
        const auto outcome = model::outcomeFromName(name);
        if (!outcome || *outcome == model::Outcome::Unknown) {
            wrong("outcome", "must be succeeded, failed or killed");
            return model::Outcome::Failed;
        }
        return *outcome;
    }

    const formats::Line &m_line;
    const Json &m_json;
    std::optional<base::Error> m_error;
};

base::Result<TruthRow> rowOf(const formats::Line &line, std::size_t maxLineBytes)
{
    const std::string place = "line " + std::to_string(line.number);
    if (line.overLimit)
        return base::makeError(base::ErrorCode::LimitExceeded,
                               "The line is longer than " + std::to_string(maxLineBytes) + " bytes", kFields)
            .in(place);
    const auto json = formats::parseJson(line.text);
    if (!json.has_value()) {
        const auto problem = formats::findJsonProblem(line.text);
        if (!problem)
            return base::makeError(base::ErrorCode::Parse, json.error().message, kFields).in(place);
        return base::makeError(base::ErrorCode::Parse,
                               (problem->atEnd ? "The JSON breaks off: " : "Not valid JSON: ") + problem->message,
                               kFields)
            .in(place + ", column " + std::to_string(problem->offset + 1));
    }
    if (!json->isObject())
        return base::makeError(base::ErrorCode::Parse, "The line is not a JSON object", kFields).in(place);
    return LineReading(line, *json).row();
}

std::string keyOf(const TruthRow &row)
{
    std::string key = row.job + '\0' + row.variant + '\0' + std::to_string(row.repeat);
    for (const auto &[property, value] : row.config)
        key += '\0' + property + '\0' + value;
    return key;
}

base::Error breaksOff(const std::string &name)
{
    return base::makeError(base::ErrorCode::Corrupt, "The compressed file breaks off",
                           "Copy or make the truth file again.")
        .in("file " + name);
}

} // namespace

base::Result<std::vector<TruthRow>> readTruth(formats::ByteSource &source, const std::string &name,
                                              std::stop_token stop, base::Progress &progress, std::size_t maxLineBytes)
{
    progress.begin("Reading the truth");
    std::vector<TruthRow> rows;
    std::unordered_map<std::string, std::uint64_t> seen;
    formats::LineReader lines(source, maxLineBytes);
    formats::Line line;
    for (;;) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        auto more = lines.next(line);
        if (!more.has_value())
            return std::move(more).error().in("file " + name);
        if (!*more)
            break;
        if (line.text.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        auto row = rowOf(line, maxLineBytes);
        if (!row.has_value())
            return source.truncated() ? breaksOff(name) : std::move(row).error().in("file " + name);
        const auto [first, isNew] = seen.emplace(keyOf(*row), line.number);
        if (!isNew)
            return base::makeError(base::ErrorCode::Conflict,
                                   "Repeat " + std::to_string(row->repeat) + " of this configuration stands in line "
                                       + std::to_string(first->second) + " already",
                                   "Number the repeats of a configuration 1, 2, 3 …")
                .in("line " + std::to_string(line.number))
                .in("file " + name);
        rows.push_back(std::move(*row));
        progress.advance();
    }
    if (source.truncated())
        return breaksOff(name);
    if (rows.empty())
        return base::makeError(base::ErrorCode::InsufficientData, "The truth file holds no rows", kFields)
            .in("file " + name);
    return rows;
}

base::Result<std::vector<TruthRow>> readTruth(const std::string &path, std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(const auto source, formats::openDecoded(path, {nullptr, false, true}));
    return readTruth(*source, path, std::move(stop), progress);
}

} // namespace mulligan::evaluate
