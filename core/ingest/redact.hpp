#pragma once

#include "ingest/redaction_rules.hpp"
#include "model/attempt.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// How many secrets of each kind were replaced.
using RedactionCounts = std::map<std::string, std::uint64_t>;

/// A secret whose place in a text is known.
struct SecretSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view kind; ///< of the marker; lives as long as the program

    bool operator==(const SecretSpan &) const = default;
};

/// Replaces secrets by "[redacted:<kind>]": what is known by its shape (tokens of a service, private keys, web tokens),
/// by the name before it (passwords, keys, signatures, in the spellings of addresses, JSON, YAML, XML, properties,
/// environments and command lines), and what the rules add. The text's own words stay as they are, and so do stray
/// identifiers, hashes and placeholders. Idempotent where it settles and no pattern of the rules gives up; valid UTF-8
/// stays valid. Works on signs of three characters: one pass over the text, no backtracking. One object a thread; the
/// rules are shared.
class Redactor
{
public:
    /// `rules`, nullptr: the built-in kinds alone. `key`: what the marks in names that tell attempts apart are made
    /// with; empty: such marks are as all others.
    explicit Redactor(std::shared_ptr<const RedactionRules> rules = nullptr, std::string key = {});

    /// Redacts `text` in place and returns how many secrets were replaced.
    std::size_t redact(std::string &text);
    /// Whether looking at the last text once more found nothing, as in all but texts that are made for it.
    [[nodiscard]] bool settled() const { return m_settled; }
    /// Replaces what is known to be secret, in order and without overlaps, but for what the rules allow.
    std::size_t redact(std::string &text, std::span<const SecretSpan> known);
    /// Redacts the values of properties whose names speak of secrets ("…password", "…secret.key", "…_TOKEN",
    /// "fs.azure.account.key…") whole, but for values that are plainly none, and the others as text.
    std::size_t redact(model::Config &config);
    /// Every text of the attempt: error text, root cause, configuration, and the names; the owner whole where user
    /// paths are asked for. In job, run and application id, which tell attempts apart, a mark reads
    /// "[redacted:<kind>#<12 hexadecimal digits>]": a digest of key and value, the same for the same value alone.
    std::size_t redact(model::Attempt &attempt);

    /// Replaced so far by this object, by kind.
    [[nodiscard]] const RedactionCounts &counts() const { return m_counts; }
    /// One sentence for each pattern of the rules that gave up on texts, which were kept as they were.
    [[nodiscard]] std::vector<std::string> warnings() const;

private:
    struct Replacement {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::string_view kind;
    };

    std::size_t redactOnce(std::string &text);
    std::size_t redactIdentity(std::string &name);
    [[nodiscard]] std::string markOf(std::string_view kind, std::string_view value) const;
    void findBuiltIn(std::string_view text);
    void findOfRules(std::string_view text);
    void findPattern(std::uint32_t id, std::string_view text);
    void replaceFound(std::string &text);
    [[nodiscard]] bool allows(std::string_view secret) const { return m_rules != nullptr && m_rules->allows(secret); }
    std::size_t replaceWhole(std::string &text, std::string_view kind);

    std::shared_ptr<const RedactionRules> m_rules;
    std::string m_key;
    bool m_settled = true;
    bool m_inIdentity = false; ///< the text at hand tells attempts apart
    text::Scratch m_scratch;
    std::vector<Replacement> m_found;
    RedactionCounts m_counts;
    std::vector<bool> m_gaveUp;                ///< on the text at hand, by pattern
    std::vector<std::uint64_t> m_undetermined; ///< texts that a pattern gave up on, by pattern
};

} // namespace mulligan::ingest
