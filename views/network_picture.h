#pragma once

#include "model/core/job_context.h"
#include "model/network/network.h"
#include "views/export_format.h"

#include <QByteArray>

namespace layerscope::views {

enum class PictureSubject {
    Histograms, ///< every weight as a small histogram
    Loss, ///< the loss history that the file holds
    Summary, ///< Keras's summary table, the set-up and the optimizer
};

/// A picture of `network` for a file or a printer, in the light colours, without any window; Csv
/// gives the figures behind it. Blocks: histograms read every value.
///
/// Needs a QGuiApplication, for the fonts (the platform "offscreen" or "minimal" does).
/// Errors  InvalidArgument where there is nothing to draw (no weights, no history); Stopped;
///         whatever loading the values gives
Result<QByteArray> drawNetwork(const Network& network, PictureSubject subject, ExportFormat format,
    const JobContext& job = {});

} // namespace layerscope::views
