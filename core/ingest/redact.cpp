#include "ingest/redact.hpp"

#include "ingest/secret_names.hpp"
#include "ingest/secret_scan.hpp"

namespace mulligan::ingest
{

namespace
{

std::string mark(std::string_view kind)
{
    return "[redacted:" + std::string(kind) + "]";
}

} // namespace

std::size_t Redactor::redact(std::string &text) const
{
    auto found = nextSecret(text, 0);
    if (!found)
        return 0;
    std::string out;
    out.reserve(text.size());
    std::size_t copied = 0;
    std::size_t count = 0;
    for (; found; found = nextSecret(text, copied)) {
        out.append(text, copied, found->begin - copied).append(mark(found->kind));
        copied = found->end;
        ++count;
    }
    out.append(text, copied);
    text = std::move(out);
    return count;
}

std::size_t Redactor::redact(model::Config &config) const
{
    std::size_t count = 0;
    for (auto &[property, value] : config) {
        const SecretName secret = secretPropertyOf(property);
        if (secret && !isPlaceholder(value) && (secret.certain || looksRandom(value))) {
            value = mark(secret.kind);
            ++count;
        } else {
            count += redact(value);
        }
    }
    return count;
}

std::size_t Redactor::redact(model::Attempt &attempt) const
{
    return redact(attempt.errorText) + redact(attempt.rootCause) + redact(attempt.config);
}

} // namespace mulligan::ingest
