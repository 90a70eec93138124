#pragma once

#include "base/instant.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// Takes off what a program that collects logs puts before every line of them: `kubectl logs --prefix`
/// ("[pod/NAME/CONTAINER] "), stern ("NAME CONTAINER "), journalctl and syslog ("Mar  1 03:00:00 HOST TAG[PID]: ", or
/// an ISO time with its zone). It is one where a record of a log follows, and only in a log of which no record came
/// without; from then on whatever stands behind such a prefix is the log's.
class LogPrefix
{
public:
    struct Line {
        std::string_view rest;                  ///< without the prefix; lives until the next call
        std::optional<base::Instant> time = {}; ///< as the prefix says it, where it says it with a zone
    };
    /// Takes the next line. Cheap where logs have none: nothing is looked for behind the first record.
    [[nodiscard]] Line take(std::string_view raw);

private:
    enum class Kind { Unknown, None, Pod, Names, Journal };
    struct Found {
        Kind kind = Kind::None;
        std::size_t size = 0;
        std::optional<base::Instant> time = {};
    };
    [[nodiscard]] static Found find(std::string_view raw);
    [[nodiscard]] Found known(std::string_view raw) const;
    void settle(std::string_view raw, const Found &found);
    [[nodiscard]] std::string_view withoutEscapedTab(std::string_view rest);

    Kind m_kind = Kind::Unknown; ///< of this log
    std::string m_names;         ///< of Kind::Names: the prefix itself
    std::string m_line;
};

} // namespace mulligan::ingest
