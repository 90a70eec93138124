#include "desktop/pages/rules_audit_controller.hpp"

#include "desktop/session/session.hpp"
#include "desktop/widgets/format.hpp"

#include <QUndoCommand>

#include <algorithm>
#include <set>

namespace mulligan::desktop
{

/// One answer. Undoing brings back the one before it, or none, and the failure it was about.
class AuditAnswerCommand : public QUndoCommand
{
public:
    AuditAnswerCommand(RulesAuditController &audit, RulesAuditController::Write write,
                       std::optional<store::AuditAnswer> before, const QString &what)
        : QUndoCommand(what), m_audit(audit), m_write(std::move(write)), m_before(std::move(before))
    {
    }
    void redo() override
    {
        Q_EMIT m_audit.answering();
        m_audit.put(m_write);
        m_audit.moveTo(m_audit.nextOpen(m_audit.indexOf(m_write.item)));
    }
    void undo() override
    {
        Q_EMIT m_audit.answering();
        m_audit.put({m_write.item, std::nullopt, m_before});
        m_audit.moveTo(m_audit.indexOf(m_write.item));
    }

private:
    RulesAuditController &m_audit;
    RulesAuditController::Write m_write;
    std::optional<store::AuditAnswer> m_before;
};

RulesAuditController::RulesAuditController(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        flush();
        m_undo.clear();
        m_loaded = false;
        adopt({});
        m_loaded = false;
    });
}

RulesAuditController::~RulesAuditController()
{
    flush();
}

void RulesAuditController::flush()
{
    delete m_job.data();
    // A job that is deleted ends first; what came after it is stored here, so that no answer is lost.
    delete m_store.data();
    if (!m_writes.empty() && m_session.rules())
        (void)stored(m_path, m_sample, m_session.rules()->pack(), m_writes).has_value();
    m_writes.clear();
    m_writing = 0;
}

const store::AuditItem *RulesAuditController::item() const
{
    return m_index >= 0 ? &m_sample.items[static_cast<size_t>(m_index)] : nullptr;
}

bool RulesAuditController::complete() const
{
    return m_sample.id != 0
           && std::all_of(m_sample.items.begin(), m_sample.items.end(), [](const store::AuditItem &each) {
                  return each.answer.has_value() || each.classNow.empty();
              });
}

QStringList RulesAuditController::classes() const
{
    std::set<std::string> names;
    if (const auto rules = m_session.rules())
        for (const auto &rule : rules->pack().rules)
            names.insert(rule.errorClass);
    QStringList list;
    for (const auto &each : names)
        list << text(each);
    return list;
}

void RulesAuditController::start(Job *job)
{
    m_job = job;
    connect(job, &Job::failed, this, &RulesAuditController::failed);
    Q_EMIT jobStarted(job);
}

void RulesAuditController::load()
{
    if (!m_session.isOpen() || pending() > 0)
        return; // what is being stored reads the sample anew when it has ended
    delete m_job.data();
    start(startJob<store::AuditSample>(
        this, tr("Reading the audit"),
        [path = m_session.path().toStdString()](std::stop_token, base::Progress &) -> base::Result<store::AuditSample> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            return store::loadAuditSample(workspace);
        },
        [this](store::AuditSample sample) { adopt(std::move(sample)); }));
}

void RulesAuditController::draw(const pipeline::AuditOptions &options)
{
    if (!m_session.isOpen() || pending() > 0)
        return;
    delete m_job.data();
    start(startJob<store::AuditSample>(
        this, tr("Drawing a sample"),
        [path = m_session.path().toStdString(), options](std::stop_token,
                                                         base::Progress &) -> base::Result<store::AuditSample> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadWrite));
            return pipeline::drawAudit(workspace, options);
        },
        [this](store::AuditSample sample) {
            m_undo.clear();
            adopt(std::move(sample));
        }));
}

void RulesAuditController::adopt(store::AuditSample sample)
{
    const bool same = m_loaded && sample.id == m_sample.id && sample.items.size() == m_sample.items.size();
    m_loaded = true;
    m_path = m_session.path().toStdString();
    m_sample = std::move(sample);
    m_figures = pipeline::auditFigures(m_sample);
    if (!same) {
        m_visited.clear();
        m_index = -1;
        m_detail.reset();
    }
    Q_EMIT changed();
    if (same && m_index >= 0)
        moveTo(m_index); // its verdict may be another one now
    else
        moveTo(m_sample.items.empty() ? -1 : nextOpen(-1));
}

int RulesAuditController::indexOf(std::int64_t item) const
{
    for (size_t i = 0; i < m_sample.items.size(); ++i)
        if (m_sample.items[i].id == item)
            return static_cast<int>(i);
    return -1;
}

int RulesAuditController::nextOpen(int after) const
{
    const auto count = static_cast<int>(m_sample.items.size());
    for (int step = 1; step <= count; ++step) {
        const int place = (after + step) % count;
        const auto &each = m_sample.items[static_cast<size_t>(place)];
        if (!each.answer && !each.classNow.empty() && place != after)
            return place;
    }
    return after >= 0 ? after : 0;
}

void RulesAuditController::moveTo(int index)
{
    m_index = index;
    m_detail.reset();
    auto *workspace = m_session.workspace();
    if (const auto *now = item(); now != nullptr && workspace != nullptr) {
        auto detail = store::failureDetail(*workspace, now->attemptId);
        if (detail)
            m_detail = std::move(detail).value();
        else if (detail.error().code != base::ErrorCode::NotFound)
            Q_EMIT failed(detail.error());
    }
    Q_EMIT moved();
}

void RulesAuditController::goTo(int index)
{
    if (index < 0 || index >= static_cast<int>(m_sample.items.size()) || index == m_index)
        return;
    m_visited.push_back(m_index);
    moveTo(index);
}

void RulesAuditController::skip()
{
    if (m_index >= 0)
        goTo(nextOpen(m_index));
}

void RulesAuditController::back()
{
    if (m_visited.empty())
        return;
    const int index = m_visited.back();
    m_visited.pop_back();
    moveTo(index);
}

void RulesAuditController::confirm()
{
    if (const auto *now = item(); now != nullptr && !now->classNow.empty())
        answer({now->id, pipeline::AuditSays::Confirmed, {}, {}, {}}, tr("answer: correct"));
}

void RulesAuditController::noCause()
{
    if (const auto *now = item(); now != nullptr && !now->classNow.empty())
        answer({now->id, pipeline::AuditSays::NoCause, {}, {}, {}}, tr("answer: no cause in the text"));
}

void RulesAuditController::correct(const QString &errorClass, const QString &rule)
{
    const auto *now = item();
    if (now == nullptr || now->classNow.empty())
        return;
    if (!classes().contains(errorClass)) {
        Q_EMIT failed(base::makeError(base::ErrorCode::InvalidArgument,
                                      "The pack has no class '" + errorClass.toStdString() + "'",
                                      "Choose one of the list, or make a rule of that class first."));
        return;
    }
    if (errorClass.toStdString() == now->classNow) {
        // Somebody who says that it is wrong has slipped, and would not see a silent "correct".
        Q_EMIT failed(base::makeError(base::ErrorCode::InvalidArgument,
                                      "The verdict says '" + now->classNow + "' already",
                                      "Answer that it is correct (Y), or name another class."));
        return;
    }
    answer({now->id, pipeline::AuditSays::Corrected, errorClass.toStdString(), rule.toStdString(), {}},
           tr("answer: %1").arg(errorClass));
}

void RulesAuditController::answer(const pipeline::AuditReply &reply, const QString &what)
{
    const auto *now = item();
    m_visited.push_back(m_index);
    m_undo.push(new AuditAnswerCommand(*this, {reply.item, reply, std::nullopt}, now->answer, what));
}

void RulesAuditController::put(const Write &write)
{
    showLocally(write);
    m_writes.push_back(write);
    storeNext();
}

void RulesAuditController::showLocally(const Write &write)
{
    const int place = indexOf(write.item);
    if (place < 0)
        return;
    std::optional<store::AuditAnswer> shown = write.answer;
    const auto &about = m_sample.items[static_cast<size_t>(place)];
    if (write.reply) {
        shown.emplace();
        shown->rule = write.reply->rule;
        shown->when = base::systemNow();
        if (write.reply->says == pipeline::AuditSays::Corrected)
            shown->errorClass = write.reply->errorClass;
        else if (write.reply->says == pipeline::AuditSays::Confirmed && about.classNow != model::kUnclassified)
            shown->errorClass = about.classNow;
    }
    // Answers stay with the text, so every failure of that text has it.
    const std::string hash = about.textHash;
    for (auto &each : m_sample.items)
        if (each.textHash == hash)
            each.answer = shown;
    m_figures = pipeline::auditFigures(m_sample);
    Q_EMIT changed();
}

base::Result<store::AuditSample> RulesAuditController::stored(const std::string &path, const store::AuditSample &sample,
                                                              const classify::RulePack &pack,
                                                              const std::vector<Write> &writes)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadWrite));
    for (const auto &write : writes) {
        const auto kept = write.reply
                              ? pipeline::answerAudit(workspace, sample, pack, {*write.reply}, base::systemNow())
                          : write.answer ? store::storeAuditAnswers(workspace, {{write.item, *write.answer}})
                                         : store::removeAuditAnswer(workspace, write.item);
        if (!kept)
            return kept.error();
    }
    return store::loadAuditSample(workspace, sample.id);
}

void RulesAuditController::storeNext()
{
    const auto rules = m_session.rules();
    if (m_store || m_writes.empty() || !rules)
        return;
    m_writing = m_writes.size();
    m_store = startJob<store::AuditSample>(
        this, tr("Keeping the answers"),
        [path = m_path, sample = m_sample, rules, writes = std::exchange(m_writes, {})](
            std::stop_token, base::Progress &) { return stored(path, sample, rules->pack(), writes); },
        [this](store::AuditSample sample) {
            if (!m_writes.empty())
                return; // newer answers are on their way; what they leave is read then
            m_sample = std::move(sample);
            m_figures = pipeline::auditFigures(m_sample);
        });
    const auto ended = [this] {
        m_store = nullptr;
        m_writing = 0;
        Q_EMIT changed();
        storeNext();
    };
    connect(m_store, &Job::finished, this, ended);
    connect(m_store, &Job::cancelled, this, ended);
    connect(m_store, &Job::failed, this, [this, ended](const base::Error &error) {
        Q_EMIT failed(error);
        ended();
        load(); // what is shown is what is stored
    });
}

} // namespace mulligan::desktop
