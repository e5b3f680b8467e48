#include "app/window/open_window.h"

#include <QApplication>

namespace layerscope {

void prepareWindow(int argc, char** argv)
{
    Q_UNUSED(argc)
    Q_UNUSED(argv)
    QCoreApplication::setApplicationName(QStringLiteral("layerscope"));
    QCoreApplication::setOrganizationName(QStringLiteral("layerscope"));
}

int runWindow(QApplication& application, const QStringList& arguments)
{
    Q_UNUSED(application)
    Q_UNUSED(arguments)
    return 0;
}

} // namespace layerscope
