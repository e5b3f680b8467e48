#include "views/curve_plot.h"

#include "views/number_text.h"
#include "views/plot_style.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <cmath>

namespace layerscope::views {
namespace {

struct Range
{
    double low = INFINITY, high = -INFINITY;

    void add(double value)
    {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    bool isEmpty() const { return !(low <= high); }
};

QString valueText(double value)
{
    return numberText(value, 6);
}

} // namespace

class CurvePlot::Private
{
public:
    explicit Private(CurvePlot& owner);

    void restyle();
    void redraw();
    void fitValues();
    void hover(const QPointF& position);
    void wheel(QWheelEvent* event);
    bool isLogarithmicNow() const;
    void addGraph(const PlotCurve& curve, std::vector<double> values, bool isPale);
    QString headText() const;

    CurvePlot& self;
    QString title;
    QList<PlotCurve> curves;
    bool wantsLogarithm = false;
    bool follows = true;
    std::optional<std::pair<qsizetype, std::size_t>> hovered; ///< curve and point

    QLabel* head = nullptr;
    QStackedLayout* stack = nullptr;
    QCustomPlot* plot = nullptr;
    QLabel* reason = nullptr;
    QCPItemTracer* tracer = nullptr;
};

CurvePlot::Private::Private(CurvePlot& owner)
    : self(owner)
    , head(new QLabel(&owner))
    , stack(new QStackedLayout)
    , plot(new QCustomPlot(&owner))
    , reason(new QLabel(&owner))
{
    auto* layout = new QVBoxLayout(&self);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(head);
    layout->addLayout(stack, 1);
    head->setMinimumWidth(1);
    head->setWordWrap(true); // the legend of a narrow plot goes on in a second line
    head->setTextFormat(Qt::RichText);
    head->setTextInteractionFlags(Qt::TextSelectableByMouse);
    reason->setAlignment(Qt::AlignCenter);
    reason->setWordWrap(true);
    stack->addWidget(reason);
    stack->addWidget(plot);
    plot->setFocusPolicy(Qt::NoFocus);
    plot->setNoAntialiasingOnDrag(true);
    plot->axisRect()->setMinimumMargins({ 8, 6, 12, 4 });
    tracer = new QCPItemTracer(plot);
    tracer->setStyle(QCPItemTracer::tsCircle);
    tracer->setSize(8);
    tracer->setVisible(false);
    tracer->position->setType(QCPItemPosition::ptPlotCoords);
    setTickRule(
        *plot->xAxis,
        [](double low, double high, int wanted) { return linearTicks(low, high, wanted); }, 48);
    setTickRule(
        *plot->yAxis,
        [this](double low, double high, int wanted) {
            return plot->yAxis->scaleType() == QCPAxis::stLogarithmic
                ? logarithmicTicks(low, high, wanted)
                : linearTicks(low, high, wanted);
        },
        40);
    connect(plot, &QCustomPlot::mouseWheel, &self, [this](QWheelEvent* event) { wheel(event); });
    connect(plot, &QCustomPlot::mouseMove, &self,
        [this](QMouseEvent* event) { hover(event->position()); });
    connect(plot, &QCustomPlot::mousePress, &self, [this] { self.setFocus(Qt::MouseFocusReason); });
    connect(plot, &QCustomPlot::mouseDoubleClick, &self, [this] { self.fit(); });
}

bool CurvePlot::Private::isLogarithmicNow() const
{
    if (!wantsLogarithm)
        return false;
    for (const PlotCurve& curve : curves)
        for (const double value : curve.values)
            if (value <= 0)
                return false;
    return true;
}

QString CurvePlot::Private::headText() const
{
    QString text = QStringLiteral("<b>%1</b>").arg(title.toHtmlEscaped());
    if (hovered) {
        text += QStringLiteral("&nbsp;&nbsp; ") + self.pointText().toHtmlEscaped();
        return text;
    }
    // A legend where there is something to tell apart, with the newest value of each.
    const auto language = VisualLanguage::of(self.palette());
    for (const PlotCurve& curve : curves) {
        if (curve.values.empty())
            continue;
        const QString sample = curve.identity.isValidation
            ? QStringLiteral("‒&#8288;&nbsp;‒&#8288;")
            : QStringLiteral("──");
        // A line ends between two entries, never within one.
        text += QStringLiteral("&nbsp; <span style=\"color:%1\">%2</span>&nbsp;%3&nbsp;%4")
                    .arg(curvePen(curve.identity, language).color().name(), sample,
                        curve.label.toHtmlEscaped().replace(u' ', QLatin1String("&nbsp;")),
                        numberText(curve.values.back()));
    }
    return text;
}

void CurvePlot::Private::addGraph(const PlotCurve& curve, std::vector<double> values, bool isPale)
{
    const auto language = VisualLanguage::of(self.palette());
    std::vector<double> steps = curve.steps;
    decimate(steps, values, std::max(50, plot->axisRect()->width()));
    QVector<QCPGraphData> data;
    data.reserve(static_cast<qsizetype>(steps.size()));
    for (std::size_t i = 0; i < steps.size(); ++i)
        data.append({ steps[i], std::isfinite(values[i]) ? values[i] : qQNaN() });
    QCPGraph* graph = plot->addGraph();
    graph->data()->set(data, true);
    QPen pen = curvePen(curve.identity, language);
    if (isPale)
        pen = QPen(language.faded(pen.color(), 0.28), 1);
    graph->setPen(pen);
    if (curve.hasMarkers && data.size() <= 100)
        graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, pen.color(), 4));
}

void CurvePlot::Private::redraw()
{
    plot->clearGraphs();
    plot->yAxis->setScaleType(isLogarithmicNow() ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    for (const PlotCurve& curve : curves) {
        if (curve.smoothing > 0)
            addGraph(curve, curve.values, true);
    }
    for (const PlotCurve& curve : curves)
        addGraph(curve, smoothed(curve.values, curve.smoothing), false);
    if (follows) {
        Range steps;
        bool hasMarkers = false;
        for (const PlotCurve& curve : curves) {
            if (curve.steps.empty())
                continue;
            hasMarkers = hasMarkers || curve.hasMarkers;
            steps.add(curve.steps.front());
            steps.add(curve.steps.back());
        }
        if (hasMarkers) // the last one whole, not half of it
            steps.add(steps.high + 0.012 * (steps.high - steps.low));
        if (!steps.isEmpty())
            plot->xAxis->setRange(steps.low, steps.high > steps.low ? steps.high : steps.low + 1);
    }
    fitValues();
    if (hovered
        && (hovered->first >= curves.size()
            || hovered->second >= curves[hovered->first].steps.size()))
        hovered.reset();
    tracer->setVisible(hovered.has_value());
    head->setText(headText());
    plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::Private::fitValues()
{
    Range values;
    const QCPRange visible = plot->xAxis->range();
    for (int i = 0; i < plot->graphCount(); ++i) {
        const auto data = plot->graph(i)->data();
        for (auto point = data->findBegin(visible.lower); point != data->findEnd(visible.upper);
             ++point)
            values.add(point->value);
    }
    if (values.isEmpty())
        return;
    if (plot->yAxis->scaleType() == QCPAxis::stLogarithmic) {
        plot->yAxis->setRange(values.low / 1.15, values.high * 1.15);
        return;
    }
    const double range = values.high - values.low;
    const double room = range > 0 ? 0.06 * range : std::max(1e-9, std::abs(values.high) * 0.1);
    plot->yAxis->setRange(values.low - room, values.high + room);
}

void CurvePlot::Private::hover(const QPointF& position)
{
    constexpr double reach = 40; ///< pixels
    hovered.reset();
    double best = reach * reach;
    for (qsizetype i = 0; i < curves.size(); ++i) {
        const PlotCurve& curve = curves[i];
        const double step = plot->xAxis->pixelToCoord(position.x());
        const auto above = std::lower_bound(curve.steps.begin(), curve.steps.end(), step);
        auto at = static_cast<std::size_t>(above - curve.steps.begin());
        for (const std::size_t point : { at > 0 ? at - 1 : 0, at }) {
            if (point >= curve.steps.size() || !std::isfinite(curve.values[point]))
                continue;
            const double dx = plot->xAxis->coordToPixel(curve.steps[point]) - position.x();
            const double dy = plot->yAxis->coordToPixel(curve.values[point]) - position.y();
            if (dx * dx + dy * dy < best) {
                best = dx * dx + dy * dy;
                hovered.emplace(i, point);
            }
        }
    }
    tracer->setVisible(hovered.has_value());
    if (hovered) {
        const PlotCurve& curve = curves[hovered->first];
        tracer->position->setCoords(curve.steps[hovered->second], curve.values[hovered->second]);
        tracer->setPen(
            QPen(curvePen(curve.identity, VisualLanguage::of(self.palette())).color(), 1.5));
    }
    head->setText(headText());
    plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::Private::wheel(QWheelEvent* event)
{
    if (event->angleDelta().y() == 0)
        return;
    plot->xAxis->scaleRange(std::pow(0.85, event->angleDelta().y() / 120.0),
        plot->xAxis->pixelToCoord(event->position().x()));
    event->accept();
    if (follows) {
        follows = false;
        emit self.followingChanged(false);
    }
    fitValues();
    plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::Private::restyle()
{
    QFont small = self.font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    stylePlot(*plot, VisualLanguage::of(self.palette()), small);
    head->setFont(small);
    redraw();
}

CurvePlot::CurvePlot(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(*this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(120, 80);
    d->restyle();
}

CurvePlot::~CurvePlot() = default;

void CurvePlot::setTitle(const QString& title)
{
    d->title = title;
    setAccessibleName(tr("Curves of %1").arg(title));
    d->head->setText(d->headText());
}

void CurvePlot::setStepTitle(const QString& title)
{
    d->plot->xAxis->setLabel(title);
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::setLogarithmic(bool isLogarithmic)
{
    d->wantsLogarithm = isLogarithmic;
    d->redraw();
}

void CurvePlot::setFollowing(bool follows)
{
    if (follows == d->follows)
        return;
    d->follows = follows;
    d->redraw();
}

bool CurvePlot::isFollowing() const
{
    return d->follows;
}

void CurvePlot::setCurves(QList<PlotCurve> curves)
{
    d->curves = std::move(curves);
    d->stack->setCurrentWidget(d->plot);
    d->redraw();
}

void CurvePlot::showReason(const QString& sentence)
{
    d->curves.clear();
    d->redraw();
    d->reason->setText(sentence);
    d->stack->setCurrentWidget(d->reason);
}

void CurvePlot::fit()
{
    const bool isChange = !d->follows;
    d->follows = true;
    d->redraw();
    if (isChange)
        emit followingChanged(true);
}

QString CurvePlot::pointText() const
{
    if (!d->hovered)
        return {};
    const PlotCurve& curve = d->curves[d->hovered->first];
    return tr("%1 at %2 %3: %4", "curve at epoch 3: 0.5")
        .arg(curve.label.isEmpty() ? d->title : curve.label, d->plot->xAxis->label(),
            valueText(curve.steps[d->hovered->second]),
            valueText(curve.values[d->hovered->second]));
}

void CurvePlot::copy() const
{
    QString text = pointText();
    if (text.isEmpty()) {
        for (const PlotCurve& curve : d->curves) {
            text += curve.label + u'\n';
            for (std::size_t i = 0; i < curve.steps.size(); ++i)
                text += valueText(curve.steps[i]) + u'\t' + valueText(curve.values[i]) + u'\n';
        }
    }
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void CurvePlot::changeEvent(QEvent* event)
{
    if (d && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange))
        d->restyle();
    QWidget::changeEvent(event);
}

void CurvePlot::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copy();
    else if (event->key() == Qt::Key_0 && event->modifiers() == Qt::ControlModifier)
        fit();
    else
        return QWidget::keyPressEvent(event);
    event->accept();
}

void CurvePlot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->redraw(); // as many points as there are pixels
}

} // namespace layerscope::views
