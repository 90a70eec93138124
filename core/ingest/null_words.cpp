#include "ingest/null_words.hpp"

#include "ingest/column_profile.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace mulligan::ingest
{

namespace
{

/// In lower case.
constexpr std::array<std::string_view, 20> kWords{"n/a",  "na",     "#n/a",   "n.a.", "nan",   "none",   "nil",
                                                  "null", "(null)", "<null>", "-",    "--",    "---",    "–",
                                                  "—",    "?",      "unset",  "k.a.", "empty", "not set"};

bool isNullWord(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

} // namespace

std::vector<std::string> nullWordsOf(const std::vector<std::vector<std::string>> &columns)
{
    auto without = columns;
    std::vector<std::set<std::string>> words(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        for (std::string &value : without[i]) {
            if (!value.empty() && isNullWord(value)) {
                words[i].insert(value);
                value.clear();
            }
        }
    }
    const NumberStyle style = guessNumberStyle(without);
    std::set<std::string> out;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (words[i].empty())
            continue;
        const ColumnType type = profileColumn("", without[i], style).type;
        if (type == ColumnType::Number || type == ColumnType::Time)
            out.insert(words[i].begin(), words[i].end());
    }
    return {out.begin(), out.end()};
}

} // namespace mulligan::ingest
