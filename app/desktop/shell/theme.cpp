#include "desktop/shell/theme.hpp"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QProxyStyle>
#include <QStyleOption>

namespace mulligan::desktop
{

namespace
{

QColor colour(const char *hex)
{
    return QColor(QLatin1String(hex));
}

Theme makeLight()
{
    Theme theme;
    theme.mode = ThemeMode::Light;
    theme.window = colour("#f3f5f8");
    theme.surface = colour("#ffffff");
    theme.raised = colour("#eaeef4");
    theme.border = colour("#d5dbe4");
    theme.grid = colour("#e6eaf0");
    theme.text = colour("#18212f");
    theme.mutedText = colour("#5a6678");
    theme.accent = colour("#0b63ab");
    theme.accentText = colour("#ffffff");
    theme.gain = colour("#00805e");
    theme.loss = colour("#c1440e");
    theme.neutral = colour("#7d8796");
    theme.caution = colour("#8a5a00");
    theme.observed = colour("#0072b2");
    theme.estimated = colour("#56b4e9");
    theme.modelled = colour("#e69f00");
    theme.assumed = colour("#cc79a7");
    theme.unsupported = colour("#9aa3af");
    theme.history = colour("#7d8796");
    theme.policy = colour("#0072b2");
    theme.highlight = colour("#ffe08a");
    return theme;
}

Theme makeDark()
{
    Theme theme;
    theme.mode = ThemeMode::Dark;
    theme.window = colour("#14181f");
    theme.surface = colour("#1d232c");
    theme.raised = colour("#283040");
    theme.border = colour("#37414f");
    theme.grid = colour("#2c3542");
    theme.text = colour("#e7ebf1");
    theme.mutedText = colour("#a0abba");
    theme.accent = colour("#56a8e8");
    theme.accentText = colour("#0c1118");
    theme.gain = colour("#2fbf95");
    theme.loss = colour("#f0814e");
    theme.neutral = colour("#8e99a8");
    theme.caution = colour("#f0b323");
    theme.observed = colour("#3f9fdc");
    theme.estimated = colour("#8fd0f5");
    theme.modelled = colour("#f0b323");
    theme.assumed = colour("#dd92bb");
    theme.unsupported = colour("#76808d");
    theme.history = colour("#8e99a8");
    theme.policy = colour("#3f9fdc");
    theme.highlight = colour("#6b5312");
    return theme;
}

QPalette paletteOf(const Theme &theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme.window);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.surface);
    palette.setColor(QPalette::AlternateBase, theme.mode == ThemeMode::Light ? colour("#f8fafc") : colour("#212833"));
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.mutedText);
    palette.setColor(QPalette::Button, theme.surface);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::BrightText, theme.loss);
    palette.setColor(QPalette::Highlight, theme.accent);
    palette.setColor(QPalette::HighlightedText, theme.accentText);
    palette.setColor(QPalette::ToolTipBase, theme.raised);
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::LinkVisited, theme.accent);
    palette.setColor(QPalette::Light, theme.raised);
    palette.setColor(QPalette::Midlight, theme.raised);
    palette.setColor(QPalette::Mid, theme.border);
    palette.setColor(QPalette::Dark, theme.border);
    palette.setColor(QPalette::Shadow, theme.border);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        QColor faded = theme.mutedText;
        faded.setAlpha(150);
        palette.setColor(QPalette::Disabled, role, faded);
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, theme.raised);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, theme.mutedText);
    return palette;
}

/// Arrows of sorted columns point where the values go: down where the largest is on top. Fusion has it the other way
/// round.
class ArrowStyle : public QProxyStyle
{
public:
    ArrowStyle() : QProxyStyle(QStringLiteral("Fusion")) {}
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override
    {
        const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option);
        if (element != PE_IndicatorHeaderArrow || header == nullptr) {
            QProxyStyle::drawPrimitive(element, option, painter, widget);
            return;
        }
        QStyleOptionHeader turned = *header;
        if (header->sortIndicator != QStyleOptionHeader::None)
            turned.sortIndicator = header->sortIndicator == QStyleOptionHeader::SortUp ? QStyleOptionHeader::SortDown
                                                                                       : QStyleOptionHeader::SortUp;
        QProxyStyle::drawPrimitive(element, &turned, painter, widget);
    }
};

constexpr const char *kSheet = R"qss(
QWidget#card { background: @surface; border: 1px solid @border; border-radius: 8px; }
QLabel[role="title"] { font-size: 17pt; font-weight: 600; }
QLabel[role="heading"] { font-size: 11pt; font-weight: 600; }
QLabel[role="heading"]:disabled { color: @muted; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="figure"] { font-size: 18pt; font-weight: 600; }
QLabel[role="gain"] { color: @gain; font-weight: 600; }
QLabel[role="loss"] { color: @loss; font-weight: 600; }
QLabel[role="caution"] { color: @caution; font-weight: 600; }
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 4px; }
QPushButton, QToolButton#boxed { background: @surface; color: @text; border: 1px solid @border; border-radius: 5px;
  padding: 5px 12px; min-height: 18px; }
QPushButton:hover, QToolButton#boxed:hover { background: @raised; }
QPushButton:pressed, QToolButton#boxed:pressed, QPushButton:checked { background: @border; }
QPushButton:disabled, QToolButton#boxed:disabled { color: @muted; background: transparent; }
QPushButton:focus, QToolButton#boxed:focus { border-color: @accent; }
QPushButton[role="primary"] { background: @accent; color: @onaccent; border-color: @accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: @accenthover; }
QPushButton[role="primary"]:disabled { background: @raised; color: @muted; border-color: @border; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 4px; color: @text; }
QToolButton:hover { background: @raised; }
QToolButton:focus { border-color: @accent; }
QPushButton#narrow { padding: 5px 7px; }
QToolButton#boxed::menu-indicator { image: none; }
QLineEdit { background: @surface; color: @text; border: 1px solid @border; border-radius: 5px; padding: 4px 8px;
  min-height: 18px; selection-background-color: @accent; selection-color: @onaccent; }
QLineEdit:focus { border-color: @accent; }
QLineEdit:disabled { color: @muted; background: @window; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: 0; padding: 0 4px; background: transparent; }
QComboBox, QAbstractSpinBox { min-height: 26px; }
QPlainTextEdit, QTextEdit { background: @surface; color: @text; border: 1px solid @border; border-radius: 5px; }
QPlainTextEdit:focus, QTextEdit:focus { border-color: @accent; }
QAbstractItemView { background: @surface; alternate-background-color: @alternate; border: 1px solid @border;
  border-radius: 6px; gridline-color: @grid; outline: 0; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QAbstractItemView::item:selected { background: @accent; color: @onaccent; }
QAbstractItemView::item:selected:!active { background: @inactive; color: @text; }
QHeaderView { background: @surface; border: 0; }
QHeaderView::section { background: @surface; color: @muted; border: 0; border-bottom: 1px solid @border;
  padding: 6px -5px 6px 3px; font-weight: 600; }
QHeaderView::up-arrow, QHeaderView::down-arrow { subcontrol-origin: margin; subcontrol-position: top center;
  width: 8px; height: 8px; }
QHeaderView::section:hover { color: @text; background: @raised; }
QTabWidget::pane { border: 0; border-top: 1px solid @border; top: -1px; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @muted; padding: 7px 14px; border: 0;
  border-bottom: 2px solid transparent; }
QTabWidget#narrow QTabBar::tab { padding: 7px 4px; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:focus { background: @raised; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: @border; }
QScrollArea, QScrollArea > QWidget > QWidget#scrolled { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 4px; margin: 2px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: @raised; border: 0; border-radius: 4px; text-align: center; color: @text; min-height: 8px; }
QProgressBar::chunk { background: @accent; border-radius: 4px; }
QMenuBar { background: @surface; color: @text; border-bottom: 1px solid @border; }
QMenuBar::item { padding: 5px 10px; background: transparent; }
QMenuBar::item:selected { background: @raised; border-radius: 4px; }
QMenu { background: @surface; color: @text; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @accent; color: @onaccent; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @border; margin: 4px 8px; }
QStatusBar { background: @surface; color: @muted; border-top: 1px solid @border; }
QStatusBar::item { border: 0; }
QListWidget#navigation { background: @surface; border: 0; border-right: 1px solid @border; border-radius: 0;
  padding: 8px; }
QListWidget#navigation::item { padding: 9px 10px; border-radius: 6px; color: @muted; margin-bottom: 2px; }
QListWidget#navigation::item:hover { background: @raised; color: @text; }
QListWidget#navigation::item:selected, QListWidget#navigation::item:selected:!active { background: @selection;
  color: @text; }
)qss";

QString sheetOf(const Theme &theme)
{
    const bool isLight = theme.mode == ThemeMode::Light;
    QString sheet = QString::fromUtf8(kSheet);
    const auto put = [&sheet](const char *key, const QColor &value) {
        sheet.replace(QLatin1String(key), value.name());
    };
    // Longer keys first, since one may begin with another.
    put("@accenthover", isLight ? theme.accent.lighter(115) : theme.accent.lighter(110));
    put("@alternate", isLight ? colour("#f8fafc") : colour("#212833"));
    put("@selection", isLight ? colour("#dcebf8") : colour("#22405c"));
    put("@inactive", isLight ? colour("#dcebf8") : colour("#22405c"));
    put("@onaccent", theme.accentText);
    put("@surface", theme.surface);
    put("@accent", theme.accent);
    put("@raised", theme.raised);
    put("@window", theme.window);
    put("@border", theme.border);
    put("@muted", theme.mutedText);
    put("@grid", theme.grid);
    put("@text", theme.text);
    put("@gain", theme.gain);
    put("@caution", theme.caution);
    put("@loss", theme.loss);
    return sheet;
}

} // namespace

const Theme &Theme::light()
{
    static const Theme theme = makeLight();
    return theme;
}

const Theme &Theme::dark()
{
    static const Theme theme = makeDark();
    return theme;
}

const Theme &Theme::current()
{
    return QApplication::palette().color(QPalette::Window).lightness() < 128 ? dark() : light();
}

void applyTheme(QApplication &application, ThemeMode mode)
{
    const Theme &theme = mode == ThemeMode::Light ? Theme::light() : Theme::dark();
    if (application.property("mulliganStyle").isNull()) {
        application.setProperty("mulliganStyle", true);
        QApplication::setStyle(new ArrowStyle);
        QFont font = QApplication::font();
        font.setPointSizeF(10.0);
        QApplication::setFont(font);
    }
    QApplication::setPalette(paletteOf(theme));
    application.setStyleSheet(sheetOf(theme));
}

QFont numberFont(qreal scale)
{
    QFont font = QApplication::font();
    const QFontMetricsF metrics(font);
    // Most faces draw figures of equal width; where this one does not, columns would not line up.
    for (int digit = 1; digit <= 9; ++digit) {
        if (qAbs(metrics.horizontalAdvance(QChar(u'0' + digit)) - metrics.horizontalAdvance(QLatin1Char('0'))) > 0.01) {
            const qreal size = font.pointSizeF();
            font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
            font.setPointSizeF(size);
            break;
        }
    }
    font.setPointSizeF(font.pointSizeF() * scale);
    return font;
}

QFont logFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    font.setPointSizeF(9.0);
    return font;
}

} // namespace mulligan::desktop
