#pragma once

#include "views/weight_items.h"

#include <QAbstractListModel>

#include <functional>

namespace layerscope::views {

/// The small multiples of the Weights tab as rows: one for each weight.
class HistogramItemModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        LayerPathRole = Qt::UserRole, ///< QStringList
    };

    /// Where figures come from as they arrive; null: not there yet.
    using Lookup = std::function<SharedStatistics(const ValueSource&)>;
    /// Why they will not come; empty: no reason.
    using FailureLookup = std::function<QString(const ValueSource&)>;

    HistogramItemModel(Lookup lookup, FailureLookup failureLookup, QObject* parent = nullptr);

    void setItems(const QList<WeightItem>& items);
    const QList<WeightItem>& items() const { return m_items; }
    const WeightItem& item(int row) const { return m_items[row]; }
    SharedStatistics statistics(int row) const;
    QString failure(int row) const;
    void statisticsArrived(const ValueSource& source);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    Lookup m_lookup;
    FailureLookup m_failureLookup;
    QList<WeightItem> m_items;
    QHash<ValueSource, int> m_rows;
};

} // namespace layerscope::views
