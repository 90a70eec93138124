#include "ingest/secret_names.hpp"
#include "ingest/secret_text.hpp"

// Passwords that stand in statements and lists rather than behind a name and a sign.

namespace mulligan::ingest::secret
{

namespace
{

constexpr std::size_t kStatementReach = 240;
constexpr std::size_t kRandomPassword = 6;

/// Whether words of SQL that give someone a password stand before `i` in the same statement.
bool isInUserStatement(const Surroundings &s, std::size_t i)
{
    const std::size_t limit = i - std::min(i, kStatementReach);
    std::size_t start = i;
    while (start > limit && s.text[start - 1] != ';')
        --start;
    for (; start < i; ++start) {
        if (!s.bounded(start))
            continue;
        for (const std::string_view words :
             {"create user ", "alter user ", "create role ", "alter role ", "create login ", "alter login ",
              "connect to ", "grant ", "set password "}) {
            if (s.hereAnyCase(start, words))
                return true;
        }
    }
    return false;
}

std::size_t skipSpace(const Surroundings &s, std::size_t i)
{
    return s.skip(i, " \t\r\n", 16);
}

/// Behind a word of any case and the white space after it, or 0.
std::size_t behindWord(const Surroundings &s, std::size_t i, std::string_view word)
{
    const std::size_t end = i + word.size();
    return s.hereAnyCase(i, word) && isSpace(s[end]) ? skipSpace(s, end) : 0;
}

/// Where the word and the white space before `i` begin; the word is what `is(…, kName)`.
Name wordBefore(const Surroundings &s, std::size_t i)
{
    while (i > s.from && isSpace(s.text[i - 1]))
        --i;
    Name word{i, i};
    while (word.begin > s.from && i - word.begin < kLongestName && !isSpace(s.text[word.begin - 1]))
        --word.begin;
    return word;
}

bool isWord(const Surroundings &s, const Name &name, std::string_view expected)
{
    return name.end - name.begin == expected.size() && s.hereAnyCase(name.begin, expected);
}

/// What .netrc holds: "machine h login u password X", on one line or on three.
bool followsLogin(const Surroundings &s, std::size_t i)
{
    const Name user = wordBefore(s, i);
    const Name login = wordBefore(s, user.begin);
    if (!isWord(s, login, "login"))
        return false;
    const Name host = wordBefore(s, login.begin);
    return isWord(s, host, "default") || isWord(s, wordBefore(s, host.begin), "machine");
}

Found passwordOf(const Surroundings &s, const Value &value)
{
    return value.end > value.begin && !isPlaceholder(s.slice(value)) ? Found({value.begin, value.end, "password"})
                                                                     : std::nullopt;
}

/// The words between IDENTIFIED and the password: BY, WITH plugin BY, WITH plugin AS, BY PASSWORD, BY VALUES.
std::size_t behindIdentified(const Surroundings &s, std::size_t i)
{
    if (const std::size_t plugin = behindWord(s, i, "with"); plugin > 0)
        i = skipSpace(s, s.endOf(plugin, kName));
    const std::size_t by = behindWord(s, i, "by");
    i = by > 0 ? by : behindWord(s, i, "as");
    for (const std::string_view word : {"password", "values"}) {
        if (const std::size_t behind = i > 0 ? behindWord(s, i, word) : 0; behind > 0)
            i = behind;
    }
    return i;
}

} // namespace

Found identifiedByAt(const Surroundings &s)
{
    constexpr std::string_view kWordOfSql = "identified";
    constexpr std::size_t kBefore = 4; // "iden", before the sign "tif"
    if (s.at < s.from + kBefore || !s.hereAnyCase(s.at - kBefore, kWordOfSql) || !s.bounded(s.at - kBefore))
        return std::nullopt;
    const std::size_t begin = s.at - kBefore;
    const std::size_t end = begin + kWordOfSql.size();
    const std::size_t password = isSpace(s[end]) ? behindIdentified(s, skipSpace(s, end)) : 0;
    if (password == 0)
        return std::nullopt;
    const Value value = s.valueFrom(password);
    // Prose says "identified by" too: what stands in no statement must at least be written as one.
    const bool shouted = s.here(begin, "IDENTIFIED") && (value.quoted || looksRandom(s.slice(value), kRandomPassword));
    return shouted || isInUserStatement(s, begin) ? passwordOf(s, value) : std::nullopt;
}

Found spokenPasswordAt(const Surroundings &s)
{
    const Name name = s.nameAround(s.at);
    constexpr std::size_t kSize = 8;
    if (!isWord(s, name, "password") || !isSpace(s[name.end]))
        return std::nullopt;
    std::size_t next = skipSpace(s, name.end);
    const bool quoted = s[next] == '\'' || s[next] == '"' || (lower(s[next]) == 'e' && s[next + 1] == '\'');
    if (quoted) {
        // ALTER USER u WITH PASSWORD 'x'.
        next += lower(s[next]) == 'e' ? 1 : 0;
        const bool shouted = s.here(name.begin, "PASSWORD") && s[next] == '\'';
        return shouted || isInUserStatement(s, name.begin) ? passwordOf(s, s.valueFrom(next)) : std::nullopt;
    }
    if (const std::size_t said = behindWord(s, name.begin + kSize + 1, "is"); said > 0) {
        const Value value = s.valueFrom(said);
        return value.quoted && looksRandom(s.slice(value), kRandomPassword) ? passwordOf(s, value) : std::nullopt;
    }
    std::size_t end = next;
    while (end < s.text.size() && !isSpace(s.text[end]))
        ++end;
    return followsLogin(s, name.begin) ? passwordOf(s, {next, end, false}) : std::nullopt;
}

Found japanesePasswordAt(const Surroundings &s)
{
    constexpr std::string_view kWordOfIt = "パスワード";
    constexpr std::size_t kBefore = 6; // two of its characters stand before the sign
    if (s.at < s.from + kBefore || !s.here(s.at - kBefore, kWordOfIt))
        return std::nullopt;
    std::size_t i = s.skip(s.at - kBefore + kWordOfIt.size(), " \"'", 4);
    constexpr std::string_view kWideColon = "：";
    const bool equals = s[i] == '=';
    if (!equals && s[i] != ':' && !s.here(i, kWideColon))
        return std::nullopt;
    const std::size_t begin = s.skip(i + (s.here(i, kWideColon) ? kWideColon.size() : 1), " \t\"'", 8);
    // A sentence goes on in Japanese; passwords are typed in ASCII.
    std::size_t end = begin;
    while (end < s.text.size() && !is(s.text[end], kEndsValue) && static_cast<unsigned char>(s.text[end]) < 0x80)
        ++end;
    const std::string_view text = s.slice(begin, end);
    const bool letters = std::all_of(text.begin(), text.end(), [](char c) { return is(c, kWord) && !(c <= '9'); });
    return text.size() >= 4 && (equals || !letters) ? passwordOf(s, {begin, end, false}) : std::nullopt;
}

Found postgresPassAt(const Surroundings &s)
{
    // "host:5432:database:user:password" alone on its line; "543" stands at `at`.
    constexpr std::string_view kPort = ":5432:";
    if (s.at < 2 || !s.here(s.at - 1, kPort))
        return std::nullopt;
    const std::size_t start = s.lineStart(s.at - 1, kLongestName);
    const auto isField = [&](std::size_t begin, std::size_t end) {
        return end > begin
               && std::all_of(s.text.begin() + static_cast<std::ptrdiff_t>(begin),
                              s.text.begin() + static_cast<std::ptrdiff_t>(end),
                              [](char c) { return is(c, kName) || c == '*'; });
    };
    if ((start > 0 && s.text[start - 1] != '\n') || !isField(start, s.at - 1))
        return std::nullopt;
    const std::size_t database = s.at - 1 + kPort.size();
    const std::string_view rest = s.text.substr(0, std::min(s.text.size(), database + 2 * kLongestName));
    const std::size_t user = std::min(rest.find(':', database), rest.size()) + 1;
    const std::size_t password = user < rest.size() ? std::min(rest.find(':', user), rest.size()) + 1 : rest.size() + 1;
    if (password >= rest.size() || !isField(database, user - 1) || !isField(user, password - 1))
        return std::nullopt;
    const std::size_t end = std::min(s.text.find_first_of("\r\n", password), s.text.size());
    return looksRandom(s.slice(password, end), kRandomPassword) ? Found({password, end, "password"}) : std::nullopt;
}

} // namespace mulligan::ingest::secret
