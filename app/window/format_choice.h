#pragma once

#include "model/network/network.h"

#include <QList>
#include <QString>

namespace layerscope::app {

/// A format to save in, as the save dialog offers it.
struct FormatChoice
{
    QString group; ///< "Keras 2.11 to 2.15": whom it is for
    QString name; ///< FORMAT of the command line: "h5-keras2"
    QString title; ///< "Keras HDF5, for Keras 2.11 to 2.15"
    QString suffix; ///< ".h5"
    bool holdsModel = false; ///< architecture and all, not weights only
    bool canHoldOptimizer = false;
};

/// Every format that can be written, group after group.
QList<FormatChoice> writableFormats();

/// What to know before saving `network` in that format; empty when there is nothing to say.
QString remarkOn(const FormatChoice& format, const Network& network, bool withOptimizer);

/// Name filters for opening, and "Keras HDF5 (.h5, .hdf5), …" for the start page.
QString openFilters();
QString openableFormats();

/// "Keras HDF5, for Keras 3": the title of a FORMAT name.
QString formatChoiceTitle(const QString& name);

} // namespace layerscope::app
