#include "classify/rule_document.hpp"
#include "classify/rule_file.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

/// An edit either fails with a reason, or gives a text that states what was meant.
void check(const base::Result<RuleDocument> &edited, const Rule &meant)
{
    if (!edited) {
        if (edited.error().message.empty())
            std::abort();
        return;
    }
    const auto rules = parseRules(edited->text(), "fuzz.yaml");
    if (!rules || rules->size() != edited->rules().size())
        std::abort();
    const Rule *found = edited->find(meant.id);
    if (found == nullptr || !sameRule(*found, meant))
        std::abort();
}

} // namespace

/// Any bytes as a rule file, then edits of every kind: never a crash, never a text that says something else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char *>(data), size);
    const auto document = RuleDocument::parse(text, "fuzz.yaml");
    if (!document || document->rules().empty())
        return 0;
    if (document->text() != text)
        std::abort();
    Rule rule = document->rules().front();
    (void)document->textOf(rule.id);
    rule.title = "It's: # another";
    rule.owner = rule.owner.empty() ? "o" : "";
    rule.any.emplace_back("a\tpattern");
    check(document->withRule(rule), rule);
    rule = document->rules().back();
    rule.positive.insert(rule.positive.begin(), "two\n\tlines");
    rule.negative.clear();
    check(document->withRule(rule), rule);
    Rule added = rule;
    added.id = "fuzz.added";
    if (document->find(added.id) == nullptr)
        check(document->withAdded(added, {document->rules().front().id, RulePlace::Side::After}), added);
    check(document->moved(document->rules().back().id, {document->rules().front().id, RulePlace::Side::Before}),
          document->rules().back());
    if (const auto less = document->without(rule.id); less && less->find(rule.id) != nullptr)
        std::abort();
    return 0;
}
