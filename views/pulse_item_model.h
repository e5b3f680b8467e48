#pragma once

#include "model/training/trainer.h"

#include <QAbstractListModel>
#include <QHash>
#include <QString>

#include <vector>

namespace layerscope::views {

/// How one layer has been moving: a bounded memory of its gradient norm and update ratio.
struct LayerTrace
{
    QString path; ///< "block / dense_1"
    std::vector<double> gradientNorms, updateRatios; ///< oldest first, evenly spaced
};

/// The layers of a training run as rows, for the small multiples below the board.
class PulseItemModel : public QAbstractListModel
{
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    void clear();
    void add(const std::vector<training::LayerPulse>& pulse);
    const LayerTrace& trace(int row) const { return m_traces[static_cast<std::size_t>(row)]; }

    /// "hardly moves", "moves fast" or nothing: what the update ratio of the last steps means.
    static QString verdict(const LayerTrace& trace);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<LayerTrace> m_traces;
    QHash<QString, int> m_rows;
    int m_stride = 1; ///< how many pulses make one remembered point
    int m_skipped = 0;
};

} // namespace layerscope::views
