#pragma once

#include "model/verdict.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mulligan::classify
{

enum class RuleStatus { Draft, Active, Retired };
/// Which part of the subject a rule's patterns look at.
enum class MatchWhere { RootCause, Message, WholeLog, LastLines };

/// One classification rule as its file states it (design.md, section 5).
struct Rule {
    std::string id;
    std::string title;
    RuleStatus status = RuleStatus::Active;
    std::string owner;
    std::vector<std::string> links;
    std::string created;  ///< date
    std::string modified; ///< date
    std::string errorClass;
    model::Domain domain = model::Domain::User;
    bool transient = false;
    int priority = 50;
    std::string scopeStream;       ///< "" any
    std::string scopeJobGlob;      ///< "" any
    std::string scopeSparkVersion; ///< prefix such as "3." or "3.5"; "" any
    MatchWhere where = MatchWhere::WholeLog;
    int lastLines = 0; ///< of LastLines
    bool caseless = false;
    std::vector<std::string> all;  ///< every one must match
    std::vector<std::string> any;  ///< at least one must match, when there are any
    std::vector<std::string> none; ///< none may match
    std::map<std::string, std::string> captures; ///< capture name → unit ("bytes", "seconds", "count", "word")
    model::RuleAction action = model::RuleAction::AskModel;
    std::optional<int> exitCode;
    std::string summary;
    std::string advice;
    std::vector<std::string> positive; ///< samples that this rule must win
    std::vector<std::string> negative; ///< samples on which it must not match
    std::string file;
    int line = 0; ///< 1-based line of the rule in its file

    bool operator==(const Rule &) const = default;
};

/// Rules of one or several files, ids unique.
struct RulePack {
    std::vector<Rule> rules;
    std::vector<std::string> files;

    bool operator==(const RulePack &) const = default;
};

} // namespace mulligan::classify
