// The files side of the rules editor: which they are, and what is saved.
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/session/session.hpp"
#include "desktop/widgets/format.hpp"
#include "formats/file.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <map>

namespace mulligan::desktop
{

namespace
{

base::Error notRight(const std::string &id, const base::Error &why)
{
    base::Error error = why;
    return std::move(error).in("rule '" + id + "', which is why nothing was saved");
}

base::Error wasUndone(const classify::FileMerge &conflict)
{
    return base::makeError(base::ErrorCode::Conflict,
                           "What others wrote into " + conflict.change.path
                               + " was undone here, and saving would write over it",
                           "Say in the notice above the rules which is to count, or redo.");
}

/// A file with edits that was not saved. `readable`: what others wrote into it is a rule file.
base::Error leftOut(const classify::DiskChange &change, bool readable, bool othersWritten)
{
    const char *deed = change.kind == classify::DiskChange::Kind::Removed    ? " was removed"
                       : change.kind == classify::DiskChange::Kind::Appeared ? " was made"
                                                                             : " was changed";
    const char *remedy = readable ? "Where both changed the same, the notice above the rules asks which is to count: "
                                    "choose Keep mine or Take theirs there, then save again."
                                  : "It is no rule file as it is on disk: mend it there, or choose Keep mine in the "
                                    "notice above the rules, then save again.";
    return base::makeError(
        base::ErrorCode::Conflict,
        "The file " + change.path + deed + " by somebody else since it was read, and your edits of it are not saved",
        std::string(othersWritten ? "All other files are saved. " : "Nothing was written. ") + remedy);
}

base::Error folderGone(base::Error error)
{
    error.hint = "Nothing was written. Bring the folder back, or write the whole pack anew: Save as own pack, in the "
                 "notice above the rules.";
    return error;
}

} // namespace

QStringList RulesEditorController::sources() const
{
    const QStringList chosen = m_session.rulePaths();
    return chosen.isEmpty() ? QStringList{QString::fromStdString(m_session.resources().rulesFolder())} : chosen;
}

bool RulesEditorController::readOnly() const
{
    const QString shipped = QFileInfo(QString::fromStdString(m_session.resources().rulesFolder())).canonicalFilePath();
    const auto within = [&](const QString &path) {
        const QString real = QFileInfo(path).canonicalFilePath();
        return real == shipped || real.startsWith(shipped + QLatin1Char('/'));
    };
    const QStringList all = sources();
    return std::any_of(all.begin(), all.end(), within);
}

QStringList RulesEditorController::unsavedFiles() const
{
    QStringList files;
    if (!m_opened)
        return files;
    for (const auto &path : m_state.documents.unsaved(m_disk))
        files << text(path);
    for (const auto &[id, draft] : m_state.drafts) {
        const QString file = text(m_state.fileOf(id));
        if (!files.contains(file))
            files << file;
    }
    return files;
}

std::string RulesEditorController::workspacePath() const
{
    return m_session.isOpen() ? m_session.path().toStdString() : std::string();
}

bool RulesEditorController::dirty() const
{
    return !unsavedFiles().isEmpty();
}

bool RulesEditorController::unsaved(const std::string &id) const
{
    if (m_state.drafts.count(id) > 0)
        return true;
    const auto *now = m_state.documents.find(id);
    const auto *before = onDisk(id);
    return now == nullptr || before == nullptr || !classify::sameRule(*now, *before);
}

const classify::Rule *RulesEditorController::onDisk(const std::string &id) const
{
    const classify::Rule *found = nullptr;
    for (const auto &[path, document] : m_disk.known) {
        if (const auto *rule = document.find(id))
            found = rule;
    }
    return found;
}

std::string RulesEditorController::triedDraft() const
{
    const auto now = rule();
    if (!now || now->status != classify::RuleStatus::Draft)
        return {};
    const auto *before = onDisk(m_selected);
    return before != nullptr && before->status == classify::RuleStatus::Active ? std::string() : m_selected;
}

bool RulesEditorController::save()
{
    if (!m_opened || !dirty())
        return true;
    if (!m_state.drafts.empty()) {
        const auto &[id, draft] = *m_state.drafts.begin();
        select(id);
        Q_EMIT refused(notRight(id, draft.why));
        return false;
    }
    if (const auto *conflict = undoneConflict()) {
        Q_EMIT refused(wasUndone(*conflict));
        return false;
    }
    delete m_diskJob.data(); // what it found is older than what is written now
    auto written = classify::savePack(m_state.documents, m_disk, classify::SaveScope::WhatIsFree);
    if (!written) {
        if (classify::goneFolder(m_disk)) {
            noteUnreadDisk(written.error());
            Q_EMIT refused(folderGone(written.error()));
            return false;
        }
        Q_EMIT refused(written.error());
        if (written.error().code == base::ErrorCode::Conflict)
            lookAtDisk();
        return false;
    }
    m_disk = std::move(written->disk);
    m_taken.clear();
    noteDisk(written->left);
    if (!written->written.empty())
        Q_EMIT saved();
    return noneLeft(*written);
}

bool RulesEditorController::noneLeft(const classify::PackSaved &saved)
{
    const auto mine = std::find_if(saved.left.begin(), saved.left.end(), [](const auto &each) { return each.mine; });
    if (mine == saved.left.end())
        return true;
    const bool broken = std::any_of(m_conflicts.begin(), m_conflicts.end(),
                                    [&](const auto &each) { return each.change.path == mine->path && !each.readable; });
    Q_EMIT refused(leftOut(*mine, !broken, !saved.written.empty()));
    return false;
}

void RulesEditorController::discard()
{
    open();
}

bool RulesEditorController::copyPack(const QString &folder)
{
    const auto refuse = [this](base::ErrorCode code, const QString &what, const QString &remedy) {
        Q_EMIT refused(base::makeError(code, what.toStdString(), remedy.toStdString()));
        return false;
    };
    if (!QDir().mkpath(folder))
        return refuse(base::ErrorCode::Io, tr("Cannot make the folder '%1'").arg(folder),
                      tr("Choose one that may be written."));
    if (!QDir(folder).isEmpty(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden))
        return refuse(base::ErrorCode::Conflict, tr("The folder '%1' is not empty").arg(folder),
                      tr("Choose an empty folder."));
    std::map<QString, const classify::RuleDocument *> targets;
    for (const auto &file : m_state.documents.files()) {
        const QString name = QFileInfo(text(file.name())).fileName();
        if (!targets.emplace(QDir(folder).filePath(name), &file).second)
            return refuse(base::ErrorCode::Conflict, tr("Two of the rule files are named '%1'").arg(name),
                          tr("Rename one of them, or copy the folders one by one."));
    }
    for (const auto &[path, file] : targets) {
        if (auto written = formats::writeFileAtomically(path.toStdString(), file->text()); !written) {
            for (const auto &[done, unused] : targets)
                QFile::remove(done); // the folder was empty
            Q_EMIT refused(std::move(written).error());
            return false;
        }
    }
    m_session.setRulePaths({QDir(folder).absolutePath()});
    open();
    return true;
}

} // namespace mulligan::desktop
