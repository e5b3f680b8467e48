#include "app/window/theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyleFactory>

namespace layerscope::app {

namespace {

/// The colours of a theme by what they are for.
struct Colors
{
    QColor window, base, alternate, text, faintText, line, button, accent, accentText, selection,
        link;
};

Colors lightColors()
{
    return { { 0xF5, 0xF6, 0xF8 }, { 0xFF, 0xFF, 0xFF }, { 0xF8, 0xF9, 0xFB }, { 0x1B, 0x1F, 0x26 },
        { 0x5C, 0x65, 0x72 }, { 0xD5, 0xD9, 0xE0 }, { 0xFB, 0xFB, 0xFC }, { 0x2F, 0x6F, 0xDE },
        { 0xFF, 0xFF, 0xFF }, { 0xD9, 0xE6, 0xFB }, { 0x1F, 0x5C, 0xC7 } };
}

Colors darkColors()
{
    return { { 0x1F, 0x22, 0x27 }, { 0x18, 0x1A, 0x1E }, { 0x1D, 0x20, 0x25 }, { 0xE6, 0xE8, 0xEC },
        { 0x9A, 0xA3, 0xAF }, { 0x3A, 0x3F, 0x47 }, { 0x2A, 0x2E, 0x34 }, { 0x7A, 0xA7, 0xFF },
        { 0x0B, 0x12, 0x20 }, { 0x2C, 0x42, 0x6B }, { 0x8F, 0xB6, 0xFF } };
}

QPalette paletteOf(const Colors& colors)
{
    QPalette palette(colors.button, colors.window);
    palette.setColor(QPalette::WindowText, colors.text);
    palette.setColor(QPalette::Base, colors.base);
    palette.setColor(QPalette::AlternateBase, colors.alternate);
    palette.setColor(QPalette::Text, colors.text);
    palette.setColor(QPalette::ButtonText, colors.text);
    palette.setColor(QPalette::BrightText, colors.accentText);
    palette.setColor(QPalette::PlaceholderText, colors.faintText);
    palette.setColor(QPalette::ToolTipBase, colors.base);
    palette.setColor(QPalette::ToolTipText, colors.text);
    palette.setColor(QPalette::Highlight, colors.accent);
    palette.setColor(QPalette::HighlightedText, colors.accentText);
    palette.setColor(QPalette::Link, colors.link);
    palette.setColor(QPalette::LinkVisited, colors.link);
    palette.setColor(QPalette::Mid, colors.line);
    palette.setColor(QPalette::Midlight, colors.line);
    for (const QPalette::ColorRole role :
        { QPalette::WindowText, QPalette::Text, QPalette::ButtonText }) {
        QColor faint = colors.text;
        faint.setAlphaF(0.38f);
        palette.setColor(QPalette::Disabled, role, faint);
    }
    return palette;
}

/// Flat surfaces, one line between regions.
QString styleSheetOf(const Colors& colors)
{
    QString sheet = QStringLiteral(R"(
QToolBar { background: @window; border: none; border-bottom: 1px solid @line; spacing: 2px; padding: 3px 6px; }
QToolBar::separator { background: @line; width: 1px; margin: 5px 6px; }
QMenuBar { background: @window; }
QMainWindow::separator { background: @line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @accent; }
QSplitter::handle { background: @line; }
QSplitter::handle:hover { background: @accent; }
QStatusBar { border-top: 1px solid @line; }
QStatusBar::item { border: none; }
QHeaderView::section { background: @base; color: @faint; border: none; border-bottom: 1px solid @line; padding: 4px 6px; }
QTabWidget::pane { border: none; border-top: 1px solid @line; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @faint; border: none; border-bottom: 2px solid transparent; padding: 6px 12px; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:hover { color: @text; }
QToolTip { background: @base; color: @text; border: 1px solid @line; padding: 4px; }
QLineEdit { background: @base; border: 1px solid @line; border-radius: 4px; padding: 3px 4px; selection-background-color: @accent; }
QLineEdit:focus { border-color: @accent; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { background: transparent; border: none; padding: 0; }
QCheckBox::indicator, QRadioButton::indicator { width: 13px; height: 13px; border: 1px solid @faint; border-radius: 3px; background: @base; }
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: @line; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(:/icons/@check); }
QCheckBox::indicator:checked:disabled { background: @line; border-color: @line; }
QRadioButton::indicator:checked { border: 4px solid @accent; width: 7px; height: 7px; }
QProgressBar { background: @line; border: none; border-radius: 3px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
)");
    const std::pair<const char*, QColor> names[]
        = { { "@window", colors.window }, { "@line", colors.line }, { "@accent", colors.accent },
              { "@base", colors.base }, { "@faint", colors.faintText }, { "@text", colors.text } };
    for (const auto& [name, color] : names)
        sheet.replace(QLatin1String(name), color.name());
    sheet.replace(QLatin1String("@check"),
        colors.accentText.lightness() > 128 ? QStringLiteral("check_white.svg")
                                            : QStringLiteral("check_black.svg"));
    return sheet;
}

} // namespace

void applyTheme(QApplication& application, Theme theme)
{
    static const bool desktopIsDark
        = QApplication::palette().color(QPalette::Window).lightness() < 128;
    const bool dark = theme == Theme::Dark || (theme == Theme::System && desktopIsDark);
    const Colors colors = dark ? darkColors() : lightColors();
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    const QPalette palette = paletteOf(colors);
    QApplication::setPalette(palette);
    // A selected row is tinted, so that the colours and numbers in it stay readable.
    QPalette rows = palette;
    rows.setColor(QPalette::Highlight, colors.selection);
    rows.setColor(QPalette::HighlightedText, colors.text);
    QApplication::setPalette(rows, "QAbstractItemView");
    application.setStyleSheet(styleSheetOf(colors));
}

} // namespace layerscope::app
