#include "deploy/bundle.hpp"

#include "formats/file.hpp"
#include "formats/hash.hpp"
#include "formats/zip.hpp"

namespace mulligan::deploy
{

namespace
{

constexpr const char *kManifest = "manifest.json";
constexpr const char *kAskAgain = "Export the bundle again; do not edit it by hand.";

formats::Json stamped(const Bundle &bundle)
{
    formats::Json out = formats::Json::object();
    out.set("schema_version", kBundleSchema);
    for (const auto &[key, value] : bundle.manifest.members()) {
        if (key != "schema_version" && key != "files")
            out.set(key, value);
    }
    formats::Json files = formats::Json::object();
    for (const auto &[path, content] : bundle.files)
        files.set(path, formats::sha256Hex(content));
    return out.set("files", std::move(files));
}

base::Result<formats::Json> checkedManifest(const std::string &text)
{
    auto manifest = formats::parseJson(text);
    if (!manifest)
        return base::makeError(base::ErrorCode::Corrupt, "The manifest cannot be read: " + manifest.error().message,
                               kAskAgain)
            .in(kManifest);
    const formats::Json &schema = (*manifest)["schema_version"];
    if (!schema.isInteger() || schema.integer() < 1)
        return base::makeError(base::ErrorCode::Corrupt, "The manifest names no schema_version", kAskAgain)
            .in(kManifest);
    if (schema.integer() > kBundleSchema)
        return base::makeError(base::ErrorCode::NewerVersion,
                               "The bundle has schema version " + std::to_string(schema.integer())
                                   + ", this program reads up to " + std::to_string(kBundleSchema),
                               "Use the version of Mulligan that wrote it, or a newer one.")
            .in(kManifest);
    if (!(*manifest)["files"].isObject())
        return base::makeError(base::ErrorCode::Corrupt, "The manifest lists no files", kAskAgain).in(kManifest);
    return manifest;
}

std::vector<std::string> compareWithManifest(const Bundle &bundle)
{
    std::vector<std::string> problems;
    const formats::Json &listed = bundle.manifest["files"];
    for (const auto &[path, hash] : listed.members()) {
        const auto file = bundle.files.find(path);
        if (file == bundle.files.end())
            problems.push_back("'" + path + "' is listed in the manifest but missing");
        else if (formats::sha256Hex(file->second) != hash.string())
            problems.push_back("'" + path + "' was changed: its SHA-256 is not the one in the manifest");
    }
    for (const auto &[path, content] : bundle.files) {
        if (listed.find(path) == nullptr)
            problems.push_back("'" + path + "' is not listed in the manifest");
    }
    return problems;
}

} // namespace

base::Result<std::string_view> Bundle::file(std::string_view path) const
{
    const auto found = files.find(std::string(path));
    if (found == files.end())
        return base::makeError(base::ErrorCode::Corrupt, "The bundle has no '" + std::string(path) + "'", kAskAgain);
    return std::string_view(found->second);
}

std::map<std::string, std::string> Bundle::folder(std::string_view prefix) const
{
    std::map<std::string, std::string> out;
    for (auto it = files.lower_bound(std::string(prefix)); it != files.end() && it->first.starts_with(prefix); ++it) {
        if (it->first.size() > prefix.size())
            out.emplace(it->first.substr(prefix.size()), it->second);
    }
    return out;
}

base::Result<void> writeBundle(Bundle bundle, const std::string &path)
{
    bundle.manifest = stamped(bundle);
    std::vector<formats::ZipEntry> entries;
    entries.reserve(bundle.files.size() + 1);
    entries.push_back({kManifest, formats::writeJsonIndented(bundle.manifest)});
    for (auto &[name, content] : bundle.files)
        entries.push_back({name, std::move(content)});
    MULLIGAN_TRY(const auto bytes, formats::makeZip(entries));
    return formats::writeFileAtomically(path, bytes);
}

base::Result<ReadBundle> readBundle(const std::string &path)
{
    MULLIGAN_TRY(auto entries, formats::readZip(path));
    ReadBundle out;
    bool hasManifest = false;
    for (auto &entry : entries) {
        if (entry.name != kManifest) {
            out.bundle.files.emplace(std::move(entry.name), std::move(entry.content));
            continue;
        }
        hasManifest = true;
        auto manifest = checkedManifest(entry.content);
        if (!manifest)
            return std::move(manifest).error().in("file " + path);
        out.bundle.manifest = std::move(manifest).value();
    }
    if (!hasManifest)
        return base::makeError(base::ErrorCode::Corrupt, "The archive is not a bundle: it has no manifest.json",
                               "Name a bundle that 'mulligan export' wrote.")
            .in("file " + path);
    out.problems = compareWithManifest(out.bundle);
    return out;
}

base::Result<Bundle> readTrustedBundle(const std::string &path)
{
    MULLIGAN_TRY(auto read, readBundle(path));
    if (!read.problems.empty())
        return base::makeError(base::ErrorCode::Corrupt, "The bundle cannot be trusted: " + read.problems.front(),
                               "Take it from its source again, or export it anew; 'mulligan verify' lists everything.")
            .in("file " + path);
    return std::move(read.bundle);
}

} // namespace mulligan::deploy
