#include "classify/rule_layout.hpp"

#include <algorithm>

namespace mulligan::classify
{

namespace
{

using formats::lineBegin;
using formats::lineEnd;
using formats::YamlStyle;

/// What a line between two rules is.
struct Line {
    bool blank = false;
    bool comment = false;
    int column = 0; ///< of the comment's sign
};

Line lineAt(std::string_view text, size_t at)
{
    const size_t end = lineEnd(text, at);
    const size_t first = std::min(text.find_first_not_of(" \t\r\n", at), end);
    return {first == end, first < end && text[first] == '#', static_cast<int>(first - at)};
}

/// Past the comments below a rule that are indented deeper than its dash.
size_t withDeeperComments(std::string_view text, size_t end, size_t limit, int column)
{
    for (size_t at = end; at < limit; at = lineEnd(text, at)) {
        const Line line = lineAt(text, at);
        if (line.comment && line.column > column)
            end = lineEnd(text, at);
        else if (!line.blank)
            break;
    }
    return end;
}

/// Start of the comments directly above a rule that belong to it.
size_t withLeadingComments(std::string_view text, size_t begin, size_t limit)
{
    while (begin > limit) {
        const size_t above = lineBegin(text, begin - 1);
        if (above < limit || !lineAt(text, above).comment)
            break;
        begin = above;
    }
    return begin;
}

bool hasBlankLine(std::string_view text, size_t begin, size_t end)
{
    for (size_t at = begin; at < end; at = lineEnd(text, at))
        if (lineAt(text, at).blank)
            return true;
    return false;
}

void findBlocks(std::string_view text, RuleLayout &layout)
{
    const auto &rules = layout.rulesExtent();
    layout.column = rules.column;
    size_t limit = lineEnd(text, rules.head);
    for (size_t i = 0; i < rules.children.size(); ++i) {
        const auto &rule = rules.children[i];
        const size_t next = i + 1 < rules.children.size() ? lineBegin(text, rules.children[i + 1].entry) : text.size();
        RuleLayout::Block block;
        block.begin = withLeadingComments(text, lineBegin(text, rule.entry), limit);
        block.end = withDeeperComments(text, lineEnd(text, rule.end), next, rules.column);
        limit = block.end;
        layout.blocks.push_back(block);
    }
    size_t gaps = 0;
    for (size_t i = 1; i < layout.blocks.size(); ++i)
        gaps += hasBlankLine(text, layout.blocks[i - 1].end, layout.blocks[i].begin) ? 1 : 0;
    layout.spaced = layout.blocks.size() > 1 && 2 * gaps >= layout.blocks.size() - 1;
}

} // namespace

bool RuleLayout::isBlock() const
{
    return rulesExtent().style == YamlStyle::BlockSequence || rules().items.empty();
}

base::Result<RuleLayout> layOut(std::string_view text)
{
    RuleLayout layout;
    MULLIGAN_TRY(layout.root, formats::parseYaml(text));
    MULLIGAN_TRY(layout.extent, formats::locateYaml(text, layout.root));
    const auto &members = layout.root.members;
    while (layout.list < members.size() && members[layout.list].key != "rules")
        ++layout.list;
    if (layout.list >= layout.extent.children.size())
        return base::makeError(base::ErrorCode::Unsupported, "The list 'rules' was not found in the text",
                               "Write it as a key of its own.");
    if (layout.rulesExtent().children.size() != layout.rules().items.size())
        return base::makeError(base::ErrorCode::Unsupported, "The list 'rules' has an anchor or a tag",
                               "Take it away to edit rules one by one.");
    if (layout.rulesExtent().style == YamlStyle::BlockSequence)
        findBlocks(text, layout);
    return layout;
}

Cut cutOf(std::string_view text, const RuleLayout &layout, size_t index)
{
    Cut cut{layout.blocks[index].begin, layout.blocks[index].end};
    size_t before = cut.begin;
    while (before > 0 && lineAt(text, lineBegin(text, before - 1)).blank)
        before = lineBegin(text, before - 1);
    size_t after = cut.end;
    while (after < text.size() && lineAt(text, after).blank)
        after = lineEnd(text, after);
    if (index + 1 == layout.blocks.size() && index > 0)
        cut.begin = before;
    else if (after > cut.end && (index == 0 || before < cut.begin))
        cut.end = after;
    return cut;
}

} // namespace mulligan::classify
