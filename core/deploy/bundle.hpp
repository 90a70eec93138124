#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "formats/json.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::deploy
{

inline constexpr int kBundleSchema = 1;

/// A production bundle in memory (design.md, section 10): files by their path inside the zip, the manifest apart.
struct Bundle {
    formats::Json manifest; ///< schema_version, files{path: sha256}, created_at, data_from, data_to, metrics, …
    std::map<std::string, std::string> files; ///< path → bytes, without manifest.json

    /// A file's bytes. Errors: Corrupt, naming the file that is missing.
    [[nodiscard]] base::Result<std::string_view> file(std::string_view path) const;
    /// Files below a folder ("model/"), with the folder taken off.
    [[nodiscard]] std::map<std::string, std::string> folder(std::string_view prefix) const;
};

/// Writes a bundle atomically, stamping every file's sha256 and the schema version into the manifest. Equal bundles
/// give equal bytes. Errors: those of formats::writeFileAtomically.
[[nodiscard]] base::Result<void> writeBundle(Bundle bundle, const std::string &path);

/// A bundle read without trusting it: problems (a hash that differs, a file missing or not listed) are listed.
struct ReadBundle {
    Bundle bundle;
    std::vector<std::string> problems;
};
/// Errors: NotFound, PermissionDenied, Corrupt (not a zip, no manifest), NewerVersion, LimitExceeded.
[[nodiscard]] base::Result<ReadBundle> readBundle(const std::string &path);
/// As above, but a bundle with any problem is an error (Corrupt) naming the first.
[[nodiscard]] base::Result<Bundle> readTrustedBundle(const std::string &path);

} // namespace mulligan::deploy
