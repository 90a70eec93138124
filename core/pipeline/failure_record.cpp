#include "pipeline/failure_record.hpp"

#include "formats/json_cursor.hpp"
#include "ingest/attempt_json.hpp"

#include <algorithm>

namespace mulligan::pipeline
{

namespace
{

base::Error fieldError(const std::string &field, const std::string &message, std::string hint)
{
    return base::makeError(base::ErrorCode::Parse, field + ": " + message, std::move(hint));
}

base::Result<void> checkDecisionPoint(const model::Attempt &attempt)
{
    if (attempt.outcome == model::Outcome::Failed || attempt.outcome == model::Outcome::Killed)
        return {};
    return fieldError("outcome", "'" + std::string(model::name(attempt.outcome)) + "' is not a failure to decide on",
                      "Send only attempts whose outcome is failed or killed.");
}

base::Result<model::Attempt> earlierAttempt(const formats::Json &json, const std::string &field,
                                            const model::Attempt &failed)
{
    auto attempt = ingest::attemptFromJson(json);
    if (!attempt)
        return std::move(attempt).error().in(field);
    if (attempt->job != failed.job || attempt->run != failed.run)
        return fieldError(field, "it is an attempt of another run", "List earlier attempts of the same job and run.");
    if (attempt->attempt >= failed.attempt)
        return fieldError(field,
                          "attempt " + std::to_string(attempt->attempt) + " is not before attempt "
                              + std::to_string(failed.attempt),
                          "List only attempts that came before the one to decide on.");
    return attempt;
}

base::Result<void> readHistory(const formats::Json &list, FailureRecord &record)
{
    if (!list.isArray())
        return fieldError("history", "expected a list of attempt records", "Leave it out when there is none.");
    record.historyGiven = true;
    for (size_t i = 0; i < list.size(); ++i) {
        const std::string field = "history[" + std::to_string(i) + "]";
        MULLIGAN_TRY(auto attempt, earlierAttempt(list.items()[i], field, record.attempt));
        record.earlier.push_back(std::move(attempt));
    }
    const auto before = [](const model::Attempt &a, const model::Attempt &b) { return a.attempt < b.attempt; };
    std::stable_sort(record.earlier.begin(), record.earlier.end(), before);
    const auto same = [](const model::Attempt &a, const model::Attempt &b) { return a.attempt == b.attempt; };
    const auto repeated = std::adjacent_find(record.earlier.begin(), record.earlier.end(), same);
    if (repeated != record.earlier.end())
        return fieldError("history", "attempt " + std::to_string(repeated->attempt) + " appears twice",
                          "List each attempt once.");
    return {};
}

} // namespace

std::string identity(const model::Attempt &attempt)
{
    return attempt.job + "/" + attempt.run + "/" + std::to_string(attempt.attempt);
}

base::Result<FailureRecord> failureFromJson(const formats::Json &json)
{
    FailureRecord record;
    MULLIGAN_TRY(record.attempt, ingest::attemptFromJson(json));
    MULLIGAN_CHECK(checkDecisionPoint(record.attempt));
    record.id = identity(record.attempt);
    if (const formats::Json *id = json.find("id"); id != nullptr && !id->isNull()) {
        if (!id->isString() && !id->isNumber())
            return fieldError("id", "expected text or a number", "Leave it out to have the attempt named by its run.");
        record.id = *id;
    }
    if (const formats::Json *list = json.find("history"); list != nullptr && !list->isNull())
        MULLIGAN_CHECK(readHistory(*list, record));
    return record;
}

formats::Json failureToJson(const FailureRecord &record)
{
    formats::Json out = formats::Json::object();
    out.set("id", record.id);
    const formats::Json attemptJson = ingest::attemptToJson(record.attempt);
    for (const auto &[key, value] : attemptJson.members())
        out.set(key, value);
    if (record.historyGiven) {
        formats::Json list = formats::Json::array();
        for (const auto &attempt : record.earlier)
            list.push(ingest::attemptToJson(attempt));
        out.set("history", std::move(list));
    }
    return out;
}

std::string goldenLine(const GoldenDecision &golden)
{
    return "{\"input\":" + golden.input + ",\"decision\":" + golden.decision + "}\n";
}

base::Result<std::vector<GoldenDecision>> readGolden(std::string_view jsonLines)
{
    std::vector<GoldenDecision> out;
    formats::JsonReader reader;
    std::uint64_t line = 0;
    while (!jsonLines.empty()) {
        const size_t end = std::min(jsonLines.find('\n'), jsonLines.size());
        const std::string_view text = jsonLines.substr(0, end);
        jsonLines.remove_prefix(std::min(end + 1, jsonLines.size()));
        ++line;
        if (text.empty())
            continue;
        GoldenDecision golden;
        auto read = reader.read(text, [&](std::string_view key, formats::JsonCursor &value) {
            if (key == "input")
                golden.input = value.raw();
            else if (key == "decision")
                golden.decision = value.raw();
        });
        if (!read)
            return std::move(read).error().in("golden.jsonl, line " + std::to_string(line));
        if (golden.input.empty() || golden.decision.empty())
            return base::makeError(base::ErrorCode::Parse, "A golden decision needs 'input' and 'decision'",
                                   "Export the bundle again.")
                .in("golden.jsonl, line " + std::to_string(line));
        out.push_back(std::move(golden));
    }
    return out;
}

} // namespace mulligan::pipeline
