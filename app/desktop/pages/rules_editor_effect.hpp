#pragma once

#include "desktop/widgets/card.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_columns.hpp"
#include "desktop/pages/rules_editor_preview.hpp"
#endif

#include <array>

class QLabel;
class QProgressBar;
class QPushButton;
class QTimer;

namespace mulligan::desktop
{

/// What the rule that is edited does to the whole workspace, while one types: what it matches and decides, what it
/// takes from which rules, what it hits on successes, and what the edits of the pack change altogether.
class RuleEffectCard : public Card
{
    Q_OBJECT

public:
    explicit RuleEffectCard(RulesEditorPreview &preview, QWidget *parent = nullptr);
    /// The selected rule with its stored hits, for as long as no edit touches it; null when none is selected.
    void setLine(const RuleLine *line);

Q_SIGNALS:
    void failureRequested(qint64 attemptId); ///< one of the examples is to be shown
    void ruleRequested(const QString &id);

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Figure {
        QLabel *value = nullptr;
        QLabel *change = nullptr;
    };
    void buildFigures();
    QWidget *buildWords();
    void openLink(const QString &link);
    void paint();
    void paintFigures();
    void paintState();
    [[nodiscard]] QString readyWords() const;
    [[nodiscard]] QString comparedWords() const;
    [[nodiscard]] QString countedWords() const;
    [[nodiscard]] QString uneditedWords() const;
    [[nodiscard]] QString comparedTip() const;
    void paintSavings();
    [[nodiscard]] QString movesHtml() const;

    RulesEditorPreview &m_preview;
    std::optional<RuleLine> m_line;
    std::array<Figure, 4> m_figures;
    QLabel *m_state = nullptr;
    QLabel *m_savings = nullptr;
    QProgressBar *m_progress = nullptr;
    QPushButton *m_cancel = nullptr;
    QLabel *m_moves = nullptr;
    QTimer *m_sample = nullptr;
};

} // namespace mulligan::desktop
