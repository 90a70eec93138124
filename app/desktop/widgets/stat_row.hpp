#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QHBoxLayout;
class QLabel;

namespace mulligan::desktop
{

/// A row of plain figures, each with its name: what a page opens with.
class StatRow : public QWidget
{
    Q_OBJECT

public:
    explicit StatRow(QWidget *parent = nullptr);
    /// Adds a figure and returns its index.
    int add(const QString &name);
    void set(int index, const QString &value, const QString &hint = {});

private:
    struct Stat {
        QLabel *value = nullptr;
        QLabel *name = nullptr;
    };
    QHBoxLayout *m_layout = nullptr;
    std::vector<Stat> m_stats;
};

} // namespace mulligan::desktop
