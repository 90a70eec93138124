#include "ingest/redact.hpp"

#include "formats/hash.hpp"
#include "ingest/personal_scan.hpp"
#include "ingest/secret_names.hpp"
#include "ingest/secret_scan.hpp"

#include <algorithm>
#include <array>

namespace mulligan::ingest
{

namespace
{

constexpr std::string_view kMark = "[redacted:";
constexpr std::string_view kUser = "user";

// Of a million different values two have the same digest once in five hundred times.
constexpr std::size_t kDigestDigits = 12;

// Replacing one secret can bring another's name before its value; more than one further pass is hardly ever needed.
constexpr int kMostPasses = 16;

std::string mark(std::string_view kind)
{
    return std::string(kMark).append(kind).append("]");
}

/// Whether a span touches a marker that stands in the text already.
bool touchesMark(std::string_view text, std::size_t begin, std::size_t end)
{
    constexpr std::size_t kLongestMark = 64;
    const std::size_t from = begin - std::min(begin, kLongestMark);
    for (std::size_t at = text.find(kMark, from); at < end; at = text.find(kMark, at + 1)) {
        const std::size_t close = text.find(']', at);
        if (close != std::string_view::npos && close >= begin)
            return true;
    }
    return false;
}

bool continues(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

} // namespace

Redactor::Redactor(std::shared_ptr<const RedactionRules> rules, std::string key)
    : m_rules(std::move(rules)), m_key(std::move(key))
{
    if (m_rules == nullptr || m_rules->patterns() == nullptr)
        return;
    m_rules->patterns()->prepare(m_scratch);
    m_undetermined.resize(m_rules->patterns()->size());
    m_gaveUp.resize(m_undetermined.size());
}

std::size_t Redactor::redact(std::string &text)
{
    std::size_t count = 0;
    m_settled = false;
    for (int pass = 0; pass < kMostPasses && !m_settled; ++pass) {
        const std::size_t more = redactOnce(text);
        count += more;
        m_settled = more == 0;
    }
    for (std::size_t i = 0; i < m_gaveUp.size(); ++i) {
        m_undetermined[i] += m_gaveUp[i] ? 1 : 0;
        m_gaveUp[i] = false;
    }
    return count;
}

std::size_t Redactor::redact(std::string &text, std::span<const SecretSpan> known)
{
    m_found.clear();
    for (const SecretSpan &secret : known) {
        if (!allows(std::string_view(text).substr(secret.begin, secret.end - secret.begin)))
            m_found.push_back({secret.begin, secret.end, secret.kind});
    }
    if (!m_found.empty())
        replaceFound(text);
    return m_found.size();
}

std::size_t Redactor::redactOnce(std::string &text)
{
    m_found.clear();
    findBuiltIn(text);
    if (m_rules != nullptr)
        findOfRules(text);
    if (!m_found.empty())
        replaceFound(text);
    return m_found.size();
}

void Redactor::findBuiltIn(std::string_view text)
{
    std::size_t from = 0;
    std::size_t resume = 0;
    while (const auto secret = nextSecret(text, from, resume)) {
        if (allows(text.substr(secret->begin, secret->end - secret->begin))) {
            resume = secret->resume;
            continue;
        }
        m_found.push_back({secret->begin, secret->end, secret->kind});
        from = secret->end;
        resume = from;
    }
}

void Redactor::findOfRules(std::string_view text)
{
    const std::size_t builtIn = m_found.size();
    const auto add = [this](const PersonalSpan &span) { m_found.push_back({span.begin, span.end, span.kind}); };
    if (m_rules->settings().emails)
        forEachEmail(text, add);
    if (m_rules->settings().userPaths)
        forEachUserPath(text, add);
    if (m_rules->patterns() != nullptr) {
        const auto ids = m_rules->patterns()->candidates(text, m_scratch);
        for (const std::uint32_t id : std::vector<std::uint32_t>(ids.begin(), ids.end()))
            findPattern(id, text);
    }
    if (m_found.size() == builtIn)
        return;
    // Of two that overlap the one that begins first stands for both.
    std::stable_sort(m_found.begin(), m_found.end(),
                     [](const Replacement &a, const Replacement &b) { return a.begin < b.begin; });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < m_found.size(); ++i) {
        if (m_found[i].begin < m_found[kept].end)
            m_found[kept].end = std::max(m_found[kept].end, m_found[i].end);
        else
            m_found[++kept] = m_found[i];
    }
    m_found.resize(kept + 1);
}

void Redactor::findPattern(std::uint32_t id, std::string_view text)
{
    const RedactionPattern &pattern = m_rules->settings().patterns[id];
    text::Match match;
    text::Outcome outcome = m_rules->patterns()->confirm(id, text, m_scratch, match);
    while (outcome == text::Outcome::Match) {
        text::Span span = match.span;
        for (const text::NamedSpan &group : match.groups) {
            if (group.name == pattern.group)
                span = group.span;
        }
        const std::size_t next = std::max(match.span.end, match.span.begin + 1);
        // A pattern sees bytes; what it takes must not split a character.
        while (span.begin > 0 && span.begin < text.size() && continues(text[span.begin]))
            --span.begin;
        while (span.end < text.size() && continues(text[span.end]))
            ++span.end;
        const bool fresh = span.end > span.begin && !touchesMark(text, span.begin, span.end);
        if (fresh && !allows(text.substr(span.begin, span.end - span.begin)))
            m_found.push_back({span.begin, span.end, pattern.name});
        if (next >= text.size())
            return;
        outcome = m_rules->patterns()->search(id, text, next, match);
    }
    m_gaveUp[id] = m_gaveUp[id] || outcome == text::Outcome::Undetermined;
}

std::string Redactor::markOf(std::string_view kind, std::string_view value) const
{
    if (!m_inIdentity || m_key.empty())
        return mark(kind);
    formats::Sha256 digest;
    digest.update(m_key);
    digest.update(value);
    return mark(std::string(kind).append("#").append(digest.hexDigest(), 0, kDigestDigits));
}

/// Two jobs that differ in what is redacted stay two.
std::size_t Redactor::redactIdentity(std::string &name)
{
    m_inIdentity = true;
    const std::size_t count = redact(name);
    m_inIdentity = false;
    return count;
}

void Redactor::replaceFound(std::string &text)
{
    std::string out;
    out.reserve(text.size());
    std::size_t copied = 0;
    for (const Replacement &found : m_found) {
        out.append(text, copied, found.begin - copied)
            .append(markOf(found.kind, std::string_view(text).substr(found.begin, found.end - found.begin)));
        copied = found.end;
        ++m_counts[std::string(found.kind)];
    }
    out.append(text, copied);
    text = std::move(out);
}

std::size_t Redactor::replaceWhole(std::string &text, std::string_view kind)
{
    text = mark(kind);
    ++m_counts[std::string(kind)];
    return 1;
}

std::size_t Redactor::redact(model::Config &config)
{
    std::size_t count = 0;
    for (auto &[property, value] : config) {
        const SecretName secret = secretSettingOf(property, value);
        count += secret && !allows(value) ? replaceWhole(value, secret.kind) : redact(value);
    }
    return count;
}

std::size_t Redactor::redact(model::Attempt &attempt)
{
    std::size_t count = redact(attempt.errorText) + redact(attempt.rootCause) + redact(attempt.config);
    for (std::string *name : {&attempt.job, &attempt.run, &attempt.applicationId})
        count += name->empty() ? 0 : redactIdentity(*name);
    for (std::string *name : {&attempt.workflow, &attempt.owner, &attempt.team, &attempt.cluster, &attempt.queue,
                              &attempt.action, &attempt.policyVersion})
        count += name->empty() ? 0 : redact(*name);
    const bool user = m_rules != nullptr && m_rules->settings().userPaths && !attempt.owner.empty();
    if (user && !isServiceUser(attempt.owner) && !touchesMark(attempt.owner, 0, attempt.owner.size()))
        count += replaceWhole(attempt.owner, kUser);
    return count;
}

std::vector<std::string> Redactor::warnings() const
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < m_undetermined.size(); ++i) {
        if (m_undetermined[i] == 0)
            continue;
        const bool one = m_undetermined[i] == 1;
        out.push_back("the redaction pattern '" + m_rules->settings().patterns[i].name + "' ran out of steps on "
                      + std::to_string(m_undetermined[i])
                      + (one ? " text, which was kept as it was" : " texts, which were kept as they were"));
    }
    return out;
}

} // namespace mulligan::ingest
