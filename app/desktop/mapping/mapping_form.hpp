#pragma once

#include "desktop/mapping/mapping_controller.hpp"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLineEdit;
class QSpinBox;

namespace mulligan::desktop
{

/// How the file is written: format, encoding, dialect, numbers, zone.
class MappingForm : public QWidget
{
    Q_OBJECT

public:
    explicit MappingForm(MappingController &controller, QWidget *parent = nullptr);

private:
    QComboBox *addCombo(const QString &label, const QStringList &entries, bool editable);
    void addWidget(const QString &label, QWidget *widget, int span = 1);
    void showMapping();
    void takeMapping();

    MappingController &m_controller;
    QGridLayout *m_grid = nullptr;
    int m_place = 0;
    bool m_showing = false;
    QComboBox *m_format = nullptr;
    QComboBox *m_encoding = nullptr;
    QLineEdit *m_records = nullptr;
    QComboBox *m_delimiter = nullptr;
    QComboBox *m_quote = nullptr;
    QComboBox *m_escape = nullptr;
    QCheckBox *m_header = nullptr;
    QSpinBox *m_skip = nullptr;
    QLineEdit *m_comment = nullptr;
    QComboBox *m_decimal = nullptr;
    QComboBox *m_thousands = nullptr;
    QComboBox *m_zone = nullptr;
};

} // namespace mulligan::desktop
