#pragma once

#include <QString>
#include <QStringList>

namespace layerscope::app {

/// The folder of the sample models that come with the program; empty when they are not installed.
QString sampleFolder();

/// The models in it, by name.
QStringList samplePaths();

} // namespace layerscope::app
