#include "text/translated_assertion.hpp"

namespace mulligan::text
{

namespace
{

const char *const kNotWithinCrLf = "(?<!\\r(?=\\n))";

std::string endFor(Engine engine)
{
    return engine == Engine::Python ? "\\Z" : "\\z";
}

AssertionText wordEdge(char letter, const char *text)
{
    const std::string what = std::string("'\\") + letter + "'";
    return {text, what + " is written with look-arounds", what, true};
}

AssertionText boundary(Engine engine)
{
    if (engine != Engine::Java)
        return {"\\b", {}, {}, true};
    return {"(?:(?<=\\w)(?!\\w)|(?<!\\w)(?=\\w))", "\\b is that of ASCII", {}, true};
}

AssertionText withinWord(Engine engine)
{
    const std::string what = "\\B, which is false at the ends of the text";
    const bool java = engine == Engine::Java;
    return {java ? "(?:(?<=\\w)(?=\\w)|(?<=\\W)(?=\\W))" : "(?!\\b)(?<=[\\s\\S])(?=[\\s\\S])", what, what, true};
}

} // namespace

AssertionText lineBeginFor(Engine, bool multiline)
{
    if (!multiline)
        return {"^", {}, {}};
    const std::string what = "'^' at every line, which ends with \\n, \\r\\n, \\r or \\f";
    return {std::string("(?<![^\\n\\r\\f])") + kNotWithinCrLf, what, what};
}

AssertionText lineEndFor(Engine engine, bool multiline)
{
    if (multiline) {
        const std::string what = "'$' at every line, which ends with \\n, \\r\\n, \\r or \\f";
        return {std::string("(?![^\\n\\r\\f])") + kNotWithinCrLf, what, what};
    }
    if (engine == Engine::Re2)
        return {"$", {}, {}};
    return {endFor(engine), "'$' is " + endFor(engine) + ": not before a last newline", {}};
}

std::optional<AssertionText> assertionFor(Engine engine, char letter)
{
    const std::string end = endFor(engine);
    switch (letter) {
    case 'b': return boundary(engine);
    case 'B': return withinWord(engine);
    case 'A': return AssertionText{"\\A", {}, {}};
    case 'z': return AssertionText{end, end == "\\z" ? "" : "\\z is " + end, {}};
    case 'Z':
        return AssertionText{"(?=[\\n\\r\\f]*" + end + ")", "\\Z stands before any last line ends",
                             "\\Z before the last line ends"};
    case '<': return wordEdge('<', "(?<!\\w)(?=\\w)");
    case '>': return wordEdge('>', "(?<=\\w)(?!\\w)");
    case '`': return AssertionText{"\\A", "\\` is \\A", {}};
    case '\'': return AssertionText{end, "\\' is " + end, {}};
    case 'K': return AssertionText{"", "\\K is left out: the match begins where the pattern does", {}};
    default: return std::nullopt;
    }
}

} // namespace mulligan::text
