#include "model/verdict_pool.hpp"

#include <cstring>

namespace mulligan::model
{

namespace
{

void add(std::string &key, std::string_view text)
{
    key += std::to_string(text.size());
    key += ':';
    key += text;
}

/// To the bit: two figures that print alike may differ.
void add(std::string &key, std::optional<double> value)
{
    char bytes[sizeof(double)];
    if (value)
        std::memcpy(bytes, &*value, sizeof bytes);
    add(key, value ? std::string_view(bytes, sizeof bytes) : std::string_view());
}

std::string keyOf(const Verdict &verdict)
{
    std::string key;
    add(key, verdict.errorClass);
    add(key, verdict.rule);
    for (const int number : {static_cast<int>(verdict.domain), verdict.transient ? 1 : 0,
                             static_cast<int>(verdict.action), verdict.exitCode ? 1 : 0, verdict.exitCode.value_or(0)})
        add(key, std::to_string(number));
    for (const auto &[name, capture] : verdict.captures) {
        add(key, name);
        add(key, capture.text);
        add(key, capture.unit);
        add(key, capture.value);
    }
    return key;
}

} // namespace

SharedVerdict VerdictPool::share(const Verdict &verdict)
{
    const auto [at, isNew] = m_known.try_emplace(keyOf(verdict));
    if (isNew) {
        Verdict kept;
        kept.errorClass = verdict.errorClass;
        kept.domain = verdict.domain;
        kept.transient = verdict.transient;
        kept.rule = verdict.rule;
        kept.action = verdict.action;
        kept.exitCode = verdict.exitCode;
        kept.captures = verdict.captures;
        at->second = SharedVerdict(std::move(kept));
    }
    return at->second;
}

} // namespace mulligan::model
