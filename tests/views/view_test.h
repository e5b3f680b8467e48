#pragma once

#include <QApplication>
#include <QPalette>
#include <QWidget>
#include <QtTest>

/// Helpers of the tests of views.
namespace view_test {

/// Long enough for a machine that does ten other things, short enough to end.
inline constexpr int patienceMs = 60000;

/// The desktop's dark colours, as Fusion shows them.
inline QPalette darkPalette()
{
    QPalette palette(QColor(0x2B2D30), QColor(0x2B2D30));
    palette.setColor(QPalette::Base, QColor(0x1E1F22));
    palette.setColor(QPalette::AlternateBase, QColor(0x26282B));
    palette.setColor(QPalette::Text, QColor(0xE6E8EB));
    palette.setColor(QPalette::WindowText, QColor(0xE6E8EB));
    palette.setColor(QPalette::ButtonText, QColor(0xE6E8EB));
    palette.setColor(QPalette::Highlight, QColor(0x7AA7FF));
    palette.setColor(QPalette::HighlightedText, QColor(0x101114));
    return palette;
}

/// To be called once in initTestCase(): the offscreen platform says of windows that it has no
/// window manager to tell of their smallest size or their place, and tests fail on warnings.
inline void ignoreMissingWindowManager()
{
    static QtMessageHandler testHandler = nullptr;
    testHandler = qInstallMessageHandler(
        [](QtMsgType type, const QMessageLogContext& context, const QString& message) {
            if (!message.startsWith(QStringLiteral("This plugin does not support")))
                testHandler(type, context, message);
        });
}

inline bool showWindow(QWidget& widget)
{
    widget.show();
    widget.activateWindow();
    // The keyboard reaches a window only when it is the active one.
    return QTest::qWaitForWindowExposed(&widget, patienceMs)
        && QTest::qWaitForWindowActive(&widget, patienceMs);
}

/// Saves what `widget` looks like into the folder that LAYERSCOPE_SCREENSHOTS names, if it does.
inline void takeScreenshot(QWidget& widget, const QString& name)
{
    const QString folder = qEnvironmentVariable("LAYERSCOPE_SCREENSHOTS");
    if (folder.isEmpty())
        return;
    QApplication::processEvents();
    widget.grab().save(folder + u'/' + name + QStringLiteral(".png"));
}

} // namespace view_test
