#include "desktop/mapping/mapping_controller.hpp"

#include "desktop/jobs/job.hpp"
#include "formats/file.hpp"
#include "pipeline/workspace_profiles.hpp"

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

using State = MappingFieldState::State;

// Typing in a field makes a change with every letter; a preview is made when the hand rests.
constexpr int kDelayMs = 120;

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

const QString &durationPrefix()
{
    static const QString prefix = QStringLiteral("started_at + ");
    return prefix;
}

bool isNeeded(const QString &target)
{
    static const QStringList needed{QStringLiteral("job"), QStringLiteral("run"), QStringLiteral("outcome"),
                                    QStringLiteral("started_at"), QStringLiteral("ended_at")};
    return needed.contains(target);
}

struct Opened {
    std::shared_ptr<const ingest::FileHead> head;
    ingest::Proposal proposal;
    std::shared_ptr<const ingest::Mapping> earlier; ///< that the file was read with before; null: none
    ingest::Preview preview;
};

base::Result<std::shared_ptr<const ingest::Mapping>> earlierProfile(const std::string &workspace,
                                                                    const std::string &file)
{
    if (workspace.empty())
        return std::shared_ptr<const ingest::Mapping>();
    MULLIGAN_TRY(auto opened, store::Workspace::open(workspace, store::OpenMode::ReadOnly));
    return pipeline::profileOf(opened, file);
}

} // namespace

MappingController::MappingController(QObject *parent) : QObject(parent)
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &MappingController::startPreview);
}

MappingController::~MappingController()
{
    delete m_job.data();
}

void MappingController::openFile(const QString &path, const QString &workspace)
{
    m_delay.stop();
    delete m_job.data();
    m_path = path;
    m_job = startJob<Opened>(
        this, tr("Looking at the file"),
        [file = path.toStdString(), workspace = workspace.toStdString()](std::stop_token,
                                                                         base::Progress &) -> base::Result<Opened> {
            MULLIGAN_TRY(auto head, ingest::readHead(file));
            Opened out;
            out.proposal = ingest::proposeMapping(head, file);
            MULLIGAN_TRY(out.earlier, earlierProfile(workspace, file));
            out.preview = ingest::previewMapping(head, out.earlier ? *out.earlier : out.proposal.mapping);
            out.head = std::make_shared<const ingest::FileHead>(std::move(head));
            return out;
        },
        [this](Opened opened) {
            m_job.clear();
            m_head = std::move(opened.head);
            m_proposal = std::move(opened.proposal);
            m_ofEarlierImport = opened.earlier != nullptr;
            m_mapping = m_ofEarlierImport ? *opened.earlier : m_proposal.mapping;
            m_preview = std::move(opened.preview);
            m_members.clear();
            Q_EMIT fileOpened();
            Q_EMIT mappingChanged();
            Q_EMIT previewChanged();
        });
    connect(m_job, &Job::failed, this, &MappingController::failed);
}

void MappingController::setMapping(ingest::Mapping mapping)
{
    m_mapping = std::move(mapping);
    m_ofEarlierImport = false;
    changed();
}

base::Result<void> MappingController::ready() const
{
    if (m_path.isEmpty() || !m_head)
        return base::makeError(base::ErrorCode::InvalidArgument, "No file is chosen", "Choose one first.");
    MULLIGAN_CHECK(ingest::checkComplete(m_mapping));
    if (m_preview.problem)
        return *m_preview.problem;
    return {};
}

QStringList MappingController::targets() const
{
    using ingest::Field;
    static const std::vector<Field> kOrder{Field::Job,           Field::Run,
                                           Field::Outcome,       Field::StartedAt,
                                           Field::EndedAt,       Field::Attempt,
                                           Field::ErrorText,     Field::Workflow,
                                           Field::Owner,         Field::Team,
                                           Field::Cluster,       Field::Queue,
                                           Field::ApplicationId, Field::Trigger,
                                           Field::ExitCode,      Field::CostUsd,
                                           Field::VcoreSeconds,  Field::MemoryGbSeconds,
                                           Field::ManualMinutes, Field::LogPath,
                                           Field::RootCause,     Field::Config,
                                           Field::Metrics,       Field::CostSource,
                                           Field::Action,        Field::ActionProbability,
                                           Field::PolicyVersion};
    QStringList out;
    for (const Field field : kOrder)
        out << text(std::string(ingest::name(field)));
    for (const auto &field : m_mapping.fields) {
        if (!field.member.empty())
            out << text(ingest::targetName(field));
    }
    for (const QString &member : m_members) {
        if (!out.contains(member))
            out << member;
    }
    return out;
}

const ingest::MappedField *MappingController::field(const QString &target) const
{
    const auto found = std::find_if(m_mapping.fields.begin(), m_mapping.fields.end(),
                                    [&](const auto &each) { return ingest::targetName(each) == target.toStdString(); });
    return found == m_mapping.fields.end() ? nullptr : &*found;
}

MappingFieldState MappingController::state(const QString &target) const
{
    const ingest::MappedField *source = field(target);
    if (source == nullptr) {
        if (isNeeded(target))
            return {target, State::Open, tr("every attempt needs it")};
        const bool numbered = target == QLatin1String("attempt");
        return {target, State::Unused, numbered ? tr("numbered by start within job and run") : QString()};
    }
    if (const auto problem = ingest::problemOf(m_mapping, *source))
        return {target, State::Wrong, text(problem->message)};
    for (const auto &column : ingest::columnsOf(*source)) {
        if (std::find(m_preview.columns.begin(), m_preview.columns.end(), column) == m_preview.columns.end()
            && !m_preview.columns.empty())
            return {target, State::Wrong, tr("the file has no column “%1”").arg(text(column))};
    }
    const std::string field(ingest::name(source->field));
    const auto bad = std::count_if(m_preview.rows.begin(), m_preview.rows.end(),
                                   [&](const auto &row) { return row.field == field; });
    if (bad > 0)
        return {target, State::Wrong, tr("rows it does not fit: %1").arg(bad)};
    if (m_ofEarlierImport)
        return {target, State::Good, {}};
    const auto proposed = std::find_if(m_proposal.fields.begin(), m_proposal.fields.end(),
                                       [&](const auto &each) { return each.target == target.toStdString(); });
    const ingest::MappedField *before =
        proposed == m_proposal.fields.end() ? nullptr : m_proposal.mapping.find(source->field, source->member);
    if (before == nullptr || ingest::columnsOf(*before) != ingest::columnsOf(*source))
        return {target, State::Good, {}};
    return {target, State::Good, tr("proposed, %1 % sure").arg(qRound(proposed->certainty * 100.0))};
}

QString MappingController::sourceText(const QString &target) const
{
    const ingest::MappedField *source = field(target);
    if (source == nullptr)
        return {};
    if (source->constant)
        return QStringLiteral("= ") + text(*source->constant);
    if (!source->duration.empty())
        return durationPrefix() + text(source->duration);
    if (!source->text.empty())
        return text(source->text);
    QStringList columns;
    for (const auto &column : source->columns)
        columns << text(column);
    return columns.join(QStringLiteral(" | "));
}

void MappingController::setSourceText(const QString &target, const QString &typed)
{
    const QString source = typed.trimmed();
    if (source == sourceText(target))
        return;
    if (source.isEmpty()) {
        remove(target);
        return changed();
    }
    ingest::MappedField &field = fieldForChange(target);
    field.columns.clear();
    field.text.clear();
    field.constant.reset();
    field.duration.clear();
    const std::string whole = source.toStdString();
    const auto &columns = m_preview.columns;
    if (std::find(columns.begin(), columns.end(), whole) != columns.end()) {
        field.columns = {whole};
    } else if (source.startsWith(QLatin1Char('='))) {
        field.constant = source.mid(1).trimmed().toStdString();
    } else if (source.startsWith(durationPrefix()) && target == QLatin1String("ended_at")) {
        field.duration = source.mid(durationPrefix().size()).toStdString();
        field.time.clear();
        field.zone.clear();
    } else if (source.contains(QLatin1Char('{')) || source.contains(QLatin1Char('}'))) {
        field.text = whole;
    } else {
        for (const QString &column : source.split(QStringLiteral(" | "), Qt::SkipEmptyParts))
            field.columns.push_back(column.trimmed().toStdString());
    }
    if (field.duration.empty() && field.field == ingest::Field::EndedAt)
        field.unit.clear();
    // A column of times brings its format along.
    if ((field.field == ingest::Field::StartedAt || field.field == ingest::Field::EndedAt)
        && field.columns.size() == 1) {
        for (const auto &column : m_proposal.columns) {
            if (column.name == field.columns.front() && !column.time.empty())
                field.time = column.time;
        }
    }
    changed();
}

ingest::MappedField &MappingController::fieldForChange(const QString &target)
{
    const std::string name = target.toStdString();
    for (auto &field : m_mapping.fields) {
        if (ingest::targetName(field) == name)
            return field;
    }
    ingest::MappedField field;
    if (ingest::setTarget(field, name) && !field.member.empty() && !m_members.contains(target))
        m_members << target;
    m_mapping.fields.push_back(std::move(field));
    return m_mapping.fields.back();
}

void MappingController::remove(const QString &target)
{
    const ingest::MappedField *source = field(target);
    if (source == nullptr)
        return;
    if (!source->member.empty() && !m_members.contains(target))
        m_members << target;
    m_mapping.fields.erase(m_mapping.fields.begin() + (source - m_mapping.fields.data()));
}

void MappingController::setTime(const QString &target, const QString &time)
{
    fieldForChange(target).time = time.trimmed().toStdString();
    changed();
}

void MappingController::setUnit(const QString &target, const QString &unit)
{
    fieldForChange(target).unit = unit.toStdString();
    changed();
}

void MappingController::setAdd(const QString &target, int add)
{
    fieldForChange(target).add = add;
    changed();
}

void MappingController::setValues(const QString &target, const std::vector<std::pair<QString, QString>> &values,
                                  const QString &otherwise)
{
    ingest::MappedField &field = fieldForChange(target);
    field.values.clear();
    for (const auto &[from, to] : values)
        field.values.emplace_back(from.toStdString(), to.toStdString());
    field.otherwise = otherwise.isNull() ? std::nullopt : std::optional(otherwise.toStdString());
    changed();
}

bool MappingController::addTarget(const QString &target)
{
    ingest::MappedField field;
    if (!ingest::setTarget(field, target.toStdString()) || field.member.empty() || targets().contains(target))
        return false;
    m_members << target;
    Q_EMIT mappingChanged();
    return true;
}

QStringList MappingController::sourceChoices(const QString &target) const
{
    QStringList out{QString()};
    for (const auto &column : m_preview.columns)
        out << text(column);
    if (target == QLatin1String("ended_at")) {
        for (const auto &column : m_proposal.columns) {
            if (column.type == ingest::ColumnType::Number || column.name.find("uration") != std::string::npos)
                out << durationPrefix() + text(column.name);
        }
    }
    const QString now = sourceText(target);
    if (!out.contains(now))
        out << now;
    return out;
}

QStringList MappingController::valuesOf(const QString &target) const
{
    QStringList out;
    const ingest::MappedField *source = field(target);
    if (source == nullptr)
        return out;
    for (const auto &name : ingest::columnsOf(*source)) {
        for (const auto &column : m_proposal.columns) {
            if (column.name != name)
                continue;
            for (const auto &value : column.distinct)
                out << text(value);
        }
    }
    return out;
}

void MappingController::changed()
{
    m_delay.start();
}

void MappingController::startPreview()
{
    if (!m_head)
        return;
    if (m_job) {
        m_again = true;
        return;
    }
    m_job = startJob<ingest::Preview>(
        this, tr("Trying the mapping"),
        [head = m_head, mapping = m_mapping](std::stop_token, base::Progress &) -> base::Result<ingest::Preview> {
            return ingest::previewMapping(*head, mapping);
        },
        [this](ingest::Preview preview) {
            m_job.clear();
            m_preview = std::move(preview);
            if (std::exchange(m_again, false))
                startPreview();
            Q_EMIT previewChanged();
        });
}

base::Result<void> MappingController::saveProfile(const QString &path) const
{
    return formats::writeFileAtomically(path.toStdString(), ingest::mappingText(m_mapping));
}

base::Result<void> MappingController::loadProfile(const QString &path)
{
    MULLIGAN_TRY(m_mapping, ingest::readMapping(path.toStdString()));
    m_members.clear();
    Q_EMIT mappingChanged();
    changed();
    return {};
}

} // namespace mulligan::desktop
