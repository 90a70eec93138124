#include "desktop/pages/rules_editor_starter.hpp"

#include "classify/line_levels.hpp"
#include "text/root_cause.hpp"

#include <algorithm>
#include <cctype>

namespace mulligan::desktop
{

namespace
{

constexpr size_t kPatternCharacters = 160;
constexpr size_t kSampleBytes = 16 * 1024;
constexpr size_t kTitleCharacters = 80;

bool isWord(char byte)
{
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

std::string_view firstLine(std::string_view text)
{
    text = text.substr(0, text.find('\n'));
    while (!text.empty() && (text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    return text;
}

/// At most so many bytes, ending between two words and between two characters.
std::string_view shortened(std::string_view line, size_t most)
{
    if (line.size() <= most)
        return line;
    size_t end = most;
    while (end > most / 2 && isWord(line[end]) && isWord(line[end - 1]))
        --end;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0u) == 0x80u)
        --end;
    return line.substr(0, end);
}

/// What a word of the line becomes: a number, a hexadecimal word, or itself.
std::string patternOfWord(std::string_view word)
{
    const auto digits = std::count_if(word.begin(), word.end(), [](char byte) { return byte >= '0' && byte <= '9'; });
    if (digits == 0)
        return std::string(word);
    const bool hex = word.size() >= 8 && std::all_of(word.begin(), word.end(), [](char byte) {
                         return std::isxdigit(static_cast<unsigned char>(byte)) != 0;
                     });
    if (hex && digits != static_cast<std::ptrdiff_t>(word.size()))
        return "[0-9a-fA-F]+";
    std::string out;
    for (size_t i = 0; i < word.size();) {
        if (word[i] < '0' || word[i] > '9') {
            out += word[i++];
            continue;
        }
        out += "\\d+";
        while (i < word.size() && word[i] >= '0' && word[i] <= '9')
            ++i;
    }
    return out;
}

/// The end of a text in quotes that begins at `at`, or npos: quotes around a name differ from failure to failure.
size_t quotedEnd(std::string_view line, size_t at)
{
    const char quote = line[at];
    const bool opens = (quote == '"' || quote == '\'' || quote == '`') && (at == 0 || !isWord(line[at - 1]));
    const size_t end = opens ? line.find(quote, at + 1) : std::string_view::npos;
    return end != std::string_view::npos && end > at + 1 ? end : std::string_view::npos;
}

std::string idOf(std::string_view exceptionClass)
{
    std::string_view name = exceptionClass;
    if (const size_t dot = name.find_last_of(".$"); dot != std::string_view::npos)
        name.remove_prefix(dot + 1);
    std::string id = "new.";
    for (size_t i = 0; i < name.size(); ++i) {
        const char byte = name[i];
        const bool upper = byte >= 'A' && byte <= 'Z';
        if (upper && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z')
            id += '_';
        if (isWord(byte))
            id += static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
    }
    return id.size() > 4 ? id : "new.rule";
}

} // namespace

std::string patternOfLine(std::string_view line)
{
    line = shortened(firstLine(line), kPatternCharacters);
    std::string out;
    for (size_t i = 0; i < line.size();) {
        if (const size_t quoted = quotedEnd(line, i); quoted != std::string_view::npos) {
            const std::string quote(1, line[i]);
            out.append(quote).append("[^").append(quote).append("\\n]+").append(quote);
            i = quoted + 1;
        } else if (isWord(line[i])) {
            size_t end = i;
            while (end < line.size() && isWord(line[end]))
                ++end;
            out += patternOfWord(line.substr(i, end - i));
            i = end;
        } else if (line[i] == '/' && i + 1 < line.size() && isWord(line[i + 1]) && (i == 0 || !isWord(line[i - 1]))) {
            // A path from the root: another one each time.
            while (i < line.size() && line[i] != ' ' && line[i] != '\'' && line[i] != '"' && line[i] != ',')
                ++i;
            out += "/[^\\s,]+";
        } else {
            if (std::string_view("\\^$.|?*+()[]{}").find(line[i]) != std::string_view::npos)
                out += '\\';
            out += line[i++];
        }
    }
    return out;
}

classify::Rule blankRule(const std::string &today)
{
    classify::Rule rule;
    rule.id = "new.rule";
    rule.title = "New rule";
    rule.status = classify::RuleStatus::Draft;
    rule.created = today;
    rule.modified = today;
    rule.where = classify::MatchWhere::RootCause;
    rule.action = model::RuleAction::Stop;
    rule.any.emplace_back(); // to be filled in
    return rule;
}

classify::Rule ruleFromFailure(std::string_view failure, const std::string &today)
{
    classify::Rule rule = blankRule(today);
    const text::RootCause cause = text::findRootCause(failure);
    const std::string_view line = firstLine(cause.text);
    rule.id = idOf(cause.exceptionClass);
    rule.title = std::string(shortened(line, kTitleCharacters));
    if (rule.title.empty())
        rule.title = "New rule";
    if (!line.empty()) {
        rule.any = {patternOfLine(line)};
        rule.positive.push_back(sampleOf(failure, rule));
    }
    return rule;
}

std::string sampleOf(std::string_view failure, const classify::Rule &rule)
{
    using classify::MatchWhere;
    if (rule.where != MatchWhere::RootCause && rule.where != MatchWhere::Message)
        return std::string(failure.size() <= kSampleBytes ? failure : failure.substr(failure.size() - kSampleBytes));
    std::string sample = text::findRootCause(failure).text;
    if (!classify::needsCauseOnly(rule))
        sample = classify::withItsLine(sample, failure);
    while (!sample.empty() && (sample.back() == '\n' || sample.back() == '\r'))
        sample.pop_back();
    return sample;
}

} // namespace mulligan::desktop
