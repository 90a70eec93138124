#include "desktop/widgets/edit_preview.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

EditPreview::EditPreview(const QString &what, const QString &accept, const std::vector<FileEdit> &edits,
                         QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Preview of the edit"));
    resize(820, 520);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(kGapSmall);
    auto *heading = makeLabel(what, "heading", this);
    heading->setWordWrap(true);
    layout->addWidget(heading);
    m_view = new DiffView(this);
    m_view->setAccessibleName(tr("What would change"));
    m_view->setEdits(edits);
    layout->addWidget(makeLabel(countsText(m_view->counts(), tr("added"), tr("removed")), "muted", this));
    layout->addWidget(m_view, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto *yes = buttons->addButton(accept, QDialogButtonBox::AcceptRole);
    setRole(yes, "primary");
    yes->setDefault(true);
    yes->setFocus();
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

QString EditPreview::text() const
{
    return m_view->toPlainText();
}

QString countsText(const DiffCounts &counts, const QString &added, const QString &removed)
{
    const auto number = [](int count) { return countText(static_cast<double>(count)); };
    return QObject::tr("Lines: %1 changed, %2 %3, %4 %5")
        .arg(number(counts.changed), number(counts.added), added, number(counts.removed), removed);
}

} // namespace mulligan::desktop
