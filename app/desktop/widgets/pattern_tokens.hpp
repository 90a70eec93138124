#pragma once

#include <QString>

#include <vector>

namespace mulligan::desktop
{

/// What a stretch of a regular expression is.
enum class PatternTokenKind {
    Literal,
    Escape,     ///< \d, \., \x41: one character or a kind of character
    Class,      ///< [a-z], brackets included
    Group,      ///< the parentheses and what follows the opening one: (?:, (?=, (?i)
    Name,       ///< of a named group
    Quantifier, ///< *, +?, {2,5}
    Anchor,     ///< ^, $, \b, \A
    Choice,     ///< |
    Any,        ///< .
    Unbalanced  ///< a parenthesis or bracket without its other half
};

struct PatternToken {
    int begin = 0;
    int length = 0;
    PatternTokenKind kind = PatternTokenKind::Literal;
    int depth = 0; ///< of Group: how many groups it lies in

    bool operator==(const PatternToken &) const = default;
};

/// Cuts a regular expression (Perl syntax) into stretches that cover it from begin to end, for colouring: it says
/// nothing about whether the expression is right. Linear in the expression.
[[nodiscard]] std::vector<PatternToken> patternTokens(const QString &pattern);

} // namespace mulligan::desktop
