#pragma once

#include "app/session/settings.h"

QT_BEGIN_NAMESPACE
class QApplication;
QT_END_NAMESPACE

namespace layerscope::app {

/// Gives the program its look: palette and a thin style sheet over Fusion, the same on every
/// desktop. Theme::System is dark where the desktop's own palette was dark when the program
/// started.
void applyTheme(QApplication& application, Theme theme);

} // namespace layerscope::app
