#pragma once

#include "model/network/network.h"

#include <QAbstractItemModel>
#include <QSet>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace layerscope::views {

/// The layers of a network as a tree: the model itself is the one top row, nested models expand.
/// A file without layers shows its functions behind the variables: scopes and ops.
///
/// Answers from a snapshot. Another snapshot of the same structure (training goes on) changes
/// values in place, so that expansion and selection stay; any other one resets.
class LayerItemModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Name, Type, OutputShape, Parameters, Trainable, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole, ///< for comparing: numbers as numbers
        PathRole, ///< QStringList of names below the root; empty for the model itself
        ClassRole, ///< QString
        ParametersRole, ///< qint64
        TrainableRole, ///< bool
        NotFiniteRole, ///< bool: a weight has NaN or infinite values; invalid while unknown
        IsModelRole, ///< bool
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setNetwork(std::shared_ptr<const Network> network);

    /// By path joined by '/'. What is absent cannot be known and is shown so.
    void setOutputShapes(std::map<std::string, PartialShape> shapes);

    /// Whether the values of a weight are all finite, once they have been read.
    void setFinite(WeightIndex weight, bool finite);

    /// The row of a layer; invalid where there is none of that path.
    QModelIndex indexOf(const QStringList& path) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Node
    {
        const Layer* layer = nullptr;
        int parent = -1;
        int row = 0;
        std::string path; ///< joined by '/'
        std::vector<int> children;
        std::int64_t parameters = 0;
        std::int64_t trainableParameters = 0;
        bool operator==(const Node& other) const; ///< same place and same kind of layer
    };

    const Node& nodeOf(const QModelIndex& index) const;
    void addNodes(std::vector<Node>& nodes, const Layer& layer, int parent, int row,
        const std::string& path) const;
    std::optional<PartialShape> outputShapeOfModel() const;
    QVariant displayed(const Node& node, int column) const;
    QVariant sortedBy(const Node& node, int column) const;
    QString toolTip(const Node& node, int column) const;
    QVariant notFinite(const Node& node) const;
    QStringList pathOf(const Node& node) const;

    std::shared_ptr<const Network> m_network;
    std::shared_ptr<const std::vector<Layer>> m_functions; ///< as trees of scopes
    std::vector<Node> m_nodes; ///< depth first; the root is first
    std::map<std::string, PartialShape> m_shapes;
    bool m_shapesKnown = false;
    std::map<WeightIndex, bool> m_finite;
};

} // namespace layerscope::views
