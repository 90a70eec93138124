#pragma once

#include "model/attempt.hpp"

#include <cstddef>
#include <string>

namespace mulligan::ingest
{

/// Replaces secrets by "[redacted:<kind>]". Kinds: aws_key, aws_secret, token, jwt, password, signature, private_key,
/// github_token, slack_token, databricks_token, google_key, secret. Works on anchors: one pass over the text, no
/// backtracking; the text's own words stay as they are. Idempotent. May be used from several threads at once.
class Redactor
{
public:
    /// Redacts `text` in place and returns how many secrets were replaced.
    std::size_t redact(std::string &text) const;
    /// Redacts the values of properties whose names speak of secrets ("…password", "…secret.key",
    /// "fs.azure.account.key…") whole, and the others as text.
    std::size_t redact(model::Config &config) const;
    /// Every text of the attempt: errorText, rootCause, config.
    std::size_t redact(model::Attempt &attempt) const;
};

} // namespace mulligan::ingest
