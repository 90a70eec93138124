#include "formats/entry_name.hpp"

#include <algorithm>

namespace mulligan::formats
{

namespace
{

// What a file system of ours takes; and removing a tree holds one descriptor for each folder on the way down.
constexpr std::size_t kMostPartBytes = 255;
constexpr std::size_t kMostNameBytes = 4096;
constexpr std::size_t kMostParts = 64;

/// Calls `visit` with each part between slashes.
template <typename Visit> void eachPart(std::string_view name, Visit visit)
{
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('/', begin), name.size());
        visit(name.substr(begin, end - begin));
        begin = end + 1;
    }
}

} // namespace

std::string unsafeName(std::string_view name)
{
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos
        || name.find('\0') != std::string_view::npos)
        return "has an unsafe name";
    std::size_t parts = 0;
    std::size_t longest = 0;
    bool up = false;
    eachPart(name, [&](std::string_view part) {
        ++parts;
        longest = std::max(longest, part.size());
        up = up || part == "..";
    });
    if (up)
        return "leads out of the archive";
    if (longest > kMostPartBytes || name.size() > kMostNameBytes || parts > kMostParts)
        return "has a name that is too long";
    return {};
}

std::string normalName(std::string_view name)
{
    std::string out;
    eachPart(name, [&](std::string_view part) {
        if (part.empty() || part == ".")
            return;
        if (!out.empty())
            out += '/';
        out += part;
    });
    return out;
}

} // namespace mulligan::formats
