#pragma once

#include "base/result.hpp"
#include "classify/rule_document.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// What is known of the files on disk: path → SHA-256 of what was read or written last. Kept beside the documents, not
/// in them: undoing an edit does not undo that a file was saved.
struct PackOnDisk {
    std::map<std::string, std::string> hashes;
    std::map<std::string, RuleDocument> known; ///< the same as documents, the newest that was one: what merges begin at
    std::vector<std::string> paths;            ///< files and folders that were opened

    bool operator==(const PackOnDisk &) const = default;
};

/// The rule files of a pack, opened for editing. A value like RuleDocument: edits give a new one. Rule ids are unique
/// over all files. Errors of edits: those of RuleDocument.
class PackDocuments
{
public:
    struct Opened;
    /// Reads files and folders as loadPack does, but texts are kept. A file that cannot be read as rules makes it fail:
    /// an edit could not be held to the whole pack. Errors: those of loadPack.
    [[nodiscard]] static base::Result<Opened> open(const std::vector<std::string> &paths);

    [[nodiscard]] const std::vector<RuleDocument> &files() const { return m_files; }
    /// All rules in the order of files, as loadPack gives them.
    [[nodiscard]] RulePack pack() const;
    [[nodiscard]] const Rule *find(std::string_view id) const;
    /// The document that holds a rule, or null.
    [[nodiscard]] const RuleDocument *fileOf(std::string_view id) const;
    [[nodiscard]] const RuleDocument *file(std::string_view path) const;

    [[nodiscard]] base::Result<PackDocuments> withRule(std::string_view id, const Rule &rule) const;
    [[nodiscard]] base::Result<PackDocuments> withRule(const Rule &rule) const { return withRule(rule.id, rule); }
    /// Into the file `path`, which is made when the pack has none of that name (on disk when it is saved).
    [[nodiscard]] base::Result<PackDocuments> withAdded(const Rule &rule, const std::string &path,
                                                        const RulePlace &place = {}) const;
    [[nodiscard]] base::Result<PackDocuments> without(std::string_view id) const;
    /// Within its file, or, when `place.id` is a rule of another file, into that one.
    [[nodiscard]] base::Result<PackDocuments> moved(std::string_view id, const RulePlace &place) const;
    [[nodiscard]] base::Result<PackDocuments> withStatus(std::string_view id, RuleStatus status) const;
    [[nodiscard]] base::Result<PackDocuments> withSample(std::string_view id, SampleKind kind,
                                                         const std::string &sample) const;
    /// One file's text replaced whole (typed by hand, or taken from the disk). Errors: those of parseRules; Conflict
    /// for an id that another file has.
    [[nodiscard]] base::Result<PackDocuments> withText(std::string_view path, std::string text) const;

    /// Without one of its files and the rules in it; on disk it stays.
    [[nodiscard]] PackDocuments withoutFile(std::string_view path) const;
    /// With a file that it lacks, at the place it has in `order`, else at the end. Errors: Conflict for an id that
    /// another file has.
    [[nodiscard]] base::Result<PackDocuments> withFile(RuleDocument document, const PackDocuments &order) const;

    /// Paths of files whose text is not what `disk` says was read or written last.
    [[nodiscard]] std::vector<std::string> unsaved(const PackOnDisk &disk) const;

    bool operator==(const PackDocuments &) const = default;

private:
    [[nodiscard]] base::Result<size_t> indexOf(std::string_view id) const;
    [[nodiscard]] PackDocuments replaced(size_t index, RuleDocument document) const;
    [[nodiscard]] base::Result<void> refuseTaken(std::string_view id) const;
    std::vector<RuleDocument> m_files;
};

struct PackDocuments::Opened {
    PackDocuments documents;
    PackOnDisk disk;
};

/// A file that is not on disk what it was when it was read or written last.
struct DiskChange {
    enum class Kind { Modified, Removed, Appeared };
    std::string path;
    Kind kind = Kind::Modified;
    std::string text;   ///< what is there now; empty when it was removed
    std::string sha256; ///< of it; empty when it was removed
    bool mine = false;  ///< the document was edited as well, so that one of the two would be lost

    bool operator==(const DiskChange &) const = default;
};

/// The first folder that was opened and is none any more: it was moved, removed, or its disk is not there.
[[nodiscard]] std::optional<std::string> goneFolder(const PackOnDisk &disk);

/// Compares what is on disk with what was read or written last, by content. Appeared: a file that the documents would
/// make is there already, a rule file came into a folder that was opened, or one opened by its name is back. Errors:
/// NotFound where a whole folder is gone, which says nothing about its files; PermissionDenied, Io.
[[nodiscard]] base::Result<std::vector<DiskChange>> changedOnDisk(const PackDocuments &documents,
                                                                  const PackOnDisk &disk);

/// What is known of the disk once a change of others is known.
[[nodiscard]] PackOnDisk knowing(PackOnDisk disk, const DiskChange &change);

/// What a save does where others changed files.
enum class SaveScope {
    AllOrNothing, ///< nothing is written
    WhatIsFree    ///< those files are left as they are, and all others are written
};

/// What a save did.
struct PackSaved {
    PackOnDisk disk;                  ///< to be kept for the next comparison
    std::vector<std::string> written; ///< files that differed; others are not touched
    std::vector<DiskChange> left;     ///< files that others changed, edited here or not
};

/// Writes every file whose text differs from what is on disk: each to a temporary file beside it that is renamed over
/// it, so that a reader sees the old or the new text whole; an existing file keeps its mode, and a symbolic link stays
/// one. Files are checked for changes of others first. Errors: Conflict, naming the first file that others changed, and
/// nothing is written (with WhatIsFree only where a rule goes between such a file and one that would be written, since
/// half of a move loses the rule or gives it twice); NotFound for a folder that is gone; PermissionDenied, DiskFull,
/// Io, where files written before stay written.
[[nodiscard]] base::Result<PackSaved> savePack(const PackDocuments &documents, const PackOnDisk &disk,
                                               SaveScope scope = SaveScope::AllOrNothing);

} // namespace mulligan::classify
