#pragma once

#include "desktop/mapping/mapping_controller.hpp"

#include <QWidget>

class QComboBox;
class QTableWidget;

namespace mulligan::desktop
{

/// The fields of an attempt, one a row: where each comes from, how it is read, and whether it is well.
class MappingFields : public QWidget
{
    Q_OBJECT

public:
    explicit MappingFields(MappingController &controller, QWidget *parent = nullptr);

    /// The combo that says where a field comes from; null when there is no such field.
    [[nodiscard]] QComboBox *sourceOf(const QString &target) const;
    /// Asks for the name of a setting or metric and gives it a row.
    void addMember();

protected:
    void changeEvent(QEvent *event) override;

private:
    void rebuild();
    void refreshStates();
    void refreshChoices();
    void addRow(const QString &target);
    [[nodiscard]] QComboBox *makeSource(const QString &target);
    /// The widget that says how the source's text is read; null where there is nothing to choose.
    [[nodiscard]] QWidget *makeReading(const QString &target);
    [[nodiscard]] QWidget *makeTime(const QString &target);
    [[nodiscard]] QWidget *makeUnit(const QString &target);
    [[nodiscard]] QWidget *makeAdd(const QString &target);
    [[nodiscard]] QWidget *makeValues(const QString &target);
    void setReading(int row);

    MappingController &m_controller;
    QTableWidget *m_table = nullptr;
    QStringList m_targets;
    QStringList m_columns; ///< those the source combos were filled with
};

} // namespace mulligan::desktop
