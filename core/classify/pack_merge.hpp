#pragma once

#include "base/result.hpp"
#include "classify/pack_documents.hpp"
#include "classify/rule_merge.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mulligan::classify
{

/// Whose version counts where both cannot.
enum class ConflictAnswer {
    KeepMine,  ///< mine (a file that was removed is made again)
    TakeTheirs ///< theirs (a file that was removed leaves the pack)
};

/// A rule whose id would be in two files at once.
struct SharedId {
    std::string id;
    std::string file; ///< the path of the other one

    bool operator==(const SharedId &) const = default;
};

/// A file that others changed, weighed against what was edited in it here.
struct FileMerge {
    DiskChange change;
    std::vector<std::string> both;   ///< rules that both changed, and not to the same
    std::vector<std::string> theirs; ///< rules that only they changed, added or removed
    RuleFates fates;
    bool order = false;   ///< both put the rules in another order
    bool readable = true; ///< what they wrote is a rule file; of one that was removed true
    bool undone = false;  ///< it was taken once and given back: where no rule clashes, mine is the whole file of mine
    std::optional<base::Error> whole; ///< why it cannot be merged rule by rule, but only be taken or kept as it is
    std::optional<SharedId> shared;   ///< why it cannot be taken: the first such rule in it

    /// Whether one of the two would lose something: where not, what they wrote can be taken without asking.
    [[nodiscard]] bool needsChoice() const;
    bool operator==(const FileMerge &) const = default;
};

/// Weighs one change. What both had before is what `disk` knows. `touched`: rules to be taken for edited here, though
/// the documents do not hold the edit yet. Of a file that was removed all its rules are theirs, and it is chosen whole.
[[nodiscard]] FileMerge weighed(const PackDocuments &documents, const PackOnDisk &disk, DiskChange change,
                                const std::set<std::string> &touched = {});

/// The first rule of what they wrote whose id another file has, as that one would be with all of `changes` taken.
[[nodiscard]] std::optional<SharedId> sharedId(const PackDocuments &documents, const std::vector<FileMerge> &changes,
                                               const FileMerge &each);

/// The documents with all changes merged in rule by rule. `answer` decides about rules that both changed
/// and about files that can only be chosen whole; files without edits of one's own become theirs either way. Errors:
/// the `whole` of a file that is to be theirs and cannot; Conflict where a rule's id would be in two files.
[[nodiscard]] base::Result<PackDocuments> merged(const PackDocuments &documents, const PackOnDisk &disk,
                                                 const std::vector<FileMerge> &changes, ConflictAnswer answer,
                                                 const std::set<std::string> &touched = {});

} // namespace mulligan::classify
