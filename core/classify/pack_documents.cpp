#include "classify/pack_documents.hpp"

#include "classify/rule_file.hpp"
#include "formats/file.hpp"
#include "formats/hash.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

namespace mulligan::classify
{

namespace
{

using base::ErrorCode;
using base::makeError;

/// A file's text; nothing when there is no such file.
base::Result<std::optional<std::string>> textOnDisk(const std::string &path)
{
    auto text = formats::readTextFile(path);
    if (text)
        return std::optional<std::string>(std::move(text).value());
    if (text.error().code == ErrorCode::NotFound)
        return std::optional<std::string>();
    return std::move(text).error();
}

/// What `path` leads to, so that a link is not replaced by a file.
std::string behindLinks(const std::string &path)
{
    std::error_code code;
    const auto real = std::filesystem::canonical(path, code);
    return code ? path : real.string();
}

const std::string *knownHash(const PackOnDisk &disk, const std::string &path)
{
    const auto found = disk.hashes.find(path);
    return found == disk.hashes.end() ? nullptr : &found->second;
}

base::Error folderGone(const std::string &folder)
{
    return makeError(ErrorCode::NotFound, "The folder " + folder + " is gone; the rules are those last read",
                     "Nothing was written. Bring the folder back, or write the whole pack into another one.");
}

/// A file that was opened by its own name, where it is there and neither the documents nor the changes have it, under
/// whatever name.
std::vector<std::string> openedFile(const std::string &path, const PackDocuments &documents,
                                    const std::vector<DiskChange> &changes)
{
    std::error_code code;
    const auto same = [&](const std::string &other) { return std::filesystem::equivalent(other, path, code); };
    const bool held =
        std::any_of(documents.files().begin(), documents.files().end(),
                    [&](const RuleDocument &file) { return same(file.name()); })
        || std::any_of(changes.begin(), changes.end(), [&](const DiskChange &change) { return same(change.path); });
    if (held || !std::filesystem::is_regular_file(path, code))
        return {};
    return {path};
}

/// Rule files that came into a folder, or one that was opened by its name and is back. Those that are known and not in
/// the documents were left out on purpose.
base::Result<void> addNewFiles(const std::string &path, const PackDocuments &documents, const PackOnDisk &disk,
                               std::vector<DiskChange> &changes)
{
    std::error_code code;
    const auto files = std::filesystem::is_directory(path, code)
                           ? ruleFiles(path)
                           : base::Result<std::vector<std::string>>(openedFile(path, documents, changes));
    if (!files)
        return files.error().code == ErrorCode::NotFound ? base::Result<void>() : files.error();
    for (const std::string &file : *files) {
        if (documents.file(file) != nullptr)
            continue;
        MULLIGAN_TRY(auto text, textOnDisk(file));
        const std::string now = text ? formats::sha256Hex(*text) : std::string();
        if (const std::string *known = knownHash(disk, file); !text || (known != nullptr && *known == now))
            continue;
        changes.push_back({file, DiskChange::Kind::Appeared, std::move(*text), now, false});
    }
    return {};
}

base::Error changedByOthers(const DiskChange &change)
{
    const char *what = change.kind == DiskChange::Kind::Removed    ? " was removed"
                       : change.kind == DiskChange::Kind::Appeared ? " was made"
                                                                   : " was changed";
    return makeError(ErrorCode::Conflict, "The file " + change.path + what + " by somebody else since it was read",
                     "Nothing was written. Take over what they changed first, then save again.");
}

const RuleDocument *knownDocument(const PackOnDisk &disk, const std::string &path)
{
    const auto found = disk.known.find(path);
    return found == disk.known.end() ? nullptr : &found->second;
}

void addIds(const RuleDocument *document, std::set<std::string> &ids)
{
    if (document == nullptr)
        return;
    for (const Rule &rule : document->rules())
        ids.insert(rule.id);
}

/// A rule that is in the file others changed, on either side or before, and also in the one to be written.
std::optional<std::string> sharedRule(const PackDocuments &documents, const PackOnDisk &disk, const DiskChange &left,
                                      const std::string &toWrite)
{
    std::set<std::string> there;
    addIds(documents.file(left.path), there);
    addIds(knownDocument(disk, left.path), there);
    if (const auto theirs = RuleDocument::parse(left.text, left.path))
        addIds(&theirs.value(), there);
    std::set<std::string> here;
    addIds(documents.file(toWrite), here);
    addIds(knownDocument(disk, toWrite), here);
    const auto both = std::find_if(here.begin(), here.end(), [&](const auto &id) { return there.count(id) > 0; });
    return both == here.end() ? std::nullopt : std::optional(*both);
}

/// Errors: Conflict where a rule goes between a file that is left as it is and one that is written.
base::Result<void> refuseHalfMoves(const PackDocuments &documents, const PackOnDisk &disk,
                                   const std::vector<DiskChange> &left, const std::vector<std::string> &toWrite)
{
    for (const DiskChange &change : left)
        for (const std::string &path : toWrite)
            if (const auto rule = sharedRule(documents, disk, change, path))
                return makeError(ErrorCode::Conflict,
                                 "The rule '" + *rule + "' goes between " + path + " and " + change.path
                                     + ", which somebody else changed since it was read",
                                 "Nothing was written, since half of the move would be. Mend that file or take over "
                                 "what they changed first, then save again.");
    return {};
}

} // namespace

base::Result<PackDocuments::Opened> PackDocuments::open(const std::vector<std::string> &paths)
{
    MULLIGAN_TRY(const RulePack pack, loadPack(paths)); // names what is wrong as every other reader of packs does
    Opened opened;
    opened.disk.paths = paths;
    for (const std::string &path : pack.files) {
        MULLIGAN_TRY(std::string text, formats::readTextFile(path));
        opened.disk.hashes[path] = formats::sha256Hex(text);
        MULLIGAN_TRY(RuleDocument document, RuleDocument::parse(std::move(text), path));
        opened.disk.known.insert_or_assign(path, document);
        opened.documents.m_files.push_back(std::move(document));
    }
    return opened;
}

RulePack PackDocuments::pack() const
{
    RulePack out;
    for (const RuleDocument &file : m_files) {
        out.files.push_back(file.name());
        out.rules.insert(out.rules.end(), file.rules().begin(), file.rules().end());
    }
    return out;
}

const RuleDocument *PackDocuments::fileOf(std::string_view id) const
{
    const auto found = std::find_if(m_files.begin(), m_files.end(),
                                    [&](const RuleDocument &file) { return file.find(id) != nullptr; });
    return found == m_files.end() ? nullptr : &*found;
}

const Rule *PackDocuments::find(std::string_view id) const
{
    const RuleDocument *file = fileOf(id);
    return file == nullptr ? nullptr : file->find(id);
}

const RuleDocument *PackDocuments::file(std::string_view path) const
{
    const auto found =
        std::find_if(m_files.begin(), m_files.end(), [&](const RuleDocument &file) { return file.name() == path; });
    return found == m_files.end() ? nullptr : &*found;
}

base::Result<size_t> PackDocuments::indexOf(std::string_view id) const
{
    const RuleDocument *file = fileOf(id);
    if (file == nullptr)
        return makeError(ErrorCode::NotFound, "There is no rule '" + std::string(id) + "' in the pack");
    return static_cast<size_t>(file - m_files.data());
}

PackDocuments PackDocuments::replaced(size_t index, RuleDocument document) const
{
    PackDocuments out = *this;
    out.m_files[index] = std::move(document);
    return out;
}

base::Result<void> PackDocuments::refuseTaken(std::string_view id) const
{
    if (const RuleDocument *file = fileOf(id); file != nullptr)
        return makeError(ErrorCode::Conflict, "There is a rule '" + std::string(id) + "' already", "Choose another id.")
            .in("file " + file->name());
    return {};
}

base::Result<PackDocuments> PackDocuments::withRule(std::string_view id, const Rule &rule) const
{
    MULLIGAN_TRY(const size_t index, indexOf(id));
    if (rule.id != id)
        MULLIGAN_CHECK(refuseTaken(rule.id));
    MULLIGAN_TRY(RuleDocument document, m_files[index].withRule(id, rule));
    return replaced(index, std::move(document));
}

base::Result<PackDocuments> PackDocuments::withAdded(const Rule &rule, const std::string &path,
                                                     const RulePlace &place) const
{
    MULLIGAN_CHECK(refuseTaken(rule.id));
    if (const RuleDocument *into = file(path); into != nullptr) {
        MULLIGAN_TRY(RuleDocument document, into->withAdded(rule, place));
        return replaced(static_cast<size_t>(into - m_files.data()), std::move(document));
    }
    MULLIGAN_TRY(RuleDocument document, RuleDocument::empty(path).withAdded(rule, place));
    PackDocuments out = *this;
    out.m_files.push_back(std::move(document));
    return out;
}

base::Result<PackDocuments> PackDocuments::without(std::string_view id) const
{
    MULLIGAN_TRY(const size_t index, indexOf(id));
    MULLIGAN_TRY(RuleDocument document, m_files[index].without(id));
    return replaced(index, std::move(document));
}

base::Result<PackDocuments> PackDocuments::moved(std::string_view id, const RulePlace &place) const
{
    MULLIGAN_TRY(const size_t from, indexOf(id));
    MULLIGAN_TRY(const size_t to, place.id.empty() ? base::Result<size_t>(from) : indexOf(place.id));
    if (from == to) {
        MULLIGAN_TRY(RuleDocument document, m_files[from].moved(id, place));
        return replaced(from, std::move(document));
    }
    MULLIGAN_TRY(RuleDocument fuller, m_files[to].withCopied(m_files[from], id, place));
    MULLIGAN_TRY(RuleDocument emptier, m_files[from].without(id));
    return replaced(to, std::move(fuller)).replaced(from, std::move(emptier));
}

base::Result<PackDocuments> PackDocuments::withStatus(std::string_view id, RuleStatus status) const
{
    MULLIGAN_TRY(const size_t index, indexOf(id));
    MULLIGAN_TRY(RuleDocument document, m_files[index].withStatus(id, status));
    return replaced(index, std::move(document));
}

base::Result<PackDocuments> PackDocuments::withSample(std::string_view id, SampleKind kind,
                                                      const std::string &sample) const
{
    MULLIGAN_TRY(const size_t index, indexOf(id));
    MULLIGAN_TRY(RuleDocument document, m_files[index].withSample(id, kind, sample));
    return replaced(index, std::move(document));
}

base::Result<PackDocuments> PackDocuments::withText(std::string_view path, std::string text) const
{
    const RuleDocument *old = file(path);
    if (old == nullptr)
        return makeError(ErrorCode::NotFound, "The pack has no file " + std::string(path));
    MULLIGAN_TRY(RuleDocument document, RuleDocument::parse(std::move(text), std::string(path)));
    for (const Rule &rule : document.rules())
        if (const RuleDocument *other = fileOf(rule.id); other != nullptr && other != old)
            return makeError(ErrorCode::Conflict, "The rule id '" + rule.id + "' is used in " + other->name() + " too",
                             "Give one of them another id.")
                .in("line " + std::to_string(rule.line))
                .in("file " + std::string(path));
    return replaced(static_cast<size_t>(old - m_files.data()), std::move(document));
}

PackDocuments PackDocuments::withoutFile(std::string_view path) const
{
    PackDocuments out = *this;
    std::erase_if(out.m_files, [&](const RuleDocument &file) { return file.name() == path; });
    return out;
}

std::vector<std::string> PackDocuments::unsaved(const PackOnDisk &disk) const
{
    std::vector<std::string> out;
    for (const RuleDocument &file : m_files) {
        const std::string *hash = knownHash(disk, file.name());
        if (hash == nullptr || *hash != formats::sha256Hex(file.text()))
            out.push_back(file.name());
    }
    return out;
}

std::optional<std::string> goneFolder(const PackOnDisk &disk)
{
    for (const std::string &path : disk.paths) {
        std::error_code code;
        const bool wasFolder = std::any_of(disk.hashes.begin(), disk.hashes.end(), [&](const auto &each) {
            const auto name = std::filesystem::path(each.first).filename();
            return each.first == (std::filesystem::path(path) / name).string();
        });
        if (wasFolder && !std::filesystem::is_directory(path, code))
            return path;
    }
    return std::nullopt;
}

base::Result<std::vector<DiskChange>> changedOnDisk(const PackDocuments &documents, const PackOnDisk &disk)
{
    std::vector<DiskChange> changes;
    for (const RuleDocument &file : documents.files()) {
        const std::string *known = knownHash(disk, file.name());
        MULLIGAN_TRY(auto text, textOnDisk(file.name()));
        const std::string now = text ? formats::sha256Hex(*text) : std::string();
        if (known != nullptr ? now == *known : !text.has_value())
            continue;
        DiskChange change;
        change.path = file.name();
        change.kind = !text              ? DiskChange::Kind::Removed
                      : known == nullptr ? DiskChange::Kind::Appeared
                                         : DiskChange::Kind::Modified;
        change.mine = known == nullptr || *known != formats::sha256Hex(file.text());
        if (text && *text == file.text())
            continue; // both made the same of it: nothing would be lost
        change.text = text ? std::move(*text) : std::string();
        change.sha256 = now;
        changes.push_back(std::move(change));
    }
    for (const std::string &path : disk.paths)
        MULLIGAN_CHECK(addNewFiles(path, documents, disk, changes));
    // Last: it may have gone while its files were read.
    if (const auto folder = goneFolder(disk))
        return folderGone(*folder);
    return changes;
}

PackOnDisk knowing(PackOnDisk disk, const DiskChange &change)
{
    if (change.kind == DiskChange::Kind::Removed) {
        disk.hashes.erase(change.path);
        disk.known.erase(change.path);
        return disk;
    }
    disk.hashes[change.path] = change.sha256;
    if (auto document = RuleDocument::parse(change.text, change.path))
        disk.known.insert_or_assign(change.path, std::move(document).value());
    return disk;
}

base::Result<PackDocuments> PackDocuments::withFile(RuleDocument document, const PackDocuments &order) const
{
    for (const Rule &rule : document.rules())
        MULLIGAN_CHECK(refuseTaken(rule.id));
    PackDocuments out;
    // Files keep the places they had in `order`.
    for (const RuleDocument &each : order.m_files) {
        if (each.name() == document.name())
            out.m_files.push_back(document);
        else if (const RuleDocument *mine = file(each.name()); mine != nullptr)
            out.m_files.push_back(*mine);
    }
    if (order.file(document.name()) == nullptr)
        out.m_files.push_back(std::move(document));
    return out;
}

base::Result<PackSaved> savePack(const PackDocuments &documents, const PackOnDisk &disk, SaveScope scope)
{
    MULLIGAN_TRY(auto changes, changedOnDisk(documents, disk));
    if (scope == SaveScope::AllOrNothing && !changes.empty())
        return changedByOthers(changes.front());
    auto toWrite = documents.unsaved(disk);
    std::erase_if(toWrite, [&](const auto &path) {
        return std::any_of(changes.begin(), changes.end(), [&](const auto &change) { return change.path == path; });
    });
    MULLIGAN_CHECK(refuseHalfMoves(documents, disk, changes, toWrite));
    PackSaved saved{disk, {}, std::move(changes)};
    for (const std::string &path : toWrite) {
        const RuleDocument &file = *documents.file(path);
        MULLIGAN_CHECK(formats::writeFileAtomically(behindLinks(path), file.text()));
        saved.disk.hashes[path] = formats::sha256Hex(file.text());
        saved.disk.known.insert_or_assign(path, file);
        saved.written.push_back(path);
    }
    return saved;
}

} // namespace mulligan::classify
