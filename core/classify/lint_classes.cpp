#include "classify/lint_classes.hpp"

#include "model/verdict.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <string_view>

namespace mulligan::classify
{

namespace
{

/// Of rules that have the likelier class, to those beyond the first that have the other.
constexpr std::size_t kClearlyMore = 3;

/// Letters put in, left out, replaced, or swapped with their neighbour (optimal string alignment).
std::size_t slips(std::string_view a, std::string_view b)
{
    std::array<std::vector<std::size_t>, 3> rows; // two before, before, this
    rows.fill(std::vector<std::size_t>(b.size() + 1));
    for (std::size_t j = 0; j <= b.size(); ++j)
        rows[2][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::rotate(rows.begin(), rows.begin() + 1, rows.end());
        rows[2][0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = rows[1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            rows[2][j] = std::min({rows[1][j] + 1, rows[2][j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                rows[2][j] = std::min(rows[2][j], rows[0][j - 2] + 1);
        }
    }
    return rows[2][b.size()];
}

std::string withoutDigits(std::string_view text)
{
    std::string out(text);
    std::erase_if(out, [](char byte) { return byte >= '0' && byte <= '9'; });
    return out;
}

bool nearlyAlike(std::string_view a, std::string_view b)
{
    const std::size_t length = std::max(a.size(), b.size());
    const std::size_t most = length >= 8 ? 2 : length >= 4 ? 1 : 0;
    // Comparing costs the product of the lengths, and lengths that differ by more need no look.
    constexpr std::size_t kLongest = 200;
    if (length > kLongest || std::min(a.size(), b.size()) + most < length)
        return false;
    return slips(a, b) <= most;
}

std::string_view kindOf(std::string_view errorClass)
{
    return errorClass.substr(std::min(model::groupOf(errorClass).size() + 1, errorClass.size()));
}

} // namespace

ClassNames classesOf(const RulePack &pack)
{
    ClassNames names;
    for (const Rule &rule : pack.rules)
        names.insert(rule.errorClass);
    return names;
}

std::vector<LoneClass> findLoneClasses(const RulePack &pack, const ClassNames &known)
{
    std::map<std::string_view, std::size_t> uses;
    for (const Rule &rule : pack.rules)
        ++uses[rule.errorClass];
    std::map<std::string_view, std::size_t> likely; // with the rules that speak for it
    for (const auto &[name, count] : uses)
        if (count > 1)
            likely.emplace(name, count);
    for (const std::string &name : known)
        likely.insert_or_assign(name, std::numeric_limits<std::size_t>::max());
    std::vector<LoneClass> out;
    for (std::size_t i = 0; i < pack.rules.size(); ++i) {
        const std::string &name = pack.rules[i].errorClass;
        if (name == model::kUnclassified || known.contains(name))
            continue;
        const std::size_t own = uses.at(name);
        const auto near = std::find_if(likely.begin(), likely.end(), [&](const auto &other) {
            return other.first != name && other.second > kClearlyMore * (own - 1)
                   && nearlyAlike(model::groupOf(name), model::groupOf(other.first))
                   && nearlyAlike(kindOf(name), kindOf(other.first))
                   && withoutDigits(name) != withoutDigits(other.first);
        });
        if (near != likely.end())
            out.push_back({i, own, std::string(near->first)});
    }
    return out;
}

} // namespace mulligan::classify
