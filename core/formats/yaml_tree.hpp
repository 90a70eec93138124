#pragma once

#include "formats/yaml.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

namespace mulligan::formats
{

/// Makes the tree of a document from what yaml-cpp's parser finds. The first thing that is refused ends it; whether the
/// rest is YAML at all is still for the parser to say.
class YamlTree : public YAML::EventHandler
{
public:
    explicit YamlTree(std::string_view text) : m_text(text) {}

    /// The document's root, given once; Null where there is no node. Errors: Parse, LimitExceeded, with the place.
    [[nodiscard]] base::Result<YamlNode> taken();
    /// Where the last text in quotes begins.
    [[nodiscard]] const YAML::Mark &lastQuoted() const { return m_lastQuoted; }

    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &value) override;
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override;
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override { close(); }

private:
    /// A sequence or map that has begun.
    struct Open {
        YamlNode node;
        YAML::Mark mark;
        YAML::anchor_t anchor = 0;
        std::set<std::string> keys;
        std::optional<YamlNode::Member> member; ///< whose value is to come
    };

    void refuse(base::Error error, const YAML::Mark &mark);
    [[nodiscard]] bool expectsKey() const;
    bool mayStand(std::size_t depth, const YAML::Mark &mark);
    bool mayStandWhole(const YamlNode &node, std::size_t depth, const YAML::Mark &mark);
    std::optional<YamlNode> begun(const YAML::Mark &mark, YamlNode::Kind kind);
    void open(const YAML::Mark &mark, YAML::anchor_t anchor, YamlNode::Kind kind);
    void close();
    void take(YamlNode node, const YAML::Mark &mark, YAML::anchor_t anchor);
    void takeKey(Open &open, YamlNode key, const YAML::Mark &mark);
    void placeNothing(YamlNode &item, const YAML::Mark &mark) const;

    std::string_view m_text;
    std::vector<Open> m_open;
    std::map<YAML::anchor_t, YamlNode> m_anchors;
    std::optional<YamlNode> m_root;
    std::optional<base::Error> m_error;
    YAML::Mark m_lastQuoted = YAML::Mark::null_mark();
    int m_nodes = 0;
};

} // namespace mulligan::formats
