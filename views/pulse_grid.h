#pragma once

#include <QListView>

namespace layerscope::views {

class PulseItemModel;

/// Small multiples of a run, one cell a layer: gradient norm and update ratio, both logarithmic,
/// with a guide at the ratio 0.001.
class PulseGrid : public QListView
{
    Q_OBJECT

public:
    explicit PulseGrid(PulseItemModel& model, QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    class Delegate;
    Delegate* m_delegate;
};

} // namespace layerscope::views
