#include "base/jvm_options.hpp"

#include <algorithm>

namespace mulligan::base
{

namespace
{

constexpr std::string_view kBlanks = " \t\r\n";

/// Where the value of the last "flag=" that begins a word stands, and its length.
struct Place {
    size_t begin = 0;
    size_t length = 0;
};

bool sets(std::string_view word, std::string_view flag)
{
    return word.size() > flag.size() && word.substr(0, flag.size()) == flag && word[flag.size()] == '=';
}

/// Calls `visit` with each word and where it begins.
template <typename Visit> void forEachWord(std::string_view options, const Visit &visit)
{
    for (size_t at = options.find_first_not_of(kBlanks); at != std::string_view::npos;) {
        const size_t end = std::min(options.find_first_of(kBlanks, at), options.size());
        visit(options.substr(at, end - at), at);
        at = options.find_first_not_of(kBlanks, end);
    }
}

std::optional<Place> find(std::string_view options, std::string_view flag)
{
    std::optional<Place> found;
    forEachWord(options, [&](std::string_view word, size_t at) {
        if (sets(word, flag))
            found = Place{at + flag.size() + 1, word.size() - flag.size() - 1};
    });
    return found;
}

} // namespace

std::optional<std::string_view> jvmOption(std::string_view options, std::string_view flag)
{
    const auto place = find(options, flag);
    return place ? std::optional(options.substr(place->begin, place->length)) : std::nullopt;
}

std::string withJvmOption(std::string_view options, std::string_view flag, std::string_view value)
{
    std::string out(options);
    if (const auto place = find(options, flag))
        return out.replace(place->begin, place->length, value);
    if (!out.empty())
        out += ' ';
    return out.append(flag).append(1, '=').append(value);
}

std::string withoutJvmOption(std::string_view options, std::string_view flag)
{
    std::string out;
    forEachWord(options, [&](std::string_view word, size_t) {
        if (sets(word, flag))
            return;
        out.append(out.empty() ? 0 : 1, ' ').append(word);
    });
    return out;
}

} // namespace mulligan::base
