#pragma once

#include "base/result.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace mulligan::classify
{

/// What a rule may hold.
inline const std::initializer_list<std::string_view> kRuleKeys = {
    "id",        "title",    "status", "owner", "links",    "created", "modified",  "expires", "class",  "domain",
    "transient", "priority", "scope",  "match", "captures", "action",  "exit_code", "summary", "advice", "samples"};

/// A read value, or its error saying of which key a value is not what it must be.
template <typename T> base::Result<T> ofKey(base::Result<T> read, std::string_view key, const std::string &remedy)
{
    constexpr std::string_view kExpected = "Expected ";
    if (!read && read.error().message.starts_with(kExpected)) {
        read.error().message = "'" + std::string(key) + "' must be " + read.error().message.substr(kExpected.size());
        read.error().hint = remedy;
    }
    return read;
}

} // namespace mulligan::classify
