#include "formats/yaml_tree.hpp"

#include <algorithm>
#include <utility>

namespace mulligan::formats
{

namespace
{

constexpr std::size_t kMaxDepth = 64;
constexpr int kMaxNodes = 100'000;

} // namespace

base::Result<YamlNode> YamlTree::taken()
{
    if (m_error)
        return *std::move(m_error);
    if (m_root && m_root->kind != YamlNode::Kind::Null)
        return *std::move(m_root);
    YamlNode nothing;
    nothing.line = nothing.column = 1;
    return nothing;
}

void YamlTree::OnNull(const YAML::Mark &mark, YAML::anchor_t anchor)
{
    if (auto node = begun(mark, YamlNode::Kind::Null))
        take(*std::move(node), mark, anchor);
}

void YamlTree::OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, const std::string &value)
{
    const bool quoted = tag == "!";
    if (quoted)
        m_lastQuoted = mark;
    auto node = begun(mark, YamlNode::Kind::Scalar);
    if (!node)
        return;
    node->scalar = value;
    node->quoted = quoted;
    take(*std::move(node), mark, anchor);
}

void YamlTree::OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor)
{
    const auto known = m_anchors.find(anchor);
    if (known == m_anchors.end())
        refuse(base::makeError(base::ErrorCode::Parse, "An alias stands within what it refers to",
                               "Write out what is meant."),
               mark);
    else if (!m_error && (expectsKey() || mayStandWhole(known->second, m_open.size(), mark)))
        take(YamlNode(known->second), mark, 0);
}

void YamlTree::OnSequenceStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor,
                               YAML::EmitterStyle::value)
{
    open(mark, anchor, YamlNode::Kind::Sequence);
}

void YamlTree::OnMapStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor, YAML::EmitterStyle::value)
{
    open(mark, anchor, YamlNode::Kind::Map);
}

void YamlTree::refuse(base::Error error, const YAML::Mark &mark)
{
    YamlNode at;
    at.line = mark.line + 1;
    at.column = mark.column + 1;
    if (!m_error)
        m_error = std::move(error).in(at.place());
}

bool YamlTree::expectsKey() const
{
    return !m_open.empty() && m_open.back().node.kind == YamlNode::Kind::Map && !m_open.back().member;
}

/// Whether a node may stand so many levels deep, and as one more of all.
bool YamlTree::mayStand(std::size_t depth, const YAML::Mark &mark)
{
    if (++m_nodes > kMaxNodes && !m_error)
        m_error = base::makeError(base::ErrorCode::LimitExceeded, "The YAML document has more than 100,000 nodes",
                                  "Aliases that multiply each other are refused.");
    if (depth > kMaxDepth)
        refuse(base::makeError(base::ErrorCode::LimitExceeded, "The YAML document is nested more than 64 levels deep"),
               mark);
    return !m_error;
}

/// Likewise a node with all below it, which an alias refers to.
bool YamlTree::mayStandWhole(const YamlNode &node, std::size_t depth, const YAML::Mark &mark)
{
    return mayStand(depth, mark)
           && std::ranges::all_of(node.items,
                                  [&](const YamlNode &item) { return mayStandWhole(item, depth + 1, mark); })
           && std::ranges::all_of(node.members, [&](const YamlNode::Member &member) {
                  return mayStandWhole(member.value, depth + 1, mark);
              });
}

std::optional<YamlNode> YamlTree::begun(const YAML::Mark &mark, YamlNode::Kind kind)
{
    if (m_error || (!expectsKey() && !mayStand(m_open.size(), mark)))
        return std::nullopt;
    YamlNode node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
}

void YamlTree::open(const YAML::Mark &mark, YAML::anchor_t anchor, YamlNode::Kind kind)
{
    if (!m_error && expectsKey())
        refuse(base::makeError(base::ErrorCode::Parse, "A key must be plain text"), mark);
    if (auto node = begun(mark, kind))
        m_open.push_back({*std::move(node), mark, anchor, {}, {}});
}

void YamlTree::close()
{
    if (m_error)
        return;
    Open closed = std::move(m_open.back());
    m_open.pop_back();
    take(std::move(closed.node), closed.mark, closed.anchor);
}

void YamlTree::take(YamlNode node, const YAML::Mark &mark, YAML::anchor_t anchor)
{
    if (anchor != 0)
        m_anchors.insert_or_assign(anchor, node);
    if (m_open.empty()) {
        m_root = std::move(node);
        return;
    }
    Open &open = m_open.back();
    const bool isNothing = node.kind == YamlNode::Kind::Null;
    if (open.node.kind == YamlNode::Kind::Sequence) {
        if (isNothing)
            placeNothing(node, mark);
        open.node.items.push_back(std::move(node));
    } else if (!open.member) {
        takeKey(open, std::move(node), mark);
    } else {
        if (isNothing) { // its own mark is that of what follows
            node.line = open.member->keyLine;
            node.column = open.member->keyColumn;
        }
        open.member->value = std::move(node);
        open.node.members.push_back(*std::move(open.member));
        open.member.reset();
    }
}

void YamlTree::takeKey(Open &open, YamlNode key, const YAML::Mark &mark)
{
    if (key.kind != YamlNode::Kind::Scalar) {
        refuse(base::makeError(base::ErrorCode::Parse, "A key must be plain text"), mark);
    } else if (!open.keys.insert(key.scalar).second) {
        refuse(base::makeError(base::ErrorCode::Parse, "The key '" + key.scalar + "' appears twice",
                               "Keep one of the two."),
               mark);
    } else {
        open.member.emplace();
        open.member->key = std::move(key.scalar);
        open.member->keyLine = key.line;
        open.member->keyColumn = key.column;
    }
}

/// yaml-cpp marks what is not there where the next thing begins; the entry's dash is before it.
void YamlTree::placeNothing(YamlNode &item, const YAML::Mark &mark) const
{
    const size_t at = std::min(m_text.size(), static_cast<size_t>(std::max(mark.pos, 0)));
    const size_t last = m_text.substr(0, at).find_last_not_of(" \n\r");
    if (last == std::string_view::npos || m_text[last] != '-')
        return;
    const std::string_view before = m_text.substr(0, last);
    item.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    const size_t end = before.rfind('\n');
    item.column = 1 + static_cast<int>(end == std::string_view::npos ? last : last - end - 1);
}

} // namespace mulligan::formats
