#include "text/exception_list.hpp"

namespace mulligan::text
{

namespace
{

constexpr int kMostGroups = 8; ///< within one another

std::string textOf(const JsonNode &object, std::string_view name)
{
    const JsonNode *member = object.member(name);
    return member != nullptr && member->isText() ? unescaped(member->text) : std::string();
}

bool isException(const JsonNode &value)
{
    const JsonNode *type = value.member("exc_type");
    return type != nullptr && type->isText();
}

bool isCause(const JsonNode &exception)
{
    const JsonNode *cause = exception.member("is_cause");
    return cause != nullptr && cause->text == "true";
}

/// An exception's last lines, as they stand below its frames.
std::string exceptionText(const JsonNode &exception)
{
    std::string text = "Traceback (most recent call last):\n" + textOf(exception, "exc_type");
    if (const std::string value = textOf(exception, "exc_value"); !value.empty())
        text += ": " + value;
    if (const JsonNode *notes = exception.member("exc_notes"); notes != nullptr)
        for (const JsonNode &note : notes->children)
            if (note.isText())
                text += "\n" + unescaped(note.text);
    return text;
}

std::string listText(const JsonNode &list, int groups);

/// The exception with the first of those that it groups behind it.
std::string textWithGroup(const JsonNode &exception, int groups)
{
    const std::string own = exceptionText(exception);
    const JsonNode *members = exception.member("exceptions");
    if (groups == 0 || members == nullptr || members->children.empty())
        return own;
    const JsonNode &member = members->children.front();
    const JsonNode *stacks = member.member("stacks");
    const JsonNode &first = stacks != nullptr ? *stacks : member;
    if (first.children.empty() || !isException(first.children.front()))
        return own;
    return own + "\n\n" + listText(first, groups - 1);
}

std::string listText(const JsonNode &list, int groups)
{
    std::string text;
    bool cause = false; // whether the one before came of this one
    for (auto one = list.children.rbegin(); one != list.children.rend(); ++one) {
        if (!isException(*one))
            continue;
        if (!text.empty())
            text += cause ? "\n\nThe above exception was the direct cause of the following exception:\n\n"
                          : "\n\nDuring handling of the above exception, another exception occurred:\n\n";
        text += textWithGroup(*one, groups);
        cause = isCause(*one);
    }
    return text;
}

} // namespace

std::optional<std::string> exceptionListText(const JsonNode &value)
{
    if (isException(value))
        return textWithGroup(value, kMostGroups);
    if (!value.isArray() || value.children.empty() || !isException(value.children.front()))
        return std::nullopt;
    return listText(value, kMostGroups);
}

} // namespace mulligan::text
