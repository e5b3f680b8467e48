#pragma once

#include <QWidget>

#include <functional>

namespace layerscope::app {

/// Calls `painted` once, right after `widget` has been painted for the first time from now on.
void afterFirstPaint(QWidget* widget, std::function<void()> painted);

} // namespace layerscope::app
