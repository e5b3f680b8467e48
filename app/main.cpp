#include "app/cli/command_line.h"
#include "app/window/open_window.h"

#include <QApplication>

#include <csignal>

int main(int argc, char** argv)
{
    std::signal(SIGXFSZ, SIG_IGN); // a write beyond a limit is an error to tell, not an end
    if (const auto status = layerscope::cli::runCommandLine(argc, argv))
        return *status;
    if (const auto status = layerscope::cli::refuseWithoutDisplay(argc, argv))
        return *status;
    layerscope::prepareWindow(argc, argv);
    QApplication application(argc, argv);
    return layerscope::runWindow(application, QApplication::arguments().mid(1));
}
