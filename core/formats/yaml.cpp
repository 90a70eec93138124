#include "formats/yaml.hpp"

#include "formats/yaml_text.hpp"
#include "formats/yaml_tree.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace mulligan::formats
{

namespace
{

std::string shown(const YamlNode &node)
{
    switch (node.kind) {
    case YamlNode::Kind::Null: return "nothing";
    case YamlNode::Kind::Sequence: return "a list";
    case YamlNode::Kind::Map: return "a map";
    case YamlNode::Kind::Scalar: break;
    }
    return "'" + node.scalar + "'";
}

base::Error wrong(const YamlNode &node, const std::string &expected)
{
    return base::makeError(base::ErrorCode::Parse, "Expected " + expected + ", found " + shown(node)).in(node.place());
}

size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row.back();
}

bool plainScalar(const std::string &text)
{
    if (text.empty() || text.size() > 200)
        return false;
    static constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+ ()%";
    if (text.find_first_not_of(kSafe) != std::string::npos || text.front() == ' ' || text.back() == ' ')
        return false;
    // What another reader would take for a number, a truth value, nothing or a list entry is quoted.
    static const std::set<std::string> kWords{"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return kWords.count(lower) == 0 && std::isalpha(static_cast<unsigned char>(text.front())) != 0;
}

std::string scalarText(const Json &value)
{
    if (!value.isString())
        return value.isNull() ? "null" : writeJson(value);
    // JSON's quoting is valid in YAML's double quotes.
    return plainScalar(value.string()) ? value.string() : writeJson(value);
}

bool isEmptyContainer(const Json &value)
{
    return (value.isArray() || value.isObject()) && value.size() == 0;
}

void writeNode(const Json &value, int indent, std::string &out);

void writeChild(const Json &value, int indent, std::string &out)
{
    if (isEmptyContainer(value)) {
        out += value.isArray() ? " []\n" : " {}\n";
    } else if (value.isArray() || value.isObject()) {
        out += '\n';
        writeNode(value, indent, out);
    } else {
        out += ' ' + scalarText(value) + '\n';
    }
}

void writeNode(const Json &value, int indent, std::string &out)
{
    const std::string margin(static_cast<size_t>(indent), ' ');
    if (value.isObject()) {
        for (const auto &[key, member] : value.members()) {
            out += margin + scalarText(Json(key)) + ':';
            writeChild(member, indent + 2, out);
        }
    } else if (value.isArray()) {
        for (const auto &item : value.items()) {
            out += margin + '-';
            if (item.isObject() && item.size() > 0) {
                std::string block;
                writeNode(item, indent + 2, block);
                // The first key stands on the dash's own line.
                out += ' ' + block.substr(static_cast<size_t>(indent) + 2);
            } else {
                writeChild(item, indent + 2, out);
            }
        }
    } else {
        out += margin + scalarText(value) + '\n';
    }
}

} // namespace

const YamlNode *YamlNode::find(std::string_view key) const
{
    for (const Member &member : members) {
        if (member.key == key)
            return &member.value;
    }
    return nullptr;
}

std::string YamlNode::place() const
{
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

base::Result<std::string> YamlNode::asString() const
{
    if (kind != Kind::Scalar)
        return wrong(*this, "text");
    return scalar;
}

base::Result<double> YamlNode::asNumber() const
{
    double value = 0.0;
    const char *end = scalar.data() + scalar.size();
    if (kind != Kind::Scalar || quoted)
        return wrong(*this, "a number");
    const auto parsed = std::from_chars(scalar.data() + (scalar.starts_with('+') ? 1 : 0), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(value))
        return wrong(*this, "a number");
    return value;
}

base::Result<std::int64_t> YamlNode::asInteger() const
{
    std::int64_t value = 0;
    const char *end = scalar.data() + scalar.size();
    if (kind != Kind::Scalar || quoted)
        return wrong(*this, "a whole number");
    const auto parsed = std::from_chars(scalar.data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end)
        return wrong(*this, "a whole number");
    return value;
}

base::Result<bool> YamlNode::asBool() const
{
    if (kind == Kind::Scalar && !quoted) {
        if (scalar == "true" || scalar == "True" || scalar == "yes" || scalar == "on")
            return true;
        if (scalar == "false" || scalar == "False" || scalar == "no" || scalar == "off")
            return false;
    }
    return wrong(*this, "true or false");
}

namespace
{

/// yaml-cpp 0.7 takes a quote that is open where the text ends with a line break, and it swallows all that follows it.
base::Result<void> checkQuoteIsClosed(const YAML::Mark &last, std::string_view text)
{
    if (last.is_null() || closesQuote(text, last.line, last.column))
        return {};
    return base::makeError(base::ErrorCode::Parse, "Not valid YAML: a quote is still open at the end of the file",
                           "Close it on its own line; what follows it was taken for a part of the text.")
        .in("line " + std::to_string(last.line + 1) + ", column " + std::to_string(last.column + 1));
}

/// What to do about what yaml-cpp says is wrong.
std::string remedyFor(const YAML::Exception &failure, std::string_view text)
{
    if (std::string quote = openQuoteAt(text, failure.mark.line + 1); !quote.empty())
        return quote;
    const auto says = [&](std::string_view words) { return failure.msg.find(words) != std::string::npos; };
    if (says("anchor is not defined"))
        return "A '*' at the beginning of a value refers to an anchor: write the value in quotes when it is text, or "
               "define "
               "the anchor before.";
    if (says("unknown escape"))
        return "Between double quotes a backslash is doubled; between single quotes it stands for itself.";
    if (says("illegal tab"))
        return "Indent with spaces.";
    return "Check indentation, quotes and colons at this place.";
}

} // namespace

base::Result<YamlNode> parseYaml(std::string_view text)
{
    MULLIGAN_CHECK(checkYamlText(text));
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        YamlTree tree(text);
        // YAML::LoadAll makes documents without end of a text such as ",;".
        if (YamlTree another(text); parser.HandleNextDocument(tree) && parser.HandleNextDocument(another))
            return base::makeError(base::ErrorCode::Parse, "Expected one YAML document, found more than one",
                                   "Leave one document in the file; a line '---' begins another.");
        MULLIGAN_CHECK(checkQuoteIsClosed(tree.lastQuoted(), text));
        return tree.taken();
    } catch (const YAML::Exception &failure) {
        base::Error error =
            base::makeError(base::ErrorCode::Parse, "Not valid YAML: " + failure.msg, remedyFor(failure, text));
        if (failure.mark.is_null())
            return error;
        return std::move(error).in("line " + std::to_string(failure.mark.line + 1) + ", column "
                                   + std::to_string(failure.mark.column + 1));
    } catch (const std::exception &failure) {
        return base::makeError(base::ErrorCode::Parse, std::string("Not valid YAML: ") + failure.what());
    }
}

std::string nearestName(std::string_view text, const std::vector<std::string_view> &candidates)
{
    // Comparing costs the product of the lengths, and nobody means a short name by a very long one.
    constexpr size_t kLongest = 200;
    if (text.size() > kLongest)
        return {};
    const size_t near = std::max<size_t>(2, text.size() / 3);
    std::string_view best;
    size_t least = near + 1;
    for (const auto candidate : candidates) {
        const size_t distance = candidate.size() > kLongest ? least : editDistance(text, candidate);
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return std::string(best);
}

namespace
{

std::string capitalized(std::string_view text)
{
    std::string out(text);
    if (!out.empty())
        out.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(out.front())));
    return out;
}

} // namespace

base::Result<void> checkKeys(const YamlNode &map, std::initializer_list<std::string_view> known, std::string_view what)
{
    if (map.kind != YamlNode::Kind::Map)
        return base::makeError(base::ErrorCode::Parse,
                               capitalized(what) + " must be a map of keys, found " + shown(map))
            .in(map.place());
    for (const auto &member : map.members) {
        if (std::find(known.begin(), known.end(), member.key) != known.end())
            continue;
        std::string hint;
        if (const std::string nearest = nearestName(member.key, known); !nearest.empty()) {
            hint = "Did you mean '" + nearest + "'?";
        } else {
            hint = "Known keys:";
            for (const auto key : known)
                hint += " " + std::string(key);
            hint += ".";
        }
        return base::makeError(base::ErrorCode::Parse, capitalized(what) + " has no key '" + member.key + "'", hint)
            .in("line " + std::to_string(member.keyLine) + ", column " + std::to_string(member.keyColumn));
    }
    return {};
}

std::string writeYaml(const Json &value)
{
    if (isEmptyContainer(value))
        return value.isArray() ? "[]\n" : "{}\n";
    std::string out;
    writeNode(value, 0, out);
    return out;
}

} // namespace mulligan::formats
