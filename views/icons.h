#pragma once

#include <QIcon>

namespace layerscope::views {

/// One of our own icons (resources/icons/NAME.svg), drawn in the text colour of the palette at the
/// moment of painting, so that it fits light and dark. Unknown names give an empty icon.
QIcon icon(const char* name);

/// The same in a colour of its own: warnings, errors.
QIcon icon(const char* name, const QColor& color);

} // namespace layerscope::views
