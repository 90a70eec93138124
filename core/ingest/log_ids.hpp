#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// An application as YARN, a standalone master, Kubernetes or a local Spark names it.
struct LogApplication {
    std::string id;  ///< "application_1448006111297_0138", "app-20260102030405-0001", "spark-<32 hex>", "local-…"
    int attempt = 0; ///< of an application attempt or of a container's id; 0: not named

    bool operator==(const LogApplication &) const = default;
};

/// The first application that `text` names, by its own id, that of an attempt (appattempt_…) or of a container
/// (container_[eN_]…). Linear.
[[nodiscard]] std::optional<LogApplication> applicationIn(std::string_view text);

/// A container of YARN.
struct LogContainer {
    std::string id;
    LogApplication application;
    long number = 0; ///< 1: the application master
};
/// Reads an id such as "container_e54_1631812995637_0402_01_000002" at the front of `text`.
[[nodiscard]] std::optional<LogContainer> containerAt(std::string_view text);

} // namespace mulligan::ingest
