#include "ingest/secret_names.hpp"

#include "base/units.hpp"
#include "ingest/secret_text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace mulligan::ingest
{

namespace
{

using secret::isDigit;
using secret::isLower;
using secret::isUpper;

/// The words of a name in lower case, divided at punctuation and humps: "fs.s3a.APIKey2" → fs, s3a, api, key2.
std::vector<std::string> wordsOf(std::string_view name)
{
    std::vector<std::string> words(1);
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const bool word = isLower(c) || isUpper(c) || isDigit(c);
        const bool hump = isUpper(c) && i > 0
                          && (isLower(name[i - 1]) || isDigit(name[i - 1])
                              || (isUpper(name[i - 1]) && i + 1 < name.size() && isLower(name[i + 1])));
        if ((!word || hump) && !words.back().empty())
            words.emplace_back();
        if (word)
            words.back() += isUpper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    return words;
}

/// Whether a word of the name, by itself or at the end of a compound ("authtoken", "password2"), stands for a secret.
bool speaksOfSecret(std::string_view name)
{
    static constexpr std::array<std::string_view, 8> kWords{"secret",     "token",  "password",   "passwd",
                                                            "passphrase", "apikey", "credential", "credentials"};
    static constexpr std::array<std::string_view, 4> kKeys{"api", "encryption", "signing", "auth"};
    std::string before;
    for (std::string &word : wordsOf(name)) {
        while (!word.empty() && isDigit(word.back()))
            word.pop_back();
        const bool secret =
            std::any_of(kWords.begin(), kWords.end(), [&](std::string_view each) { return word.ends_with(each); });
        if (secret || (word == "key" && std::find(kKeys.begin(), kKeys.end(), before) != kKeys.end()))
            return true;
        before = word;
    }
    return false;
}

/// "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider".
bool isClassName(std::string_view value)
{
    const std::size_t dot = value.rfind('.');
    if (dot == std::string_view::npos || dot + 1 == value.size() || !isUpper(value[dot + 1]))
        return false;
    const std::string_view package = value.substr(0, dot);
    return package.find('.') != std::string_view::npos && std::all_of(package.begin(), package.end(), [](char c) {
               return isLower(c) || isDigit(c) || c == '.' || c == '_';
           });
}

/// Paths, addresses and Amazon's names of resources say where a secret is; passwords within them are found as in any
/// text.
bool isPlace(std::string_view value)
{
    const bool path = value.starts_with('/') && value.find_first_of("+=") == std::string_view::npos;
    return path || value.find("://") != std::string_view::npos || value.starts_with("arn:");
}

/// How to come by a secret, as in spark.kerberos.renewal.credentials=keytab.
bool isChoice(std::string_view value)
{
    static constexpr std::array<std::string_view, 10> kChoices{"auto",    "basic",    "ccache", "default", "disabled",
                                                               "enabled", "kerberos", "keytab", "managed", "simple"};
    return std::find(kChoices.begin(), kChoices.end(), value) != kChoices.end();
}

/// What a setting about secrets holds that is none itself.
bool isPlain(std::string_view value)
{
    return base::parseSeconds(value) || base::parseBytes(value) || isClassName(value) || isPlace(value)
           || isChoice(value);
}

} // namespace

SecretName secretSettingOf(std::string_view name, std::string_view value)
{
    const SecretName secret = secretPropertyOf(name);
    if (!secret || isPlaceholder(value))
        return {};
    const bool hidden = secret.certain || looksRandom(value) || (!isPlain(value) && speaksOfSecret(name));
    return hidden ? secret : SecretName{};
}

} // namespace mulligan::ingest
