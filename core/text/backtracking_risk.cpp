#include "text/backtracking_risk.hpp"

#include <algorithm>

namespace mulligan::text
{

namespace
{

/// What a node can begin with, and whether it can be empty.
struct Edge {
    ByteSet bytes;
    bool empty = true;
};

Edge firstOf(const PatternNode &node, bool fromEnd)
{
    Edge edge;
    switch (node.kind) {
    case PatternNode::Kind::Set: return {node.bytes, false};
    case PatternNode::Kind::Group: return node.children.empty() ? edge : firstOf(node.children.front(), fromEnd);
    case PatternNode::Kind::Repeat:
        edge = firstOf(node.children.front(), fromEnd);
        edge.empty = edge.empty || node.least == 0;
        return edge;
    case PatternNode::Kind::Alternation:
        edge.empty = false;
        for (const PatternNode &child : node.children) {
            const Edge next = firstOf(child, fromEnd);
            edge.bytes |= next.bytes;
            edge.empty = edge.empty || next.empty;
        }
        return edge;
    case PatternNode::Kind::Sequence:
        for (size_t i = 0; i < node.children.size() && edge.empty; ++i) {
            const Edge next = firstOf(node.children[fromEnd ? node.children.size() - 1 - i : i], fromEnd);
            edge.bytes |= next.bytes;
            edge.empty = next.empty;
        }
        return edge;
    default: return edge;
    }
}

/// A repeat of so many rounds is as bad as one without bound: two within each other can divide a text in more ways than
/// any budget of steps reaches.
constexpr int kManyRounds = 32;

bool hasManyRounds(const PatternNode &node)
{
    return node.kind == PatternNode::Kind::Repeat && (node.most < 0 || node.most >= kManyRounds);
}

/// Bytes of every repeat inside that may take a few or many of them.
void repeatedBytes(const PatternNode &node, ByteSet &bytes)
{
    if (hasManyRounds(node) && node.most != node.least && node.children.front().kind == PatternNode::Kind::Set)
        bytes |= node.children.front().bytes;
    for (const PatternNode &child : node.children)
        repeatedBytes(child, bytes);
}

/// Whether each round of a repeated body must pass one byte that no repeat inside it can take, so that rounds cannot be
/// cut in two ways.
bool hasFence(const PatternNode &body)
{
    ByteSet inner;
    repeatedBytes(body, inner);
    if (inner.none())
        return true;
    const PatternNode *sequence = &body;
    while (sequence->kind == PatternNode::Kind::Group && sequence->children.size() == 1)
        sequence = &sequence->children.front();
    if (sequence->kind != PatternNode::Kind::Sequence)
        return false;
    return std::any_of(sequence->children.begin(), sequence->children.end(), [&](const PatternNode &child) {
        return child.kind == PatternNode::Kind::Set && (child.bytes & inner).none();
    });
}

const PatternNode &withoutGroups(const PatternNode &node)
{
    const PatternNode *inner = &node;
    while ((inner->kind == PatternNode::Kind::Group || inner->kind == PatternNode::Kind::Sequence)
           && inner->children.size() == 1)
        inner = &inner->children.front();
    return *inner;
}

/// The bytes that a node takes one after another; nothing where it is not of a fixed length.
std::vector<ByteSet> fixedBytes(const PatternNode &node)
{
    const PatternNode &inner = withoutGroups(node);
    if (inner.kind == PatternNode::Kind::Set)
        return {inner.bytes};
    std::vector<ByteSet> out;
    if (inner.kind != PatternNode::Kind::Sequence)
        return out;
    for (const PatternNode &child : inner.children) {
        const PatternNode &part = withoutGroups(child);
        if (part.kind != PatternNode::Kind::Set)
            return {};
        out.push_back(part.bytes);
    }
    return out;
}

/// Whether a text that `longer` takes in one round may be taken in several, the first of them by `shorter`.
bool canDivide(const std::vector<ByteSet> &shorter, const std::vector<ByteSet> &longer, const ByteSet &starts)
{
    for (size_t i = 0; i < shorter.size(); ++i)
        if ((shorter[i] & longer[i]).none())
            return false;
    return shorter.size() == longer.size() || (longer[shorter.size()] & starts).any();
}

/// Whether two alternatives of a repeated body, as in (?:a|aa)+, can take the same text in different numbers of rounds.
bool alternativesOverlap(const PatternNode &body)
{
    const PatternNode &inner = withoutGroups(body);
    if (inner.kind != PatternNode::Kind::Alternation)
        return false;
    const ByteSet starts = firstOf(inner, false).bytes;
    std::vector<std::vector<ByteSet>> fixed;
    for (const PatternNode &child : inner.children)
        if (auto bytes = fixedBytes(child); !bytes.empty())
            fixed.push_back(std::move(bytes));
    for (size_t a = 0; a < fixed.size(); ++a)
        for (size_t b = a + 1; b < fixed.size(); ++b) {
            const bool first = fixed[a].size() <= fixed[b].size();
            if (canDivide(fixed[first ? a : b], fixed[first ? b : a], starts))
                return true;
        }
    return false;
}

std::string riskOf(const PatternNode &node)
{
    if (node.unbounded() && alternativesOverlap(node.children.front()))
        return "alternatives within a repeat can divide the same text in many ways";
    if (hasManyRounds(node) && !hasFence(node.children.front()))
        return "a repeat within a repeat can divide the same text in many ways";
    if (node.kind == PatternNode::Kind::Sequence) {
        for (size_t i = 0; i + 1 < node.children.size(); ++i) {
            const PatternNode &left = node.children[i];
            const PatternNode &right = node.children[i + 1];
            if (left.unbounded() && right.unbounded()
                && (firstOf(left, true).bytes & firstOf(right, false).bytes).count() > 0)
                return "two repeats that touch can both take the same bytes";
        }
    }
    for (const PatternNode &child : node.children)
        if (std::string risk = riskOf(child); !risk.empty())
            return risk;
    return {};
}

} // namespace

std::string backtrackingRisk(const PatternSyntax &syntax)
{
    const PatternNode *first = &syntax.root;
    while (!first->children.empty() && first->kind != PatternNode::Kind::Repeat
           && first->kind != PatternNode::Kind::Alternation)
        first = &first->children.front();
    if (first->unbounded() && firstOf(*first, false).bytes.count() > 64)
        return "it begins with a repeat over almost any byte, which is tried again at every place";
    return riskOf(syntax.root);
}

} // namespace mulligan::text
