// What others change in the rule files while they are open in the editor, and how that comes together with its edits.
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/session/session.hpp"
#include "desktop/widgets/format.hpp"

#include <QTimer>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

using classify::ConflictAnswer;
using classify::FileMerge;
using Merges = std::vector<FileMerge>;

// How soon a folder that was gone is seen to be back, where the system does not tell.
constexpr int kReturnMs = 1000;

bool needsChoice(const FileMerge &each)
{
    return each.needsChoice();
}

/// The changes that an answer can be given to: what is no rule file can be written over, but not taken.
Merges answerable(const Merges &changes, ConflictAnswer answer)
{
    Merges out = changes;
    std::erase_if(out, [&](const FileMerge &each) {
        return !each.readable && !(each.change.mine && answer == ConflictAnswer::KeepMine);
    });
    return out;
}

/// The same, to be chosen file by file instead of rule by rule.
Merges whole(Merges changes, const base::Error &why, const classify::PackDocuments &documents)
{
    const bool twice = why.code == base::ErrorCode::Conflict;
    for (auto &each : changes) {
        if (!each.whole)
            each.whole = why;
        if (twice)
            each.shared = classify::sharedId(documents, changes, each);
    }
    return changes;
}

/// Whether what was typed into a rule of that id, and is not right yet, goes with an answer.
bool goesWith(const FileMerge &change, const std::string &id)
{
    if (change.whole || change.change.kind == classify::DiskChange::Kind::Removed)
        return true;
    return std::find(change.both.begin(), change.both.end(), id) != change.both.end();
}

} // namespace

void RulesEditorController::lookAtDisk()
{
    if (!m_opened || readOnly()) {
        open();
        return;
    }
    delete m_diskJob.data();
    m_diskJob = startJob<std::vector<classify::DiskChange>>(
        this, tr("Looking at the rule files"),
        [documents = m_state.documents, disk = m_disk](std::stop_token, base::Progress &) {
            return classify::changedOnDisk(documents, disk);
        },
        [this](std::vector<classify::DiskChange> changes) {
            m_diskJob = nullptr; // it ends by itself; what follows may give up a look that runs
            noteDisk(std::move(changes));
        });
    connect(m_diskJob, &Job::failed, this, &RulesEditorController::noteUnreadDisk);
}

void RulesEditorController::noteUnreadDisk(const base::Error &error)
{
    const bool awaited = m_gone.has_value();
    m_gone = classify::goneFolder(m_disk);
    if (!m_gone)
        Q_EMIT refused(error);
    else if (!awaited) {
        // The files may be as before when they are back, or have never been missed by what watches them: nobody tells.
        auto *timer = new QTimer(this);
        connect(timer, &QTimer::timeout, this, [this, timer] {
            if (!m_gone)
                timer->deleteLater();
            else if (!classify::goneFolder(m_disk))
                lookAtDisk();
        });
        timer->start(kReturnMs);
    }
    Q_EMIT filesChanged();
}

/// At once; whether it could be read.
bool RulesEditorController::readDisk()
{
    delete m_diskJob.data(); // what it finds is older
    auto changes = classify::changedOnDisk(m_state.documents, m_disk);
    if (!changes) {
        noteUnreadDisk(changes.error());
        return false;
    }
    m_gone.reset();
    m_pending = std::move(changes).value();
    weighConflicts();
    return true;
}

void RulesEditorController::noteDisk(std::vector<classify::DiskChange> changes)
{
    m_gone.reset();
    m_pending = std::move(changes);
    weighConflicts();
    takeFree();
    Q_EMIT filesChanged();
}

std::set<std::string> RulesEditorController::typedRules() const
{
    std::set<std::string> ids;
    for (const auto &[id, draft] : m_state.drafts)
        ids.insert(id);
    return ids;
}

void RulesEditorController::weighConflicts()
{
    m_conflicts.clear();
    const auto seen = m_others.seenBy(m_state, m_disk);
    const auto typed = typedRules();
    // Drafts are edits as well, though the documents do not hold them; and typing goes on while the disk is looked at.
    const QStringList edited = m_pending.empty() ? QStringList() : unsavedFiles();
    auto undone = m_others.undone(m_state, m_disk);
    for (auto change : m_pending) {
        const bool given = std::erase_if(undone, [&](const auto &each) { return each.path == change.path; }) > 0;
        change.mine = change.mine || edited.contains(text(change.path));
        m_conflicts.push_back(classify::weighed(m_state.documents, seen, std::move(change), typed));
        m_conflicts.back().undone = given;
    }
    for (auto &change : undone) {
        m_conflicts.push_back(classify::weighed(m_state.documents, seen, std::move(change), typed));
        m_conflicts.back().undone = true;
    }
    if (m_conflicts.empty())
        return;
    // Where the files do not go together rule by rule (an id would be in two of them), each is chosen whole.
    for (const auto answer : {ConflictAnswer::KeepMine, ConflictAnswer::TakeTheirs}) {
        const auto tried = answerable(m_conflicts, answer);
        if (auto both = classify::merged(m_state.documents, seen, tried, answer, typed); !both)
            m_conflicts = whole(std::move(m_conflicts), both.error(), m_state.documents);
    }
}

const FileMerge *RulesEditorController::undoneConflict() const
{
    const auto at = std::find_if(m_conflicts.begin(), m_conflicts.end(), [](const auto &each) { return each.undone; });
    return at != m_conflicts.end() ? &*at : nullptr;
}

void RulesEditorController::takeFree()
{
    Merges free = answerable(m_conflicts, ConflictAnswer::TakeTheirs);
    std::erase_if(free, needsChoice);
    if (free.empty())
        return;
    auto taken = classify::merged(m_state.documents, m_others.seenBy(m_state, m_disk), free, ConflictAnswer::TakeTheirs,
                                  typedRules());
    if (!taken)
        return; // they wait for what is to be decided, or mended
    answered(std::move(taken).value(), free, ConflictAnswer::TakeTheirs, tr("changes of others on disk"));
    m_taken = std::move(free);
}

void RulesEditorController::resolve(ConflictAnswer answer)
{
    // The answer is about what is there now, which may be another text, or a folder that is gone or back.
    if (!readDisk())
        return;
    const Merges all = answerable(m_conflicts, answer);
    Merges edited = all;
    std::erase_if(edited, [](const auto &each) { return !each.change.mine; });
    const auto seen = m_others.seenBy(m_state, m_disk);
    const QString what = answer == ConflictAnswer::KeepMine ? tr("keep mine") : tr("take theirs");
    std::optional<base::Error> why;
    for (const auto &each : m_conflicts)
        why = each.readable ? why : each.whole;
    // What stands in the way of all together may be a file that was not edited here: it waits.
    for (const Merges *changes : {&all, static_cast<const Merges *>(&edited)}) {
        if (changes->empty())
            continue;
        auto resolved = classify::merged(m_state.documents, seen, *changes, answer, typedRules());
        if (resolved) {
            answered(std::move(resolved).value(), *changes, answer, what);
            Q_EMIT filesChanged();
            return;
        }
        why = resolved.error();
    }
    if (why)
        Q_EMIT refused(*why);
    Q_EMIT filesChanged();
}

void RulesEditorController::answered(classify::PackDocuments documents, const Merges &changes, ConflictAnswer answer,
                                     const QString &what)
{
    RulesEditorState state = m_state;
    for (const auto &each : changes) {
        const std::string &path = each.change.path;
        const auto isIt = [&](const auto &pending) { return pending.path == path; };
        if (std::erase_if(m_pending, isIt) > 0) {
            m_others.add(each.change, m_disk);
            m_disk = classify::knowing(std::move(m_disk), each.change);
        }
        m_others.answer(state, path);
        if (answer == ConflictAnswer::TakeTheirs)
            std::erase_if(state.drafts, [&](const auto &draft) {
                return m_state.fileOf(draft.first) == path && goesWith(each, draft.first);
            });
    }
    state.documents = std::move(documents);
    // A draft of a rule that others took away has no file any more.
    std::erase_if(state.drafts,
                  [&](const auto &each) { return !each.second.isNew && state.documents.find(each.first) == nullptr; });
    m_taken.clear();
    push({std::move(state), m_selected}, what);
}

void RulesEditorController::dismissTaken()
{
    m_taken.clear();
    Q_EMIT filesChanged();
}

} // namespace mulligan::desktop
