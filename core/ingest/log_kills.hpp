#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// How much a line says about why a process was ended from outside.
enum class KillWeight {
    None,
    ExitCode, ///< it ended with a code that says that something went wrong
    Signal,   ///< it was killed, preempted or evicted, or ended with the code of a kill
    Memory    ///< it was killed for its memory
};

/// What a line of a resource manager's diagnostics says.
struct KillSign {
    KillWeight weight = KillWeight::None;
    std::string text;            ///< the line's own words, at most 1 KiB
    std::optional<int> exitCode; ///< of the process, where the line names it
    double usedBytes = 0;        ///< physical memory the container held, where the line says so; else 0
};

/// Reads the diagnostics of YARN ("Container killed by YARN for exceeding memory limits. 9.1 GB of 9 GB physical memory
/// used", "is running beyond physical memory limits", "Exit status: 137", "non-zero exit code 143"), Kubernetes
/// ("termination reason: OOMKilled", "exit code: 137", "Evicted") and Spark's standalone workers ("Command exited with
/// code 137") off one line. Sources: Spark's YarnAllocator and KubernetesUtils, Hadoop's ContainersMonitorImpl.
[[nodiscard]] KillSign killSignOf(std::string_view line);

/// Keeps the weightier of two signs in `kept`; of equals the first. An exit code and memory it lacks are filled in.
void keepWeightier(KillSign &kept, KillSign sign);

} // namespace mulligan::ingest
