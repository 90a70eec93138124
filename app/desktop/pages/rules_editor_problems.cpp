#include "desktop/pages/rules_editor_problems.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/table_view.hpp"
#include "desktop/widgets/two_line_delegate.hpp"

#include <QComboBox>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>
#include <utility>

namespace mulligan::desktop
{

namespace
{

using classify::Severity;

/// Some of the problems: those of one gravity, or of one kind.
struct Choice {
    QString key; ///< as the box keeps it
    QString name;
    std::function<bool(const PackProblem &)> fits;
    int count = 0;
};

bool neverHit(const PackProblem &problem)
{
    return problem.kind == "never_hit";
}

QString counted(const QString &name, int count)
{
    return QStringLiteral("%1 (%2)").arg(name, countText(count));
}

/// Errors, warnings and notes; rules that never hit are none of them, since they would be all that is seen.
std::vector<Choice> gravities()
{
    const auto of = [](Severity severity) {
        return [severity](const PackProblem &problem) { return problem.severity == severity && !neverHit(problem); };
    };
    return {{QStringLiteral("/error"), QObject::tr("Errors"), of(Severity::Error)},
            {QStringLiteral("/warning"), QObject::tr("Warnings"), of(Severity::Warning)},
            {QStringLiteral("/note"), QObject::tr("Notes"), of(Severity::Note)}};
}

/// Each kind there is, in the order of the first of each.
std::vector<Choice> kindsOf(const std::vector<PackProblem> &problems)
{
    std::vector<Choice> kinds;
    for (const auto &problem : problems) {
        const QString key = text(problem.kind);
        if (std::any_of(kinds.begin(), kinds.end(), [&](const Choice &kind) { return kind.key == key; }))
            continue;
        QString name = problemKindName(problem.kind);
        name[0] = name[0].toUpper();
        kinds.push_back({key, name, [kind = problem.kind](const PackProblem &p) { return p.kind == kind; }});
    }
    return kinds;
}

std::vector<Choice> countedIn(std::vector<Choice> choices, const std::vector<PackProblem> &problems)
{
    for (auto &choice : choices)
        choice.count = static_cast<int>(std::count_if(problems.begin(), problems.end(), choice.fits));
    choices.erase(
        std::remove_if(choices.begin(), choices.end(), [](const Choice &choice) { return choice.count == 0; }),
        choices.end());
    return choices;
}

QString gravityCount(Severity severity, int count)
{
    const QString number = countText(count);
    switch (severity) {
    case Severity::Error: return count == 1 ? QObject::tr("1 error") : QObject::tr("%1 errors").arg(number);
    case Severity::Warning: return count == 1 ? QObject::tr("1 warning") : QObject::tr("%1 warnings").arg(number);
    case Severity::Note: return count == 1 ? QObject::tr("1 note") : QObject::tr("%1 notes").arg(number);
    }
    return {};
}

} // namespace

RuleProblemsPanel::RuleProblemsPanel(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    m_kinds = new QComboBox(this);
    m_kinds->setAccessibleName(tr("Which problems are shown"));
    m_kinds->setToolTip(tr("Which problems are shown. Rules that never hit are looked for by “Run tests” (Ctrl+T)."));
    m_kinds->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    layout->addWidget(m_kinds);
    buildTable();
    layout->addWidget(m_table, 1);
    fillKinds();
    connect(m_kinds, &QComboBox::currentIndexChanged, this, &RuleProblemsPanel::showKind);
}

void RuleProblemsPanel::buildTable()
{
    m_table = new TableView(this);
    m_table->setAccessibleName(tr("Problems of the pack"));
    m_model = new RowsModel<PackProblem>(problemColumns(), this);
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    // What is wrong must be in sight, whole where that can be: it has the width, and of which rule stands below it.
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(kProblemText, QHeaderView::Stretch);
    for (const int column : {kProblemRule, kProblemKind, kProblemFile, kProblemLine})
        m_table->setColumnFolded(column, true);
    m_table->setItemDelegateForColumn(kProblemText, new TwoLineDelegate(
                                                        [this](const QModelIndex &index) {
                                                            const auto &problem = m_model->row(index.row());
                                                            return problemKindName(problem.kind) + QStringLiteral(" · ")
                                                                   + text(problem.rule);
                                                        },
                                                        m_table));
    m_table->verticalHeader()->setDefaultSectionSize(2 * m_table->fontMetrics().height() + 8);
    const auto openAt = [this](const QModelIndex &index) {
        if (index.isValid())
            open(index.row());
    };
    connect(m_table, &QTableView::activated, this, openAt);
    connect(m_table, &QTableView::clicked, this, openAt);
}

void RuleProblemsPanel::open(int row)
{
    const auto &problem = m_model->row(row);
    Q_EMIT activated(text(problem.rule), problem.line);
}

void RuleProblemsPanel::setProblems(std::vector<PackProblem> problems)
{
    if (problems == m_model->rows())
        return;
    const QModelIndex current = m_table->currentIndex();
    const auto selected = current.isValid() ? std::optional(m_model->row(current.row())) : std::nullopt;
    m_model->setRows(std::move(problems));
    fillKinds();
    showKind();
    for (int row = 0; selected && row < m_model->rowCount(); ++row) {
        const auto &problem = m_model->row(row);
        // An edit moves the lines of others.
        if (problem.rule == selected->rule && problem.kind == selected->kind && problem.message == selected->message) {
            m_table->selectRow(row);
            return;
        }
    }
}

void RuleProblemsPanel::fillKinds()
{
    const QSignalBlocker quiet(m_kinds);
    const QString shown = m_kinds->currentData().toString();
    const auto &problems = m_model->rows();
    m_kinds->clear();
    m_kinds->addItem(counted(tr("All problems"), static_cast<int>(problems.size())), QString());
    for (const auto &choices : {countedIn(gravities(), problems), countedIn(kindsOf(problems), problems)}) {
        if (!choices.empty())
            m_kinds->insertSeparator(m_kinds->count());
        for (const auto &choice : choices)
            m_kinds->addItem(counted(choice.name, choice.count), choice.key);
    }
    m_kinds->setCurrentIndex(std::max(0, m_kinds->findData(shown)));
    m_kinds->setEnabled(!problems.empty());
}

void RuleProblemsPanel::showKind()
{
    const QString key = m_kinds->currentData().toString();
    for (const auto &choices : {gravities(), kindsOf(m_model->rows())})
        for (const auto &choice : choices)
            if (choice.key == key) {
                m_model->setFilter(choice.fits);
                return;
            }
    m_model->setFilter({});
}

QStringList RuleProblemsPanel::names() const
{
    const auto &problems = m_model->rows();
    if (problems.empty())
        return {tr("No problems")};
    QStringList all;
    const Severity severities[] = {Severity::Error, Severity::Warning, Severity::Note};
    const auto choices = gravities();
    for (size_t i = 0; i < choices.size(); ++i)
        if (const auto count = std::count_if(problems.begin(), problems.end(), choices[i].fits); count > 0)
            all << gravityCount(severities[i], static_cast<int>(count));
    if (const auto never = std::count_if(problems.begin(), problems.end(), neverHit); never > 0)
        all << tr("%1 never hit").arg(countText(static_cast<double>(never)));
    QStringList names{all.join(QStringLiteral(", "))};
    while (all.size() > 1) {
        all.removeLast();
        names << all.join(QStringLiteral(", ")) + QStringLiteral(", …");
    }
    return names;
}

QString RuleProblemsPanel::summary() const
{
    QStringList lines;
    for (const auto &kind : countedIn(kindsOf(m_model->rows()), m_model->rows()))
        lines << QStringLiteral("%1: %2").arg(kind.name, countText(kind.count));
    return lines.join(QLatin1Char('\n'));
}

bool RuleProblemsPanel::next()
{
    if (m_model->rowCount() == 0)
        return false;
    const QModelIndex now = m_table->currentIndex();
    const int row = now.isValid() ? (now.row() + 1) % m_model->rowCount() : 0;
    m_table->selectRow(row);
    open(row);
    return true;
}

} // namespace mulligan::desktop
