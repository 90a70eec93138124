#include "ingest/secret_scan.hpp"

#include "ingest/secret_names.hpp"
#include "ingest/secret_text.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

using namespace secret;
using Found = std::optional<FoundSecret>;

constexpr std::size_t kLongestUserInfo = 512;

/// The secrets that one anchor can begin, end or divide.
class Anchor : private Surroundings
{
public:
    using Surroundings::Surroundings;

    [[nodiscard]] Found find() const
    {
        switch (m_text[m_at]) {
        case '=': return assignment();
        case ':': {
            const Found url = afterColon();
            return url ? url : assignment();
        }
        case '>': return element();
        case 'I': return cloudKey();
        case 'J': return webToken();
        case '_': return prefixedByUnderscore();
        case '-': return afterDash();
        case 'd': return startsHere("dapi") ? databricks() : std::nullopt;
        case 'y': return startsHere("ya29.") ? run(m_at, m_at + 5, kToken, 20, "google_key") : std::nullopt;
        case 'h': return startsHere("hvs.") ? run(m_at, m_at + 4, kToken, 20, "token") : std::nullopt;
        default: return scheme();
        }
    }

private:
    /// "name = value" and "name: value".
    [[nodiscard]] Found assignment() const
    {
        const char next = at(m_at + 1);
        if (next == '=' || next == m_text[m_at])
            return std::nullopt;
        const Name name = nameBefore(m_at);
        const SecretName secret = secretNameOf(slice(name.begin, name.end));
        if (!secret)
            return std::nullopt;
        const Value value = valueFrom(next == '>' ? m_at + 2 : m_at + 1);
        return isSecret(name, secret, value) ? Found({value.begin, value.end, kindOf(secret, value)}) : std::nullopt;
    }

    [[nodiscard]] std::string_view kindOf(const SecretName &secret, const Value &value) const
    {
        return slice(value.begin, value.end).starts_with("eyJ") ? "jwt" : secret.kind;
    }

    [[nodiscard]] bool isSecret(const Name &name, const SecretName &secret, const Value &value) const
    {
        const std::string_view text = slice(value.begin, value.end);
        if (isPlaceholder(text) || text.starts_with("//"))
            return false;
        if (secret.kind == "signature")
            return m_text[m_at] == '=' && looksRandom(text, 12);
        if (secret.kind == "private_key" && text.starts_with("-----BEGIN"))
            return false;
        if (!secret.certain)
            return looksRandom(text, m_text[m_at] == '=' || value.quoted ? 8 : 16);
        const std::string_view word = slice(name.begin, name.end);
        // The shell's PWD is a folder.
        if ((word.ends_with("PWD") || word.ends_with("pwd")) && text.front() == '/')
            return false;
        return value.quoted || name.quoted || m_text[m_at] == '=' || !isProse(value);
    }

    /// "password: wrong for user x" goes on in plain words.
    [[nodiscard]] bool isProse(const Value &value) const
    {
        const std::string_view text = slice(value.begin, value.end);
        const bool plain =
            std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
        return plain && at(value.end) == ' ' && is(at(value.end + 1), kWord);
    }

    /// User information of an address, a web hook, and Oracle's "thin:user/password@".
    [[nodiscard]] Found afterColon() const
    {
        constexpr std::string_view kHook = "://hooks.slack.com/services/";
        if (here(m_at, kHook))
            return run(m_at + kHook.size(), m_at + kHook.size(), kToken | kBase64, 10, "slack_token");
        if (here(m_at, "://"))
            return userInfo(m_at + 3, ':');
        return before("thin") || before("oci") ? userInfo(m_at + 1, '/') : std::nullopt;
    }

    [[nodiscard]] Found userInfo(std::size_t begin, char divider) const
    {
        const std::size_t stop = std::min(m_text.size(), begin + kLongestUserInfo);
        std::size_t divided = 0;
        std::size_t host = 0;
        for (std::size_t i = begin; i < stop; ++i) {
            const char c = m_text[i];
            if (c == divider && divided == 0)
                divided = i + 1;
            else if (c == '@')
                host = i;
            else if (c <= 0x20 || c == '"' || c == '\'' || c == '<' || c == '>' || c == '?' || c == '#'
                     || (c == '/' && divider == ':'))
                break;
        }
        if (divided == 0 || host <= divided || isPlaceholder(slice(divided, host)))
            return std::nullopt;
        return Found({divided, host, "password"});
    }

    /// "<password>…<" and Hadoop's "<name>…password</name><value>…<".
    [[nodiscard]] Found element() const
    {
        std::size_t open = m_at;
        const std::size_t limit = m_at - std::min(m_at - m_from, kLongestName);
        while (open > limit && m_text[open - 1] != '<')
            --open;
        if (open == limit)
            return std::nullopt;
        SecretName secret = secretNameOf(slice(open, m_at));
        if (slice(open, m_at) == "value") {
            std::size_t i = open - 1;
            while (i > m_from && static_cast<unsigned char>(m_text[i - 1]) <= 0x20)
                --i;
            constexpr std::string_view kClosing = "</name>";
            if (i < m_from + kClosing.size() || !here(i - kClosing.size(), kClosing))
                return std::nullopt;
            const Name name = nameBefore(i - kClosing.size());
            secret = secretPropertyOf(slice(name.begin, name.end));
        }
        const std::size_t end = std::min(m_text.find_first_of("<\n", m_at + 1), m_text.size());
        const std::string_view value = slice(m_at + 1, end);
        if (!secret || isPlaceholder(value) || (!secret.certain && !looksRandom(value)))
            return std::nullopt;
        return Found({m_at + 1, end, secret.kind});
    }

    /// AKIA…, ASIA… (AWS) and AIza… (Google).
    [[nodiscard]] Found cloudKey() const
    {
        if (m_at < m_from + 1)
            return std::nullopt;
        if (m_text[m_at - 1] == 'A' && here(m_at + 1, "za") && bounded(m_at - 1))
            return run(m_at - 1, m_at + 3, kToken, 30, "google_key");
        if (at(m_at + 1) != 'A' || m_at < m_from + 2 || m_text[m_at - 2] != 'A'
            || (m_text[m_at - 1] != 'K' && m_text[m_at - 1] != 'S') || !bounded(m_at - 2))
            return std::nullopt;
        const std::size_t end = endOf(m_at + 2, kWord);
        const bool upper =
            std::all_of(m_text.begin() + static_cast<std::ptrdiff_t>(m_at),
                        m_text.begin() + static_cast<std::ptrdiff_t>(end), [](char c) { return c < 'a'; });
        return end == m_at + 18 && upper ? Found({m_at - 2, end, "aws_key"}) : std::nullopt;
    }

    /// Three dotted base64 parts that begin like a JSON object.
    [[nodiscard]] Found webToken() const
    {
        if (!before("ey"))
            return std::nullopt;
        std::size_t end = endOf(m_at, kToken);
        const std::size_t header = end - m_at;
        if (header < 10 || at(end) != '.')
            return std::nullopt;
        const std::size_t payload = end + 1;
        end = endOf(payload, kToken);
        if (end - payload < 8)
            return std::nullopt;
        return Found({m_at - 2, at(end) == '.' ? endOf(end + 1, kToken) : end, "jwt"});
    }

    [[nodiscard]] Found prefixedByUnderscore() const
    {
        for (const std::string_view prefix : {"ghp", "gho", "ghu", "ghs", "ghr"}) {
            if (before(prefix))
                return run(m_at - 3, m_at + 1, kWord, 20, "github_token");
        }
        if (before("github") && here(m_at, "_pat_"))
            return run(m_at - 6, m_at + 5, kToken, 20, "github_token");
        if ((before("sk") || before("rk")) && (here(m_at, "_live_") || here(m_at, "_test_")))
            return run(m_at - 2, m_at + 6, kWord, 16, "token");
        return before("npm") ? run(m_at - 3, m_at + 1, kWord, 30, "token") : std::nullopt;
    }

    [[nodiscard]] Found afterDash() const
    {
        for (const std::string_view prefix : {"xoxb", "xoxp", "xoxa", "xoxr", "xoxs", "xoxe", "xapp"}) {
            if (before(prefix))
                return run(m_at - 4, m_at + 1, kToken, 10, "slack_token");
        }
        if (before("glpat"))
            return run(m_at - 5, m_at + 1, kToken, 16, "token");
        if (before("sk")) {
            const Found key = run(m_at - 2, m_at + 1, kToken, 32, "token");
            return key && looksRandom(slice(key->begin, key->end)) ? key : std::nullopt;
        }
        if (here(m_at, "-----BEGIN "))
            return privateKey();
        return here(m_at, "--") && is(at(m_at + 2), kWord) && (m_at == 0 || is(m_text[m_at - 1], kEndsValue))
                   ? option()
                   : std::nullopt;
    }

    [[nodiscard]] Found privateKey() const
    {
        const std::size_t line = std::min(m_text.find("-----", m_at + 5), m_text.size());
        if (!slice(m_at, line).ends_with("PRIVATE KEY") || line - m_at > 60)
            return std::nullopt;
        const std::size_t end = m_text.find("-----END ", line);
        if (end != std::string_view::npos) {
            const std::size_t closing = m_text.find("-----", end + 5);
            return Found({m_at, closing == std::string_view::npos ? m_text.size() : closing + 5, "private_key"});
        }
        // Cut short: a key all the same when its body has begun, and where it ends nobody knows.
        const std::size_t body = skip(line + 5, "\\nr\r\n\t ", 16);
        return endOf(body, kBase64) - body >= 16 || here(body, "Proc-Type")
                   ? Found({m_at, m_text.size(), "private_key"})
                   : std::nullopt;
    }

    /// "--password value" of a command line.
    [[nodiscard]] Found option() const
    {
        const std::size_t end = endOf(m_at + 2, kToken);
        const SecretName secret = at(end) == ' ' ? secretNameOf(slice(m_at + 2, end)) : SecretName{};
        if (!secret)
            return std::nullopt;
        const Value value = valueFrom(end);
        const std::string_view text = slice(value.begin, value.end);
        if (isPlaceholder(text) || text.starts_with('-') || (!secret.certain && !looksRandom(text)))
            return std::nullopt;
        return Found({value.begin, value.end, secret.kind});
    }

    [[nodiscard]] Found databricks() const
    {
        const std::size_t end = endOf(m_at + 4, kHex);
        if (end - m_at - 4 < 32)
            return std::nullopt;
        return Found({m_at, at(end) == '-' ? endOf(end + 1, kHex) : end, "databricks_token"});
    }

    /// "Bearer token" and "Basic base64(user:password)".
    [[nodiscard]] Found scheme() const
    {
        const auto word = [&](std::string_view expected) {
            for (std::size_t i = 0; i < expected.size(); ++i) {
                if ((at(m_at + i) | 0x20) != expected[i])
                    return false;
            }
            return bounded(m_at);
        };
        if (word("bearer ")) {
            const std::size_t begin = skip(m_at + 7, " ", 4);
            std::size_t end = begin;
            while (end < m_text.size()
                   && (is(m_text[end], kToken | kBase64) || m_text[end] == '.' || m_text[end] == '~'))
                ++end;
            const std::string_view value = slice(begin, end);
            return looksRandom(value, 8) ? Found({begin, end, value.starts_with("eyJ") ? "jwt" : "token"})
                                         : std::nullopt;
        }
        if (!word("basic "))
            return std::nullopt;
        const std::size_t begin = skip(m_at + 6, " ", 4);
        const std::size_t end = endOf(begin, kBase64);
        return holdsColon(slice(begin, end)) ? Found({begin, end, "password"}) : std::nullopt;
    }

    /// Whether base64 text decodes to something with a colon, as a user and a password do.
    [[nodiscard]] static bool holdsColon(std::string_view base64)
    {
        static constexpr std::string_view kAlphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        unsigned bits = 0;
        int held = 0;
        bool colon = false;
        for (const char c : base64.substr(0, std::min(base64.find('='), base64.size()))) {
            bits = (bits << 6) | static_cast<unsigned>(kAlphabet.find(c));
            held += 6;
            if (held < 8)
                continue;
            held -= 8;
            const unsigned byte = (bits >> held) & 0xFF;
            if (byte < 0x20 || byte == 0x7F)
                return false;
            colon = colon || byte == ':';
        }
        return colon && base64.size() >= 4;
    }
};

} // namespace

std::optional<FoundSecret> nextSecret(std::string_view text, std::size_t from)
{
    for (std::size_t i = from; i < text.size(); ++i) {
        if (!is(text[i], kAnchor))
            continue;
        if (const Found found = Anchor(text, from, i).find())
            return found;
    }
    return std::nullopt;
}

} // namespace mulligan::ingest
