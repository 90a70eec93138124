#pragma once

#include "desktop/shell/page.hpp"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace mulligan::desktop
{

class Card;

/// Opens, makes and imports; says what the program does and what to do next with the workspace that is open.
class StartPage : public Page
{
    Q_OBJECT

public:
    explicit StartPage(Session &session, QWidget *parent = nullptr);

    void setRecentFiles(const QStringList &paths) override;
    void activate() override { refresh(); }

    enum class Step { Import, Classify, Train, Replay, Deploy };
    enum class StepState { Done, Next, Later };
    /// How far the open workspace has come.
    [[nodiscard]] StepState stateOf(Step step) const;

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Row {
        Step step;
        QLabel *sign = nullptr;
        QLabel *title = nullptr;
        QLabel *detail = nullptr;
        QPushButton *button = nullptr;
    };

    QWidget *buildWelcome();
    Card *buildSteps();
    Card *buildRecent();
    void addStep(Card *card, Step step, const QString &title, const QString &button);
    [[nodiscard]] bool done(Step step) const;
    [[nodiscard]] QString detailOf(Step step) const;
    void act(Step step);
    void refresh();

    Session &m_session;
    QList<Row> m_rows;
    Card *m_steps = nullptr;
    QVBoxLayout *m_recent = nullptr;
};

} // namespace mulligan::desktop
