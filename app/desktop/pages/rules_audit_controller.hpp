#pragma once

#include "desktop/jobs/job.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "pipeline/audit.hpp"
#include "pipeline/audit_replies.hpp"
#include "store/failure_query.hpp"
#endif

#include <QObject>
#include <QPointer>
#include <QUndoStack>

#include <optional>
#include <vector>

namespace mulligan::desktop
{

class Session;

/// An audit: a sample of failures, walked through one after another, and the figures that the answers give. Answers are
/// kept in the workspace as they are given, by a job that follows behind, so that the next failure never waits; they
/// can be taken back one by one.
class RulesAuditController : public QObject
{
    Q_OBJECT

public:
    RulesAuditController(Session &session, QObject *parent);
    ~RulesAuditController() override; ///< waits until the answers given are stored

    /// Reads the sample that was drawn last.
    void load();
    /// Draws a sample, or takes up the one that was drawn with the same options.
    void draw(const pipeline::AuditOptions &options);

    [[nodiscard]] bool loaded() const { return m_loaded; } ///< false: not read yet
    [[nodiscard]] const store::AuditSample &sample() const { return m_sample; }
    [[nodiscard]] const pipeline::AuditFigures &figures() const { return m_figures; }
    /// Index of the failure that is looked at; −1 without a sample.
    [[nodiscard]] int index() const { return m_index; }
    [[nodiscard]] const store::AuditItem *item() const;
    /// The failure that is looked at with its text; nothing when it is gone.
    [[nodiscard]] const std::optional<store::FailureDetail> &detail() const { return m_detail; }
    /// Every failure that is still there has an answer.
    [[nodiscard]] bool complete() const;
    /// Answers that wait to be stored.
    [[nodiscard]] size_t pending() const { return m_writes.size() + m_writing; }

    void confirm();
    void noCause();
    /// `rule` may be empty. The class must be one of the pack's.
    void correct(const QString &errorClass, const QString &rule);
    void skip(); ///< to the next one without an answer
    void back(); ///< to the one looked at before
    void goTo(int index);
    [[nodiscard]] bool canGoBack() const { return !m_visited.empty(); }
    /// Of answers alone: each is one step.
    [[nodiscard]] QUndoStack *undoStack() { return &m_undo; }

    /// Classes that an answer may name, sorted.
    [[nodiscard]] QStringList classes() const;

Q_SIGNALS:
    void jobStarted(mulligan::desktop::Job *job); ///< reading or drawing
    void answering();                             ///< an answer is about to be given, taken back or given again
    void changed();                               ///< sample() or figures()
    void moved();                                 ///< index() and detail()
    void failed(const base::Error &error);

private:
    friend class AuditAnswerCommand;
    /// What is to be stored for an item: a reply, an older answer brought back, or none (the answer taken back).
    struct Write {
        std::int64_t item = 0;
        std::optional<pipeline::AuditReply> reply;
        std::optional<store::AuditAnswer> answer;
    };
    [[nodiscard]] static base::Result<store::AuditSample> stored(const std::string &path,
                                                                 const store::AuditSample &sample,
                                                                 const classify::RulePack &pack,
                                                                 const std::vector<Write> &writes);
    void start(Job *job);
    void flush();
    void adopt(store::AuditSample sample);
    void answer(const pipeline::AuditReply &reply, const QString &what);
    void put(const Write &write);
    void showLocally(const Write &write);
    void storeNext();
    void moveTo(int index);
    [[nodiscard]] int nextOpen(int after) const;
    [[nodiscard]] int indexOf(std::int64_t item) const;

    Session &m_session;
    QPointer<Job> m_job;
    QPointer<Job> m_store;
    QUndoStack m_undo;
    std::string m_path; ///< of the workspace that the sample is of
    store::AuditSample m_sample;
    pipeline::AuditFigures m_figures;
    std::optional<store::FailureDetail> m_detail;
    std::vector<int> m_visited;
    std::vector<Write> m_writes;
    size_t m_writing = 0;
    int m_index = -1;
    bool m_loaded = false;
};

} // namespace mulligan::desktop
