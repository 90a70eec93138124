#include "desktop/pages/lab_page.hpp"

#include "desktop/pages/lab_cadences.hpp"
#include "desktop/pages/lab_controller.hpp"
#include "desktop/pages/lab_knobs.hpp"
#include "desktop/pages/lab_results.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/empty_state.hpp"
#include "desktop/widgets/knob_icon.hpp"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr int kKnobWidth = 352;

QScrollArea *scrolled(QWidget *content)
{
    auto *area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidget(content);
    return area;
}

} // namespace

LabPage::LabPage(Session &session, QWidget *parent)
    : Page(parent), m_session(session), m_controller(new LabController(session, this))
{
    m_cadences = new LabCadences(session, this);
    m_results = new LabResults(*m_controller, *m_cadences);
    auto *work = new QWidget;
    auto *columns = new QHBoxLayout(work);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(kGap);
    columns->addWidget(buildKnobs());
    auto *right = new QVBoxLayout;
    right->setSpacing(kGap);
    right->addWidget(scrolled(m_results), 1);
    columns->addLayout(right, 1);
    buildEmpty();
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(work);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_results, &LabResults::classChosen, this, [this](const QString &errorClass) {
        Q_EMIT navigationRequested(QStringLiteral("failures"), QStringLiteral("class:") + errorClass);
    });
    connect(m_controller, &LabController::figuresChanged, this, &LabPage::refreshState);
    connect(&session, &Session::workspaceChanged, this, [this] { m_knobs->readBaselines(); });
    connect(&session, &Session::replayChanged, this, &LabPage::refreshState);
    connect(&session, &Session::dataChanged, this, &LabPage::refreshState);
    connect(session.undoStack(), &QUndoStack::cleanChanged, this, [this] { m_knobs->readBaselines(); });
    refreshState();
}

QWidget *LabPage::buildKnobs()
{
    auto *panel = new Card;
    panel->setFixedWidth(kKnobWidth);
    panel->body()->addWidget(buildBar());
    m_knobs = new LabKnobs(*m_controller);
    panel->body()->addWidget(scrolled(m_knobs), 1);
    return panel;
}

QWidget *LabPage::buildBar()
{
    auto *bar = new QWidget;
    auto *layout = new QVBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, kGapSmall);
    layout->setSpacing(kGapSmall);
    m_presets = new QComboBox;
    m_presets->addItem(tr("Start from a policy…"));
    m_presets->addItem(tr("Saved in this workspace"));
    m_presets->addItem(tr("Shipped default"));
    m_presets->addItem(tr("Incumbent: what the scheduler does"));
    m_presets->setAccessibleName(tr("Start from a policy"));
    connect(m_presets, &QComboBox::activated, this, &LabPage::usePreset);
    const auto tool = [](const QString &name, const QString &help) {
        auto *button = new QToolButton;
        button->setObjectName(QStringLiteral("boxed"));
        setThemedIcon(button, name);
        button->setToolTip(help);
        button->setAccessibleName(help);
        return button;
    };
    auto *undo = tool(QStringLiteral("undo"), tr("Undo the last change"));
    auto *redo = tool(QStringLiteral("redo"), tr("Do it again"));
    auto *load = tool(QStringLiteral("open"), tr("Load a policy.yaml…"));
    auto *store = tool(QStringLiteral("export"), tr("Save as policy.yaml…"));
    QUndoStack *stack = m_session.undoStack();
    undo->setEnabled(stack->canUndo());
    redo->setEnabled(stack->canRedo());
    connect(stack, &QUndoStack::canUndoChanged, undo, &QWidget::setEnabled);
    connect(stack, &QUndoStack::canRedoChanged, redo, &QWidget::setEnabled);
    connect(undo, &QToolButton::clicked, stack, &QUndoStack::undo);
    connect(redo, &QToolButton::clicked, stack, &QUndoStack::redo);
    connect(load, &QToolButton::clicked, this, &LabPage::loadFile);
    connect(store, &QToolButton::clicked, this, &LabPage::saveFile);
    m_save = new QPushButton(tr("Save"));
    m_save->setToolTip(tr("Keeps policy and economics in the workspace; reports and bundles use them."));
    connect(m_save, &QPushButton::clicked, this, [this] {
        m_session.savePolicy();
        m_knobs->readBaselines();
    });
    m_status = makeLabel({}, "muted");
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(kGapSmall);
    for (QWidget *button : {static_cast<QWidget *>(undo), static_cast<QWidget *>(redo), static_cast<QWidget *>(load),
                            static_cast<QWidget *>(store)})
        buttons->addWidget(button);
    buttons->addStretch(1);
    buttons->addWidget(m_save);
    layout->addWidget(m_presets);
    layout->addLayout(buttons);
    layout->addWidget(m_status);
    return bar;
}

void LabPage::buildEmpty()
{
    m_empty = new EmptyState(QStringLiteral("lab"), {}, {});
    m_emptyAction = m_empty->addButton({});
    connect(m_emptyAction, &QPushButton::clicked, this, [this] {
        Q_EMIT navigationRequested(m_session.isOpen() ? QStringLiteral("data") : QStringLiteral("start"), {});
    });
}

void LabPage::activate()
{
    m_knobs->readBaselines();
}

void LabPage::reveal(const QString &argument)
{
    const QString prefix = QStringLiteral("threshold:");
    if (argument.startsWith(prefix))
        m_controller->setSweepSelector(argument.mid(prefix.size()));
}

void LabPage::usePreset(int index)
{
    m_presets->setCurrentIndex(0);
    if (index == 0)
        return;
    const auto policy = index == 1   ? m_controller->savedPolicy()
                        : index == 2 ? m_controller->shippedPolicy()
                                     : m_controller->incumbentPolicy();
    if (!policy) {
        Q_EMIT m_session.errorOccurred(policy.error());
        return;
    }
    m_session.setPolicy(policy.value(), m_presets->itemText(index));
}

void LabPage::loadFile()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Load a policy"), {}, tr("Policies (*.yaml *.yml)"));
    if (path.isEmpty())
        return;
    if (const auto loaded = m_controller->loadPolicyFile(path); !loaded)
        Q_EMIT m_session.errorOccurred(loaded.error());
}

void LabPage::saveFile()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the policy"), QStringLiteral("policy.yaml"),
                                                      tr("Policies (*.yaml)"));
    if (path.isEmpty())
        return;
    if (const auto saved = m_controller->savePolicyFile(path); !saved)
        Q_EMIT m_session.errorOccurred(saved.error());
}

void LabPage::refreshState()
{
    const LabFigures &figures = m_controller->figures();
    m_save->setEnabled(m_session.isOpen());
    m_status->setText(figures.stale       ? tr("Replaying history under these knobs…")
                      : m_session.stale() ? tr("Recovery times and months are being updated…")
                                          : tr("All figures are of these knobs"));
    if (figures.available) {
        m_stack->setCurrentIndex(1);
        return;
    }
    m_stack->setCurrentIndex(0);
    m_emptyAction->setVisible(true);
    if (!m_session.isOpen()) {
        m_empty->setSentence(tr("No history to rehearse on"),
                             tr("Open a workspace, or make one, and import the attempts of your jobs."));
        m_emptyAction->setText(tr("Go to Start"));
    } else if (m_session.stale() || m_session.currentJob() != nullptr) {
        m_empty->setSentence(tr("Replaying history…"), tr("The figures appear as soon as the first replay is done."));
        m_emptyAction->setVisible(false);
    } else if (const auto &lacking = m_session.lacking()) {
        m_empty->setSentence(QString::fromStdString(lacking->message), QString::fromStdString(lacking->hint));
        m_emptyAction->setText(tr("Import data"));
    } else {
        m_empty->setSentence(tr("Nothing to replay yet"),
                             tr("Import attempts with failures; a history a week longer than the last failure is "
                                "needed, since younger episodes have not ended."));
        m_emptyAction->setText(tr("Import data"));
    }
}

} // namespace mulligan::desktop
