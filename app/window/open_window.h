#pragma once

#include <QStringList>

QT_BEGIN_NAMESPACE
class QApplication;
QT_END_NAMESPACE

namespace layerscope {

/// Before QApplication is constructed: the name of the program for settings, the scaling policy,
/// and the platform plug-in (offscreen for --screenshot, so that no display is needed).
void prepareWindow(int argc, char** argv);

/// Opens the window, one document for each file, and runs the event loop. Returns the exit status.
///
/// `arguments` are those of the command line without the program's name: files, and the window's
/// own options, which may stand anywhere among them:
///   --language en|pt_BR, --theme light|dark   for this run, whatever the settings say
///   --screenshot PICTURE.png [--tab weights|training] [--size WIDTHxHEIGHT] [--layer PATH]
///                                              paints the window into a file and quits
///   --data D --epochs N                        trains before the picture is taken
///   --time-open FILE                           prints how long the layer tree took to appear, and
///                                              quits
int runWindow(QApplication& application, const QStringList& arguments);

} // namespace layerscope
