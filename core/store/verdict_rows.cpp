#include "store/verdict_rows.hpp"

#include "formats/json.hpp"

namespace mulligan::store
{

std::string capturesText(const model::Verdict &verdict)
{
    formats::Json out = formats::Json::object();
    for (const auto &[name, capture] : verdict.captures) {
        formats::Json entry;
        entry.set("text", capture.text).set("unit", capture.unit);
        if (capture.value.has_value())
            entry.set("value", *capture.value);
        out.set(name, std::move(entry));
    }
    return formats::writeJson(out);
}

std::string undeterminedText(const model::Verdict &verdict)
{
    formats::Json out = formats::Json::array();
    for (const auto &rule : verdict.undetermined)
        out.push(rule);
    return formats::writeJson(out);
}

model::Verdict verdictFromRow(const sqlite::Statement &row, int first)
{
    model::Verdict verdict;
    if (row.isNull(first))
        return verdict;
    verdict.errorClass = row.text(first);
    verdict.domain = static_cast<model::Domain>(row.integer(first + 1));
    verdict.transient = row.integer(first + 2) != 0;
    verdict.rule = row.text(first + 3);
    verdict.action = static_cast<model::RuleAction>(row.integer(first + 4));
    if (!row.isNull(first + 5))
        verdict.exitCode = static_cast<int>(row.integer(first + 5));
    verdict.title = row.text(first + 6);
    verdict.summary = row.text(first + 7);
    verdict.advice = row.text(first + 8);
    if (row.text(first + 9).size() > 2) {
        if (const auto captures = formats::parseJson(row.text(first + 9))) {
            for (const auto &[name, entry] : captures.value().members()) {
                model::Capture capture{entry["text"].string(), entry["unit"].string(), std::nullopt};
                if (entry["value"].isNumber())
                    capture.value = entry["value"].number();
                verdict.captures.emplace(name, std::move(capture));
            }
        }
    }
    if (row.text(first + 10).size() > 2) {
        if (const auto rules = formats::parseJson(row.text(first + 10))) {
            for (const auto &rule : rules.value().items())
                verdict.undetermined.push_back(rule.string());
        }
    }
    return verdict;
}

} // namespace mulligan::store
