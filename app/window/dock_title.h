#pragma once

#include <QDockWidget>

namespace layerscope::app {

/// The line above a dock: its title and a button to close it, in the colours of the theme (those of
/// the style are drawn for light windows). Dragging it moves the dock.
class DockTitle : public QWidget
{
    Q_OBJECT

public:
    explicit DockTitle(QDockWidget* dock);
};

} // namespace layerscope::app
