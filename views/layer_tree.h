#pragma once

#include "views/layer_item_model.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QTreeView;
QT_END_NAMESPACE

namespace layerscope::views {

class LayerFilterModel;

/// The layers of a network with a box to filter them and a line of totals.
class LayerTree : public QWidget
{
    Q_OBJECT

public:
    explicit LayerTree(QWidget* parent = nullptr);

    void setNetwork(const std::shared_ptr<const Network>& network);
    void setOutputShapes(const std::map<std::string, PartialShape>& shapes);
    void setFinite(WeightIndex weight, bool finite);

    /// Empty: the model itself.
    void selectLayer(const QStringList& path);
    QStringList selectedLayer() const;

    QString filterText() const;
    void setFilterText(const QString& text);
    void focusFilter();
    void focusTree();
    void expandAll();
    void collapseAll();

    /// Widths, order and visibility of the columns; empty as long as the user left them alone.
    QByteArray headerState() const;
    void restoreHeaderState(const QByteArray& state);

    /// "46 layers, 58,423 parameters"
    QString totals() const;

signals:
    void layerSelected(const QStringList& path);
    void layerActivated(const QStringList& path); ///< double click or Enter

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void applyFilter();
    void showContextMenu(const QPoint& position);
    void showHeaderMenu(const QPoint& position);
    void copyRows(bool everything);
    void updateTotals();
    int titleWidth(int column) const;
    void fitColumns();

    std::shared_ptr<const Network> m_network;
    LayerItemModel* m_model;
    LayerFilterModel* m_filterModel;
    QLineEdit* m_filter;
    QTreeView* m_tree;
    QLabel* m_empty;
    QLabel* m_totals;
    bool m_columnsWereSet = false; ///< by the user, now or in an earlier run
    bool m_isFitting = false;
};

} // namespace layerscope::views
