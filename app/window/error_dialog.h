#pragma once

#include "model/core/result.h"

#include <QString>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

namespace layerscope::app {

/// The sentence of the command line, and behind "Details" the places it came through. Does not
/// block.
void showErrorDialog(QWidget* parent, const QString& title, const Error& error);

} // namespace layerscope::app
