#include "app/window/open_window.h"

#include "app/window/picture_run.h"
#include "app/window/program.h"
#include "app/window/time_open.h"
#include "app/window/window_options.h"

#include <QApplication>

#include <cstdio>

namespace layerscope {

void prepareWindow(int argc, char** argv)
{
    QCoreApplication::setApplicationName(QStringLiteral("layerscope"));
    QCoreApplication::setOrganizationName(QStringLiteral("layerscope"));
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(
        Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    for (int i = 1; i < argc; ++i)
        if (std::string_view(argv[i]) == "--screenshot"
            && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
            qputenv("QT_QPA_PLATFORM", "offscreen");
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
