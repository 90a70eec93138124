#include "formats/json.hpp"
#include "formats/yaml.hpp"
#include "pipeline/audit.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace mulligan::pipeline
{

namespace
{

using base::ErrorCode;
using base::makeError;
using formats::Json;

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

/// Nothing for a line that holds no answer yet.
base::Result<std::optional<AuditReply>> replyOf(std::string_view line, const std::string &who)
{
    auto parsed = formats::parseJson(line);
    if (!parsed)
        return makeError(ErrorCode::Parse, "Not valid JSON: " + parsed.error().message,
                         "Each line is an object such as {\"id\": 1, \"answer\": \"confirmed\"}.");
    const Json &json = *parsed;
    if (!json.isObject())
        return wrongLine("An answer must be a JSON object", "Write {\"id\": 1, \"answer\": \"confirmed\"}.");
    const Json &answer = json["answer"];
    if (answer.isNull() || (answer.isString() && answer.string().empty()))
        return std::optional<AuditReply>();
    if (!json["id"].isInteger() || json["id"].integer() <= 0)
        return wrongLine("An answer needs the 'id' of an item", "Take it from the sheet; it is a whole number from 1.");
    const auto says = saysOf(answer.string());
    if (!says)
        return wrongLine(answer.isString() ? "'" + answer.string() + "' is no answer" : "'answer' must be a text",
                         "Use confirmed, corrected or no_cause.");
    AuditReply reply{json["id"].integer(), *says, {}, {}, who};
    if (*says == AuditSays::Corrected) {
        reply.errorClass = json["class"].string();
        // A sheet names the rule that won; it is meant only where it goes with the class (answerAudit looks).
        reply.rule = json["right_rule"].string();
        if (reply.errorClass.empty())
            return wrongLine("A correction needs the right 'class'",
                             "Write one such as memory_config.executor_heap, or answer no_cause.");
    }
    if (json["who"].isString() && !json["who"].string().empty())
        reply.who = json["who"].string();
    return std::optional<AuditReply>(std::move(reply));
}

} // namespace

base::Result<std::vector<AuditReply>> readAuditReplies(std::string_view text, std::string_view name,
                                                       const std::string &who)
{
    std::vector<AuditReply> replies;
    std::map<std::int64_t, size_t> lines; ///< item → line of its answer
    size_t number = 0;
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
        if (!reply->has_value())
            continue;
        const auto [other, added] = lines.try_emplace((*reply)->item, number);
        if (!added)
            return wrongLine("The item " + std::to_string((*reply)->item) + " is answered twice, first in line "
                                 + std::to_string(other->second),
                             "Keep one of the two.")
                .in(place)
                .in("file " + std::string(name));
        replies.push_back(std::move(**reply));
    }
    return replies;
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

base::Result<store::AuditAnswer> answerOf(const store::AuditItem &item, const classify::RulePack &pack,
                                          const AuditReply &reply, base::Instant now)
{
    store::AuditAnswer answer{{}, {}, reply.who, now};
    if (item.classNow.empty())
        return wrongLine("The failure of this item is no longer in the workspace", "Leave its line out.");
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

} // namespace

base::Result<void> answerAudit(store::Workspace &workspace, const store::AuditSample &sample,
                               const classify::RulePack &pack, const std::vector<AuditReply> &replies,
                               base::Instant now)
{
    std::map<std::int64_t, const store::AuditItem *> items;
    for (const store::AuditItem &item : sample.items)
        items.emplace(item.id, &item);
    std::vector<std::pair<std::int64_t, store::AuditAnswer>> answers;
    std::map<std::string_view, std::pair<std::int64_t, std::string>> byText; ///< text → item, class
    for (const AuditReply &reply : replies) {
        const std::string place = "item " + std::to_string(reply.item);
        const auto item = items.find(reply.item);
        if (item == items.end())
            return makeError(ErrorCode::NotFound, "The audit has no item " + std::to_string(reply.item),
                             "Take the ids from the sheet of this workspace.");
        auto answer = answerOf(*item->second, pack, reply, now);
        if (!answer)
            return std::move(answer).error().in(place);
        const auto [other, added] =
            byText.try_emplace(item->second->textHash, std::pair(reply.item, answer->errorClass));
        if (!added && other->second.first == reply.item)
            return wrongLine("The item " + std::to_string(reply.item) + " is answered twice", "Keep one of the two.");
        if (!added && other->second.second != answer->errorClass)
            return wrongLine("It has the text of item " + std::to_string(other->second.first)
                                 + ", which is answered otherwise",
                             "Answers hold for equal texts: give both the same one.")
                .in(place);
        answers.emplace_back(reply.item, std::move(answer).value());
    }
    return store::storeAuditAnswers(workspace, answers);
}

} // namespace mulligan::pipeline
