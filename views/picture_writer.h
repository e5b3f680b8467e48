#pragma once

#include "views/export_format.h"

#include <QByteArray>
#include <QSize>
#include <QString>

#include <functional>

class QPainter;

namespace layerscope::views {

/// What `paint` draws on a sheet of `size` (in pixels of 1/96 inch), as a file's bytes; a PNG is
/// made at twice that resolution. Empty if `size` is, if it is too large to be an image, or for
/// Csv.
QByteArray writePicture(ExportFormat format, const QSize& size, const QString& title,
    const std::function<void(QPainter&)>& paint);

} // namespace layerscope::views
