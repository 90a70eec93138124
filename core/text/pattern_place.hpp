#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mulligan::text
{

/// What is wrong with a pattern and where: "`what`, at character 4" (of UTF-8, from 1). `position` is the byte where
/// its parser stopped. What is never closed stops it at the end only; then the bracket that opens it is named instead.
[[nodiscard]] std::string faultText(std::string_view pattern, const std::string &what, std::ptrdiff_t position);

} // namespace mulligan::text
