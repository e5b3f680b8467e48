#pragma once

#include "model/analysis/history.h"
#include "views/visual_language.h"

#include <QPen>
#include <QString>

namespace layerscope::views {

/// What a curve is, as its name tells: "val_loss" and "validation/epoch_loss" are both the
/// validation side of "loss".
struct CurveIdentity
{
    QString metric; ///< "loss", "accuracy", "learning_rate"
    QString run; ///< of event files, "train" and "validation" taken off; else empty
    bool isValidation = false;

    bool isLoss() const { return metric == QStringLiteral("loss"); }
    bool isLearningRate() const;
    bool operator==(const CurveIdentity&) const = default;
};

CurveIdentity identify(const QString& seriesName);

/// Training solid in the accent, validation dashed in its own colour.
QPen curvePen(const CurveIdentity& identity, const VisualLanguage& language);

/// TensorBoard's smoothing: an exponential moving average without the bias of its start. Values
/// that are not finite pass through and leave the average alone. `weight` 0 changes nothing.
std::vector<double> smoothed(const std::vector<double>& values, double weight);

/// Steps that never fall: a log that a second run was appended to begins again at 0, and its curve
/// goes on behind the first.
std::vector<double> continuedSteps(const std::vector<double>& steps);

/// For each of `columns` stretches of the range the first, lowest, highest and last point: looks
/// the same at that width, whatever the number of points. Points must be sorted by step.
void decimate(std::vector<double>& steps, std::vector<double>& values, int columns);

} // namespace layerscope::views
