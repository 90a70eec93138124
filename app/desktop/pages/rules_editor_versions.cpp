#include "desktop/pages/rules_editor_versions.hpp"

#include "formats/hash.hpp"

#include <utility>

namespace mulligan::desktop
{

namespace
{

using Kind = classify::DiskChange::Kind;

template <typename Map> std::optional<typename Map::mapped_type> valueOf(const Map &map, const std::string &key)
{
    const auto found = map.find(key);
    return found != map.end() ? std::optional(found->second) : std::nullopt;
}

template <typename Map>
void put(Map &map, const std::string &key, const std::optional<typename Map::mapped_type> &value)
{
    if (value)
        map.insert_or_assign(key, *value);
    else
        map.erase(key);
}

/// What is on disk now, as a change of others: their newest version, or what was saved since.
classify::DiskChange nowOnDisk(const classify::DiskChange &newest, const classify::PackOnDisk &disk)
{
    classify::DiskChange now = newest;
    now.mine = true;
    now.sha256 = valueOf(disk.hashes, newest.path).value_or(std::string());
    if (now.sha256 == newest.sha256)
        return now;
    const auto known = valueOf(disk.known, newest.path);
    now.text = known ? known->text() : std::string();
    now.kind = known ? Kind::Modified : Kind::Removed;
    return now;
}

} // namespace

void OthersVersions::add(const classify::DiskChange &change, const classify::PackOnDisk &disk)
{
    m_versions[change.path].push_back({change, valueOf(disk.hashes, change.path), valueOf(disk.known, change.path)});
}

size_t OthersVersions::count(const std::string &path) const
{
    const auto found = m_versions.find(path);
    return found != m_versions.end() ? found->second.size() : 0;
}

void OthersVersions::answer(RulesEditorState &state, const std::string &path) const
{
    state.answered[path] = count(path);
}

const OthersVersions::Version *OthersVersions::firstLacking(const RulesEditorState &state,
                                                            const std::string &path) const
{
    const size_t answered = valueOf(state.answered, path).value_or(0);
    return answered < count(path) ? &m_versions.at(path)[answered] : nullptr;
}

classify::PackOnDisk OthersVersions::seenBy(const RulesEditorState &state, classify::PackOnDisk disk) const
{
    for (const auto &[path, versions] : m_versions) {
        if (const Version *lacking = firstLacking(state, path)) {
            put(disk.hashes, path, lacking->hashBefore);
            put(disk.known, path, lacking->before);
        }
    }
    return disk;
}

std::vector<classify::DiskChange> OthersVersions::undone(const RulesEditorState &state,
                                                         const classify::PackOnDisk &disk) const
{
    std::vector<classify::DiskChange> out;
    for (const auto &[path, versions] : m_versions) {
        const auto *file = state.documents.file(path);
        if (file == nullptr || firstLacking(state, path) == nullptr)
            continue; // a save does not touch what the state does not hold
        classify::DiskChange change = nowOnDisk(versions.back().change, disk);
        if (change.sha256 != formats::sha256Hex(file->text()))
            out.push_back(std::move(change));
    }
    return out;
}

} // namespace mulligan::desktop
