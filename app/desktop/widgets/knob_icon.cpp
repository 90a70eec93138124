#include "desktop/widgets/knob_icon.hpp"

#include "desktop/widgets/icons.hpp"

#include <QAbstractButton>
#include <QEvent>

namespace mulligan::desktop
{

namespace
{

class IconKeeper : public QObject
{
public:
    IconKeeper(QAbstractButton *button, QString name) : QObject(button), m_button(button), m_name(std::move(name))
    {
        button->installEventFilter(this);
        button->setIcon(icon(m_name));
    }

    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::PaletteChange)
            m_button->setIcon(icon(m_name));
        return false;
    }

private:
    QAbstractButton *m_button;
    QString m_name;
};

} // namespace

void setThemedIcon(QAbstractButton *button, const QString &iconName)
{
    new IconKeeper(button, iconName);
}

} // namespace mulligan::desktop
