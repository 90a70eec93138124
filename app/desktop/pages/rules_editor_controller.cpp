#include "desktop/pages/rules_editor_controller.hpp"

#include "desktop/pages/rules_editor_starter.hpp"
#include "desktop/session/session.hpp"
#include "desktop/widgets/format.hpp"

#include <QDate>
#include <QUndoCommand>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kRulesEdit = 3; // the session's own edits have 1 and 2
// Typing that pauses for longer is another step.
constexpr qint64 kTypingMs = 1500;

/// One edit of the rules.
class RulesEdit : public QUndoCommand
{
public:
    struct Side {
        RulesEditorState state;
        std::string selected;
    };
    /// False: the files the edit was of are no longer open.
    using Apply = std::function<bool(const RulesEditorState &, const std::string &)>;

    /// `field`: what is being typed into; steps of none do not merge.
    RulesEdit(Side before, Side after, const QString &what, QString field, qint64 atMs, Apply apply)
        : QUndoCommand(what), m_before(std::move(before)), m_after(std::move(after)), m_field(std::move(field)),
          m_atMs(atMs), m_apply(std::move(apply))
    {
    }
    [[nodiscard]] int id() const override { return kRulesEdit; }
    void undo() override { setObsolete(!m_apply(m_before.state, m_before.selected)); }
    void redo() override { setObsolete(!m_apply(m_after.state, m_after.selected)); }
    bool mergeWith(const QUndoCommand *other) override
    {
        const auto *next = static_cast<const RulesEdit *>(other);
        // A rule whose id is typed has another one at every letter.
        if (m_field.isEmpty() || next->m_field != m_field || next->m_before.selected != m_after.selected
            || next->m_atMs - m_atMs > kTypingMs)
            return false;
        m_after = next->m_after;
        m_atMs = next->m_atMs;
        setObsolete(m_after.state == m_before.state);
        return true;
    }

private:
    Side m_before;
    Side m_after;
    QString m_field;
    qint64 m_atMs;
    Apply m_apply;
};

} // namespace

std::string todayText()
{
    return QDate::currentDate().toString(Qt::ISODate).toStdString();
}

RulesEditorController::RulesEditorController(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    m_clock.start();
    connect(&m_session, &Session::rulesChanged, this, [this] {
        // The pack that compiled anew is another one, or the same after somebody changed a file of it.
        const bool same = sources() == m_sources;
        if (same && m_openJob)
            return;
        if (same && m_opened)
            lookAtDisk();
        else
            open();
    });
    connect(&m_session, &Session::ruleFilesTouched, this, [this] {
        if (m_openJob)
            return;
        if (!m_opened)
            open(); // what kept them from being opened may be mended
        else if (!readOnly())
            lookAtDisk();
    });
    open();
}

RulesEditorController::~RulesEditorController()
{
    delete m_openJob.data();
    delete m_diskJob.data();
}

void RulesEditorController::open()
{
    delete m_openJob.data();
    delete m_diskJob.data();
    m_sources = sources();
    std::vector<std::string> paths;
    for (const QString &path : std::as_const(m_sources))
        paths.push_back(path.toStdString());
    m_openJob = startJob<classify::PackDocuments::Opened>(
        this, tr("Opening the rules"),
        [paths](std::stop_token, base::Progress &) { return classify::PackDocuments::open(paths); },
        [this](classify::PackDocuments::Opened opened) {
            m_openJob = nullptr;
            m_openError.reset();
            ++m_generation;
            adopt(std::move(opened));
        });
    connect(m_openJob, &Job::failed, this, [this](const base::Error &error) {
        m_openJob = nullptr;
        m_openError = error;
        m_opened = false;
        m_gone.reset();
        m_others.clear();
        m_pending.clear();
        ++m_generation;
        apply({}, {});
    });
}

void RulesEditorController::adopt(classify::PackDocuments::Opened opened)
{
    m_disk = std::move(opened.disk);
    m_others.clear();
    m_pending.clear();
    m_taken.clear();
    m_opened = true;
    m_gone.reset();
    apply({std::move(opened.documents), {}, {}}, m_selected);
}

void RulesEditorController::apply(const RulesEditorState &state, const std::string &id)
{
    m_state = state;
    std::string wanted = id;
    if (!m_state.find(wanted)) {
        const auto all = m_state.ids();
        wanted = all.empty() ? std::string() : all.front();
    }
    const bool other = wanted != m_selected;
    m_selected = wanted;
    weighConflicts();
    Q_EMIT stateChanged();
    if (other)
        Q_EMIT selectionChanged();
    Q_EMIT filesChanged();
}

void RulesEditorController::select(const std::string &id)
{
    if (id == m_selected || !m_state.find(id))
        return;
    m_selected = id;
    Q_EMIT selectionChanged();
}

bool RulesEditorController::mayEdit()
{
    if (!m_opened)
        return false;
    if (!readOnly())
        return true;
    Q_EMIT readOnlyTouched();
    return false;
}

void RulesEditorController::push(EditedRules edited, const QString &what, const QString &field)
{
    if (edited.state == m_state)
        return;
    m_session.undoStack()->push(
        new RulesEdit({m_state, m_selected}, {std::move(edited.state), edited.id}, what, field, m_clock.elapsed(),
                      [guard = QPointer<RulesEditorController>(this),
                       generation = m_generation](const RulesEditorState &state, const std::string &id) {
                          if (guard == nullptr || guard->m_generation != generation)
                              return false;
                          guard->apply(state, id);
                          return true;
                      }));
}

template <typename Edit> void RulesEditorController::tryEdit(const QString &what, Edit edit, const QString &field)
{
    if (!mayEdit())
        return;
    base::Result<EditedRules> edited = edit();
    if (edited)
        push(std::move(edited).value(), what, field);
    else
        Q_EMIT refused(edited.error());
}

void RulesEditorController::edit(const classify::Rule &rule, const QString &what)
{
    const auto before = this->rule();
    if (!before || *before == rule)
        return;
    const auto change = [&]() -> base::Result<EditedRules> {
        classify::Rule changed = rule;
        if (changed.modified == before->modified)
            changed.modified = todayText();
        return withRule(m_state, m_selected, std::move(changed));
    };
    tryEdit(tr("%1 of %2").arg(what, text(m_selected)), change, what);
}

void RulesEditorController::editExitCode(const QString &typed)
{
    const auto before = rule();
    if (!before)
        return;
    const auto change = [&]() -> base::Result<EditedRules> {
        classify::Rule changed = *before;
        changed.modified = todayText();
        return withExitCode(m_state, m_selected, std::move(changed), typed.toStdString());
    };
    tryEdit(tr("exit code of %1").arg(text(m_selected)), change, tr("exit code"));
}

std::optional<classify::PackDocuments> RulesEditorController::documents() const
{
    return m_opened ? std::optional(m_state.documents) : std::nullopt;
}

bool RulesEditorController::editDocuments(classify::PackDocuments documents, const std::string &rule,
                                          const QString &what)
{
    if (!mayEdit())
        return false;
    RulesEditorState state = m_state;
    state.documents = std::move(documents);
    push({std::move(state), rule}, what);
    return true;
}

void RulesEditorController::addBlank()
{
    tryEdit(tr("new rule"),
            [&]() -> base::Result<EditedRules> { return withNew(m_state, blankRule(todayText()), m_selected); });
}

void RulesEditorController::addFromFailure(const std::string &failure)
{
    tryEdit(tr("new rule from a failure"), [&]() -> base::Result<EditedRules> {
        return withNew(m_state, ruleFromFailure(failure, todayText()), m_selected);
    });
}

void RulesEditorController::duplicate()
{
    tryEdit(tr("copy of %1").arg(text(m_selected)), [&] { return withCopy(m_state, m_selected); });
}

void RulesEditorController::remove()
{
    tryEdit(tr("delete %1").arg(text(m_selected)), [&] { return withoutRule(m_state, m_selected); });
}

void RulesEditorController::setStatus(classify::RuleStatus status)
{
    auto changed = rule();
    if (!changed)
        return;
    changed->status = status;
    edit(*changed, tr("status"));
}

void RulesEditorController::move(int by)
{
    tryEdit(tr("order of %1").arg(text(m_selected)), [&] { return withMoved(m_state, m_selected, by); });
}

void RulesEditorController::addSample(classify::SampleKind kind, const std::string &failure)
{
    auto changed = rule();
    if (!changed)
        return;
    auto &list = kind == classify::SampleKind::Positive ? changed->positive : changed->negative;
    std::string sample = sampleOf(failure, *changed);
    if (sample.empty() || std::find(list.begin(), list.end(), sample) != list.end())
        return;
    list.push_back(std::move(sample));
    edit(*changed, tr("sample"));
}

} // namespace mulligan::desktop
