#include "formats/yaml_edit.hpp"

#include "formats/list_alignment.hpp"
#include "formats/yaml_scalar.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mulligan::formats
{

namespace
{

constexpr size_t kNone = AlignedItem::kNone;

std::vector<AlignedItem> align(const std::vector<YamlNode> &old, const Json::Array &next)
{
    return alignLists(old.size(), next.size(), [&](size_t i, size_t j) {
        return old[i].kind == YamlNode::Kind::Scalar && next[j].isString() && old[i].scalar == next[j].string();
    });
}

size_t memberIndex(const YamlNode &node, std::string_view key)
{
    for (size_t i = 0; i < node.members.size(); ++i)
        if (node.members[i].key == key)
            return i;
    return kNone;
}

/// Collects edits of one map and what is in it.
class MapEditor
{
public:
    explicit MapEditor(std::string_view text) : m_text(text), m_eol(lineBreakOf(text)) {}

    base::Result<void> map(const YamlNode &node, const YamlExtent &extent, const Json &old, const Json &next)
    {
        if (extent.style == YamlStyle::FlowMap)
            return flowMap(node, extent, old, next);
        if (extent.style != YamlStyle::BlockMap)
            return lost("This map is written in a way that cannot be edited in place");
        size_t after = kNone;
        for (const auto &[key, value] : next.members()) {
            const size_t at = memberIndex(node, key);
            after = at != kNone ? at : after;
            if (isSame(old, key, value))
                continue; // written, or what goes without saying
            if (at == kNone)
                insertMember(extent, after, key, value);
            else
                MULLIGAN_CHECK(
                    change(node.members[at].value, extent.children[at], extent.column, old.find(key), value));
        }
        for (const auto &[key, value] : old.members())
            if (const size_t at = memberIndex(node, key); at != kNone && next.find(key) == nullptr)
                removeMember(extent, at);
        return {};
    }

    std::vector<TextEdit> take() { return std::move(m_edits); }

private:
    [[nodiscard]] static base::Error lost(const std::string &what)
    {
        return base::makeError(base::ErrorCode::Unsupported, what,
                               "Change it in the file's text, or write it over several lines first.");
    }

    void edit(size_t begin, size_t end, std::string text) { m_edits.push_back({begin, end, std::move(text)}); }

    [[nodiscard]] std::string_view bytes(const YamlExtent &extent) const
    {
        return m_text.substr(extent.begin, extent.end - extent.begin);
    }

    /// Lines, each with its break, put after the line that holds `end`.
    void insertLinesAfter(size_t end, std::string lines)
    {
        const size_t at = lineEnd(m_text, end);
        edit(at, at, std::move(lines));
    }

    /// Whole lines from that of `begin` to that of `end`.
    void removeLines(size_t begin, size_t end) { edit(lineBegin(m_text, begin), lineEnd(m_text, end), {}); }

    [[nodiscard]] bool beginsLine(size_t at) const
    {
        return m_text.find_first_not_of(' ', lineBegin(m_text, at)) == at;
    }

    void insertMember(const YamlExtent &map, size_t after, const std::string &key, const Json &value)
    {
        std::string lines = writeYamlMember(key, value, {map.column, false, m_eol});
        const YamlExtent &first = map.children.front();
        if (after == kNone && beginsLine(first.entry))
            edit(lineBegin(m_text, first.entry), lineBegin(m_text, first.entry), std::move(lines));
        else
            insertLinesAfter(map.children[after == kNone ? 0 : after].end, std::move(lines));
    }

    void removeMember(const YamlExtent &map, size_t at)
    {
        const YamlExtent &child = map.children[at];
        if (beginsLine(child.entry) || at + 1 == map.children.size())
            removeLines(child.entry, child.end);
        else
            edit(child.entry, map.children[at + 1].entry, {}); // the next key comes to the dash
    }

    /// A value in a block map whose keys stand in `column`.
    base::Result<void> change(const YamlNode &node, const YamlExtent &extent, int column, const Json *old,
                              const Json &next)
    {
        static const Json kNothing = Json::object();
        if (next.isObject() && node.kind == YamlNode::Kind::Map && !node.members.empty())
            return map(node, extent, old != nullptr ? *old : kNothing, next);
        if (next.isArray() && node.kind == YamlNode::Kind::Sequence && !node.items.empty())
            return list(node, extent, column, next);
        if (extent.style == YamlStyle::BlockMap || extent.style == YamlStyle::BlockSequence)
            return lost("A list or map cannot give way to another kind of value");
        if (next.isArray() || next.isObject())
            replaceByBlock(extent, next, column);
        else
            replaceScalar(extent, next, {column + 2, false, m_eol});
        return {};
    }

    /// What stood behind the key on its line goes; the block comes below, after a comment that may be there.
    void replaceByBlock(const YamlExtent &extent, const Json &next, int column)
    {
        const YamlContext context{column + 2, false, m_eol};
        std::string lines = next.isArray() ? writeYamlItems(next, context) : writeYamlMembers(next, context);
        putBlock(extent, std::move(lines));
    }

    void putBlock(const YamlExtent &extent, std::string lines)
    {
        lines.resize(lines.size() - m_eol.size());
        edit(extent.head, extent.end, {});
        const size_t stop = lineStop(m_text, extent.end);
        edit(stop, stop, std::string(m_eol) + lines);
    }

    void replaceScalar(const YamlExtent &extent, const Json &next, YamlContext context)
    {
        const bool block = extent.style == YamlStyle::Literal || extent.style == YamlStyle::Folded;
        if (block && !context.flow)
            context.indent = contentColumn(extent, context.indent);
        const YamlStyle wanted = extent.style == YamlStyle::Folded ? YamlStyle::Literal : extent.style;
        const std::string written = writeYamlScalar(next, wanted, context);
        const size_t first = std::min(written.find(m_eol), written.size());
        const std::string lead = extent.style == YamlStyle::Null ? " " : "";
        if (block) {
            const size_t stop = lineStop(m_text, extent.begin);
            const size_t token = std::min(m_text.find_first_of(" \t\r\n", extent.begin), stop);
            edit(extent.begin, token, written.substr(0, first));
            edit(stop, std::max(stop, extent.end), written.substr(first));
        } else {
            edit(extent.begin, extent.end, lead + written.substr(0, first));
            if (first < written.size()) {
                const size_t stop = lineStop(m_text, extent.end);
                edit(stop, stop, written.substr(first));
            }
        }
    }

    /// Column in which the lines of a literal block begin.
    [[nodiscard]] int contentColumn(const YamlExtent &extent, int otherwise) const
    {
        for (size_t line = lineEnd(m_text, extent.begin); line < extent.end; line = lineEnd(m_text, line)) {
            const size_t text = m_text.find_first_not_of(' ', line);
            if (text < extent.end && m_text[text] != '\n' && m_text[text] != '\r')
                return std::max(static_cast<int>(text - line), otherwise - 1);
        }
        return otherwise;
    }

    base::Result<void> list(const YamlNode &node, const YamlExtent &extent, int column, const Json &next)
    {
        if (extent.style == YamlStyle::FlowSequence)
            return flowList(node, extent, column, next);
        if (extent.style != YamlStyle::BlockSequence)
            return lost("This list is written in a way that cannot be edited in place");
        const YamlContext context{extent.column, false, m_eol};
        YamlContext inside = context;
        inside.indent += 2;
        size_t before = kNone;
        for (const AlignedItem &step : align(node.items, next.items())) {
            if (step.same || (step.old != kNone && step.next != kNone)) {
                if (!step.same)
                    replaceScalar(extent.children[step.old], next.items()[step.next], inside);
            } else if (step.old != kNone) {
                removeLines(extent.children[step.old].entry, extent.children[step.old].end);
            } else {
                insertItem(extent, before, next.items()[step.next], inside);
            }
            before = step.old != kNone ? step.old : before;
        }
        return {};
    }

    void insertItem(const YamlExtent &list, size_t before, const Json &item, const YamlContext &inside)
    {
        YamlStyle style = list.children[before == kNone ? 0 : before].style;
        if (style != YamlStyle::DoubleQuoted && style != YamlStyle::SingleQuoted)
            style = YamlStyle::Null;
        std::string line(static_cast<size_t>(list.column), ' ');
        line.append("- " + writeYamlScalar(item, style, inside)).append(m_eol);
        const size_t first = lineBegin(m_text, list.children.front().entry);
        if (before == kNone)
            edit(first, first, std::move(line));
        else
            insertLinesAfter(list.children[before].end, std::move(line));
    }

    /// Whether a comment stands between the parts of brackets, which writing them anew would lose.
    [[nodiscard]] bool hasComment(const YamlExtent &brackets) const
    {
        size_t at = brackets.begin;
        for (const YamlExtent &child : brackets.children) {
            if (m_text.substr(at, child.entry - at).find('#') != std::string_view::npos)
                return true;
            at = child.end;
        }
        return m_text.substr(at, brackets.end - at).find('#') != std::string_view::npos;
    }

    /// `column`: of the keys of the block map the list is in, or negative within other brackets.
    base::Result<void> flowList(const YamlNode &node, const YamlExtent &extent, int column, const Json &next)
    {
        const std::vector<AlignedItem> steps = align(node.items, next.items());
        const bool inPlace = std::all_of(steps.begin(), steps.end(), [](const AlignedItem &step) {
            return step.old != kNone && step.next != kNone;
        });
        const bool severalLines = std::any_of(steps.begin(), steps.end(), [&](const AlignedItem &step) {
            return step.next != kNone && next.items()[step.next].string().find('\n') != std::string::npos;
        });
        const bool toBlock = severalLines && column >= 0;
        if (inPlace && !toBlock) {
            for (const AlignedItem &step : steps)
                if (!step.same)
                    replaceScalar(extent.children[step.old], next.items()[step.next], {0, true, m_eol});
            return {};
        }
        if (hasComment(extent))
            return lost("This list is written in brackets with comments in it");
        rewriteList(extent, toBlock ? column : -1, steps, next);
        return {};
    }

    /// Writes a list in brackets anew, or as a block below a key in `column`; items that stay keep their bytes.
    void rewriteList(const YamlExtent &extent, int column, const std::vector<AlignedItem> &steps, const Json &next)
    {
        std::string out;
        for (const AlignedItem &step : steps) {
            if (step.next == kNone)
                continue;
            const YamlContext inside{column + 4, column < 0, m_eol};
            const std::string_view kept = step.same ? bytes(extent.children[step.old]) : std::string_view();
            const std::string item = !kept.empty() && kept.find('\n') == std::string_view::npos
                                         ? std::string(kept)
                                         : writeYamlScalar(next.items()[step.next], YamlStyle::Null, inside);
            if (column < 0)
                out += (out.empty() ? "" : ", ") + item;
            else
                out.append(static_cast<size_t>(column) + 2, ' ').append("- " + item).append(m_eol);
        }
        if (column < 0)
            edit(extent.begin, extent.end, '[' + out + ']');
        else
            putBlock(extent, std::move(out));
    }

    static bool isSame(const Json &old, const std::string &key, const Json &value)
    {
        const Json *was = old.find(key);
        return was != nullptr && *was == value;
    }

    base::Result<void> flowMap(const YamlNode &node, const YamlExtent &extent, const Json &old, const Json &next)
    {
        bool inPlace = true;
        for (const auto &[key, value] : next.members())
            inPlace = inPlace && (memberIndex(node, key) != kNone || isSame(old, key, value));
        for (const auto &[key, value] : old.members())
            inPlace = inPlace && (next.find(key) != nullptr || memberIndex(node, key) == kNone);
        if (inPlace) {
            for (const auto &[key, value] : next.members()) {
                const size_t at = memberIndex(node, key);
                if (!isSame(old, key, value))
                    MULLIGAN_CHECK(changeInFlow(node.members[at].value, extent.children[at], old.find(key), value));
            }
            return {};
        }
        if (hasComment(extent))
            return lost("This map is written in braces with comments in it");
        edit(extent.begin, extent.end, '{' + flowMembers(node, extent, old, next) + '}');
        return {};
    }

    base::Result<void> changeInFlow(const YamlNode &node, const YamlExtent &extent, const Json *old, const Json &next)
    {
        static const Json kNothing = Json::object();
        if (next.isObject() && extent.style == YamlStyle::FlowMap && !node.members.empty())
            return flowMap(node, extent, old != nullptr ? *old : kNothing, next);
        if (next.isArray() && extent.style == YamlStyle::FlowSequence && !node.items.empty())
            return flowList(node, extent, -1, next);
        if (next.isArray() || next.isObject())
            edit(extent.begin, extent.end, (extent.style == YamlStyle::Null ? " " : "") + writeYamlFlow(next));
        else
            replaceScalar(extent, next, {0, true, m_eol});
        return {};
    }

    /// Members of `next` in the file's order, new ones after those that precede them; equal ones keep their bytes.
    [[nodiscard]] std::string flowMembers(const YamlNode &node, const YamlExtent &extent, const Json &old,
                                          const Json &next) const
    {
        std::vector<std::pair<size_t, std::string>> parts; ///< index in the file, text
        for (size_t i = 0; i < node.members.size(); ++i) {
            const std::string &key = node.members[i].key;
            const Json *value = next.find(key);
            const Json *was = old.find(key);
            if (value == nullptr && was != nullptr)
                continue;
            const YamlExtent &child = extent.children[i];
            if (value == nullptr || (was != nullptr && *was == *value))
                parts.emplace_back(i, m_text.substr(child.entry, child.end - child.entry));
            else
                parts.emplace_back(i, std::string(m_text.substr(child.entry, child.head - child.entry)) + ' '
                                          + writeYamlFlow(*value));
        }
        size_t after = 0; ///< where the next new member goes
        for (const auto &[key, value] : next.members()) {
            const size_t at = memberIndex(node, key);
            if (at != kNone) {
                const auto found =
                    std::find_if(parts.begin(), parts.end(), [&](const auto &p) { return p.first == at; });
                after = static_cast<size_t>(found - parts.begin()) + 1;
                continue;
            }
            if (isSame(old, key, value))
                continue;
            const std::string pair = writeYamlFlow(Json(key)) + ": " + writeYamlFlow(value);
            parts.emplace(parts.begin() + static_cast<std::ptrdiff_t>(after), kNone, pair);
            ++after;
        }
        std::string out;
        for (const auto &part : parts)
            out += (out.empty() ? "" : ", ") + part.second;
        return out;
    }

    std::string_view m_text;
    std::string_view m_eol;
    std::vector<TextEdit> m_edits;
};

} // namespace

base::Result<std::string> applyEdits(std::string_view text, std::vector<TextEdit> edits)
{
    std::stable_sort(edits.begin(), edits.end(), [](const TextEdit &a, const TextEdit &b) {
        return a.begin != b.begin ? a.begin < b.begin : (a.begin == a.end) > (b.begin == b.end);
    });
    std::string out;
    size_t at = 0;
    bool onlyGone = false; ///< everything up to `at` that was taken last was deleted
    for (const TextEdit &edit : edits) {
        if (edit.begin < at && !(onlyGone && edit.text.empty()))
            return base::makeError(base::ErrorCode::Unsupported, "Two changes meet at one place of the file",
                                   "Make them one after another.");
        if (edit.begin > at)
            out.append(text, at, edit.begin - at);
        out += edit.text;
        if (edit.end > edit.begin)
            onlyGone = edit.text.empty();
        at = std::max(at, edit.end);
    }
    return out.append(text.substr(at));
}

std::string_view lineBreakOf(std::string_view text)
{
    const size_t at = text.find('\n');
    return at != std::string_view::npos && at > 0 && text[at - 1] == '\r' ? "\r\n" : "\n";
}

size_t lineStop(std::string_view text, size_t at)
{
    size_t stop = text.find('\n', at);
    if (stop == std::string_view::npos)
        stop = text.size();
    return stop > at && text[stop - 1] == '\r' ? stop - 1 : stop;
}

base::Result<std::vector<TextEdit>> editYamlMap(std::string_view text, const YamlNode &node, const YamlExtent &extent,
                                                const Json &old, const Json &next)
{
    MapEditor editor(text);
    MULLIGAN_CHECK(editor.map(node, extent, old, next));
    return editor.take();
}

} // namespace mulligan::formats
