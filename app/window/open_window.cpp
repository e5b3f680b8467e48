#include "app/window/open_window.h"

#include "app/window/picture_run.h"
#include "app/window/program.h"
#include "app/window/time_open.h"
#include "app/window/window_options.h"

#include <QApplication>

#include <cstdio>

namespace layerscope {

namespace {

QtMessageHandler standardHandler = nullptr;

/// The offscreen platform complains for each window that it has no window manager.
void passOn(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    if (standardHandler && !message.startsWith(QLatin1String("This plugin does not support")))
        standardHandler(type, context, message);
}

bool hasDisplay()
{
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
}

} // namespace

void prepareWindow(int argc, char** argv)
{
    QCoreApplication::setApplicationName(QStringLiteral("layerscope"));
    QCoreApplication::setOrganizationName(QStringLiteral("layerscope"));
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(
        Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument(argv[i]);
        const bool paints = argument == "--screenshot";
        const bool measures = argument == "--time-open" && !hasDisplay();
        if ((paints || measures) && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
            qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    standardHandler = qInstallMessageHandler(passOn);
}

int runWindow(QApplication& application, const QStringList& arguments)
{
    const Result<app::WindowOptions> options = app::parseWindowOptions(arguments);
    if (!options) {
        std::fprintf(stderr, "layerscope: %s\n", options.error().sentence().c_str());
        return 2;
    }
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/layerscope.svg")));
    // A picture or a measurement does not depend on what the user has set, and leaves no trace.
    app::PrivateFolder aside(!options->screenshot.isEmpty() || options->timeOpen);
    app::Program program(application, aside.settingsFile(), aside.path());
    program.start(options->theme, options->language);
    if (options->timeOpen)
        return app::timeOpen(program, options->files);
    if (!options->screenshot.isEmpty())
        return app::takePicture(program, *options);
    program.window().openFiles(options->files);
    return QApplication::exec();
}

} // namespace layerscope
