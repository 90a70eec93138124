#pragma once

#include <string>
#include <string_view>

namespace mulligan::formats
{

/// Why an archive's entry of this name must not be unpacked, as what is said of it ("leads out of the archive"); empty
/// when it may be. Refused are absolute names, "..", NUL, backslashes, parts of more than 255 bytes and names of more
/// than 4,096 bytes or 64 folders.
[[nodiscard]] std::string unsafeName(std::string_view name);

/// The name without "." and empty parts: "./a//b/" is "a/b". For names that are not unsafe.
[[nodiscard]] std::string normalName(std::string_view name);

} // namespace mulligan::formats
