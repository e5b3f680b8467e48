#pragma once

#include "views/histogram_drawing.h"

#include <QListView>

namespace layerscope::views {

class HistogramItemModel;

/// Histograms as small multiples. Only what is visible is painted, so that thousands cost nothing.
class HistogramGrid : public QListView
{
    Q_OBJECT

public:
    explicit HistogramGrid(QWidget* parent = nullptr);

    /// Its model must be a HistogramItemModel.
    void setHistogramModel(HistogramItemModel* model);
    void setOptions(const HistogramOptions& options);

    /// First and last row on screen; {0, -1} where there are none.
    std::pair<int, int> visibleRows() const;

signals:
    void visibleRowsChanged();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int layoutWidth() const;
    void updateCellSize();

    class Delegate;
    Delegate* m_delegate;
};

} // namespace layerscope::views
