#pragma once

#include "desktop/shell/page.hpp"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace mulligan::desktop
{

class EmptyState;
class LabCadences;
class LabController;
class LabKnobs;
class LabResults;
class Session;

/// The policy lab: every knob on the left, what it does to the figures on the right.
class LabPage : public Page
{
    Q_OBJECT

public:
    explicit LabPage(Session &session, QWidget *parent = nullptr);
    void activate() override;
    /// "threshold:CLASS" shows that class's sweep.
    void reveal(const QString &argument) override;
    [[nodiscard]] LabController &controller() { return *m_controller; }
    [[nodiscard]] LabCadences &cadences() { return *m_cadences; }
    [[nodiscard]] LabKnobs &knobs() { return *m_knobs; }

private:
    QWidget *buildBar();
    QWidget *buildKnobs();
    void buildEmpty();
    void usePreset(int index);
    void loadFile();
    void saveFile();
    void refreshState();

    Session &m_session;
    LabController *m_controller = nullptr;
    LabCadences *m_cadences = nullptr;
    LabKnobs *m_knobs = nullptr;
    LabResults *m_results = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_empty = nullptr;
    QPushButton *m_emptyAction = nullptr;
    QComboBox *m_presets = nullptr;
    QPushButton *m_save = nullptr;
    QLabel *m_status = nullptr;
};

} // namespace mulligan::desktop
