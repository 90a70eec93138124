#include "pipeline/error_line.hpp"

#include "ingest/redact.hpp"

#include <string>
#include <string_view>

namespace mulligan::pipeline
{

formats::Json errorAnswer(const base::Error &error, size_t record, const formats::Json &id)
{
    constexpr std::string_view kOwnLine = "line 1, ";
    formats::Json context = formats::Json::array();
    for (const auto &place : error.context) {
        // A record is one line: the parser's own line number says nothing, and would be taken for the input's.
        if (record > 0 && place.starts_with(kOwnLine))
            context.push("record " + std::to_string(record) + ", " + place.substr(kOwnLine.size()));
        else
            context.push(place);
    }
    // A message may quote what it complains of.
    std::string message = error.message;
    ingest::Redactor().redact(message);
    formats::Json body = formats::Json::object();
    body.set("code", base::codeName(error.code)).set("message", message).set("context", std::move(context));
    body.set("hint", error.hint.empty() ? "Correct this line and send it again; the others are answered." : error.hint);
    formats::Json out = formats::Json::object();
    out.set("error", std::move(body));
    if (record > 0)
        out.set("record", static_cast<std::uint64_t>(record));
    if (id.isString() || id.isNumber())
        out.set("id", id);
    return out;
}

} // namespace mulligan::pipeline
