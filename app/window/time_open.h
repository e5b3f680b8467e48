#pragma once

#include <QStringList>

namespace layerscope::app {

class Program;

/// Opens a file and prints "MILLISECONDS ms, ANONYMOUS kB": the time from the call to the first
/// painting of the layer tree, and the memory that is not backed by files then. Returns the exit
/// status.
int timeOpen(Program& program, const QStringList& files);

} // namespace layerscope::app
