#pragma once

#include <QMetaType>

namespace layerscope::views {

/// What a view can be saved as.
enum class ExportFormat {
    Png,
    Svg,
    Pdf,
    Csv,
};

} // namespace layerscope::views

Q_DECLARE_METATYPE(layerscope::views::ExportFormat)
