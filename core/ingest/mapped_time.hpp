#pragma once

#include "formats/local_time.hpp"
#include "ingest/mapping.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// Reads times of one field of a mapping. Not for several threads at once.
class TimeReader
{
public:
    /// `time` as in MappedField, `zone` empty where times carry their own. Errors: InvalidArgument (a bad pattern, a
    /// pattern without %z where there is no zone), NotFound (no such zone).
    [[nodiscard]] static base::Result<TimeReader> make(const std::string &time, const std::string &zone);

    struct Reading {
        std::optional<formats::Moments> moments; ///< nothing, without a problem: the source means "no time yet"
        std::string problem;
    };
    /// Epoch times of 0 and below mean that there is none, as schedulers write for what has not ended; others must lie
    /// between 1990 and 2100, since any other unit would put them outside.
    [[nodiscard]] Reading read(std::string_view text, const NumberStyle &style) const;

private:
    TimeReader() = default;
    [[nodiscard]] Reading readEpoch(std::string_view text, const NumberStyle &style) const;
    [[nodiscard]] Reading readExcel(std::string_view text, const NumberStyle &style) const;
    [[nodiscard]] Reading readRfc3339(std::string_view text) const;
    [[nodiscard]] Reading readPattern(std::string_view text) const;

    std::string m_shown;      ///< the pattern
    double m_epochToMs = 0.0; ///< of epoch times
    bool m_excel = false;
    std::shared_ptr<formats::TimePattern> m_pattern;
    std::optional<formats::TimeZone> m_zone;
};

} // namespace mulligan::ingest
