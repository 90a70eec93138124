#pragma once

#include "model/verdict.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// Whether a rule file may give a capture this unit: bytes, seconds, count or word.
[[nodiscard]] bool isUnit(std::string_view unit);

/// What a capture's text means in its unit. Bytes: "9.1 GB", "512m", "1,024 KiB", "1048576" (all multiples are of 1024,
/// as Hadoop and the JVM write them). Seconds: "120", "5 min", "30000 ms", "1h". Count: "1,200". A word, and a text
/// that is no quantity, has no value.
[[nodiscard]] model::Capture makeCapture(std::string_view text, std::string_view unit);

/// A place for a capture that is not written as it must be.
struct TemplateFault {
    std::size_t at = 0; ///< the character where it begins, from 1
    std::string what;   ///< as "'{n' is not closed"
    std::string remedy;

    bool operator==(const TemplateFault &) const = default;
};

/// Places for captures that stay in the text as they are, or say something else than they seem to: "{n" without its
/// end, "{}", "{ n }", "{n|a|b}". Braces around anything that is no name, as in "{a: 1}", stand for themselves.
[[nodiscard]] std::vector<TemplateFault> templateFaults(std::string_view text);

/// A summary or advice with places for captures: "{name}" or "{name|fallback}". A brace that begins no such place
/// stands for itself.
class Template
{
public:
    explicit Template(std::string_view text = {});

    /// The text with captures filled in; a capture that did not take part gives its fallback, else "unknown".
    [[nodiscard]] std::string render(const std::map<std::string, model::Capture> &captures) const;
    /// Names of the captures it uses, in order.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    struct Piece {
        std::string literal; ///< goes before the place
        std::string name;    ///< "": only the literal
        std::string fallback;
        bool hasFallback = false;
    };
    std::vector<Piece> m_pieces;
};

} // namespace mulligan::classify
