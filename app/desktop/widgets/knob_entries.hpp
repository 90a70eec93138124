#pragma once

#include <QStringList>
#include <QVector>
#include <QWidget>

#include <utility>

class QVBoxLayout;

namespace mulligan::desktop
{

/// One column of a list of entries.
struct EntryField {
    enum class Kind { Text, Number, Choice };
    QString title;
    Kind kind = Kind::Text;
    QString initial;                              ///< of a new row
    QVector<std::pair<QString, QString>> choices; ///< value and label; for Choice
    QStringList suggestions;                      ///< for Text
    double low = 0.0;
    double high = 1e6;
    int decimals = 2;
    QString unit;
};

/// Rows of a few fields that can be added and taken away: overrides, minutes by class, prices by cluster. Values are
/// texts as their file writes them. `edited` follows a person's change; rows that name nothing yet are left out of it.
class KnobEntries : public QWidget
{
    Q_OBJECT

public:
    KnobEntries(QVector<EntryField> fields, const QString &addText, QWidget *parent = nullptr);
    /// Shows these rows; a list that is shown already is left alone, so that editing is not disturbed.
    void setRows(const QVector<QStringList> &rows);
    [[nodiscard]] QVector<QStringList> rows() const;
    void setSuggestions(int field, const QStringList &suggestions);
    void addRow(const QStringList &values);

Q_SIGNALS:
    void edited(const QVector<QStringList> &rows);

private:
    void announce();
    [[nodiscard]] QWidget *makeEditor(const EntryField &field, const QString &value);
    [[nodiscard]] static QString valueOf(const EntryField &field, QWidget *editor);

    QVector<EntryField> m_fields;
    QVBoxLayout *m_list = nullptr;
    QVector<QVector<QWidget *>> m_editors;
    QVector<QWidget *> m_rows;
};

} // namespace mulligan::desktop
