#include "app/window/open_window.h"

#include <QApplication>

int main(int argc, char** argv)
{
    layerscope::prepareWindow(argc, argv);
    QApplication application(argc, argv);
    return layerscope::runWindow(application, QApplication::arguments().mid(1));
}
