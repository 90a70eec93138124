#pragma once

// moc of Qt 6.4 stumbles over what this header brings from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "classify/pack_documents.hpp"
#include "pipeline/mine_workspace.hpp"
#endif

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace mulligan::desktop
{

/// The draft rule of a cluster: its pattern, what it was checked for, its effect, and what a person says before it goes
/// into the pack: class, id, title, file and whether it decides at once.
class RulesMiningDraft : public QWidget
{
    Q_OBJECT

public:
    explicit RulesMiningDraft(QWidget *parent);

    /// Shows a draft that may go into these files; none: they are not open.
    void setDraft(const pipeline::RuleDraft &draft, const std::optional<classify::PackDocuments> &files);
    /// A sentence in place of a draft.
    void showSentence(const QString &sentence);
    /// The rule as it was drafted and completed. Its domain, transience and action are those of the pack's first rule
    /// of that class, where there is one.
    [[nodiscard]] classify::Rule rule() const;
    [[nodiscard]] std::string file() const;
    /// What adds it to the pack; to be put where it stays in sight.
    [[nodiscard]] QPushButton *acceptButton() const { return m_accept; }

Q_SIGNALS:
    void accepted();

protected:
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QWidget *buildFields();
    void showChecks();
    void showClasses();
    void chooseFile();
    void refresh();

    pipeline::RuleDraft m_draft;
    std::optional<classify::PackDocuments> m_files;
    QLabel *m_sentence = nullptr;
    QWidget *m_fields = nullptr;
    QPlainTextEdit *m_pattern = nullptr;
    QLabel *m_checks = nullptr;
    QLabel *m_effect = nullptr;
    QLineEdit *m_class = nullptr;
    QPushButton *m_proposal = nullptr;
    QLineEdit *m_id = nullptr;
    QLineEdit *m_title = nullptr;
    QComboBox *m_file = nullptr;
    QComboBox *m_status = nullptr;
    QPushButton *m_accept = nullptr;
};

} // namespace mulligan::desktop
