#include "ingest/secret_tokens.hpp"
#include "ingest/secret_names.hpp"
#include "ingest/secret_text.hpp"

namespace mulligan::ingest::secret
{

namespace
{

bool hasUpper(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool hasLower(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool hasDigit(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool fits(std::string_view body, Body shape)
{
    switch (shape) {
    case Body::Any: return true;
    case Body::Mixed: return hasDigit(body) && (hasLower(body) || hasUpper(body));
    case Body::Upper: return !hasLower(body);
    case Body::LowerHex: return !hasUpper(body);
    }
    return false;
}

std::size_t endOfBody(const Surroundings &s, const TokenPrefix &prefix, std::size_t body)
{
    const std::size_t most = prefix.most == 0 ? std::string_view::npos : prefix.most;
    std::size_t end = body;
    while (end < s.text.size() && end - body < most && is(s.text[end], prefix.characters))
        ++end;
    // A sentence ends behind a token, and the dot does not belong to it.
    while (end > body && s.text[end - 1] == '.')
        --end;
    return end;
}

} // namespace

Found prefixedTokenAt(const Surroundings &s, const TokenPrefix &prefix)
{
    if (s.at < s.from + prefix.sign || !s.here(s.at - prefix.sign, prefix.text))
        return std::nullopt;
    const std::size_t begin = s.at - prefix.sign;
    const std::size_t body = begin + prefix.text.size();
    std::size_t end = endOfBody(s, prefix, body);
    const char left = begin > 0 ? s.text[begin - 1] : ' ';
    if (prefix.apart && std::string_view("-_./").find(left) != std::string_view::npos)
        return std::nullopt;
    if (!s.bounded(begin) || end - body < prefix.least || (prefix.most != 0 && is(s[end], kWord))
        || !fits(s.slice(body, end), prefix.shape))
        return std::nullopt;
    // Databricks counts a token's copies: "dapi…-2".
    if (prefix.characters == kHex && s[end] == '-' && s[end + 1] >= '0' && s[end + 1] <= '9')
        end += 2;
    return FoundSecret{begin, end, prefix.kind};
}

namespace
{

/// The old tokens of Vault are "s." and 24 characters; so are parts of class names, hence what must surround them.
Found oldVaultToken(const Surroundings &s)
{
    const std::size_t begin = s.at + 1;
    const std::size_t end = s.endOf(begin + 2, kWord);
    const std::string_view body = s.slice(begin + 2, end);
    if (body.size() != 24 || !hasUpper(body) || !hasLower(body) || !hasDigit(body) || s[end] == '.' || s[end] == '(')
        return std::nullopt;
    return FoundSecret{begin, end, "vault_token"};
}

/// Azure AD's client secrets: three characters, a digit, "Q~" and at least 31 more.
Found azureClientSecret(const Surroundings &s)
{
    if (s.at < s.from + 3 || !s.here(s.at + 1, "Q~"))
        return std::nullopt;
    const std::size_t begin = s.at - 3;
    if (!s.bounded(begin) || s.endOf(begin, kDotted) < s.at)
        return std::nullopt;
    const std::size_t end = s.endOf(s.at + 3, kDotted);
    return end - s.at - 3 >= 31 ? Found({begin, end, "azure_secret"}) : std::nullopt;
}

/// A Telegram bot's token: its number, ":AA" and 33 more.
Found botToken(const Surroundings &s)
{
    std::size_t begin = s.at;
    while (begin > s.from && s.at - begin < 12 && s.text[begin - 1] >= '0' && s.text[begin - 1] <= '9')
        --begin;
    const std::size_t end = s.endOf(s.at + 1, kToken);
    if (s.at - begin < 8 || end - s.at - 1 != 35 || !s.here(s.at, ":AA"))
        return std::nullopt;
    return FoundSecret{begin, end, "token"};
}

/// Terraform Cloud: 14 characters, ".atlasv1.", 60 or more.
Found terraformToken(const Surroundings &s)
{
    constexpr std::string_view kMiddle = ".atlasv1.";
    constexpr std::size_t kHead = 14;
    if (s.at < s.from + kHead || !s.here(s.at, kMiddle))
        return std::nullopt;
    const std::size_t begin = s.at - kHead;
    if (s.endOf(begin, kWord) != s.at || !s.bounded(begin))
        return std::nullopt;
    return s.run(begin, s.at + kMiddle.size(), kToken, 40, "terraform_token");
}

/// Twilio's: "SK" and 32 hexadecimal digits.
Found twilioKey(const Surroundings &s)
{
    const std::size_t end = s.endOf(s.at + 2, kHex);
    const bool whole = s.here(s.at, "SK") && s.bounded(s.at) && end - s.at - 2 == 32 && !is(s[end], kWord);
    return whole && !hasUpper(s.slice(s.at + 2, end)) ? Found({s.at, end, "twilio_key"}) : std::nullopt;
}

} // namespace

Found oddTokenAt(const Surroundings &s)
{
    if (s[s.at] == 'S')
        return twilioKey(s);
    if (s.here(s.at + 1, "s."))
        return oldVaultToken(s);
    if (s[s.at] == ':')
        return botToken(s);
    if (s[s.at] == '.')
        return terraformToken(s);
    return azureClientSecret(s);
}

Found webTokenAt(const Surroundings &s)
{
    if (!s.here(s.at, "eyJ") || !s.bounded(s.at))
        return std::nullopt;
    std::size_t end = s.endOf(s.at, kToken);
    if (end - s.at < 12 || s[end] != '.')
        return std::nullopt;
    const std::size_t payload = end + 1;
    end = s.endOf(payload, kToken);
    if (end - payload < 8)
        return std::nullopt;
    // An encrypted one has five parts.
    for (int part = 0; part < 3 && s[end] == '.' && is(s[end + 1], kToken); ++part)
        end = s.endOf(end + 1, kToken);
    return FoundSecret{s.at, end, "jwt"};
}

namespace
{

constexpr std::size_t kLongestKey = 256u << 10;

/// Behind "-----END … KEY-----" or SSH2's "---- END …", or 0.
std::size_t endOfKey(const Surroundings &s, std::size_t body)
{
    const std::string_view text = s.text.substr(0, std::min(s.text.size(), body + kLongestKey));
    for (std::size_t end = text.find("END ", body); end != std::string_view::npos; end = text.find("END ", end + 1)) {
        if (text[end - 1] != '-' && !(text[end - 1] == ' ' && text[end - 2] == '-'))
            continue;
        const std::size_t closing = text.find("----", end);
        return closing == std::string_view::npos ? 0 : s.skip(closing, "-", 5);
    }
    return 0;
}

} // namespace

Found privateKeyAt(const Surroundings &s)
{
    // "BEGIN" stands at `at`; four dashes and a space begin SSH2's form, five the others.
    std::size_t begin = s.at;
    if (begin > s.from && s.text[begin - 1] == ' ')
        --begin;
    std::size_t dashes = 0;
    while (begin > s.from && s.text[begin - 1] == '-' && dashes < 5) {
        --begin;
        ++dashes;
    }
    if (dashes < 4 || !s.here(s.at, "BEGIN "))
        return std::nullopt;
    const std::size_t line =
        std::min(s.text.substr(0, std::min(s.text.size(), s.at + 80)).find("----", s.at), s.text.size());
    const std::string_view title = s.slice(s.at, line);
    if (title.find("PRIVATE KEY") == std::string_view::npos || title.find('\n') != std::string_view::npos)
        return std::nullopt;
    // A key's body has begun, or the header is only spoken of.
    const std::size_t body = s.skip(line, "-\\nr\r\n\t \"'+", 24);
    const bool begun = s.endOf(body, kBase64) - body >= 16 || s.here(body, "Proc-Type") || s.here(body, "Comment:")
                       || s.here(body, "Version:");
    if (!begun)
        return std::nullopt;
    // Cut short: where it ends nobody knows.
    const std::size_t end = endOfKey(s, body);
    return FoundSecret{begin, end == 0 ? s.text.size() : end, "private_key"};
}

Found puttyKeyAt(const Surroundings &s)
{
    constexpr std::string_view kTitle = "Private-Lines:";
    if (!s.here(s.at, kTitle))
        return std::nullopt;
    std::size_t begin = s.skip(s.at + kTitle.size(), " \t", 4);
    begin = s.endOf(begin, kHex);
    begin = s.skip(begin, "\\nr\r\n\t ", 8);
    std::size_t end = begin;
    while (end < s.text.size()) {
        const std::size_t line = s.endOf(end, kBase64);
        const std::size_t next = s.skip(line, "\\nr\r\n", 4);
        if (line - end < 16)
            break;
        end = line;
        if (next == line || s.here(next, "Private"))
            break;
        end = next;
    }
    while (end > begin && isSpace(s.text[end - 1]))
        --end;
    return end - begin >= 16 ? Found({begin, end, "private_key"}) : std::nullopt;
}

} // namespace mulligan::ingest::secret
