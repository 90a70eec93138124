#include "ingest/secret_names.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace mulligan::ingest
{

namespace
{

struct Ending {
    std::string_view text;
    SecretName name;
};

// Longer endings stand before the shorter ones that they contain.
constexpr std::array<Ending, 34> kEndings{{
    {"secretaccesskey", {"aws_secret", true}},
    {"s3asecretkey", {"aws_secret", true}},
    {"awssecretkey", {"aws_secret", true}},
    {"password", {"password", true}},
    {"passwd", {"password", true}},
    {"passphrase", {"password", true}},
    {"pwd", {"password", true}},
    {"clientsecret", {"secret", true}},
    {"secretkey", {"secret", true}},
    {"sharedsecret", {"secret", true}},
    {"authenticatesecret", {"secret", true}},
    {"secret", {"secret", false}},
    {"accountkey", {"secret", true}},
    {"sharedaccesskey", {"secret", true}},
    {"storagekey", {"secret", true}},
    {"masterkey", {"secret", true}},
    {"encryptionkey", {"secret", true}},
    {"signingkey", {"secret", true}},
    {"privatekey", {"private_key", false}},
    {"apikey", {"token", false}},
    {"authkey", {"token", false}},
    {"subscriptionkey", {"token", false}},
    {"accesskey", {"aws_key", false}},
    {"accesskeyid", {"aws_key", false}},
    {"amzcredential", {"aws_key", false}},
    {"token", {"token", false}},
    {"sharedaccesssignature", {"signature", false}},
    {"signature", {"signature", false}},
    {"credential", {"secret", false}},
    {"credentials", {"secret", false}},
    {"authorization", {"token", false}},
    {"sastoken", {"signature", false}},
    {"cookie", {"token", false}},
    {"sig", {"signature", false}},
}};

constexpr std::array<Ending, 9> kInside{{
    {"azureaccountkey", {"secret", true}},
    {"clientsecret", {"secret", true}},
    {"azuresas", {"signature", true}},
    {"secretkey", {"secret", true}},
    {"password", {"password", true}},
    {"passphrase", {"password", true}},
    {"secret", {"secret", true}},
    {"token", {"token", false}},
    {"privatekey", {"private_key", false}},
}};

// What follows "password" or "token" in names of things that are not secrets themselves.
constexpr std::array<std::string_view, 24> kElsewhere{
    "file", "path",   "provider", "class",   "type",     "name",   "enabled", "alias",
    "url",  "uri",    "location", "timeout", "interval", "length", "size",    "count",
    "id",   "expiry", "lifetime", "renewer", "service",  "format", "policy",  "required"};

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

} // namespace

SecretName secretNameOf(std::string_view name)
{
    if (name.empty())
        return {};
    // Nearly every name in a log ends in another letter, so this test decides most cases.
    const char last = static_cast<char>(name.back() | 0x20);
    if (std::string_view("dtyengsl").find(last) == std::string_view::npos)
        return {};
    const Folded folded(name);
    const std::string_view text = folded.text();
    for (const Ending &ending : kEndings) {
        if (text.ends_with(ending.text))
            return ending.name;
    }
    return {};
}

SecretName secretPropertyOf(std::string_view name)
{
    if (const SecretName byEnd = secretNameOf(name))
        return byEnd;
    const Folded folded(name);
    const std::string_view text = folded.text();
    for (const Ending &ending : kInside) {
        if (text.find(ending.text) == std::string_view::npos)
            continue;
        const bool elsewhere = std::any_of(kElsewhere.begin(), kElsewhere.end(),
                                           [&](std::string_view end) { return text.ends_with(end); });
        return elsewhere ? SecretName{} : ending.name;
    }
    return {};
}

bool isPlaceholder(std::string_view value)
{
    if (value.size() < 2 || value.starts_with("[redacted:") || value.starts_with("${") || value.starts_with("{{")
        || value.starts_with("$(") || value.starts_with('<') || value.starts_with("***") || value.starts_with("%s")
        || value.starts_with("%("))
        return true;
    std::string lower(value.substr(0, 12));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    static constexpr std::array<std::string_view, 8> kNothing{"null",  "none",      "nil",   "true",
                                                              "false", "undefined", "empty", "redacted"};
    if (std::find(kNothing.begin(), kNothing.end(), lower) != kNothing.end())
        return true;
    // A reference to a variable: $DB_PASSWORD.
    if (value.front() == '$' && allOf(value.substr(1), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"))
        return true;
    return allOf(value, "*") || allOf(value, "x") || allOf(value, ".") || allOf(value, "X");
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
        digit = digit || (c >= '0' && c <= '9');
        letter = letter || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    }
    return digit && letter;
}

} // namespace mulligan::ingest
