#pragma once

#include <bitset>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::text
{

using ByteSet = std::bitset<256>;

/// Node of a pattern's syntax tree.
struct PatternNode {
    enum class Kind { Sequence, Alternation, Group, Set, Assertion, Repeat, Opaque };

    Kind kind = Kind::Sequence;
    std::vector<PatternNode> children; ///< of Sequence, Alternation; one of Group and Repeat
    ByteSet bytes;                     ///< of Set: what one byte may be
    int least = 0;                     ///< of Repeat
    int most = -1;                     ///< of Repeat; -1: without bound
    bool lazy = false;                 ///< of Repeat: takes as little as it can
    std::string name;                  ///< of Group: its name; of Assertion: what it says

    [[nodiscard]] bool unbounded() const { return kind == Kind::Repeat && most < 0; }
};

/// A named group and its number (1-based, in order of the opening parentheses).
struct PatternGroup {
    std::string name;
    int number = 0;

    bool operator==(const PatternGroup &) const = default;
};

/// What a pattern is made of, as far as it bears on the prefilter, on confirming and on lint. Bytes, not characters.
struct PatternSyntax {
    PatternNode root;
    std::vector<PatternGroup> groups; ///< named ones; a name may occur more than once
    bool understood = true;           ///< false: it uses syntax this reading does not know, and `why` says which
    std::string why;
    bool context = false; ///< looks around or refers back: depends on more than the bytes it takes and their neighbours
    bool atEnd = false;   ///< asks for the text's end (`$`, `\z`) somewhere
    bool anchored = false; ///< every match begins where the text does
    bool caseFlag = false; ///< a flag within makes part of it ignore case
    /// It begins with a bounded lazy repeat. Boost 1.74 then passes over begins that it takes for hopeless and are not,
    /// so that the match it finds first depends on where it was set to search.
    bool beginMatters = false;
    std::string bare; ///< the same pattern with its named groups numbered, as Vectorscan takes it
};

/// Reads Boost's Perl syntax with `.` not matching newlines and `^`, `$` meaning the ends of the text, or with
/// `multiline` of lines; flags within the pattern (`(?ims)`) change that. Never fails: what it does not know clears
/// `understood`. Linear in the pattern.
[[nodiscard]] PatternSyntax readPattern(std::string_view pattern, bool multiline = false);

} // namespace mulligan::text
