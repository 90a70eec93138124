#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "pipeline/import_sources.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::desktop
{

/// Rejected rows that a person has edited.
struct MendRequest {
    std::string source;             ///< path of the source that they come from
    std::string format;             ///< of that source, as the workspace names it
    std::vector<std::int64_t> rows; ///< ids of the rejected rows that the text stands for
    std::string text;               ///< one row a line (a quoted field of CSV may hold line ends)
};

struct MendReport {
    pipeline::ImportReport import;
    std::uint64_t attempts = 0; ///< rows that could be used now
    std::uint64_t failing = 0;  ///< those that still cannot; listed anew, as edited
    std::uint64_t removed = 0;  ///< rejected rows that went
};

/// Why rows of a source of this format cannot be edited and imported again; empty when they can. `mapped`: it was read
/// with a profile, which knows columns that the rows themselves do not name.
[[nodiscard]] std::string whyNotMendable(std::string_view format, bool mapped);

/// The first line of a CSV file, decoded. Errors: those of opening it, and InsufficientData when it is empty.
[[nodiscard]] base::Result<std::string> headerLine(const std::string &path);

/// Imports the edited rows as a file of the same kind, in a temporary folder. If any could be used, the rejected rows
/// they stand for are removed, and what still fails is listed as rejected rows of the mended source; if none could,
/// nothing is changed. A CSV source's header comes from the file, or from the text when its first line is one. Errors:
/// Unsupported (another kind of source), InvalidArgument (no row), NotFound (no header to be had), Parse (no row could
/// be used, with the first reason), Conflict (the same text was imported before), Cancelled, Io.
[[nodiscard]] base::Result<MendReport> mendRejects(store::Workspace &workspace, const MendRequest &request,
                                                   const pipeline::ImportOptions &options, std::stop_token stop,
                                                   base::Progress &progress);

} // namespace mulligan::desktop
