#pragma once

#include "base/result.hpp"
#include "ingest/mapping_proposal.hpp"

#include <QObject>
#include <QPointer>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace mulligan::desktop
{

class Job;

/// How far one field of the mapping has come.
struct MappingFieldState {
    enum class State { Good, Open, Wrong, Unused };
    QString target; ///< "job", "config.spark.executor.memory"
    State state = State::Unused;
    QString remark; ///< what is wrong, or how sure the proposal was
};

/// The logic of importing with a mapping: a file, what is proposed for it, what the person changed, and what would
/// become of the first rows. Files are read and previews are made in the background; the newest change wins.
class MappingController : public QObject
{
    Q_OBJECT

public:
    explicit MappingController(QObject *parent = nullptr);
    ~MappingController() override;

    /// Reads the file's beginning and proposes a mapping; `fileOpened` or `failed` follows. Where the workspace of that
    /// path has read the file by a profile, the mapping is that one, to be changed.
    void openFile(const QString &path, const QString &workspace = {});
    /// Whether the mapping began as the profile that the file was read with before.
    [[nodiscard]] bool isOfEarlierImport() const { return m_ofEarlierImport; }
    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] const ingest::Proposal &proposal() const { return m_proposal; }

    [[nodiscard]] const ingest::Mapping &mapping() const { return m_mapping; }
    /// Replaces the mapping; the preview follows.
    void setMapping(ingest::Mapping mapping);
    [[nodiscard]] const ingest::Preview &preview() const { return m_preview; }
    [[nodiscard]] bool isBusy() const { return !m_job.isNull() || m_delay.isActive(); }
    /// Whether an import can begin; the error says what is missing.
    [[nodiscard]] base::Result<void> ready() const;

    /// All fields in the order shown: those that every attempt needs, the others, then settings and metrics.
    [[nodiscard]] QStringList targets() const;
    [[nodiscard]] MappingFieldState state(const QString &target) const;
    [[nodiscard]] const ingest::MappedField *field(const QString &target) const;

    /// Where a field comes from, in one line: a column's name, "a | b" for the first of several that is filled,
    /// a template with {columns}, "= text" for a constant, "started_at + column" for a duration; empty: nowhere.
    [[nodiscard]] QString sourceText(const QString &target) const;
    void setSourceText(const QString &target, const QString &text);
    void setTime(const QString &target, const QString &time);
    void setUnit(const QString &target, const QString &unit);
    void setAdd(const QString &target, int add);
    /// `values`: source text and meaning; `otherwise` null: texts that are not listed stay as they are.
    void setValues(const QString &target, const std::vector<std::pair<QString, QString>> &values,
                   const QString &otherwise);
    /// Adds a setting or metric ("metrics.tasks"); false when there is no such target or it is there.
    bool addTarget(const QString &target);

    /// Columns a field may come from, as setSourceText takes them.
    [[nodiscard]] QStringList sourceChoices(const QString &target) const;
    /// Texts that the field's column holds in the rows looked at.
    [[nodiscard]] QStringList valuesOf(const QString &target) const;

    [[nodiscard]] base::Result<void> saveProfile(const QString &path) const;
    [[nodiscard]] base::Result<void> loadProfile(const QString &path);

Q_SIGNALS:
    void fileOpened();
    void mappingChanged(); ///< replaced as a whole: everything that shows it differs
    void previewChanged();
    void failed(const base::Error &error);

private:
    ingest::MappedField &fieldForChange(const QString &target);
    void remove(const QString &target);
    void changed();
    void startPreview();

    QString m_path;
    std::shared_ptr<const ingest::FileHead> m_head;
    ingest::Proposal m_proposal;
    ingest::Mapping m_mapping;
    ingest::Preview m_preview;
    QStringList m_members; ///< settings and metrics that were added and may still be without a source
    QPointer<Job> m_job;
    bool m_again = false;
    bool m_ofEarlierImport = false;
    QTimer m_delay;
};

} // namespace mulligan::desktop
