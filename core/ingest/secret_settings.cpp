#include "ingest/secret_names.hpp"
#include "ingest/secret_tokens.hpp"

namespace mulligan::ingest::secret
{

Value Surroundings::valueFrom(std::size_t i) const
{
    const Surroundings &s = *this;
    i = skip(i, " \t", 64);
    if (s[i] == '{' && s[i - 1] == '=') {
        const std::size_t close = text.substr(0, std::min(text.size(), i + 256)).find_first_of("}\"\n", i);
        if (close != std::string_view::npos && s[close] == '}')
            return {i + 1, close, true};
    }
    // Python's b'…', u'…' and r'…'.
    if ((s[i] == 'b' || s[i] == 'u' || s[i] == 'r') && (s[i + 1] == '\'' || s[i + 1] == '"'))
        ++i;
    const std::size_t backslashes = skip(i, "\\", 3) - i;
    const char quote = s[i + backslashes];
    if (quote != '"' && quote != '\'')
        return {i, endOfBare(i), false};
    const std::size_t begin = i + backslashes + 1;
    const std::size_t stop = std::min(text.size(), begin + kLongestQuoted);
    // An unescaped quote closes; where the opening one is escaped itself, so is the closing one.
    for (std::size_t end = begin; end < stop && text[end] != '\n'; ++end) {
        if (text[end] == quote && backslashes == 0)
            return {begin, end, true};
        if (text[end] == '\\') {
            if (backslashes > 0 && s[skip(end, "\\", 3)] == quote)
                return {begin, end, true};
            ++end;
        }
    }
    // Cut short, or an apostrophe.
    const std::size_t line = std::min(text.find('\n', begin), text.size());
    return line < stop ? Value{begin, line, true} : Value{begin, endOfBare(begin), false};
}

namespace
{

/// How a name and its value are joined.
enum class Join { None, Equals, Colon, Arrow, Pair, Element, Space, Cell };

struct Setting {
    Join join = Join::None;
    Value value;
};

bool isProperty(std::string_view name)
{
    return name.find('.') != std::string_view::npos;
}

/// "</name><value>x", "name=\"password\" value=\"x\"", "- name: PASSWORD\n  value: x": the name is a value itself.
Setting valueBeside(const Surroundings &s, std::size_t i)
{
    constexpr std::string_view kClosing = "</name>";
    const std::size_t from = i;
    i = s.skip(i, "\\\"'", 4);
    i = s.here(i, kClosing) ? i + kClosing.size() : i;
    i = s.skip(i, " \t\r\n,;\\", 64);
    const bool element = s[i] == '<';
    i = element ? i + 1 : s.skip(i, "\\\"'", 4);
    if (i == from || !s.hereAnyCase(i, "value"))
        return {};
    i += 5;
    if (element)
        return s[i] == '>' ? Setting{Join::Element, {i + 1, 0, true}} : Setting{};
    i = s.skip(i, "\\\"'", 4);
    i = s.skip(i, " ", 2);
    return s[i] == ':' || s[i] == '=' ? Setting{Join::Equals, s.valueFrom(i + 1)} : Setting{};
}

/// "password%3Dx", "%22password%22%3A%22x%22" in an escaped address.
Setting escapedValue(const Surroundings &s, std::size_t i)
{
    i = s.here(i, "%22") ? i + 3 : i;
    if (!s.hereAnyCase(i, "%3d") && !s.hereAnyCase(i, "%3a"))
        return {};
    i += 3;
    i = s.here(i, "%22") ? i + 3 : i;
    std::size_t end = i;
    while (end < s.text.size() && !is(s.text[end], kEndsValue) && !s.here(end, "%22") && !s.here(end, "%26")
           && !s.here(end, "%3B") && !s.here(end, "%2C"))
        ++end;
    return {Join::Equals, {i, end, false}};
}

/// "spark.authenticate.secret   x" alone on its line, as in spark-defaults.conf.
Setting spacedValue(const Surroundings &s, const Name &name)
{
    if (s[name.begin] == '-') {
        const Value value = s.valueFrom(name.end);
        return s[value.begin] == '-' ? Setting{} : Setting{Join::Space, value};
    }
    // "AWS_SECRET_ACCESS_KEY x", as a table of the environment has it.
    const std::size_t place = s.skip(name.end, " \t", 64);
    constexpr std::size_t kAwsLength = 40;
    const bool ofAws = secretNameOf(s.slice(name.begin, name.end)).kind == "aws_secret";
    if (ofAws && s.endOf(place, kBase64) == place + kAwsLength)
        return {Join::Space, {place, place + kAwsLength, true}};
    const bool first = name.begin == 0 || s.text[name.begin - 1] == '\n';
    if (!first || !isProperty(s.slice(name.begin, name.end)))
        return {};
    const std::size_t begin = s.skip(name.end, " \t", 64);
    std::size_t end = begin;
    while (end < s.text.size() && static_cast<unsigned char>(s.text[end]) > 0x20)
        ++end;
    const std::size_t rest = s.skip(end, " \t\r", 64);
    return rest == s.text.size() || s[rest] == '\n' ? Setting{Join::Space, {begin, end, true}} : Setting{};
}

/// "(spark.ssl.keyPassword,x)" and "["spark.ssl.keyPassword","x"]".
Setting pairedValue(const Surroundings &s, const Name &name, std::size_t comma, bool quoted)
{
    const Value value = s.valueFrom(comma + 1);
    if (quoted) {
        std::size_t open = name.begin;
        while (open > 0 && name.begin - open < 4
               && (s.text[open - 1] == '"' || s.text[open - 1] == '\'' || s.text[open - 1] == '\\'))
            --open;
        const bool first = open < name.begin && open > 0 && (s.text[open - 1] == '[' || s.text[open - 1] == '(');
        return first && value.quoted ? Setting{Join::Pair, value} : Setting{};
    }
    const bool tuple = name.begin > 0 && s.text[name.begin - 1] == '(' && s[value.end] == ')';
    return tuple && !value.quoted ? Setting{Join::Pair, value} : Setting{};
}

/// "| password | x |", a row of two cells alone on its line.
Setting valueOfCell(const Surroundings &s, const Name &name, std::size_t bar)
{
    std::size_t left = name.begin;
    while (left > 0 && (s.text[left - 1] == ' ' || s.text[left - 1] == '\t') && name.begin - left < kLongestName)
        --left;
    const bool first = left > 0 && s.text[left - 1] == '|' && (left == 1 || s.text[left - 2] == '\n');
    const Value value = s.valueFrom(bar + 1);
    const std::size_t closing = s.skip(value.end, " \t", kLongestName);
    const std::size_t end = s.skip(closing + 1, " \t\r", kLongestName);
    const bool last = s[closing] == '|' && (end >= s.text.size() || s[end] == '\n');
    return first && last ? Setting{Join::Cell, value} : Setting{};
}

/// "=>" at the end of a line, with the value alone on the next one.
Setting valueBelow(const Surroundings &s, std::size_t i)
{
    const std::size_t lineEnd = s.skip(i, " \t\r", 64);
    if (s[lineEnd] != '\n')
        return {Join::Equals, s.valueFrom(i)};
    const Value value = s.valueFrom(lineEnd + 1);
    const std::size_t rest = s.skip(value.end, "\"', \t\r", 64);
    return rest >= s.text.size() || s[rest] == '\n' ? Setting{Join::Equals, value} : Setting{};
}

/// What follows a name.
Setting settingBehind(const Surroundings &s, const Name &name)
{
    if (s[name.end] == '%')
        return escapedValue(s, name.end);
    if (s[name.end] == '>') {
        const bool element = name.begin > 0 && s.text[name.begin - 1] == '<';
        return element ? Setting{Join::Element, {name.end + 1, 0, true}} : Setting{};
    }
    if (s[name.end] == '<')
        return valueBeside(s, name.end);
    const std::size_t unquoted = s.skip(name.end, "\\\"'", 4);
    const std::size_t i = s.skip(unquoted, " \t", 32);
    const char join = s[i];
    const char next = s[i + 1];
    if (join == '=' && next == '>')
        return valueBelow(s, i + 2);
    if (join == '=')
        return next == '=' || next == '~' ? Setting{} : Setting{Join::Equals, s.valueFrom(i + 1)};
    if (join == '|')
        return valueOfCell(s, name, i);
    if (join == ':' && next == '=')
        return {Join::Equals, s.valueFrom(i + 2)};
    if (join == ':')
        return next == ':' ? Setting{} : Setting{Join::Colon, s.valueFrom(i + 1)};
    if (join == '-' && next == '>')
        return {Join::Arrow, s.valueFrom(i + 2)};
    if (join == ',' && i == unquoted) {
        const Setting pair = pairedValue(s, name, i, unquoted > name.end);
        return pair.join != Join::None ? pair : valueBeside(s, name.end);
    }
    if (const Setting beside = valueBeside(s, name.end); beside.join != Join::None)
        return beside;
    return unquoted == name.end && i > name.end ? spacedValue(s, name) : Setting{};
}

bool isAll(std::string_view text, bool (*test)(char))
{
    return std::all_of(text.begin(), text.end(), test);
}

bool isIdentifier(std::string_view text)
{
    return isAll(text, [](char c) { return is(c, kWord) || c == '_' || c == '.'; });
}

/// Whether a bare value is code rather than a value: a call, a field, or a variable called like the argument
/// ("password=password", "token=self.token", "password=db_password)").
bool isCode(std::string_view name, std::string_view value, char next)
{
    if (!isIdentifier(value)) {
        const std::size_t open = value.find_first_of("([");
        return open != std::string_view::npos && open >= 3 && isIdentifier(value.substr(0, open))
               && (next == ')' || next == '\'' || next == '"');
    }
    if (value.starts_with("self.") || value.starts_with("this.") || next == '(' || next == '[')
        return true;
    // "self.pw = pw".
    if (name.size() > value.size() && name.ends_with(value) && name[name.size() - value.size() - 1] == '.')
        return true;
    if (value.size() < name.size() || !value.ends_with(name))
        return false;
    const std::string_view before = value.substr(0, value.size() - name.size());
    return before.empty() || ((before.back() == '_' || before.back() == '.') && (next == ')' || next == ','));
}

/// "Invalid password: wrong for x": the name stands in a sentence.
bool isInSentence(const Surroundings &s, const Name &name)
{
    if (name.begin < 2 || s.text[name.begin - 1] != ' ')
        return false;
    std::size_t word = name.begin - 1;
    while (word > 0 && is(s.text[word - 1], kWord))
        --word;
    const std::string_view before = s.slice(word, name.begin - 1);
    for (const std::string_view telling :
         {"invalid", "wrong",   "bad",  "incorrect",  "missing", "unknown", "expired",
          "no",      "empty",   "the",  "a",          "your",    "for",     "of",
          "using",   "without", "with", "unexpected", "parse",   "illegal", "authentication",
          "and",     "or"}) {
        if (before.size() == telling.size() && s.hereAnyCase(word, telling))
            return true;
    }
    return false;
}

bool isProse(const Surroundings &s, const Name &name, const Value &value)
{
    const std::string_view text = s.slice(value);
    // "password:  12 bytes", as kubectl describes a secret.
    if (isAll(text, [](char c) { return c >= '0' && c <= '9'; }) && s.here(value.end, " bytes"))
        return true;
    const bool plain = isAll(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    return plain && ((s[value.end] == ' ' && is(s[value.end + 1], kWord)) || isInSentence(s, name));
}

bool isFolder(std::string_view value)
{
    return value.front() == '/' || (value.size() > 2 && value[1] == ':' && value[2] == '\\');
}

bool isSecretValue(const Surroundings &s, const Name &name, const SecretName &secret, const Setting &setting)
{
    const std::string_view text = s.slice(setting.value);
    const std::string_view word = s.slice(name.begin, name.end);
    const bool joined = setting.join != Join::Colon && setting.join != Join::Space;
    if (isPlaceholder(text) || text.starts_with("//"))
        return false;
    // "/etc/passwd:/etc/passwd:ro" mounts a file.
    const bool endsPath = name.begin > 0 && s.text[name.begin - 1] == '/';
    if (setting.join == Join::Colon && endsPath && (isFolder(text) || text == "ro" || text == "rw"))
        return false;
    if (setting.join == Join::Cell)
        return looksRandom(text, 6);
    // "db_pw=12" may as well be a width in points.
    const bool shortName = word.size() > 2 && s.hereAnyCase(name.end - 2, "pw") && !is(word[word.size() - 3], kWord);
    if (shortName && isAll(text, [](char c) { return c <= '9'; }))
        return false;
    if (secret.kind == "signature")
        return setting.join == Join::Equals && looksRandom(text, 12);
    if (secret.kind == "private_key" && text.find("-----BEGIN") != std::string_view::npos)
        return false;
    if (!setting.value.quoted && isCode(word, text, s[setting.value.end]))
        return false;
    if (!secret.certain)
        return looksRandom(text, joined || setting.value.quoted ? 8 : 16);
    // The shell's PWD is a folder, and where a key lies is not the key.
    if (isFolder(text) && (word.ends_with("PWD") || word.ends_with("pwd") || secret.kind != "password"))
        return false;
    if (setting.join == Join::Space && !setting.value.quoted && s[name.begin + 1] != '-')
        return name.begin == 0 || s.text[name.begin - 1] <= ' ';
    return joined || setting.value.quoted || setting.join == Join::Space || !isProse(s, name, setting.value);
}

/// Python's "auth=('user', 'x')" and "HTTPBasicAuth('user', 'x')".
Found loginOf(const Surroundings &s, const Name &name, std::string_view word)
{
    if (!word.ends_with("auth") && !word.ends_with("Auth"))
        return std::nullopt;
    std::size_t i = s.skip(name.end, " ", 2);
    i = s[i] == '=' ? s.skip(i + 1, " ", 2) : i;
    if (s[i] != '(')
        return std::nullopt;
    const Value user = s.valueFrom(i + 1);
    const std::size_t comma = s.skip(user.end + 1, " ", 2);
    if (!user.quoted || s[comma] != ',')
        return std::nullopt;
    const Value value = s.valueFrom(comma + 1);
    const std::size_t close = s.skip(value.end + 1, " ", 2);
    const std::string_view text = s.slice(value);
    const bool shown = isPlaceholder(text) || text == "password" || text == "pass" || text == "passwd";
    return value.quoted && s[close] == ')' && !shown ? Found({value.begin, value.end, "password"}) : std::nullopt;
}

/// Where a quoted password of two lines ends; a quote that does not close was cut, and only its line is known.
std::size_t endOnNextLine(const Surroundings &s, std::size_t lineEnd, char quote)
{
    std::size_t end = lineEnd + 1;
    while (end < s.text.size() && end - lineEnd <= kLongestName && !isSpace(s.text[end]) && s.text[end] != quote)
        ++end;
    const std::size_t rest = s.skip(end + 1, ",;)} \t\r", 16);
    const bool closed = end > lineEnd + 1 && s[end] == quote && (rest >= s.text.size() || s[rest] == '\n');
    return closed ? end : lineEnd;
}

/// A token that is known by its beginning tells more than the name before it.
std::string_view kindOf(const Surroundings &s, const SecretName &secret, const Value &value)
{
    if (s.here(value.begin, "eyJ"))
        return "jwt";
    for (const TokenPrefix &prefix : kTokenPrefixes) {
        const Found token = prefixedTokenAt({s.text, value.begin, value.begin + prefix.sign}, prefix);
        if (token && token->begin == value.begin && token->end == value.end)
            return token->kind;
    }
    return secret.kind;
}

} // namespace

Found settingAt(const Surroundings &s)
{
    const Name name = s.nameAround(s.at);
    const std::string_view word = s.slice(name.begin, name.end);
    SecretName secret = secretNameOf(word);
    // Words that name a secret only in one place each.
    if (!secret && (word == "auth" || word == "_auth" || word == "pass" || word == "pw"))
        secret = {"password", word == "pass"};
    if (const Found login = loginOf(s, name, word))
        return login;
    // Azure's properties have the account behind the word: fs.azure.account.key.ACCOUNT.dfs.core.windows.net.
    if (!secret && word.find("fs.azure.") != std::string_view::npos)
        secret = secretPropertyOf(word);
    if (!secret)
        return std::nullopt;
    Setting setting = settingBehind(s, name);
    if (setting.join == Join::None)
        return std::nullopt;
    if (setting.join == Join::Element) {
        setting.value.end = std::min(s.text.find_first_of("<\n", setting.value.begin), s.text.size());
        if (s[setting.value.end] == '<' && s[setting.value.end + 1] != '/')
            return std::nullopt;
    }
    Value &value = setting.value;
    const bool openQuote = value.quoted && value.begin > 0 && s[value.end] == '\n'
                           && (s.text[value.begin - 1] == '"' || s.text[value.begin - 1] == '\'');
    if (openQuote && secret.certain && setting.join != Join::Space)
        value.end = endOnNextLine(s, value.end, s.text[value.begin - 1]);
    const std::string_view text = s.slice(value);
    if (word == "pw" && setting.join == Join::Equals && !isPlaceholder(text) && looksRandom(text, 6))
        return FoundSecret{value.begin, value.end, "password"};
    if (word == "auth" || word == "_auth")
        return holdsColon(text) && text.size() >= 8 ? Found({value.begin, value.end, "password"}) : std::nullopt;
    if (word == "pass" && !value.quoted && setting.join != Join::Equals
        && !s.hereAnyCase(name.begin - std::min<std::size_t>(name.begin, 7), "passin ")
        && !s.hereAnyCase(name.begin - std::min<std::size_t>(name.begin, 8), "passout "))
        return std::nullopt;
    if (!isSecretValue(s, name, secret, setting))
        return std::nullopt;
    return FoundSecret{value.begin, value.end, kindOf(s, secret, value)};
}

} // namespace mulligan::ingest::secret
