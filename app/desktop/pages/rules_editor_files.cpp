// The files side of the rules editor: which they are, what is saved, what others changed.
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

/// The documents after an answer to changes of others. Files that were not edited here are no matter of choice: theirs
/// are taken, or where those are no rule files, or use an id of what is kept, left as an open conflict: a save refuses
/// until they are mended, and never writes over them.
base::Result<classify::PackDocuments::Opened> answered(const classify::PackDocuments &documents,
                                                       const classify::PackOnDisk &disk,
                                                       const std::vector<classify::DiskChange> &changes,
                                                       classify::ConflictAnswer answer)
{
    if (answer != classify::ConflictAnswer::KeepMine)
        return classify::resolved(documents, disk, changes, answer);
    std::vector<classify::DiskChange> mine;
    std::vector<classify::DiskChange> theirs;
    for (const auto &change : changes)
        (change.mine ? mine : theirs).push_back(change);
    MULLIGAN_TRY(auto kept, classify::resolved(documents, disk, mine, answer));
    if (auto both = classify::resolved(kept.documents, kept.disk, theirs, classify::ConflictAnswer::TakeTheirs))
        return both;
    return kept;
}

base::Error notRight(const std::string &id, const base::Error &why)
{
    base::Error error = why;
    return std::move(error).in("rule '" + id + "', which is why nothing was saved");
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
    const auto *before = m_onDisk.find(id);
    return now == nullptr || before == nullptr || !classify::sameRule(*now, *before);
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
    delete m_diskJob.data(); // what it found is older than what is written now
    auto written = classify::savePack(m_state.documents, m_disk);
    if (!written) {
        Q_EMIT refused(written.error());
        if (written.error().code == base::ErrorCode::Conflict)
            lookAtDisk();
        return false;
    }
    m_disk = std::move(written->disk);
    m_onDisk = m_state.documents;
    Q_EMIT filesChanged();
    Q_EMIT saved();
    return true;
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
    connect(m_diskJob, &Job::failed, this, &RulesEditorController::refused);
}

void RulesEditorController::noteDisk(std::vector<classify::DiskChange> changes)
{
    // Drafts are edits as well, though the documents do not hold them; and typing went on while the disk was looked at.
    const QStringList edited = unsavedFiles();
    for (auto &change : changes)
        change.mine = change.mine || edited.contains(text(change.path));
    const bool lost = std::any_of(changes.begin(), changes.end(), [](const auto &change) { return change.mine; });
    m_conflicts = std::move(changes);
    if (!m_conflicts.empty() && !lost)
        resolve(classify::ConflictAnswer::TakeTheirs);
    else
        Q_EMIT filesChanged();
}

void RulesEditorController::resolve(classify::ConflictAnswer answer)
{
    delete m_diskJob.data(); // it compares with what was known before
    auto resolved = answered(m_state.documents, m_disk, m_conflicts, answer);
    if (!resolved) {
        Q_EMIT refused(resolved.error());
        Q_EMIT filesChanged();
        return;
    }
    Drafts drafts = m_state.drafts;
    if (answer == classify::ConflictAnswer::TakeTheirs) {
        for (const auto &change : m_conflicts)
            std::erase_if(drafts, [&](const auto &each) { return m_state.fileOf(each.first) == change.path; });
    }
    adopt(std::move(resolved).value(), std::move(drafts));
}

} // namespace mulligan::desktop
