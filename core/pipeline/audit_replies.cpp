#include "pipeline/audit_replies.hpp"

#include "formats/json.hpp"
#include "formats/json_check.hpp"
#include "formats/yaml.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace mulligan::pipeline
{

namespace
{

using base::ErrorCode;
using base::makeError;
using formats::Json;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
/// Keys of a sheet's rows.
constexpr std::array<std::string_view, 12> kKeys{"id",  "answer",  "class", "right_rule", "who",  "job",
                                                 "run", "attempt", "rule",  "title",      "line", "text"};

base::Error wrongLine(const std::string &what, const std::string &remedy)
{
    return makeError(ErrorCode::Parse, what, remedy);
}

std::optional<AuditSays> saysOf(std::string_view word)
{
    if (word == "confirmed")
        return AuditSays::Confirmed;
    if (word == "corrected")
        return AuditSays::Corrected;
    if (word == "no_cause")
        return AuditSays::NoCause;
    return std::nullopt;
}

base::Result<Json> objectOf(std::string_view line)
{
    auto parsed = formats::parseJson(line);
    if (!parsed) {
        const auto problem = formats::findJsonProblem(line);
        auto error = makeError(ErrorCode::Parse, parsed.error().message,
                               "Each line is an object such as {\"id\": 1, \"answer\": \"confirmed\"}.");
        return problem ? std::move(error).in("column " + std::to_string(problem->offset + 1)) : error;
    }
    if (!parsed->isObject())
        return wrongLine("An answer must be a JSON object", "Write {\"id\": 1, \"answer\": \"confirmed\"}.");
    for (const auto &[key, value] : parsed->members()) {
        if (std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end())
            continue;
        const std::string near = formats::nearestName(key, {kKeys.begin(), kKeys.end()});
        return wrongLine("A row of a sheet has no key '" + key + "'",
                         near.empty() ? "Leave it out; what is answered stands in answer, class, right_rule and who."
                                      : "Did you mean '" + near + "'?");
    }
    return parsed;
}

/// A text of the row; nothing where it is left out or null.
base::Result<std::optional<std::string>> textOf(const Json &json, std::string_view key)
{
    const Json &value = json[key];
    if (value.isNull())
        return std::optional<std::string>();
    if (!value.isString())
        return wrongLine("'" + std::string(key) + "' must be a text", "Put it in quotes, as the sheet has it.");
    return std::optional<std::string>(value.string());
}

base::Result<AuditRow> rowOf(const Json &json)
{
    AuditRow row;
    MULLIGAN_TRY(row.job, textOf(json, "job"));
    MULLIGAN_TRY(row.run, textOf(json, "run"));
    MULLIGAN_TRY(auto errorClass, textOf(json, "class"));
    MULLIGAN_TRY(auto rule, textOf(json, "rule"));
    row.errorClass = std::move(errorClass).value_or(std::string());
    row.rule = std::move(rule).value_or(std::string());
    if (const Json &attempt = json["attempt"]; !attempt.isNull()) {
        if (!attempt.isInteger())
            return wrongLine("'attempt' must be a whole number", "Write it as the sheet has it, without quotes.");
        row.attempt = attempt.integer();
    }
    return row;
}

/// Nothing for a line that holds no answer yet.
base::Result<std::optional<AuditReply>> replyOf(std::string_view line, const std::string &who)
{
    MULLIGAN_TRY(const Json json, objectOf(line));
    MULLIGAN_TRY(AuditRow row, rowOf(json));
    MULLIGAN_TRY(auto rightRule, textOf(json, "right_rule"));
    MULLIGAN_TRY(auto name, textOf(json, "who"));
    const Json &answer = json["answer"];
    const bool open = answer.isNull() || (answer.isString() && answer.string().empty());
    const bool corrected = answer.string() == "corrected";
    if (!corrected && rightRule && !rightRule->empty())
        return wrongLine("'right_rule' goes with the answer corrected alone",
                         "Set \"answer\" to corrected and \"class\" to the right class, or leave right_rule out.");
    if (open)
        return std::optional<AuditReply>();
    if (!json["id"].isInteger() || json["id"].integer() <= 0)
        return wrongLine("An answer needs the 'id' of an item", "Take it from the sheet; it is a whole number from 1.");
    const auto says = saysOf(answer.string());
    if (!says)
        return wrongLine(answer.isString() ? "'" + answer.string() + "' is no answer" : "'answer' must be a text",
                         "Use confirmed, corrected or no_cause.");
    AuditReply reply{json["id"].integer(), *says, {}, {}, who, std::move(row)};
    if (corrected) {
        reply.errorClass = reply.row.errorClass;
        reply.rule = std::move(rightRule).value_or(std::string());
        if (reply.errorClass.empty())
            return wrongLine("A correction needs the right 'class'",
                             "Write one such as memory_config.executor_heap, or answer no_cause.");
    }
    if (name && !name->empty())
        reply.who = *std::move(name);
    return std::optional<AuditReply>(std::move(reply));
}

} // namespace

base::Result<AuditReplies> readAuditReplies(std::string_view text, std::string_view name, const std::string &who)
{
    AuditReplies read;
    std::map<std::int64_t, size_t> lines; ///< item → line of its answer
    size_t number = 0;
    if (text.starts_with(kByteOrderMark)) // some editors write one
        text.remove_prefix(kByteOrderMark.size());
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        const std::string place = "line " + std::to_string(number);
        auto reply = replyOf(line, who);
        if (!reply)
            return std::move(reply).error().in(place).in("file " + std::string(name));
        ++read.rows;
        if (!reply->has_value())
            continue;
        const auto [other, added] = lines.try_emplace((*reply)->item, number);
        if (!added)
            return wrongLine("The item " + std::to_string((*reply)->item) + " is answered twice, first in line "
                                 + std::to_string(other->second),
                             "Keep one of the two.")
                .in(place)
                .in("file " + std::string(name));
        (*reply)->row.line = number;
        read.replies.push_back(std::move(**reply));
    }
    return read;
}

namespace
{

base::Result<void> checkClass(const classify::RulePack &pack, const AuditReply &reply)
{
    std::set<std::string_view> classes;
    for (const classify::Rule &rule : pack.rules)
        classes.insert(rule.errorClass);
    if (classes.contains(reply.errorClass))
        return {};
    const std::string near = formats::nearestName(reply.errorClass, {classes.begin(), classes.end()});
    return wrongLine("No rule of the pack has the class '" + reply.errorClass + "'",
                     near.empty() ? "Add a draft rule of that class first, or answer no_cause."
                                  : "Did you mean '" + near + "'?");
}

base::Result<void> checkRule(const classify::RulePack &pack, const AuditReply &reply)
{
    if (reply.rule.empty())
        return {};
    const auto rule = std::find_if(pack.rules.begin(), pack.rules.end(),
                                   [&](const classify::Rule &each) { return each.id == reply.rule; });
    if (rule == pack.rules.end())
        return wrongLine("The pack has no rule '" + reply.rule + "'", "Name one of the pack, or leave it out.");
    if (rule->errorClass != reply.errorClass)
        return wrongLine("The rule '" + reply.rule + "' has the class " + rule->errorClass + ", not "
                             + reply.errorClass,
                         "Name a rule of that class, or leave it out.");
    return {};
}

std::string named(const std::string &job, const std::string &run, std::int64_t attempt)
{
    return "job '" + job + "', run '" + run + "', attempt " + std::to_string(attempt);
}

/// Ids begin at 1 in every workspace, so that a row of another one names an item of this one too.
base::Result<void> checkFailure(const store::AuditItem &item, const AuditRow &row)
{
    const std::string job = row.job.value_or(item.job);
    const std::string run = row.run.value_or(item.run);
    const std::int64_t attempt = row.attempt.value_or(item.attempt);
    if (job == item.job && run == item.run && attempt == item.attempt)
        return {};
    return wrongLine("The row is of " + named(job, run, attempt) + ", but item " + std::to_string(item.id)
                         + " of this workspace is " + named(item.job, item.run, item.attempt),
                     "Read the answers into the workspace that their sheet is of, or write this one's sheet with "
                     "--out and answer there.");
}

constexpr const char *kSheetIsOld = " Where rules changed since the sheet was written, write it anew with --out.";

/// Whether what the row says of the verdict goes together with the answer.
base::Result<void> checkVerdict(const store::AuditItem &item, const AuditReply &reply)
{
    const AuditRow &row = reply.row;
    if (reply.says == AuditSays::Corrected) {
        if (!row.rule.empty() && row.rule != item.ruleNow && row.rule != item.drawnRule && reply.rule.empty())
            return wrongLine("The row's 'rule' is '" + row.rule + "', but "
                                 + (item.ruleNow.empty() ? "no rule" : "'" + item.ruleNow + "'") + " won here",
                             "Name the rule that should have won as right_rule, or put the row's rule back."
                                 + std::string(kSheetIsOld));
        return {};
    }
    if (row.errorClass.empty() || row.errorClass == item.classNow)
        return {};
    // That a text names no cause is said of the text, whatever the verdict was when the sheet was written.
    if (reply.says == AuditSays::NoCause && row.errorClass == item.drawnClass)
        return {};
    const std::string word = reply.says == AuditSays::NoCause ? "no_cause" : "confirmed";
    return wrongLine("The answer is " + word + ", but the row's class is '" + row.errorClass + "' and the verdict's '"
                         + item.classNow + "'",
                     "Answer corrected to give it the class " + row.errorClass + ", or put " + item.classNow + " back."
                         + kSheetIsOld);
}

base::Result<store::AuditAnswer> answerOf(const store::AuditItem &item, const classify::RulePack &pack,
                                          const AuditReply &reply, base::Instant now)
{
    store::AuditAnswer answer{{}, {}, reply.who, now};
    if (item.classNow.empty())
        return wrongLine("The failure of this item is no longer in the workspace", "Leave its line out.");
    MULLIGAN_CHECK(checkFailure(item, reply.row));
    MULLIGAN_CHECK(checkVerdict(item, reply));
    if (reply.says == AuditSays::Confirmed && item.classNow != model::kUnclassified) {
        answer.errorClass = item.classNow;
        answer.rule = item.ruleNow;
    } else if (reply.says == AuditSays::Corrected) {
        if (reply.errorClass == item.classNow)
            return wrongLine("It is corrected to " + reply.errorClass + ", the class that it has",
                             "Answer confirmed, or name the right class.");
        MULLIGAN_CHECK(checkClass(pack, reply));
        MULLIGAN_CHECK(checkRule(pack, reply));
        answer.errorClass = reply.errorClass;
        answer.rule = reply.rule;
    }
    return answer;
}

/// Answers as they are put together, held against each other.
class Answers
{
public:
    base::Result<void> add(const store::AuditItem &item, store::AuditAnswer answer)
    {
        const auto [other, added] = m_byText.try_emplace(item.textHash, std::pair(item.id, answer.errorClass));
        if (!added && other->second.first == item.id)
            return wrongLine("The item " + std::to_string(item.id) + " is answered twice", "Keep one of the two.");
        if (!added && other->second.second != answer.errorClass)
            return wrongLine("It has the text of item " + std::to_string(other->second.first)
                                 + ", which is answered otherwise",
                             "Answers hold for equal texts: give both the same one.");
        m_answers.emplace_back(item.id, std::move(answer));
        return {};
    }
    [[nodiscard]] const std::vector<std::pair<std::int64_t, store::AuditAnswer>> &all() const { return m_answers; }

private:
    std::vector<std::pair<std::int64_t, store::AuditAnswer>> m_answers;
    std::map<std::string_view, std::pair<std::int64_t, std::string>> m_byText; ///< text → item, class
};

std::string placeOf(const AuditReply &reply)
{
    const std::string item = "item " + std::to_string(reply.item);
    return reply.row.line == 0 ? item : "line " + std::to_string(reply.row.line) + ", " + item;
}

} // namespace

namespace
{

base::Result<void> notOfSample(store::Workspace &workspace, const store::AuditSample &sample, std::int64_t item)
{
    MULLIGAN_TRY(const std::int64_t id, store::auditSampleOf(workspace, item));
    if (id == 0)
        return makeError(ErrorCode::NotFound, "No audit of this workspace has an item " + std::to_string(item),
                         "Take the ids from the sheet of this workspace.");
    MULLIGAN_TRY(const auto other, store::loadAuditSample(workspace, id));
    return makeError(ErrorCode::NotFound,
                     "Item " + std::to_string(item) + " is of sample " + std::to_string(id) + " (seed "
                         + std::to_string(other.seed) + "), and these answers are read for sample "
                         + std::to_string(sample.id) + " (seed " + std::to_string(sample.seed) + ")",
                     "Read one sheet at a time, for that one with --seed " + std::to_string(other.seed) + " --size "
                         + std::to_string(other.size) + " --minimum " + std::to_string(other.minimum) + ".");
}

} // namespace

base::Result<store::AuditSample> sampleOfReplies(store::Workspace &workspace, store::AuditSample given,
                                                 const std::vector<AuditReply> &replies)
{
    const auto isOfGiven = [&](const AuditReply &reply) {
        return std::any_of(given.items.begin(), given.items.end(),
                           [&](const store::AuditItem &item) { return item.id == reply.item; });
    };
    if (replies.empty() || std::any_of(replies.begin(), replies.end(), isOfGiven))
        return given;
    MULLIGAN_TRY(const std::int64_t id, store::auditSampleOf(workspace, replies.front().item));
    if (id == 0)
        return given;
    return store::loadAuditSample(workspace, id);
}

base::Result<void> answerAudit(store::Workspace &workspace, const store::AuditSample &sample,
                               const classify::RulePack &pack, const std::vector<AuditReply> &replies,
                               base::Instant now)
{
    MULLIGAN_CHECK(workspace.requireWritable());
    std::map<std::int64_t, const store::AuditItem *> items;
    for (const store::AuditItem &item : sample.items)
        items.emplace(item.id, &item);
    Answers answers;
    for (const AuditReply &reply : replies) {
        const auto item = items.find(reply.item);
        if (item == items.end())
            return notOfSample(workspace, sample, reply.item).error().in(placeOf(reply));
        auto answer = answerOf(*item->second, pack, reply, now);
        if (!answer)
            return std::move(answer).error().in(placeOf(reply));
        if (auto added = answers.add(*item->second, std::move(answer).value()); !added)
            return std::move(added).error().in(placeOf(reply));
    }
    return store::storeAuditAnswers(workspace, answers.all());
}

} // namespace mulligan::pipeline
