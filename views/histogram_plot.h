#pragma once

#include "views/histogram_drawing.h"

#include <QWidget>

#include <memory>

namespace layerscope::views {

/// One histogram to look into: hover or the arrow keys tell a bin exactly, a drag tells a stretch
/// of bins, Ctrl+C copies it (the whole table where nothing is chosen), the wheel zooms the value
/// axis and a double click or Ctrl+0 shows everything again.
class HistogramPlot : public QWidget
{
    Q_OBJECT

public:
    explicit HistogramPlot(QWidget* parent = nullptr);
    ~HistogramPlot() override;

    /// `name` is what a screen reader says this is.
    void setDrawing(const HistogramDrawing& drawing, const QString& name);

    /// Instead of a histogram: why there is none.
    void showReason(const QString& sentence);

    void fit();
    void copy() const;

    /// The bins that are marked, in words; empty where none are.
    QString markedText() const;

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace layerscope::views
