#include "ingest/personal_scan.hpp"

#include "ingest/secret_text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace mulligan::ingest
{

namespace
{

using secret::is;

constexpr std::size_t kLongestLocal = 64;
constexpr std::size_t kLongestName = 64;

bool isLocal(char c)
{
    return is(c, secret::kName) || c == '+' || c == '%';
}

/// End of a domain with a dot in it and letters behind the last, or npos.
std::size_t endOfDomain(std::string_view text, std::size_t begin)
{
    std::size_t end = begin;
    while (end < text.size() && (is(text[end], secret::kWord) || text[end] == '-' || text[end] == '.'))
        ++end;
    while (end > begin && !is(text[end - 1], secret::kWord))
        --end;
    const std::string_view domain = text.substr(begin, end - begin);
    const std::size_t dot = domain.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || domain.size() - dot < 3)
        return std::string_view::npos;
    const std::string_view top = domain.substr(dot + 1);
    const bool letters =
        std::all_of(top.begin(), top.end(), [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
    return letters ? end : std::string_view::npos;
}

/// Whether the name at `begin` is the user of an address with a scheme: what stands there is a container
/// ("abfss://data@account.dfs.core.windows.net"), an endpoint ("spark://Scheduler@host") or an account of the host's.
/// Only of web pages it is a person's.
bool isUserOfHost(std::string_view text, std::size_t begin)
{
    static constexpr std::array<std::string_view, 3> kDividers{"://", ":\\/\\/", "%3A%2F%2F"};
    static constexpr std::array<std::string_view, 2> kWeb{"http", "https"};
    const std::string_view before = text.substr(0, begin);
    for (const std::string_view divider : kDividers) {
        if (!before.ends_with(divider))
            continue;
        const std::string_view scheme = before.substr(0, before.size() - divider.size());
        return std::none_of(kWeb.begin(), kWeb.end(), [&](std::string_view web) { return scheme.ends_with(web); });
    }
    return false;
}

/// Whether the name behind the slash at `begin` - 1 is the host of a service's Kerberos principal:
/// "hive/node-1.example.org@EXAMPLE.ORG".
bool isHostOfPrincipal(std::string_view text, std::size_t begin, std::string_view realm)
{
    static constexpr std::array<std::string_view, 10> kPrincipals{"HTTP", "host", "krbtgt", "nn",  "dn",
                                                                  "rm",   "nm",   "jn",     "jhs", "kms"};
    if (std::any_of(realm.begin(), realm.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
        return false;
    std::size_t from = begin - 1;
    while (from > 0 && is(text[from - 1], secret::kName))
        --from;
    const std::string_view service = text.substr(from, begin - 1 - from);
    return isServiceUser(service) || std::find(kPrincipals.begin(), kPrincipals.end(), service) != kPrincipals.end();
}

/// The address whose name ends at `at`; `divider` is its "@", as it is or escaped for an address of the web.
std::optional<PersonalSpan> emailAround(std::string_view text, std::size_t at, std::string_view divider)
{
    std::size_t begin = at;
    while (begin > 0 && at - begin < kLongestLocal && isLocal(text[begin - 1]))
        --begin;
    // "%2Fann@example.org": a name begins behind an escaped slash as behind one.
    for (std::size_t i = at; i >= begin + 3; --i) {
        if (text[i - 3] == '%' && is(text[i - 2], secret::kHex) && is(text[i - 1], secret::kHex)) {
            begin = i;
            break;
        }
    }
    const std::size_t domain = at + divider.size();
    const std::size_t end = endOfDomain(text, domain);
    if (begin == at || end == std::string_view::npos)
        return std::nullopt;
    const bool mail = text.substr(0, begin).ends_with("mailto:");
    const char before = begin > 0 ? text[begin - 1] : ' ';
    if ((before == ':' && !mail) || isUserOfHost(text, begin) || text.substr(begin, at - begin) == "git")
        return std::nullopt;
    if (before == '/' && isHostOfPrincipal(text, begin, text.substr(domain, end - domain)))
        return std::nullopt;
    return PersonalSpan{begin, end, "email"};
}

bool isNameCharacter(char c)
{
    return is(c, secret::kName) || static_cast<unsigned char>(c) >= 0x80;
}

} // namespace

void forEachEmail(std::string_view text, const std::function<void(const PersonalSpan &)> &found)
{
    static constexpr std::array<std::string_view, 2> kDividers{"@", "%40"};
    for (const std::string_view divider : kDividers) {
        for (std::size_t at = text.find(divider); at != std::string_view::npos; at = text.find(divider, at + 1)) {
            const auto email = emailAround(text, at, divider);
            if (!email)
                continue;
            found(*email);
            at = email->end - 1;
        }
    }
}

bool isServiceUser(std::string_view name)
{
    static constexpr std::array<std::string_view, 26> kServices{
        "spark", "hadoop", "hdfs",   "yarn",   "hive",    "root",   "airflow", "livy",    "zeppelin",
        "hbase", "impala", "presto", "trino",  "kafka",   "mapred", "oozie",   "jupyter", "jovyan",
        "admin", "system", "ubuntu", "Public", "Default", "Shared", "tmp",     "history"};
    return std::find(kServices.begin(), kServices.end(), name) != kServices.end();
}

void forEachUserPath(std::string_view text, const std::function<void(const PersonalSpan &)> &found)
{
    static constexpr std::array<std::string_view, 6> kFolders{"/home/",    "/Users/",       "/user/",
                                                              "\\Users\\", "\\\\Users\\\\", "%2Fhome%2F"};
    for (const std::string_view folder : kFolders) {
        for (std::size_t at = text.find(folder); at != std::string_view::npos; at = text.find(folder, at + 1)) {
            const std::size_t begin = at + folder.size();
            std::size_t end = begin;
            // Windows' names of people may hold a space.
            while (end < text.size() && end - begin < kLongestName
                   && (isNameCharacter(text[end])
                       || (folder.front() == '\\' && text[end] == ' ' && end > begin
                           && text.substr(end, kLongestName).find('\\') != std::string_view::npos
                           && isNameCharacter(text[end + 1]))))
                ++end;
            while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
                ++end;
            const std::string_view name = text.substr(begin, end - begin);
            // A name ends a sentence as it ends a path.
            const std::size_t length = name.find_last_not_of('.') + 1;
            if (length > 0 && !isServiceUser(name.substr(0, length)))
                found({begin, begin + length, "user"});
        }
    }
}

} // namespace mulligan::ingest
