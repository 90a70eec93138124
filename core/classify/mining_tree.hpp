#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mulligan::classify
{

using TokenHash = std::uint64_t;

inline constexpr TokenHash kWildcardHash = 0;
inline constexpr std::uint32_t kNoGroup = 0xFFFFFFFF;

/// Never kWildcardHash but for the wildcard itself.
[[nodiscard]] TokenHash tokenHash(std::string_view token);
[[nodiscard]] TokenHash mixed(TokenHash into, TokenHash value);
/// Whether a token is a word of the message as far as it shows: it has no digit and nothing masked in it.
[[nodiscard]] bool isPlain(std::string_view token);

/// A masked line as the tree sees it.
struct TokenLine {
    TokenHash key = 0;      ///< of what must be equal beside the tokens
    std::size_t common = 0; ///< leading tokens that the key holds already
    std::vector<TokenHash> tokens;
    std::vector<char> plain; ///< by token
    TokenHash whole = 0;     ///< of key and tokens
};

/// Lines that Drain takes for one template, and which of their positions vary.
struct LineGroup {
    std::vector<TokenHash> tokens;
    /// By position the different plain tokens met there, at most `constants` + 1 of them. Tokens that are not plain
    /// count as one.
    std::vector<std::vector<TokenHash>> values;
    std::vector<std::uint32_t> clusters; ///< what the caller made of the group
};

struct TokenTreeOptions {
    int depth = 3;
    double similarity = 0.6;
    int maxChildren = 100;
    int constants = 3;
    std::size_t maxGroups = 100'000;
    std::size_t maxLeafGroups = 256;
};

/// Drain's parse tree of fixed depth: from the key and the number of tokens over the leading tokens to the groups of a
/// leaf. Tokens that are not plain take the wildcard's branch.
class TokenTree
{
public:
    explicit TokenTree(const TokenTreeOptions &options) : m_options(options) {}

    /// The group of a line, made if need be, with the line's tokens noted in it. kNoGroup when there is no room.
    std::uint32_t learn(const TokenLine &line);
    [[nodiscard]] LineGroup &group(std::uint32_t index) { return m_groups[index]; }
    /// Whether a position of a group takes more values than a message has words to choose from.
    [[nodiscard]] bool varies(const LineGroup &group, std::size_t position) const;

private:
    struct Node {
        std::unordered_map<TokenHash, std::uint32_t> children;
        std::uint32_t otherwise = kNoGroup;
        std::vector<std::uint32_t> groups;
    };

    std::uint32_t newNode();
    std::uint32_t leafOf(const TokenLine &line);
    std::uint32_t childOf(std::uint32_t node, const TokenLine &line, std::size_t position);
    [[nodiscard]] std::uint32_t bestOf(const Node &leaf, const TokenLine &line) const;
    std::uint32_t makeGroup(Node &leaf, const TokenLine &line);
    void note(LineGroup &group, const TokenLine &line) const;

    TokenTreeOptions m_options;
    std::vector<Node> m_nodes;
    std::vector<LineGroup> m_groups;
    std::unordered_map<TokenHash, std::uint32_t> m_roots;
};

} // namespace mulligan::classify
