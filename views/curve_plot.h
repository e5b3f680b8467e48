#pragma once

#include "views/curve_style.h"

#include <QList>
#include <QWidget>

#include <memory>

namespace layerscope::views {

/// One line of a curve plot. Steps must not fall.
struct PlotCurve
{
    QString label;
    CurveIdentity identity;
    std::vector<double> steps, values;
    double smoothing = 0; ///< above 0: the raw curve pale behind the smoothed one
    bool hasMarkers = false; ///< for few points, such as one each epoch
};

/// Curves over steps: hover tells the nearest point exactly and Ctrl+C copies it (everything, where
/// the pointer is elsewhere); the wheel zooms the steps, a double click or Ctrl+0 fits.
class CurvePlot : public QWidget
{
    Q_OBJECT

public:
    explicit CurvePlot(QWidget* parent = nullptr);
    ~CurvePlot() override;

    void setTitle(const QString& title);
    void setStepTitle(const QString& title); ///< "epoch", "step"
    void setLogarithmic(bool isLogarithmic); ///< the value axis, where all values are above 0

    /// Whether the newest point stays in sight. Zooming with the wheel turns it off.
    void setFollowing(bool follows);
    bool isFollowing() const;

    /// Draws at the next occasion; points beyond the plot's width in pixels cost next to nothing.
    void setCurves(QList<PlotCurve> curves);

    void showReason(const QString& sentence); ///< why there is nothing to see
    void fit();
    void copy() const;
    QString pointText() const; ///< of the point under the pointer; may be empty

signals:
    void followingChanged(bool follows);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace layerscope::views
