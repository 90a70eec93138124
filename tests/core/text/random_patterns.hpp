#pragma once

#include "base/rng.hpp"

#include <string>
#include <string_view>
#include <vector>

/// A pattern drawn from a grammar, and a text that it is likely to match.
struct RandomPattern {
    std::string pattern;
    std::string example;
};

/// Draws patterns over few bytes, so that they match often and in many ways, with every construct that rules use.
class PatternMaker
{
public:
    /// `lines`: also what speaks of line ends and of the text's ends; `rare`: also what only some engines know.
    struct Constructs {
        bool lines = true;
        bool lookAround = true;
        bool rare = false;
    };

    PatternMaker(mulligan::base::Rng &rng, Constructs constructs) : m_rng(rng), m_constructs(constructs) {}

    RandomPattern make()
    {
        RandomPattern out;
        if (m_rng.chance(0.1))
            add(out, pick({"(?i)", "(?m)", "(?s)", "(?im)", "(?-m)"}), "");
        m_names = 0;
        sequence(out, 0);
        return out;
    }

    std::string noise()
    {
        std::string text;
        for (std::uint64_t i = 0, count = m_rng.below(8); i < count; ++i)
            text += pick({"abc",  "cab", "bca",  "ABC",  "abcab", " ",     "  ",       "\t",
                          "\n",   "\n",  "\r\n", "\n\n", ": ",    "1",     "42",       ".",
                          "at c", "\f",  "\r",   "_",    "-",     "error", "\xc3\xa9", std::string_view("\0", 1)});
        return text;
    }

private:
    std::string pick(std::initializer_list<std::string_view> choices)
    {
        return std::string(*(choices.begin() + static_cast<std::ptrdiff_t>(m_rng.below(choices.size()))));
    }
    static void add(RandomPattern &out, const std::string &pattern, const std::string &example)
    {
        out.pattern += pattern;
        out.example += example;
    }

    void sequence(RandomPattern &out, int depth)
    {
        for (std::uint64_t i = 0, count = 1 + m_rng.below(depth == 0 ? 5 : 3); i < count; ++i)
            repeated(out, depth);
    }

    void repeated(RandomPattern &out, int depth)
    {
        RandomPattern inner;
        const bool repeatable = atom(inner, depth);
        std::string times;
        std::uint64_t count = 1;
        if (repeatable && m_rng.chance(0.3)) {
            times = pick({"?", "*", "+", "{2}", "{1,3}", "{0,2}", "{2,}"});
            count = times == "{2}" || times == "{2,}" ? 2 : times == "?" || times == "{0,2}" ? m_rng.below(2) : 1;
            const bool plain = inner.pattern.find_first_of("*+?{|") == std::string::npos;
            if (depth == 0 && plain && m_rng.chance(0.05)) { // more than are counted one by one
                times = "{26}";
                count = 26;
            }
            if (m_rng.chance(0.25))
                times += '?';
            else if (m_constructs.rare && m_rng.chance(0.2))
                times += '+';
        }
        out.pattern += inner.pattern + times;
        for (std::uint64_t i = 0; i < count; ++i)
            out.example += inner.example;
    }

    /// One atom; whether it may be repeated.
    bool atom(RandomPattern &out, int depth)
    {
        switch (m_rng.below(depth < 3 ? 12 : 7)) {
        case 0:
        case 1:
        case 2: return word(out);
        case 3: return single(out);
        case 4: return bracket(out);
        case 5: return assertion(out);
        case 6: return depth == 0 ? word(out) : single(out);
        case 7: return lookAround(out, depth);
        default: return group(out, depth);
        }
    }

    bool word(RandomPattern &out)
    {
        const std::string text = pick({"abc", "cab", "abcab", "bca", "error", "at c", "ABC", "ab", "c", "a"});
        if (text.size() == 1) {
            add(out, text, text);
            return true;
        }
        add(out, text, text);
        return false;
    }

    bool single(RandomPattern &out)
    {
        static const std::vector<std::pair<const char *, const char *>> common = {
            {"\\d", "4"}, {"\\w", "b"}, {"\\s", " "}, {"\\S", "a"},   {"\\W", ":"},  {"\\D", "b"}, {"a", "a"},
            {".", "c"},   {"\\.", "."}, {":", ":"},   {"\\x61", "a"}, {"\\t", "\t"}, {" ", " "},   {"-", "-"}};
        static const std::vector<std::pair<const char *, const char *>> lines = {
            {"\\n", "\n"}, {"\\r\\n", "\r\n"}, {"\\r?", ""}, {"[^a]", "\n"}, {".", "b"}};
        static const std::vector<std::pair<const char *, const char *>> rare = {
            {"\\h", " "},          {"\\x{62}", "b"}, {"\\Qa.b\\E", "a.b"},  {"[[:alpha:]]", "a"},
            {"[[:^digit:]]", "b"}, {"\\v", "\n"},    {"\\H", "a"},          {"\\V", "a"},
            {"\\l", "b"},          {"\\u", "B"},     {"[\\h:]", "\t"},      {"[[:punct:]]", ":"},
            {"[]a]", "a"},         {"[a[]", "["},    {"[&&a]", "&"},        {"[^\\S\\n]", " "},
            {"\\a", "\a"},         {"\\e", "\x1b"},  {"[[:space:]_]", "_"}, {"[\\x{61}b]", "a"}};
        const auto &from = m_constructs.rare && m_rng.chance(0.4)    ? rare
                           : m_constructs.lines && m_rng.chance(0.2) ? lines
                                                                     : common;
        const auto &[pattern, example] = from[m_rng.below(from.size())];
        add(out, pattern, example);
        return std::string_view(pattern) != "\\r?" && std::string_view(pattern) != "\\r\\n"
               && std::string_view(pattern) != "\\Qa.b\\E";
    }

    bool bracket(RandomPattern &out)
    {
        const std::string text =
            pick({"[abc]", "[^\\n]", "[a-c]", "[^b]", "[\\w.]", "[A-C]", "[\\s:]", "[aA]", "[^\\s]"});
        add(out, text, text == "[\\s:]" ? ":" : text == "[A-C]" ? "B" : "a");
        return true;
    }

    bool assertion(RandomPattern &out)
    {
        if (!m_constructs.lines || m_rng.chance(0.4)) {
            add(out, m_constructs.rare && m_rng.chance(0.4) ? pick({"\\B", "\\K"}) : "\\b", "");
            return false;
        }
        const std::string text = pick({"^", "$", "(?:^|\\n)", "(?:\\n|$)", "\\A", "\\z", "(?m:^)", "(?m:$)"});
        add(out, text, text == "$" || text == "^" ? pick({"", "\n"}) : "");
        return false;
    }

    bool lookAround(RandomPattern &out, int depth)
    {
        if (!m_constructs.lookAround)
            return group(out, depth);
        RandomPattern inner;
        word(inner);
        const std::string look = pick({"(?=", "(?!", "(?<=", "(?<!"});
        add(out, look + inner.pattern + ")", "");
        return false;
    }

    bool group(RandomPattern &out, int depth)
    {
        std::string opening = pick({"(?:", "(?:", "(", "(?i:", "(?s:", "(?m:"});
        if (m_rng.chance(0.2))
            opening = "(?<name_" + std::string(1, static_cast<char>('a' + m_names++ % 26)) + ">";
        else if (m_constructs.rare && m_rng.chance(0.2))
            opening = pick({"(?>", "(?i-s:", "(?#x)(?:"});
        RandomPattern inner;
        sequence(inner, depth + 1);
        if (m_constructs.rare && m_rng.chance(0.1)) // flags for the rest of the group
            add(inner, pick({"(?i)", "(?s)", "(?m)"}), "");
        const std::uint64_t others = m_rng.below(3);
        for (std::uint64_t i = 0; i < others; ++i) {
            RandomPattern other;
            sequence(other, depth + 1);
            inner.pattern += "|" + other.pattern;
            if (m_rng.chance(0.4))
                inner.example = other.example;
        }
        add(out, opening + inner.pattern + ")", inner.example);
        return true;
    }

    mulligan::base::Rng &m_rng;
    Constructs m_constructs;
    int m_names = 0;
};
