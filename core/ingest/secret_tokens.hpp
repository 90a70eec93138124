#pragma once

#include "ingest/secret_text.hpp"

#include <array>
#include <string_view>

namespace mulligan::ingest::secret
{

/// What the characters behind a prefix must hold besides their number.
enum class Body { Any, Mixed, Upper, LowerHex };

/// A token that begins with a text its maker chose so that it can be found.
struct TokenPrefix {
    std::string_view text;
    std::size_t sign; ///< where in it the three characters begin that the scan looks for (case aside)
    unsigned char characters;
    std::size_t least; ///< characters behind the prefix
    std::size_t most;  ///< 0: any number; else the token ends there, and no word goes on
    std::string_view kind;
    Body shape = Body::Any;
    bool apart = false; ///< a short prefix, which must not stand behind "-", "_", "." or "/" either
};

/// Shapes as their makers document them, and where they do not, as public secret scanners describe them; lengths are
/// the least that were ever issued. The sign is a part that other texts seldom hold.
inline constexpr std::array kTokenPrefixes{
    TokenPrefix{"AKIA", 1, kWord, 16, 16, "aws_key", Body::Upper},
    TokenPrefix{"ASIA", 0, kWord, 16, 16, "aws_key", Body::Upper},
    TokenPrefix{"ABIA", 0, kWord, 16, 16, "aws_key", Body::Upper},
    TokenPrefix{"ACCA", 1, kWord, 16, 16, "aws_key", Body::Upper},
    TokenPrefix{"AIza", 0, kToken, 30, 0, "google_key"},
    TokenPrefix{"1//0", 1, kToken, 40, 0, "google_key", Body::Mixed, true},
    TokenPrefix{"ya29.", 0, kToken, 20, 0, "google_key"},
    TokenPrefix{"GOCSPX-", 2, kToken, 24, 0, "google_key"},
    TokenPrefix{"ghp_", 1, kWord, 20, 0, "github_token"},
    TokenPrefix{"gho_", 1, kWord, 20, 0, "github_token"},
    TokenPrefix{"ghu_", 1, kWord, 20, 0, "github_token"},
    TokenPrefix{"ghs_", 1, kWord, 20, 0, "github_token"},
    TokenPrefix{"ghr_", 1, kWord, 20, 0, "github_token"},
    TokenPrefix{"github_pat_", 4, kToken, 20, 0, "github_token"},
    TokenPrefix{"glpat-", 0, kToken | kDotted, 16, 0, "gitlab_token"},
    TokenPrefix{"gldt-", 0, kToken, 16, 0, "gitlab_token"},
    TokenPrefix{"glrt-", 0, kToken | kDotted, 16, 0, "gitlab_token"},
    TokenPrefix{"glrtr-", 0, kToken, 16, 0, "gitlab_token"},
    TokenPrefix{"glcbt-", 0, kToken, 16, 0, "gitlab_token"},
    TokenPrefix{"glptt-", 0, kToken, 16, 0, "gitlab_token"},
    TokenPrefix{"glft-", 0, kToken, 16, 0, "gitlab_token"},
    TokenPrefix{"glffct-", 0, kToken, 16, 0, "gitlab_token"},
    TokenPrefix{"glimt-", 0, kToken, 16, 0, "gitlab_token"},
    TokenPrefix{"glagent-", 0, kToken, 16, 0, "gitlab_token"},
    TokenPrefix{"gloas-", 0, kToken, 16, 0, "gitlab_token"},
    TokenPrefix{"glsoat-", 0, kToken, 16, 0, "gitlab_token"},
    TokenPrefix{"GR1348941", 0, kToken, 20, 0, "gitlab_token"},
    TokenPrefix{"ATBB", 1, kWord, 28, 0, "bitbucket_token", Body::Mixed},
    TokenPrefix{"ATATT3xFfGF0", 5, kDotted, 20, 0, "atlassian_token"},
    TokenPrefix{"ATCTT3xFfGF0", 5, kDotted, 20, 0, "atlassian_token"},
    TokenPrefix{"ATCTT3xFfGN0", 5, kDotted, 20, 0, "atlassian_token"},
    TokenPrefix{"BBDC-", 1, kToken | kBase64, 32, 0, "bitbucket_token"},
    TokenPrefix{"xoxb-", 0, kToken, 10, 0, "slack_token"},
    TokenPrefix{"xoxp-", 0, kToken, 10, 0, "slack_token"},
    TokenPrefix{"xoxa-", 0, kToken, 10, 0, "slack_token"},
    TokenPrefix{"xoxr-", 0, kToken, 10, 0, "slack_token"},
    TokenPrefix{"xoxs-", 0, kToken, 10, 0, "slack_token"},
    TokenPrefix{"xoxo-", 0, kToken, 10, 0, "slack_token"},
    TokenPrefix{"xoxe-", 0, kToken, 10, 0, "slack_token"},
    TokenPrefix{"xoxe.", 0, kToken, 10, 0, "slack_token"},
    TokenPrefix{"xapp-", 0, kToken, 10, 0, "slack_token"},
    TokenPrefix{"xwfp-", 0, kToken, 10, 0, "slack_token"},
    TokenPrefix{"sk_live_", 1, kWord, 16, 0, "stripe_key"},
    TokenPrefix{"sk_test_", 1, kWord, 16, 0, "stripe_key"},
    TokenPrefix{"rk_live_", 1, kWord, 16, 0, "stripe_key"},
    TokenPrefix{"rk_test_", 1, kWord, 16, 0, "stripe_key"},
    TokenPrefix{"whsec_", 0, kBase64, 24, 0, "stripe_key"},
    TokenPrefix{"SG.", 0, kToken | kDotted, 40, 0, "sendgrid_key", Body::Mixed},
    TokenPrefix{"key-", 1, kHex, 32, 32, "mailgun_key", Body::LowerHex, true},
    TokenPrefix{"npm_", 0, kWord, 30, 0, "npm_token", Body::Mixed},
    TokenPrefix{"pypi-AgE", 1, kToken, 50, 0, "pypi_token"},
    TokenPrefix{"rubygems_", 1, kHex, 48, 48, "rubygems_key"},
    TokenPrefix{"dckr_pat_", 1, kToken, 20, 0, "docker_token"},
    TokenPrefix{"dckr_oat_", 1, kToken, 20, 0, "docker_token"},
    TokenPrefix{"dapi", 0, kHex, 32, 0, "databricks_token", Body::Mixed, true},
    TokenPrefix{"hvs.", 0, kToken, 20, 0, "vault_token"},
    TokenPrefix{"hvb.", 0, kToken, 20, 0, "vault_token"},
    TokenPrefix{"hvr.", 0, kToken, 20, 0, "vault_token"},
    TokenPrefix{"sk-ant-", 0, kToken, 20, 0, "anthropic_key", Body::Mixed, true},
    TokenPrefix{"sk-", 0, kToken, 32, 0, "openai_key", Body::Mixed, true},
    TokenPrefix{"hf_", 0, kWord, 30, 0, "huggingface_token", Body::Any, true},
    TokenPrefix{"api_org_", 5, kWord, 30, 0, "huggingface_token", Body::Any, true},
    TokenPrefix{"NRAK-", 0, kWord, 20, 0, "newrelic_key", Body::Upper},
    TokenPrefix{"NRJS-", 0, kWord, 16, 0, "newrelic_key"},
    TokenPrefix{"NRII-", 0, kToken, 20, 0, "newrelic_key"},
    TokenPrefix{"NRRA-", 0, kWord, 20, 0, "newrelic_key"},
    TokenPrefix{"sntrys_", 3, kToken | kBase64, 40, 0, "sentry_token"},
    TokenPrefix{"sntryu_", 3, kHex, 64, 64, "sentry_token"},
    TokenPrefix{"dop_v1_", 2, kHex, 40, 0, "digitalocean_token"},
    TokenPrefix{"doo_v1_", 2, kHex, 40, 0, "digitalocean_token"},
    TokenPrefix{"dor_v1_", 2, kHex, 40, 0, "digitalocean_token"},
    TokenPrefix{"shpat_", 0, kHex, 32, 32, "shopify_token"},
    TokenPrefix{"shpca_", 0, kHex, 32, 32, "shopify_token"},
    TokenPrefix{"shppa_", 0, kHex, 32, 32, "shopify_token"},
    TokenPrefix{"shpss_", 0, kHex, 32, 32, "shopify_token"},
    TokenPrefix{"glsa_", 0, kToken, 32, 0, "grafana_token"},
    TokenPrefix{"glc_", 0, kBase64, 32, 0, "grafana_token"},
    TokenPrefix{"PMAK-", 0, kToken, 40, 0, "postman_key"},
    TokenPrefix{"dp.pt.", 0, kWord, 40, 0, "token", Body::Any, true},
    TokenPrefix{"LTAI", 0, kWord, 16, 24, "alibaba_key", Body::Mixed},
    TokenPrefix{"AKCp", 1, kWord, 60, 0, "artifactory_key"},
    TokenPrefix{"HRKU-", 0, kToken, 36, 0, "heroku_key"},
    TokenPrefix{"AGE-SECRET-KEY-1", 1, kWord, 58, 58, "private_key", Body::Upper},
    TokenPrefix{"pul-", 0, kHex, 40, 40, "token", Body::Any, true},
    TokenPrefix{"tskey-", 1, kToken, 20, 0, "token", Body::Mixed, true},
};

/// A token that begins with this prefix, whose sign stands at `s.at`.
[[nodiscard]] Found prefixedTokenAt(const Surroundings &s, const TokenPrefix &prefix);
/// Tokens whose sign is not at their beginning: old Vault tokens, Azure AD client secrets, Telegram, Terraform Cloud.
[[nodiscard]] Found oddTokenAt(const Surroundings &s);

} // namespace mulligan::ingest::secret
