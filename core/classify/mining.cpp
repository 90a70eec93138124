#include "classify/mining.hpp"

#include "base/rng.hpp"
#include "classify/mining_tree.hpp"

#include <algorithm>
#include <cstdio>
#include <unordered_map>

namespace mulligan::classify
{

namespace
{

/// Stands for all tokens beyond `maxTokens`.
constexpr std::string_view kMore = "<more>";
/// Lines met lately, by their hash: most lines of a log are, once masked, a line of before.
constexpr std::size_t kCacheEntries = std::size_t{1} << 16;

/// Whether a line begins with the name of its exception: that is part of the key already, and says nothing more.
bool isException(std::string_view token, std::string_view exceptionClass)
{
    if (exceptionClass.empty() || !token.starts_with(exceptionClass))
        return false;
    const std::string_view rest = token.substr(exceptionClass.size());
    return rest.empty() || rest == ":";
}

TokenTreeOptions treeOptions(const MiningOptions &options)
{
    TokenTreeOptions tree;
    tree.depth = options.depth;
    tree.similarity = options.similarity;
    tree.maxChildren = options.maxChildren;
    tree.constants = options.constants;
    tree.maxGroups = options.maxClusters;
    tree.maxLeafGroups = options.maxLeafClusters;
    return tree;
}

std::string hex12(std::uint64_t hash)
{
    char digits[17] = {};
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
    return {digits, 12};
}

struct Remembered {
    TokenHash line = 0;
    std::uint32_t cluster = kNoCluster;
};

} // namespace

struct TemplateMiner::State {
    explicit State(const MiningOptions &chosen)
        : options(chosen), tree(treeOptions(chosen)), learned(kCacheEntries), added(kCacheEntries)
    {
    }

    MiningOptions options;
    TokenTree tree;
    std::vector<MinedTemplate> clusters;
    std::vector<std::vector<TokenHash>> tokens; ///< by cluster
    std::unordered_map<std::string, std::uint32_t> ids;
    std::vector<TokenHash> learned; ///< lines that were learned lately
    std::vector<Remembered> added;
    text::LineMasker masker;
    TokenLine line;
    std::string lastException;
    std::string lastFrames;
    TokenHash lastKey = 0;

    [[nodiscard]] std::size_t maxTokens() const { return static_cast<std::size_t>(std::max(options.maxTokens, 1)); }

    TokenHash keyHash(std::string_view exceptionClass, std::string_view frames)
    {
        if (lastKey == 0 || lastException != exceptionClass || lastFrames != frames) {
            lastException = exceptionClass;
            lastFrames = frames;
            lastKey = mixed(base::stableHash(exceptionClass), base::stableHash(frames));
        }
        return lastKey;
    }

    void push(std::string_view token)
    {
        line.tokens.push_back(tokenHash(token));
        line.plain.push_back(isPlain(token) ? 1 : 0);
    }

    void finish(std::string_view first, std::string_view exceptionClass, std::string_view frames)
    {
        line.key = keyHash(exceptionClass, frames);
        line.common = !line.tokens.empty() && isException(first, exceptionClass) ? 1 : 0;
        line.whole = line.key;
        for (const TokenHash token : line.tokens)
            line.whole = mixed(line.whole, token);
    }

    const text::MaskedLine &read(const CauseKey &key)
    {
        const text::MaskedLine &masked = masker.mask(key.line);
        const std::size_t count = std::min(masked.tokens.size(), maxTokens());
        line.tokens.clear();
        line.plain.clear();
        for (std::size_t i = 0; i < count; ++i)
            push(masked.token(i));
        if (masked.tokens.size() > count || masked.cut)
            push(kMore);
        finish(count > 0 ? masked.token(0) : std::string_view(), key.exceptionClass, key.frames);
        return masked;
    }

    void read(const MinedTemplate &stored)
    {
        const std::string_view text = stored.text;
        line.tokens.clear();
        line.plain.clear();
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find(' ', at), text.size());
            push(text.substr(at, end - at));
            at = end + 1;
        }
        finish(text.substr(0, text.find(' ')), stored.exceptionClass, stored.frames);
    }

    [[nodiscard]] bool covers(std::uint32_t cluster) const
    {
        const std::vector<TokenHash> &own = tokens[cluster];
        if (own.size() != line.tokens.size())
            return false;
        for (std::size_t i = 0; i < own.size(); ++i)
            if (own[i] != line.tokens[i] && own[i] != kWildcardHash)
                return false;
        return true;
    }

    /// Tokens that a template shares with the line, or nothing where they differ in words that are the message's own.
    [[nodiscard]] std::size_t sharedTokens(const LineGroup &group, std::uint32_t cluster) const
    {
        const std::vector<TokenHash> &own = tokens[cluster];
        std::size_t equal = 0;
        for (std::size_t i = line.common; i < own.size(); ++i) {
            if (own[i] == kWildcardHash)
                continue;
            if (own[i] == line.tokens[i]) {
                ++equal;
                continue;
            }
            const bool bothVary = line.plain[i] == 0 && !isPlain(tokenText(cluster, i));
            if (!bothVary && !tree.varies(group, i))
                return 0;
        }
        return equal;
    }

    [[nodiscard]] std::string_view tokenText(std::uint32_t cluster, std::size_t position) const
    {
        const std::string_view text = clusters[cluster].text;
        std::size_t at = 0;
        for (; position > 0; --position)
            at = text.find(' ', at) + 1;
        return text.substr(at, text.find(' ', at) - at);
    }

    /// The narrowest template that holds the line as it is; of equals the older one.
    [[nodiscard]] std::uint32_t coveringOf(const LineGroup &group) const
    {
        std::uint32_t best = kNoCluster;
        std::ptrdiff_t fewest = 0;
        for (const std::uint32_t cluster : group.clusters) {
            if (!covers(cluster))
                continue;
            const auto wild = std::count(tokens[cluster].begin(), tokens[cluster].end(), kWildcardHash);
            if (best == kNoCluster || wild < fewest) {
                best = cluster;
                fewest = wild;
            }
        }
        return best;
    }

    /// The template that shares the most with the line and may become general enough for it.
    [[nodiscard]] std::uint32_t widenedOf(const LineGroup &group) const
    {
        std::uint32_t best = kNoCluster;
        std::size_t most = 0;
        for (const std::uint32_t cluster : group.clusters) {
            const std::size_t shared = sharedTokens(group, cluster);
            if (shared > most) {
                best = cluster;
                most = shared;
            }
        }
        const double length = static_cast<double>(line.tokens.size() - line.common);
        return static_cast<double>(most) >= options.similarity * length ? best : kNoCluster;
    }

    /// Where the template and the line differ becomes a wildcard.
    void widen(std::uint32_t cluster)
    {
        std::vector<TokenHash> &own = tokens[cluster];
        const std::string_view text = clusters[cluster].text;
        std::string wider;
        std::size_t at = 0;
        for (std::size_t i = 0; i < own.size(); ++i) {
            const std::size_t end = std::min(text.find(' ', at), text.size());
            if (own[i] != line.tokens[i])
                own[i] = kWildcardHash;
            wider += i == 0 ? "" : " ";
            wider += own[i] == kWildcardHash ? kWildcard : text.substr(at, end - at);
            at = std::min(end + 1, text.size());
        }
        clusters[cluster].text = std::move(wider);
    }

    /// The template that a line would found.
    [[nodiscard]] MinedTemplate templateOf(const text::MaskedLine &masked, const CauseKey &key) const
    {
        MinedTemplate made;
        made.text = masked.text;
        if (masked.tokens.size() > maxTokens())
            made.text.resize(masked.tokens[maxTokens() - 1].end);
        if (masked.tokens.size() > maxTokens() || masked.cut)
            made.text.append(made.text.empty() ? "" : " ").append(kMore);
        made.exceptionClass = key.exceptionClass;
        made.frames = key.frames;
        return made;
    }

    std::uint32_t keep(MinedTemplate made, LineGroup &group)
    {
        const auto cluster = static_cast<std::uint32_t>(clusters.size());
        ids.emplace(made.id, cluster);
        clusters.push_back(std::move(made));
        tokens.push_back(line.tokens);
        group.clusters.push_back(cluster);
        return cluster;
    }

    std::uint32_t clusterOf(const text::MaskedLine &masked, const CauseKey &key)
    {
        MinedTemplate made = templateOf(masked, key);
        const std::string founder = made.exceptionClass + '\n' + made.frames + "\n\n" + made.text;
        made.id = hex12(base::stableHash(founder));
        // Whoever founded a cluster stays in it, however the tree has grown.
        for (std::uint64_t seed = 1; ids.count(made.id) > 0; ++seed) {
            if (const std::uint32_t own = ids.at(made.id); covers(own))
                return own;
            made.id = hex12(base::stableHash(founder, seed));
        }
        const std::uint32_t index = tree.learn(line);
        if (index == kNoGroup)
            return kNoCluster;
        LineGroup &group = tree.group(index);
        if (const std::uint32_t covering = coveringOf(group); covering != kNoCluster)
            return covering;
        if (const std::uint32_t widened = widenedOf(group); widened != kNoCluster) {
            widen(widened);
            return widened;
        }
        if (clusters.size() >= options.maxClusters || group.clusters.size() >= options.maxLeafClusters)
            return kNoCluster;
        return keep(std::move(made), group);
    }
};

TemplateMiner::TemplateMiner(const MiningOptions &options) : m_state(std::make_unique<State>(options))
{
}
TemplateMiner::~TemplateMiner() = default;
TemplateMiner::TemplateMiner(TemplateMiner &&) noexcept = default;
TemplateMiner &TemplateMiner::operator=(TemplateMiner &&) noexcept = default;

std::uint32_t TemplateMiner::restore(MinedTemplate stored)
{
    State &s = *m_state;
    s.read(stored);
    const std::uint32_t index = s.tree.learn(s.line);
    // A workspace may have been mined with more room than there is now.
    LineGroup unreachable;
    return s.keep(std::move(stored), index == kNoGroup ? unreachable : s.tree.group(index));
}

std::uint64_t TemplateMiner::learn(const CauseKey &key)
{
    State &s = *m_state;
    (void)s.read(key);
    TokenHash &last = s.learned[s.line.whole % kCacheEntries];
    if (last != s.line.whole) {
        last = s.line.whole;
        (void)s.tree.learn(s.line);
    }
    return s.line.whole;
}

std::uint32_t TemplateMiner::add(const CauseKey &key)
{
    State &s = *m_state;
    const text::MaskedLine &masked = s.read(key);
    Remembered &last = s.added[s.line.whole % kCacheEntries];
    if (last.line != s.line.whole || last.cluster == kNoCluster)
        last = {s.line.whole, s.clusterOf(masked, key)};
    return last.cluster;
}

std::span<const MinedTemplate> TemplateMiner::clusters() const
{
    return m_state->clusters;
}

} // namespace mulligan::classify
