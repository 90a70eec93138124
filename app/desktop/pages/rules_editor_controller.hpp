#pragma once

#include "desktop/jobs/job.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "classify/pack_merge.hpp"
#include "desktop/pages/rules_editor_state.hpp"
#include "desktop/pages/rules_editor_versions.hpp"
#include "desktop/pages/rules_pack_access.hpp"
#endif

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QStringList>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mulligan::desktop
{

class Session;

/// The rule files being edited, without widgets: which rule is selected, every edit as a step of the session's undo
/// stack, saving, and what others changed on disk meanwhile. The shipped pack is never written: it is copied first.
class RulesEditorController : public QObject, public RulePackAccess
{
    Q_OBJECT

public:
    explicit RulesEditorController(Session &session, QObject *parent = nullptr);
    ~RulesEditorController() override;

    /// Reads the files of the pack in force, in the background; edits that were not saved are given up. Done by itself
    /// when another pack is chosen.
    void open();
    [[nodiscard]] bool opened() const { return m_opened; }
    /// Why the files could not be opened for editing.
    [[nodiscard]] const std::optional<base::Error> &openError() const { return m_openError; }
    /// The shipped pack: edits are refused until there is an own copy.
    [[nodiscard]] bool readOnly() const;
    [[nodiscard]] const RulesEditorState &state() const { return m_state; }

    [[nodiscard]] const std::string &selected() const { return m_selected; }
    void select(const std::string &id);
    /// The selected rule as it was typed.
    [[nodiscard]] std::optional<classify::Rule> rule() const { return m_state.find(m_selected); }

    /// The selected rule, where it is a draft that no file has as active: one tries it as if it were. Empty otherwise;
    /// what makes a draft of an active rule takes it out of the pack, and that is what one should see.
    [[nodiscard]] std::string triedDraft() const;

    // For the other tabs of the page. What is typed and not right yet is no part of the documents, and stays.
    [[nodiscard]] std::optional<classify::PackDocuments> documents() const override;
    bool editDocuments(classify::PackDocuments documents, const std::string &rule, const QString &what) override;

    // Edits. Each is one undo step; those of equal `what` on one rule that follow each other closely are one.
    void edit(const classify::Rule &rule, const QString &what); ///< of the selected rule
    void editExitCode(const QString &typed);                    ///< the same; what is no number makes it a draft
    void addBlank();
    void addFromFailure(const std::string &failure);
    void duplicate();
    void remove();
    void setStatus(classify::RuleStatus status);
    void move(int by); ///< -1: one place up in its file, 1: down
    /// A sample cut from a failure's text (see sampleOf) for the selected rule; one that is there changes nothing.
    void addSample(classify::SampleKind kind, const std::string &failure);

    // Files.
    /// Of the workspace that is open; empty when none is.
    [[nodiscard]] std::string workspacePath() const;
    [[nodiscard]] QStringList unsavedFiles() const;
    [[nodiscard]] bool dirty() const override;
    /// Whether a rule differs from what was read or saved last.
    [[nodiscard]] bool unsaved(const std::string &id) const;
    /// Writes what differs, but no file that others changed; whether all is saved. Refused while a rule is not right.
    bool save();
    /// Gives up everything that is not saved.
    void discard();
    /// Copies the pack's files into a folder and makes that the pack in force. Files that are there already are not
    /// written over.
    bool copyPack(const QString &folder);
    /// Files that somebody else changed and that are not taken yet: both changed the same rule, what they wrote is no
    /// rule file, or taking it was undone.
    [[nodiscard]] const std::vector<classify::FileMerge> &conflicts() const { return m_conflicts; }
    /// Merges the files of conflicts() rule by rule; `answer` decides about rules that both changed, and about files
    /// that can only be chosen whole. What cannot be answered so stays a conflict.
    void resolve(classify::ConflictAnswer answer);
    /// What others changed and was taken last without asking, since nothing of ours was lost; until it is dismissed.
    [[nodiscard]] const std::vector<classify::FileMerge> &taken() const { return m_taken; }
    void dismissTaken();
    /// Looks whether others changed the files: what they wrote is merged where no rule was changed on both sides, and
    /// a conflict otherwise. Where a whole folder is gone nothing is taken: see goneFolder().
    void lookAtDisk();
    /// A folder of the pack that was not there when it was looked for last: the rules are those last read, and none
    /// are saved until it is back or the pack is copied.
    [[nodiscard]] const std::optional<std::string> &goneFolder() const { return m_gone; }

Q_SIGNALS:
    void stateChanged();     ///< state(), opened() or openError()
    void selectionChanged(); ///< selected()
    void filesChanged();     ///< unsavedFiles(), conflicts(), taken() or goneFolder()
    void saved();
    void refused(const base::Error &error); ///< to be shown
    void readOnlyTouched();                 ///< an edit of the shipped pack was asked for

private:
    /// `field`: where what was typed without a pause is one step.
    void push(EditedRules edited, const QString &what, const QString &field = {});
    bool mayEdit();
    void apply(const RulesEditorState &state, const std::string &id);
    void adopt(classify::PackDocuments::Opened opened);
    void noteDisk(std::vector<classify::DiskChange> changes);
    void noteUnreadDisk(const base::Error &error);
    bool readDisk();
    /// Says which file with edits a save has left out; whether there is none.
    bool noneLeft(const classify::PackSaved &saved);
    void weighConflicts();
    [[nodiscard]] std::set<std::string> typedRules() const;
    /// Takes over what `documents` made of others' changes, as one step.
    void answered(classify::PackDocuments documents, const std::vector<classify::FileMerge> &changes,
                  classify::ConflictAnswer answer, const QString &what);
    void takeFree();
    [[nodiscard]] const classify::FileMerge *undoneConflict() const;
    [[nodiscard]] QStringList sources() const;
    /// A rule as its file was read or saved last; null when none had it.
    [[nodiscard]] const classify::Rule *onDisk(const std::string &id) const;
    template <typename Edit> void tryEdit(const QString &what, Edit edit, const QString &field = {});

    Session &m_session;
    RulesEditorState m_state;
    classify::PackOnDisk m_disk;
    QStringList m_sources; ///< what was opened
    std::string m_selected;
    std::optional<base::Error> m_openError;
    std::optional<std::string> m_gone;
    OthersVersions m_others;
    std::vector<classify::DiskChange> m_pending; ///< what others changed, found on disk and not answered yet
    std::vector<classify::FileMerge> m_conflicts;
    std::vector<classify::FileMerge> m_taken;
    QPointer<Job> m_openJob;
    QPointer<Job> m_diskJob;
    QElapsedTimer m_clock; ///< steps of typing are told apart by pauses
    int m_generation = 0;  ///< edits of files that are no longer open cannot be undone
    bool m_opened = false;
};

/// Today as rule files write it, YYYY-MM-DD.
[[nodiscard]] std::string todayText();

} // namespace mulligan::desktop
