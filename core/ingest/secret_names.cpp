#include "ingest/secret_names.hpp"

#include "ingest/secret_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace mulligan::ingest
{

namespace
{

using secret::isDigit;
using secret::isLower;
using secret::isUpper;

struct Ending {
    std::string_view text;
    SecretName name;
};

constexpr SecretName kPassword{"password", true};
constexpr SecretName kSecret{"secret", true};
constexpr SecretName kMaybeSecret{"secret", false};
constexpr SecretName kToken{"token", false};
constexpr SecretName kApiKey{"api_key", false};
constexpr SecretName kAwsSecret{"aws_secret", true};
constexpr SecretName kAwsKey{"aws_key", false};
constexpr SecretName kSignature{"signature", false};

// Longer endings stand before the shorter ones that they contain. An empty kind: a name that only sounds like one.
constexpr std::array kEndings{
    Ending{"secretaccesskey", kAwsSecret},
    Ending{"s3asecretkey", kAwsSecret},
    Ending{"s3nawssecretaccesskey", kAwsSecret},
    Ending{"awssecretkey", kAwsSecret},
    Ending{"password", kPassword},
    Ending{"passwd", kPassword},
    Ending{"passphrase", kPassword},
    Ending{"passcode", kPassword},
    Ending{"passwort", kPassword},
    Ending{"pwd", kPassword},
    Ending{"psw", kPassword},
    Ending{"storepass", kPassword},
    Ending{"keypass", kPassword},
    Ending{"userpass", kPassword},
    Ending{"dbpass", kPassword},
    Ending{"kennwort", kPassword},
    Ending{"bindpw", kPassword},
    Ending{"rootpw", kPassword},
    Ending{"bindcredential", kPassword},
    Ending{"redisauth", kPassword},
    Ending{"rediscliauth", kPassword},
    Ending{"securitycredentials", kPassword},
    Ending{"oauth2credential", kSecret},
    Ending{"clientsecret", kSecret},
    Ending{"consumersecret", kSecret},
    Ending{"appsecret", kSecret},
    Ending{"secretkey", kSecret},
    Ending{"sharedsecret", kSecret},
    Ending{"authenticatesecret", kSecret},
    Ending{"webhooksecret", kSecret},
    Ending{"authsecret", kSecret},
    Ending{"secretbase64", kSecret},
    Ending{"secretvalue", kMaybeSecret},
    Ending{"tokenvalue", kToken},
    Ending{"secret", kMaybeSecret},
    Ending{"accountkey", kSecret},
    Ending{"sharedaccesskey", kSecret},
    Ending{"sharedkey", kMaybeSecret},
    Ending{"storagekey", kSecret},
    Ending{"masterkey", kMaybeSecret},
    Ending{"encryptionkey", kMaybeSecret},
    Ending{"fernetkey", kSecret},
    Ending{"signingkey", kMaybeSecret},
    Ending{"privatekey", {"private_key", false}},
    Ending{"privatekeybase64", {"private_key", true}},
    Ending{"sshkey", {"private_key", false}},
    Ending{"apikey", kApiKey},
    Ending{"applicationkey", kApiKey},
    Ending{"appkey", kApiKey},
    Ending{"authkey", kApiKey},
    Ending{"functionskey", kApiKey},
    Ending{"licensekey", kApiKey},
    Ending{"servicekey", kApiKey},
    Ending{"integrationkey", kApiKey},
    Ending{"routingkey", kApiKey},
    Ending{"subscriptionkey", kApiKey},
    Ending{"consumerkey", kApiKey},
    Ending{"accesskey", kAwsKey},
    Ending{"accesskeyid", kAwsKey},
    Ending{"amzcredential", kAwsKey},
    Ending{"keypairid", kAwsKey},
    // Places in a listing, not keys to anything.
    Ending{"nexttoken", {}},
    Ending{"continuationtoken", {}},
    Ending{"pagetoken", {}},
    Ending{"synctoken", {}},
    Ending{"token", kToken},
    Ending{"authtokens", kToken},
    Ending{"sharedaccesssignature", kSignature},
    Ending{"signature", kSignature},
    Ending{"googcredential", kMaybeSecret},
    Ending{"credential", kMaybeSecret},
    Ending{"credentials", kMaybeSecret},
    Ending{"keytab", kMaybeSecret},
    Ending{"sastoken", kSignature},
    Ending{"sig", kSignature},
};

struct Inside {
    std::string_view text;
    SecretName name;
};

constexpr std::array kInside{
    // Kubernetes' reference: the value says where the secret is.
    Inside{"secretkeyref", {}},
    Inside{"pullsecret", {}},
    Inside{"azureaccountkey", kSecret},
    Inside{"clientsecret", kSecret},
    Inside{"azuresas", {"signature", true}},
    Inside{"secretkey", kSecret},
    Inside{"password", kPassword},
    Inside{"passphrase", kPassword},
    Inside{"secret", kSecret},
    Inside{"token", kToken},
    Inside{"privatekey", {"private_key", false}},
    Inside{"passwd", kPassword},
    Inside{"apikey", kApiKey},
    Inside{"encryptionkey", kMaybeSecret},
    Inside{"credential", kMaybeSecret},
};

// What follows "password" or "token" in names of things that are not secrets themselves.
constexpr std::array<std::string_view, 41> kElsewhere{
    "file",      "path",     "provider", "class",      "type",      "name",     "enabled", "alias",    "url",
    "uri",       "location", "timeout",  "interval",   "length",    "size",     "count",   "id",       "expiry",
    "lifetime",  "renewer",  "service",  "format",     "policy",    "required", "regex",   "version",  "namespace",
    "manager",   "prefix",   "suffix",   "expiration", "algorithm", "mode",     "dir",     "endpoint", "key",
    "mechanism", "scope",    "factory",  "redactor",   "arn"};

/// The end of a name in lower case without punctuation; on the stack, since every property of every row comes here.
class Folded
{
public:
    explicit Folded(std::string_view name)
    {
        if (name.size() > m_bytes.size())
            name.remove_prefix(name.size() - m_bytes.size());
        for (const char c : name) {
            if (c >= 'A' && c <= 'Z')
                m_bytes[m_size++] = static_cast<char>(c + ('a' - 'A'));
            else if (c != '_' && c != '-' && c != '.')
                m_bytes[m_size++] = c;
        }
    }
    [[nodiscard]] std::string_view text() const { return {m_bytes.data(), m_size}; }

private:
    std::array<char, 160> m_bytes{};
    std::size_t m_size = 0;
};

bool allOf(std::string_view text, std::string_view allowed)
{
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

/// "db_pw", "hivevar.PW": the word stands alone at the end.
bool endsInPw(std::string_view name)
{
    constexpr std::size_t kWord = 2;
    if (name.size() < kWord + 2)
        return false;
    const std::string_view end = name.substr(name.size() - kWord);
    const char before = name[name.size() - kWord - 1];
    return (end == "pw" || end == "PW") && (before == '_' || before == '.' || before == '-');
}

/// "db.pass", "DB_PASS", "dbPass": the word stands alone at the end. By itself it counts test results as often.
bool endsInPass(std::string_view name)
{
    constexpr std::size_t kWord = 4;
    if (name.size() < kWord + 2)
        return false;
    const std::string_view end = name.substr(name.size() - kWord);
    const char before = name[name.size() - kWord - 1];
    const std::string_view rest = name.substr(0, name.size() - kWord);
    if (rest.size() >= 3 && (rest.substr(rest.size() - 3) == "Not" || rest.substr(rest.size() - 3) == "Did"))
        return false; // "CheckDidNotPass" tells of a test
    const bool apart = before == '_' || before == '.' || before == '-';
    return (end == "Pass" && (apart || isLower(before))) || ((end == "pass" || end == "PASS") && apart);
}

/// Whether a piece between punctuation reads as a word, as humps of a CamelCase name, or as a number: "driver", "v2",
/// "PlainLogin", "2024".
bool isWritten(std::string_view piece)
{
    std::size_t i = 0;
    std::size_t digits = 0;
    while (i < piece.size() && !isDigit(piece[i])) {
        const std::size_t begin = i;
        while (i < piece.size() && isUpper(piece[i]))
            ++i;
        const std::size_t upper = i - begin;
        while (i < piece.size() && isLower(piece[i]))
            ++i;
        // A short hump at the end of the piece is an article or an abbreviation.
        if (i == begin || (i - begin < 3 && upper > 0 && i < piece.size() && !isDigit(piece[i])))
            return false;
    }
    const bool number = i == 0;
    while (i < piece.size() && isDigit(piece[i])) {
        ++i;
        ++digits;
    }
    return i == piece.size() && (digits <= 4 || (number && digits <= 6));
}

bool readsAsName(std::string_view value)
{
    std::size_t letters = 0;
    for (std::size_t begin = 0; begin <= value.size();) {
        const std::size_t end = std::min(value.find_first_of("-_./:", begin), value.size());
        const std::string_view piece = value.substr(begin, end - begin);
        if (!isWritten(piece))
            return false;
        letters += !piece.empty() && !isDigit(piece.front()) && piece.size() >= 3 ? 1 : 0;
        begin = end + 1;
    }
    return letters > 0;
}

} // namespace

SecretName secretNameOf(std::string_view name)
{
    if (name.empty())
        return {};
    const Folded folded(name);
    const std::string_view text = folded.text();
    for (const Ending &ending : kEndings) {
        if (text.ends_with(ending.text))
            return ending.name;
    }
    return endsInPass(name) || endsInPw(name) ? kPassword : SecretName{};
}

SecretName secretPropertyOf(std::string_view name)
{
    if (const SecretName byEnd = secretNameOf(name))
        return byEnd;
    // Where Kubernetes is to mount a secret.
    if (name.find(".secrets.") != std::string_view::npos)
        return {};
    const Folded folded(name);
    const std::string_view text = folded.text();
    for (const Inside &inside : kInside) {
        if (text.find(inside.text) == std::string_view::npos)
            continue;
        const bool elsewhere = std::any_of(kElsewhere.begin(), kElsewhere.end(),
                                           [&](std::string_view end) { return text.ends_with(end); });
        return elsewhere ? SecretName{} : inside.name;
    }
    return {};
}

bool isPlaceholder(std::string_view value)
{
    if (value.size() < 2 || value.starts_with("[redacted:") || value.starts_with("${") || value.starts_with("{{")
        || value.starts_with("$(") || value.starts_with("#{") || value.starts_with('<') || value.starts_with("***")
        || value.starts_with("%s") || value.starts_with("%(") || value.starts_with("[REDACTED")
        || value.starts_with("...") || value.starts_with("os.environ"))
        return true;
    std::string lower(value.substr(0, 12));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return isUpper(c) ? static_cast<char>(c | 0x20) : c; });
    static constexpr std::array<std::string_view, 19> kNothing{
        "null", "none",   "nil", "true",    "false", "undefined", "empty",  "redacted", "yes",     "no",
        "str",  "string", "n/a", "missing", "unset", "hidden",    "masked", "required", "optional"};
    if (std::find(kNothing.begin(), kNothing.end(), lower) != kNothing.end())
        return true;
    // A reference to a variable: $DB_PASSWORD, %DB_PASSWORD%.
    constexpr std::string_view kVariable = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    if (value.front() == '$' && allOf(value.substr(1), kVariable))
        return true;
    if (value.front() == '%' && value.back() == '%' && allOf(value.substr(1, value.size() - 2), kVariable))
        return true;
    return allOf(value, "*") || allOf(value, "x") || allOf(value, ".") || allOf(value, "X")
           || allOf(value, "\xE2\x80\xA2");
}

bool looksRandom(std::string_view value, std::size_t length)
{
    if (value.size() < length || value.front() == '/')
        return false;
    bool digit = false;
    bool letter = false;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7F)
            return false;
        digit = digit || isDigit(c);
        letter = letter || isLower(c) || isUpper(c);
    }
    return digit && letter && !readsAsName(value);
}

} // namespace mulligan::ingest
