#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mulligan::base
{

/// The value of a flag in a line of JVM options: "64m" of "-XX:MaxDirectMemorySize" in "-Xss4m
/// -XX:MaxDirectMemorySize=64m". Of several the last, as the JVM takes it; none: the line does not set it.
[[nodiscard]] std::optional<std::string_view> jvmOption(std::string_view options, std::string_view flag);

/// The line with the flag set to `value`, where it stands, else at the end; all else is kept as it is.
[[nodiscard]] std::string withJvmOption(std::string_view options, std::string_view flag, std::string_view value);

/// The line without any setting of the flag, words one blank apart.
[[nodiscard]] std::string withoutJvmOption(std::string_view options, std::string_view flag);

} // namespace mulligan::base
