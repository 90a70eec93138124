#include "ingest/personal_scan.hpp"

#include "ingest/secret_text.hpp"

#include <algorithm>
#include <array>

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

bool isNameCharacter(char c)
{
    return is(c, secret::kName) || static_cast<unsigned char>(c) >= 0x80;
}

} // namespace

void forEachEmail(std::string_view text, const std::function<void(const PersonalSpan &)> &found)
{
    for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        std::size_t begin = at;
        while (begin > 0 && at - begin < kLongestLocal && isLocal(text[begin - 1]))
            --begin;
        const std::size_t end = endOfDomain(text, at + 1);
        const char before = begin > 0 ? text[begin - 1] : ' ';
        const bool mail = before == ':' && begin >= 7 && text.substr(begin - 7, 7) == "mailto:";
        if (begin == at || end == std::string_view::npos || ((before == '/' || before == ':') && !mail))
            continue;
        found({begin, end, "email"});
        at = end - 1;
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
