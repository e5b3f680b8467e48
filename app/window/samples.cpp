#include "app/window/samples.h"

#include <QCoreApplication>
#include <QDir>

namespace layerscope::app {

QString sampleFolder()
{
    // Installed beside the program, or in the source tree that it was built from.
    const QStringList places{ QCoreApplication::applicationDirPath()
            + QLatin1String("/../share/layerscope/samples"),
        QStringLiteral(LAYERSCOPE_SOURCE_DIR "/resources/samples") };
    for (const QString& place : places)
        if (QDir(place).exists())
            return QDir(place).canonicalPath();
    return {};
}

QStringList samplePaths()
{
    const QString folder = sampleFolder();
    if (folder.isEmpty())
        return {};
    QStringList paths;
    const QStringList names = QDir(folder).entryList(
        { QStringLiteral("*.h5"), QStringLiteral("*.keras") }, QDir::Files, QDir::Name);
    for (const QString& name : names)
        paths.append(QDir(folder).filePath(name));
    return paths;
}

} // namespace layerscope::app
