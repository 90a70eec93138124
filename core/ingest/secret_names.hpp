#pragma once

#include <string_view>

namespace mulligan::ingest
{

/// What the name of a setting says about its value.
struct SecretName {
    std::string_view kind; ///< kind of the secret as in "[redacted:<kind>]"; empty: the name says nothing
    bool certain = false;  ///< the value is a secret whatever it looks like; else only when it looks random

    explicit operator bool() const { return !kind.empty(); }
};

/// Judges a name by its end ("spark.hadoop.fs.s3a.secret.key", "AWS_SESSION_TOKEN", "clientSecret"), case and
/// punctuation aside. Names that speak of where a secret is ("password.file", "tokenProvider") end otherwise.
[[nodiscard]] SecretName secretNameOf(std::string_view name);
/// The same for a property, whose whole value is at stake: names that hold the word further ahead count too, as in
/// "fs.azure.account.oauth2.client.secret.store.dfs.core.windows.net".
[[nodiscard]] SecretName secretPropertyOf(std::string_view name);
/// The secret that a setting holds, if any. A name with a word for one in it ("GITHUB_TOKEN", "app.apiKey") is believed
/// whatever the value looks like, unless that is a number, a class, a place or a choice such as "keytab".
[[nodiscard]] SecretName secretSettingOf(std::string_view name, std::string_view value);
/// Whether a value stands for nothing or for something elsewhere: "", "null", "****", "${NAME}", "<secret>".
[[nodiscard]] bool isPlaceholder(std::string_view value);
/// Whether a value looks drawn at random rather than written: at least `length` characters, letters and digits, no
/// spaces, and not words with a number behind them ("spark-driver-conf-2").
[[nodiscard]] bool looksRandom(std::string_view value, std::size_t length = 8);

} // namespace mulligan::ingest
