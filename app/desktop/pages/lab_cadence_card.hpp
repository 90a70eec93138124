#pragma once

#include "desktop/widgets/card.hpp"

class QComboBox;
class QLabel;
class QPushButton;

namespace mulligan::desktop
{

class FigureTable;
class LabCadences;
class Session;

/// "How fresh must recommendations be?": what the knobs give under three refresh cadences.
class LabCadenceCard : public Card
{
    Q_OBJECT

public:
    LabCadenceCard(LabCadences &cadences, Session &session, QWidget *parent = nullptr);

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();

    LabCadences &m_cadences;
    Session &m_session;
    FigureTable *m_table = nullptr;
    QLabel *m_ask = nullptr;
    QComboBox *m_whenAbsent = nullptr;
    QPushButton *m_compare = nullptr;
};

} // namespace mulligan::desktop
