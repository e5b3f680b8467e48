#pragma once

#include "model/analysis/histogram.h"
#include "model/network/network.h"
#include "views/weights_view.h"

#include <QList>
#include <QStringList>

namespace layerscope::views {

/// One histogram of the Weights tab: a weight, or the optimizer's slot for it.
struct WeightItem
{
    ValueSource source;
    QStringList layerPath;
    QString name; ///< "kernel"; of a slot "kernel: momentum"
    Shape shape;
    DType dtype = DType::Float32;
    bool isTrainable = true;
    std::optional<analysis::ReferenceDistribution> initializer; ///< of values only

    QString shapeText() const; ///< "3 × 3 × 64 × 128", "scalar"
    QString layerText() const; ///< "block / conv2d_3"
};

/// The weights of the layers at `path` and below, in the tree's order, each once; all of the
/// network's for an empty path. `slot` is one of optimizerSlots(), or empty for the values.
QList<WeightItem> weightItems(const Network& network, const QStringList& path, const QString& slot);

/// Names of the optimizer's slots ("momentum", "velocity"), in the file's order.
QStringList optimizerSlots(const Network& network);

/// Whether a layer of this path exists.
bool hasLayer(const Network& network, const QStringList& path);

} // namespace layerscope::views
