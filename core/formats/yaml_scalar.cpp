#include "formats/yaml_scalar.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace mulligan::formats
{

namespace
{

bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/// "2026-01-02".
bool isDate(const std::string &text)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return false;
    for (size_t i = 0; i < text.size(); ++i)
        if (i != 4 && i != 7 && !isDigit(text[i]))
            return false;
    return true;
}

/// Whether another reader could take the word for a truth value or for nothing.
bool isReserved(const std::string &text)
{
    static const std::set<std::string> kWords{"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return kWords.count(lower) > 0;
}

bool isWord(const std::string &text)
{
    static constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
    return !text.empty() && text.size() <= 200 && std::isalpha(static_cast<unsigned char>(text.front())) != 0
           && text.find_first_not_of(kSafe) == std::string::npos && !isReserved(text);
}

/// Whether a text that stood there unquoted may do so again: one line, nothing that YAML reads otherwise.
bool canBePlain(const std::string &text)
{
    if (isDate(text) || isWord(text))
        return true;
    static constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./- ()%";
    return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 && text.back() != ' '
           && text.find_first_not_of(kSafe) == std::string::npos && !isReserved(text);
}

bool hasControl(const std::string &text, bool breaksToo)
{
    return std::any_of(text.begin(), text.end(), [&](char byte) {
        const auto code = static_cast<unsigned char>(byte);
        return (code < 0x20 && code != '\t' && (breaksToo || code != '\n')) || code == 0x7F;
    });
}

/// Whether "|" or "|-" can hold a text: no line of blanks alone, at most one line break at its end, and a first line
/// from whose start the indentation can be told. Other readers of YAML than ours refuse one that begins with a tab.
bool canBeLiteral(const std::string &text)
{
    if (text.empty() || text.find_first_of(" \t\n") == 0 || hasControl(text, false) || text.ends_with("\n\n"))
        return false;
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = std::min(text.find('\n', begin), text.size());
        if (end > begin && text.find_first_not_of(" \t", begin) >= end)
            return false;
        begin = end + 1;
    }
    return true;
}

std::string literal(const std::string &text, const YamlContext &context)
{
    const bool ended = text.back() == '\n';
    std::string out = ended ? "|" : "|-";
    const size_t size = text.size() - (ended ? 1 : 0);
    for (size_t begin = 0; begin <= size;) {
        const size_t end = std::min(text.find('\n', begin), size);
        out += context.eol;
        if (end > begin)
            out.append(static_cast<size_t>(context.indent), ' ').append(text, begin, end - begin);
        begin = end + 1;
    }
    return out;
}

std::string singleQuoted(const std::string &text)
{
    std::string out = "'";
    for (const char byte : text) {
        out += byte;
        if (byte == '\'')
            out += byte;
    }
    return out + '\'';
}

std::string margin(const YamlContext &context)
{
    return std::string(static_cast<size_t>(context.indent), ' ');
}

YamlContext deeper(const YamlContext &context)
{
    YamlContext out = context;
    out.indent += 2;
    return out;
}

} // namespace

std::string writeYamlScalar(const Json &value, YamlStyle wanted, const YamlContext &context)
{
    if (!value.isString())
        return value.isNull() ? "null" : writeJson(value);
    const std::string &text = value.string();
    const bool severalLines = text.find('\n') != std::string::npos;
    const bool mayBlock = !context.flow && wanted != YamlStyle::DoubleQuoted;
    if (mayBlock && (severalLines || wanted == YamlStyle::Literal) && canBeLiteral(text))
        return literal(text, context);
    if (wanted == YamlStyle::DoubleQuoted || hasControl(text, true))
        return writeJson(value);
    if (wanted == YamlStyle::Plain ? canBePlain(text) : wanted == YamlStyle::Null && (isWord(text) || isDate(text)))
        return text;
    return singleQuoted(text);
}

std::string writeYamlFlow(const Json &value)
{
    std::string out;
    if (value.isArray()) {
        for (const Json &item : value.items())
            out += (out.empty() ? "" : ", ") + writeYamlFlow(item);
        return '[' + out + ']';
    }
    if (value.isObject()) {
        for (const auto &[key, member] : value.members())
            out += (out.empty() ? "" : ", ") + writeYamlFlow(Json(key)) + ": " + writeYamlFlow(member);
        return '{' + out + '}';
    }
    return writeYamlScalar(value, YamlStyle::Null, {0, true, "\n"});
}

std::string writeYamlMember(const std::string &key, const Json &value, const YamlContext &context)
{
    std::string out = margin(context) + writeYamlScalar(Json(key), YamlStyle::Null, {0, true, context.eol}) + ':';
    const bool collection = value.isArray() || value.isObject();
    if (collection && value.size() > 0) {
        out += context.eol;
        return out
               + (value.isArray() ? writeYamlItems(value, deeper(context)) : writeYamlMembers(value, deeper(context)));
    }
    out += ' ' + (collection ? writeYamlFlow(value) : writeYamlScalar(value, YamlStyle::Null, deeper(context)));
    return out.append(context.eol);
}

std::string writeYamlMembers(const Json &object, const YamlContext &context)
{
    std::string out;
    for (const auto &[key, value] : object.members())
        out += writeYamlMember(key, value, context);
    return out;
}

std::string writeYamlItems(const Json &list, const YamlContext &context)
{
    std::string out;
    for (const Json &item : list.items())
        out.append(margin(context) + "- " + writeYamlScalar(item, YamlStyle::Null, deeper(context)))
            .append(context.eol);
    return out;
}

} // namespace mulligan::formats
