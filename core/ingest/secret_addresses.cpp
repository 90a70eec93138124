#include "ingest/secret_names.hpp"
#include "ingest/secret_text.hpp"

namespace mulligan::ingest::secret
{

namespace
{

constexpr std::size_t kLongestUserInfo = 512;

struct Hook {
    std::string_view host; ///< end of the host
    std::string_view path; ///< what of the path is no secret
};

constexpr std::array kHooks{
    Hook{"hooks.slack.com", "/services/"},     Hook{"hooks.slack.com", "/workflows/"},
    Hook{"hooks.slack.com", "/triggers/"},     Hook{"discord.com", "/api/webhooks/"},
    Hook{"discordapp.com", "/api/webhooks/"},  Hook{".webhook.office.com", "/webhookb2/"},
    Hook{"outlook.office.com", "/webhook/"},   Hook{"chat.googleapis.com", "/v1/spaces/"},
    Hook{"hooks.zapier.com", "/hooks/catch/"}, Hook{"events.pagerduty.com", "/integration/"},
    Hook{"maker.ifttt.com", "/trigger/"},
};

std::string_view hookKind(std::string_view host)
{
    return host.ends_with("slack.com") ? "slack_token" : "webhook";
}

Found webHook(const Surroundings &s, std::size_t host)
{
    const std::size_t end = s.endOf(host, kName);
    for (const Hook &hook : kHooks) {
        if (!s.slice(host, end).ends_with(hook.host) || !s.here(end, hook.path))
            continue;
        const std::size_t begin = end + hook.path.size();
        std::size_t stop = s.endOfBare(begin);
        while (stop > begin && (s.text[stop - 1] == ':' || s.text[stop - 1] == '.'))
            --stop;
        const std::string_view rest = s.slice(begin, stop);
        if (stop - begin >= 10 && !isPlaceholder(rest))
            return FoundSecret{begin, stop, hookKind(hook.host)};
    }
    return std::nullopt;
}

/// Whether a setting begins behind the semicolon at `i`: "jdbc:sqlserver://h:1433;user=sa;password=p@x" has no user in
/// front of its host, so what stands between "://" and ";" is a host, with a port or without.
bool beginsSettings(const Surroundings &s, std::size_t i, std::size_t divided)
{
    if (s[i] != ';')
        return false;
    const std::string_view port = divided == 0 ? std::string_view() : s.slice(divided, i);
    const std::size_t name = s.skip(i + 1, " ", 4);
    const std::size_t end = s.endOf(name, kName);
    return end > name && s[s.skip(end, " ", 4)] == '='
           && port.find_first_not_of("0123456789") == std::string_view::npos;
}

Found userInfo(const Surroundings &s, std::size_t begin, char divider)
{
    const std::size_t stop = std::min(s.text.size(), begin + kLongestUserInfo);
    std::size_t divided = 0;
    std::size_t host = 0;
    for (std::size_t i = begin; i < stop; ++i) {
        const char c = s.text[i];
        if (c == divider && divided == 0)
            divided = i + 1;
        else if (c == '@')
            host = i;
        else if (static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '\'' || c == '<' || c == '>' || c == '?'
                 || c == '#' || (c == '/' && divider == ':') || beginsSettings(s, i, divided))
            break;
    }
    if (divided != 0 && host > divided && !isPlaceholder(s.slice(divided, host)))
        return FoundSecret{divided, host, "password"};
    // A Sentry DSN or a token in a user's place: 32 and more random characters before the "@".
    const bool web = begin >= 7 && (s.here(begin - 7, "http://") || s.here(begin - 7, "ttps://"));
    if (web && divided == 0 && host >= begin + 20 && looksRandom(s.slice(begin, host), 20)
        && s.endOf(begin, kToken) == host)
        return FoundSecret{begin, host, s.text.find("sentry", host) < host + 80 ? "sentry_dsn" : "token"};
    return std::nullopt;
}

} // namespace

Found addressAt(const Surroundings &s)
{
    constexpr std::size_t kDivider = 3;
    if (!s.here(s.at, "://"))
        return std::nullopt;
    if (const Found hook = webHook(s, s.at + kDivider))
        return hook;
    // "://" of an escaped or doubled scheme aside, user information is all up to the last "@" before the path.
    return userInfo(s, s.at + kDivider, ':');
}

Found oracleUserAt(const Surroundings &s)
{
    const std::size_t thin = s.at + 3;
    if (s.here(s.at, "hin:") && s.at > 0 && lower(s.text[s.at - 1]) == 't')
        return userInfo(s, thin + 1, '/');
    if (s.here(s.at, "oci:") && s.bounded(s.at))
        return userInfo(s, thin + 1, '/');
    if (!s.here(s.at, "lplus ") || s.at < 2 || !s.here(s.at - 2, "sq"))
        return std::nullopt;
    // sqlplus [-s] user/password@db
    std::size_t i = s.at + 6;
    while (s[i] == '-' && is(s[i + 1], kWord))
        i = s.skip(s.endOf(i + 1, kWord), " ", 4);
    return userInfo(s, i, '/');
}

Found oracleLoginAt(const Surroundings &s)
{
    // "user=" by "er=", "userid=" by "rid".
    const bool userId = s.at >= 3 && s.hereAnyCase(s.at - 3, "userid=") && s.bounded(s.at - 3);
    const bool user = s.at >= 2 && s.hereAnyCase(s.at - 2, "user=") && s.bounded(s.at - 2);
    if (!userId && !user)
        return std::nullopt;
    const std::size_t begin = s.skip(s.at + (userId ? 4 : 3), "\"'", 1);
    const std::size_t divider = s.endOf(begin, kToken);
    if (divider == begin || s[divider] != '/')
        return std::nullopt;
    const Found found = userInfo(s, begin, '/');
    if (userId || !found)
        return found;
    // "user=hive/node-1.example.org@REALM" is a Kerberos principal: what could be a host's name is left alone.
    const std::string_view text = s.slice(found->begin, found->end);
    const bool host =
        std::all_of(text.begin(), text.end(), [](char c) { return is(c, kName) && !(c >= 'A' && c <= 'Z'); });
    return !host && text.find('.') == std::string_view::npos && looksRandom(text, 6) ? found : std::nullopt;
}

} // namespace mulligan::ingest::secret
