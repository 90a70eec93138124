#include "classify/rule_document.hpp"

#include "classify/rule_file.hpp"
#include "classify/rule_layout.hpp"
#include "formats/yaml_edit.hpp"
#include "formats/yaml_scalar.hpp"

#include <algorithm>
#include <utility>

namespace mulligan::classify
{

namespace
{

using base::ErrorCode;
using base::makeError;
using formats::TextEdit;

/// The map to be compared and written. Rules in use do not say so: that is what a rule without a status is.
formats::Json editedJson(const Rule &rule)
{
    formats::Json out = formats::Json::object();
    const formats::Json whole = ruleJson(rule);
    for (const auto &[key, value] : whole.members())
        if (key != "status" || rule.status != RuleStatus::Active)
            out.set(key, value);
    return out;
}

/// The rule as a file would state it. Errors: the reader's, when no file can.
base::Result<Rule> stated(const Rule &rule)
{
    RulePack pack;
    pack.rules = {rule};
    auto read = parseRules(writePack(pack), rule.file);
    if (!read) {
        base::Error error = std::move(read).error();
        std::erase_if(error.context, [](const std::string &place) { // of a text that nobody sees
            return place.starts_with("line ") || place.starts_with("file ");
        });
        return error;
    }
    return std::move(read->front());
}

base::Error noRule(std::string_view id, const std::string &name)
{
    return makeError(ErrorCode::NotFound, "There is no rule '" + std::string(id) + "'").in("file " + name);
}

base::Error notInPlace(const std::string &name)
{
    return makeError(ErrorCode::Unsupported, "This cannot be changed without disturbing other parts of the file",
                     "Change it in the file's text.")
        .in("file " + name);
}

bool sameRules(const std::vector<Rule> &a, const std::vector<Rule> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), &sameRule);
}

size_t indexOf(const std::vector<Rule> &rules, std::string_view id)
{
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule &rule) { return rule.id == id; });
    return static_cast<size_t>(found - rules.begin());
}

/// Lines of a rule that is new in a file.
std::string ruleText(const Rule &rule, int column, std::string_view eol)
{
    std::string text = formats::writeYamlMembers(editedJson(rule), {column + 2, false, eol});
    text[static_cast<size_t>(column)] = '-';
    return text;
}

/// Edit that puts whole lines before the rule `at`, or at the end when there are no more.
TextEdit insertion(std::string_view text, const RuleLayout &layout, size_t at, std::string lines)
{
    const std::string eol(formats::lineBreakOf(text));
    const auto &blocks = layout.blocks;
    if (at < blocks.size())
        return {blocks[at].begin, blocks[at].begin, lines + (layout.spaced ? eol : "")};
    const size_t place = blocks.empty() ? formats::lineEnd(text, layout.rulesExtent().end) : blocks.back().end;
    return {place, place, (layout.spaced ? eol : "") + lines};
}

} // namespace

bool sameRule(const Rule &a, const Rule &b)
{
    Rule copy = a;
    copy.file = b.file;
    copy.line = b.line;
    return copy == b;
}

/// Editors of some systems begin a file with it; it stays, and no place counts it.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct RuleDocument::State {
    std::string_view mark; ///< what the file begins with before the text: a byte order mark, or nothing
    std::string text;
    std::string whole; ///< the file's bytes, where they are more than the text
    std::string name;
    std::vector<Rule> rules;
};

RuleDocument::RuleDocument(std::shared_ptr<const State> state) : m_state(std::move(state))
{
}

base::Result<RuleDocument> RuleDocument::parse(std::string text, std::string name)
{
    auto state = std::make_shared<State>();
    MULLIGAN_TRY(state->rules, parseRules(text, name));
    if (text.starts_with(kByteOrderMark)) {
        state->mark = kByteOrderMark;
        state->text = text.substr(kByteOrderMark.size());
        state->whole = std::move(text);
    } else {
        state->text = std::move(text);
    }
    state->name = std::move(name);
    return RuleDocument(std::move(state));
}

RuleDocument RuleDocument::empty(std::string name)
{
    auto state = std::make_shared<State>();
    state->text = "schema: 1\nrules: []\n";
    state->name = std::move(name);
    return RuleDocument(std::move(state));
}

const std::string &RuleDocument::text() const
{
    return m_state->mark.empty() ? m_state->text : m_state->whole;
}

const std::string &RuleDocument::name() const
{
    return m_state->name;
}

const std::vector<Rule> &RuleDocument::rules() const
{
    return m_state->rules;
}

const Rule *RuleDocument::find(std::string_view id) const
{
    const size_t at = indexOf(m_state->rules, id);
    return at < m_state->rules.size() ? &m_state->rules[at] : nullptr;
}

std::string_view RuleDocument::textOf(std::string_view id) const
{
    const size_t at = indexOf(m_state->rules, id);
    const auto layout = layOut(m_state->text);
    if (at == m_state->rules.size() || !layout)
        return {};
    const std::string_view text = m_state->text;
    if (layout->blocks.empty()) {
        const auto &extent = layout->rulesExtent().children[at];
        return text.substr(extent.begin, extent.end - extent.begin);
    }
    return text.substr(layout->blocks[at].begin, layout->blocks[at].end - layout->blocks[at].begin);
}

RuleDocument::Lines RuleDocument::linesOf(std::string_view id) const
{
    const std::string_view part = textOf(id);
    if (part.empty())
        return {};
    const auto begin = m_state->text.begin() + (part.data() - m_state->text.data());
    const int first = static_cast<int>(std::count(m_state->text.begin(), begin, '\n')) + 1;
    const std::string_view inside = part.ends_with('\n') ? part.substr(0, part.size() - 1) : part;
    return {first, first + static_cast<int>(std::count(inside.begin(), inside.end(), '\n'))};
}

/// Makes the edits, reads the new text and holds it to what was meant. A file without a last line break goes on having
/// none, unless its last lines would then mean something else.
base::Result<RuleDocument> RuleDocument::edited(std::vector<TextEdit> edits, const std::vector<Rule> &intended) const
{
    const std::string_view eol = formats::lineBreakOf(m_state->text);
    MULLIGAN_TRY(std::string text, formats::applyEdits(ended(), std::move(edits)));
    const auto holds = [&](const base::Result<RuleDocument> &made) {
        return made.has_value() && made->rules().size() == intended.size() && sameRules(made->rules(), intended);
    };
    if (ended() != m_state->text && text.ends_with(eol))
        if (auto made = parse(marked(text.substr(0, text.size() - eol.size())), m_state->name); holds(made))
            return made;
    auto made = parse(marked(text), m_state->name);
    if (!holds(made))
        return notInPlace(m_state->name);
    return made;
}

std::string RuleDocument::marked(std::string_view text) const
{
    return std::string(m_state->mark).append(text);
}

std::string RuleDocument::ended() const
{
    const std::string &text = m_state->text;
    return text.ends_with('\n') ? text : text + std::string(formats::lineBreakOf(text));
}

base::Result<RuleDocument> RuleDocument::withRule(std::string_view id, const Rule &rule) const
{
    const size_t at = indexOf(m_state->rules, id);
    if (at == m_state->rules.size())
        return noRule(id, m_state->name);
    if (rule.id != id && find(rule.id) != nullptr)
        return makeError(ErrorCode::Conflict, "There is a rule '" + rule.id + "' already", "Choose another id.")
            .in("file " + m_state->name);
    MULLIGAN_TRY(Rule wanted, stated(rule));
    std::vector<Rule> intended = m_state->rules;
    if (sameRule(intended[at], wanted))
        return *this;
    const std::string text = ended();
    MULLIGAN_TRY(const RuleLayout layout, layOut(text));
    const formats::Json old = editedJson(intended[at]);
    auto edits = formats::editYamlMap(text, layout.rules().items[at], layout.rulesExtent().children[at], old,
                                      editedJson(wanted));
    if (!edits)
        return std::move(edits).error().in("rule '" + std::string(id) + "'").in("file " + m_state->name);
    intended[at] = std::move(wanted);
    return edited(std::move(edits).value(), intended);
}

namespace
{

/// Index before which a rule is put; the number of rules for the end.
base::Result<size_t> indexOf(const RuleDocument &document, const RulePlace &place)
{
    if (place.id.empty())
        return document.rules().size();
    const size_t at = indexOf(document.rules(), place.id);
    if (at == document.rules().size())
        return noRule(place.id, document.name());
    return at + (place.side == RulePlace::Side::After ? 1 : 0);
}

base::Result<RuleLayout> blockLayout(const std::string &text, const std::string &name)
{
    MULLIGAN_TRY(RuleLayout layout, layOut(text));
    if (!layout.isBlock())
        return makeError(ErrorCode::Unsupported, "The file's rules stand in brackets",
                         "Write them as a list, one entry after each dash, to add, remove or order rules.")
            .in("file " + name);
    return layout;
}

/// "rules: []" or "rules:" gives way to a list.
std::vector<TextEdit> openList(const RuleLayout &layout)
{
    const auto &extent = layout.rulesExtent();
    if (!layout.blocks.empty())
        return {};
    return {{extent.head, extent.end, {}}};
}

} // namespace

base::Result<RuleDocument> RuleDocument::withAdded(const Rule &rule, const RulePlace &place) const
{
    MULLIGAN_TRY(const Rule wanted, stated(rule));
    MULLIGAN_TRY(const RuleLayout layout, blockLayout(ended(), m_state->name));
    return withLines(wanted, ruleText(wanted, layout.column, formats::lineBreakOf(m_state->text)), place);
}

base::Result<RuleDocument> RuleDocument::withCopied(const RuleDocument &from, std::string_view id,
                                                    const RulePlace &place) const
{
    const Rule *rule = from.find(id);
    if (rule == nullptr)
        return noRule(id, from.name());
    MULLIGAN_TRY(const RuleLayout source, layOut(from.m_state->text));
    MULLIGAN_TRY(const RuleLayout layout, blockLayout(ended(), m_state->name));
    const bool alike = formats::lineBreakOf(from.m_state->text) == formats::lineBreakOf(m_state->text)
                       && (layout.blocks.empty() || source.column == layout.column) && !source.blocks.empty();
    if (!alike)
        return withAdded(*rule, place);
    std::string lines(from.textOf(id));
    if (!lines.ends_with('\n'))
        lines += formats::lineBreakOf(m_state->text);
    return withLines(*rule, std::move(lines), place);
}

base::Result<RuleDocument> RuleDocument::withLines(const Rule &rule, std::string lines, const RulePlace &place) const
{
    if (find(rule.id) != nullptr)
        return makeError(ErrorCode::Conflict, "There is a rule '" + rule.id + "' already", "Choose another id.")
            .in("file " + m_state->name);
    MULLIGAN_TRY(const size_t at, indexOf(*this, place));
    MULLIGAN_TRY(const RuleLayout layout, blockLayout(ended(), m_state->name));
    std::vector<TextEdit> edits = openList(layout);
    edits.push_back(insertion(ended(), layout, at, std::move(lines)));
    std::vector<Rule> intended = m_state->rules;
    intended.insert(intended.begin() + static_cast<std::ptrdiff_t>(at), rule);
    return edited(std::move(edits), intended);
}

base::Result<RuleDocument> RuleDocument::without(std::string_view id) const
{
    const size_t at = indexOf(m_state->rules, id);
    if (at == m_state->rules.size())
        return noRule(id, m_state->name);
    MULLIGAN_TRY(const RuleLayout layout, blockLayout(ended(), m_state->name));
    const Cut cut = cutOf(ended(), layout, at);
    std::vector<TextEdit> edits{{cut.begin, cut.end, {}}};
    if (layout.blocks.size() == 1)
        edits.push_back({layout.rulesExtent().head, layout.rulesExtent().head, " []"});
    std::vector<Rule> intended = m_state->rules;
    intended.erase(intended.begin() + static_cast<std::ptrdiff_t>(at));
    return edited(std::move(edits), intended);
}

base::Result<RuleDocument> RuleDocument::moved(std::string_view id, const RulePlace &place) const
{
    const size_t from = indexOf(m_state->rules, id);
    if (from == m_state->rules.size())
        return noRule(id, m_state->name);
    MULLIGAN_TRY(const size_t to, indexOf(*this, place));
    if (to == from || to == from + 1)
        return *this;
    MULLIGAN_TRY(const RuleLayout layout, blockLayout(ended(), m_state->name));
    const std::string text = ended();
    const auto &block = layout.blocks[from];
    std::string lines = text.substr(block.begin, block.end - block.begin);
    const Cut cut = cutOf(text, layout, from);
    std::vector<TextEdit> edits{{cut.begin, cut.end, {}}, insertion(text, layout, to, std::move(lines))};
    std::vector<Rule> intended = m_state->rules;
    const auto begin = intended.begin();
    const auto a = static_cast<std::ptrdiff_t>(from);
    const auto b = static_cast<std::ptrdiff_t>(to);
    if (a < b)
        std::rotate(begin + a, begin + a + 1, begin + b);
    else
        std::rotate(begin + b, begin + a, begin + a + 1);
    return edited(std::move(edits), intended);
}

base::Result<RuleDocument> RuleDocument::withStatus(std::string_view id, RuleStatus status) const
{
    const Rule *rule = find(id);
    if (rule == nullptr)
        return noRule(id, m_state->name);
    Rule changed = *rule;
    changed.status = status;
    return withRule(changed);
}

base::Result<RuleDocument> RuleDocument::withSample(std::string_view id, SampleKind kind,
                                                    const std::string &sample) const
{
    const Rule *rule = find(id);
    if (rule == nullptr)
        return noRule(id, m_state->name);
    Rule changed = *rule;
    auto &samples = kind == SampleKind::Positive ? changed.positive : changed.negative;
    if (std::find(samples.begin(), samples.end(), sample) != samples.end())
        return *this;
    samples.push_back(sample);
    return withRule(changed);
}

bool RuleDocument::operator==(const RuleDocument &other) const
{
    return m_state == other.m_state || (text() == other.text() && name() == other.name());
}

} // namespace mulligan::classify
