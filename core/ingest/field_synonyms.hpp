#pragma once

#include "ingest/attempt_fields.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// Names under which exports hold a field, in the form of plainName(), the likeliest first.
[[nodiscard]] std::span<const std::string_view> synonymsOf(Field field);
/// Names of columns that tell how long an attempt took.
[[nodiscard]] std::span<const std::string_view> durationSynonyms();

/// Spark properties and metrics by the names that exports give them.
struct MemberSynonym {
    std::string_view column; ///< plainName
    Field field;
    std::string_view member;
    std::string_view unit;
};
[[nodiscard]] std::span<const MemberSynonym> memberSynonyms();

/// A system that is known by columns which only it has together; what a table of names alone would get wrong of it.
struct KnownSystem {
    std::string_view name;
    std::vector<std::string_view> signature; ///< plainNames that must all be there
    struct Rule {
        Field field;
        std::string_view column; ///< plainName; or a template of plainNames in braces; "=text": a constant
        std::string_view unit = {};
        int add = 0;
    };
    std::vector<Rule> rules;
    std::string_view note;
};
[[nodiscard]] std::span<const KnownSystem> knownSystems();

} // namespace mulligan::ingest
