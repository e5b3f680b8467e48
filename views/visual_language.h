#pragma once

#include <QColor>
#include <QPalette>

namespace layerscope::views {

/// The colours that carry a meaning, for light and dark. Read again whenever the palette changes
/// (QEvent::PaletteChange).
struct VisualLanguage
{
    static VisualLanguage of(const QPalette& palette);
    static VisualLanguage light(); ///< for pictures, whatever the desktop looks like

    bool isDark = false;
    QColor background; ///< of plots and tables
    QColor text;
    QColor quietText; ///< labels of axes and figures; 4.5:1 against the background
    QColor grid;
    QColor accent; ///< selection, the training curve
    QColor validation;
    QColor warning;
    QColor error;
    QColor good;
    QColor positive; ///< diverging values: weights, gradients
    QColor negative;

    /// One of at most seven colours for curves that have no colour of their own.
    QColor series(int index) const;

    /// `colour` mixed into the background: 0 is the background, 1 the colour itself.
    QColor faded(const QColor& colour, double strength) const;
};

} // namespace layerscope::views
