#pragma once

#include "ingest/mapping.hpp"

#include <QDialog>
#include <QStringList>

#include <utility>
#include <vector>

class QComboBox;
class QTableWidget;

namespace mulligan::desktop
{

/// What the texts of a source mean: one row a text, and what all others mean.
class ValueMapDialog : public QDialog
{
    Q_OBJECT

public:
    /// `seen`: texts of the column in the rows looked at; they get a row even where nothing is said of them yet.
    ValueMapDialog(const ingest::MappedField &field, const QStringList &seen, QWidget *parent = nullptr);

    /// Rows that say something.
    [[nodiscard]] std::vector<std::pair<QString, QString>> values() const;
    /// Null when other texts stay as they are.
    [[nodiscard]] QString otherwise() const;

private:
    void addRow(const QString &from, const QString &to);
    [[nodiscard]] QComboBox *makeMeaning(const QString &meaning);

    ingest::Field m_field;
    QTableWidget *m_table = nullptr;
    QComboBox *m_otherwise = nullptr;
};

} // namespace mulligan::desktop
