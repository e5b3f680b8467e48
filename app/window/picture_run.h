#pragma once

namespace layerscope::app {

class Program;
struct WindowOptions;

/// Opens the files, waits until nothing is under way, paints the window into a picture, and quits.
/// Returns the exit status.
int takePicture(Program& program, const WindowOptions& options);

} // namespace layerscope::app
