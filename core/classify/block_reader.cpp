#include "classify/block_reader.hpp"

#include "classify/rule_reader.hpp"
#include "text/pattern_set.hpp"

#include <utility>

namespace mulligan::classify
{

namespace
{

using formats::YamlNode;

constexpr int kMaxBlockLines = 10'000;

base::Result<void> checkLinePattern(const YamlNode &node, const Rule &rule, const std::string &pattern, const char *key)
{
    if (auto good = text::checkPattern({pattern, rule.caseless, rule.multiline}); !good)
        return wrongPattern(node, std::move(good).error()).in(key);
    return {};
}

base::Result<void> readFrom(const YamlNode &map, const Rule &rule, Block &block)
{
    const YamlNode *node = map.find("from");
    if (node == nullptr)
        return wrongValue(map, "A block needs 'from'", "Add 'from:' with a pattern of the block's first line.");
    MULLIGAN_TRY(block.from, node->asString());
    return checkLinePattern(*node, rule, block.from, "match.block.from");
}

base::Result<void> readTo(const YamlNode &map, const Rule &rule, Block &block)
{
    const YamlNode *node = map.find("to");
    if (node == nullptr || node->kind == YamlNode::Kind::Null)
        return {};
    MULLIGAN_TRY(std::string word, node->asString());
    if (word == kNextRecord)
        return {};
    block.end = word == kBlankLine ? Block::End::BlankLine : Block::End::Pattern;
    if (block.end == Block::End::BlankLine)
        return {};
    block.to = std::move(word);
    return checkLinePattern(*node, rule, block.to, "match.block.to");
}

base::Result<void> readMaxLines(const YamlNode &map, Block &block)
{
    const YamlNode *node = map.find("max_lines");
    if (node == nullptr)
        return {};
    MULLIGAN_TRY(const std::int64_t value, node->asInteger());
    if (value < 1 || value > kMaxBlockLines)
        return wrongValue(*node, "The number of a block's lines is out of range", "Use 1 to 10,000.");
    block.maxLines = static_cast<int>(value);
    return {};
}

} // namespace

ReadBlock readBlock(const YamlNode &node, const Rule &rule)
{
    ReadBlock read;
    const auto note = [&](base::Result<void> done) {
        if (!done)
            read.faults.push_back(std::move(done).error());
    };
    if (node.kind != YamlNode::Kind::Map) {
        note(wrongValue(node, "'block' must be a map", "Write 'block: {from: PATTERN, to: blank_line}'."));
        return read;
    }
    if (rule.where == MatchWhere::Message)
        note(wrongValue(node, "A message is a single line and holds no block",
                        "Give 'where: root_cause', whole_log or last_lines, or leave 'block' out."));
    note(formats::checkKeys(node, {"from", "to", "max_lines"}, "a block"));
    note(readFrom(node, rule, read.block));
    note(readTo(node, rule, read.block));
    note(readMaxLines(node, read.block));
    return read;
}

} // namespace mulligan::classify
