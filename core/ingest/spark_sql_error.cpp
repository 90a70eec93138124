#include "ingest/spark_sql_error.hpp"

#include "formats/json.hpp"

namespace mulligan::ingest::spark
{

namespace
{

constexpr std::size_t kMostJsonBytes = 1u << 20; ///< a longer message is kept as it is

/// The template with every <name> that is a parameter replaced.
std::string filledIn(std::string_view text, const formats::Json &parameters)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('<');
        const std::size_t close = open == std::string_view::npos ? open : text.find('>', open);
        if (close == std::string_view::npos)
            break;
        out.append(text.substr(0, open));
        const formats::Json *value = parameters.find(text.substr(open + 1, close - open - 1));
        out.append(value != nullptr ? std::string_view(value->string()) : text.substr(open, close - open + 1));
        text.remove_prefix(close + 1);
    }
    return out.append(text);
}

} // namespace

std::string sqlErrorText(std::string_view message)
{
    const std::size_t begin = message.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos || message[begin] != '{' || message.size() > kMostJsonBytes)
        return std::string(message);
    const auto json = formats::parseJson(message);
    if (!json || (*json)["errorClass"].string().empty())
        return std::string(message);
    const formats::Json &parameters = (*json)["messageParameters"];
    std::string errorClass = (*json)["errorClass"].string();
    // Spark 3.3 and 3.4 wrote the second half of the class by itself.
    if (const std::string &below = (*json)["errorSubClass"].string(); !below.empty())
        errorClass += "." + below;
    // Exceptions without a class of their own carry their message as a parameter.
    if (errorClass == "LEGACY")
        return parameters["message"].string();
    std::string text = "[" + errorClass + "]";
    if (const std::string &pattern = (*json)["messageTemplate"].string(); !pattern.empty()) {
        text += " " + filledIn(pattern, parameters);
    } else {
        for (const auto &[name, value] : parameters.members())
            text += " " + name + "=" + value.string();
    }
    if (const std::string &state = (*json)["sqlState"].string(); !state.empty())
        text += " SQLSTATE: " + state;
    return text;
}

} // namespace mulligan::ingest::spark
