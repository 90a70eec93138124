#include "classify/pack_merge.hpp"

#include <algorithm>
#include <utility>

namespace mulligan::classify
{

namespace
{

using Kind = DiskChange::Kind;

/// What both had; of a file that both made, nothing.
RuleDocument baseOf(const PackOnDisk &disk, const std::string &path)
{
    const auto known = disk.known.find(path);
    return known != disk.known.end() ? known->second : RuleDocument::empty(path);
}

std::vector<std::string> idsOf(const RuleDocument &document)
{
    std::vector<std::string> ids;
    for (const Rule &rule : document.rules())
        ids.push_back(rule.id);
    return ids;
}

base::Result<RuleMerge> merge(const PackDocuments &documents, const PackOnDisk &disk, const DiskChange &change,
                              MergeWinner winner, const std::set<std::string> &touched)
{
    MULLIGAN_TRY(const RuleDocument theirs, RuleDocument::parse(change.text, change.path));
    const RuleDocument base = baseOf(disk, change.path);
    const RuleDocument *mine = documents.file(change.path);
    return mergeRules(base, mine != nullptr && change.mine ? *mine : base, theirs, winner, touched);
}

/// What the file becomes; nothing where it goes. Errors: see merged().
base::Result<std::optional<RuleDocument>> answered(const PackDocuments &documents, const PackOnDisk &disk,
                                                   const FileMerge &each, ConflictAnswer answer,
                                                   const std::set<std::string> &touched)
{
    using Out = std::optional<RuleDocument>;
    const RuleDocument *mine = documents.file(each.change.path);
    const bool keep = answer == ConflictAnswer::KeepMine && each.change.mine && mine != nullptr;
    const bool removed = each.change.kind == Kind::Removed;
    if (keep && (removed || each.whole || (each.undone && each.both.empty() && !each.order)))
        return Out(*mine);
    if (removed)
        return Out();
    if (!each.change.mine || each.whole) {
        MULLIGAN_TRY(RuleDocument theirs, RuleDocument::parse(each.change.text, each.change.path));
        return Out(std::move(theirs));
    }
    MULLIGAN_TRY(RuleMerge both,
                 merge(documents, disk, each.change, keep ? MergeWinner::Mine : MergeWinner::Theirs, touched));
    return Out(std::move(both.merged));
}

} // namespace

bool FileMerge::needsChoice() const
{
    return change.mine && (change.kind == Kind::Removed || undone || whole.has_value() || !both.empty() || order);
}

FileMerge weighed(const PackDocuments &documents, const PackOnDisk &disk, DiskChange change,
                  const std::set<std::string> &touched)
{
    FileMerge out;
    if (change.kind == Kind::Removed) {
        out.theirs = idsOf(baseOf(disk, change.path));
        out.fates.removed = out.theirs;
    } else if (auto both = merge(documents, disk, change, MergeWinner::Mine, touched); !both) {
        out.whole = std::move(both).error();
        out.readable = RuleDocument::parse(change.text, change.path).has_value();
    } else {
        out.both = std::move(both->both);
        out.theirs = std::move(both->theirs);
        out.fates = std::move(both->fates);
        out.order = both->order;
    }
    out.change = std::move(change);
    return out;
}

std::optional<SharedId> sharedId(const PackDocuments &documents, const std::vector<FileMerge> &changes,
                                 const FileMerge &each)
{
    const auto theirs = RuleDocument::parse(each.change.text, each.change.path);
    if (each.change.kind == Kind::Removed || !theirs)
        return std::nullopt;
    std::vector<RuleDocument> others;
    for (const RuleDocument &file : documents.files()) {
        const bool changed = std::any_of(changes.begin(), changes.end(), [&](const FileMerge &change) {
            return change.readable && change.change.path == file.name();
        });
        if (!changed && file.name() != each.change.path)
            others.push_back(file);
    }
    for (const FileMerge &change : changes) {
        if (change.change.kind == Kind::Removed || change.change.path == each.change.path)
            continue;
        if (auto file = RuleDocument::parse(change.change.text, change.change.path))
            others.push_back(std::move(file).value());
    }
    for (const Rule &rule : theirs->rules())
        for (const RuleDocument &other : others)
            if (other.find(rule.id) != nullptr)
                return SharedId{rule.id, other.name()};
    return std::nullopt;
}

base::Result<PackDocuments> merged(const PackDocuments &documents, const PackOnDisk &disk,
                                   const std::vector<FileMerge> &changes, ConflictAnswer answer,
                                   const std::set<std::string> &touched)
{
    PackDocuments out = documents;
    for (const FileMerge &each : changes) // first, so that ids may have moved between files
        out = out.withoutFile(each.change.path);
    PackDocuments order = documents;
    for (const FileMerge &each : changes) {
        MULLIGAN_TRY(auto file, answered(documents, disk, each, answer, touched));
        if (!file)
            continue;
        MULLIGAN_TRY(out, out.withFile(std::move(*file), order));
        if (order.file(each.change.path) == nullptr)
            order = out; // later ones come after it
    }
    return out;
}

} // namespace mulligan::classify
