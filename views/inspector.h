#pragma once

#include "views/layer_properties.h"

#include <QHash>
#include <QSet>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QTreeView;
QT_END_NAMESPACE

namespace layerscope::views {

/// Everything about the selected layer, or about the model: one sentence of explanation, and a tree
/// of facts. Every fact can be copied, in full precision.
class Inspector : public QWidget
{
    Q_OBJECT

public:
    explicit Inspector(QWidget* parent = nullptr);

    void setNetwork(const std::shared_ptr<const Network>& network);
    void setOutputShapes(const std::map<std::string, PartialShape>& shapes);
    void setStatistics(const ValueSource& source, const SharedStatistics& statistics);

    /// Empty: the model itself.
    void selectLayer(const QStringList& path);

    /// Width of the columns.
    QByteArray headerState() const;
    void restoreHeaderState(const QByteArray& state);

private:
    void rebuild();
    void restoreExpansion();
    void copy(bool withNames) const;
    void showContextMenu(const QPoint& position);

    std::shared_ptr<const Network> m_network;
    QStringList m_path;
    std::map<std::string, PartialShape> m_shapes;
    bool m_shapesKnown = false;
    QHash<ValueSource, SharedStatistics> m_statistics;
    QSet<QString> m_collapsed; ///< headings that the user closed, for every layer
    QSet<QString> m_expanded; ///< other rows that the user opened
    bool m_restoring = false;

    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_class;
    QLabel* m_explanation;
    QTreeView* m_tree;
    PropertyItemModel* m_model;
};

} // namespace layerscope::views
