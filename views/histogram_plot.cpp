#include "views/histogram_plot.h"

#include "views/plot_style.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <qcustomplot.h>

namespace layerscope::views {
namespace {

constexpr double lowestLogCount = 0.5; ///< where a logarithmic count axis begins: below one value

} // namespace

class HistogramPlot::Private
{
public:
    explicit Private(HistogramPlot& owner);

    void restyle();
    void redraw();
    QString guideText() const;
    void mark(int first, int last);
    int binAtPixel(const QPointF& position) const;
    void wheel(QWheelEvent* event);
    void press(QMouseEvent* event);
    void move(QMouseEvent* event);

    HistogramPlot& self;
    HistogramDrawing drawing;
    int first = -1, last = -1; ///< marked bins
    bool isDragging = false;
    bool isChosen = false; ///< marked by a drag or the keyboard: stays when the pointer goes on

    QStackedLayout* stack = nullptr;
    QCustomPlot* plot = nullptr;
    QLabel* reason = nullptr;
    QCPGraph *negative = nullptr, *positive = nullptr, *marked = nullptr;
    QLabel* head = nullptr; ///< what the guides are, or what is marked
    QList<QCPCurve*> ghosts;
};

HistogramPlot::Private::Private(HistogramPlot& owner)
    : self(owner)
    , stack(new QStackedLayout)
    , plot(new QCustomPlot(&owner))
    , reason(new QLabel(&owner))
    , head(new QLabel(&owner))
{
    auto* layout = new QVBoxLayout(&owner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(head);
    layout->addLayout(stack, 1);
    head->setAlignment(Qt::AlignRight);
    head->setMinimumWidth(1);
    head->setTextFormat(Qt::PlainText);
    head->setTextInteractionFlags(Qt::TextSelectableByMouse);
    stack->addWidget(plot);
    stack->addWidget(reason);
    reason->setAlignment(Qt::AlignCenter);
    reason->setWordWrap(true);
    reason->setMargin(16);
    plot->setFocusPolicy(Qt::NoFocus); // the keys are ours
    plot->axisRect()->setAutoMargins(QCP::msAll);
    plot->axisRect()->setMinimumMargins({ 8, 8, 12, 4 });
    for (QCPGraph** graph : { &negative, &positive, &marked }) {
        *graph = plot->addGraph();
        (*graph)->setLineStyle(QCPGraph::lsStepLeft);
        (*graph)->setAdaptiveSampling(false);
    }
    setTickRule(
        *plot->xAxis,
        [this](double low, double high, int wanted) {
            return drawing.isSymmetricLog ? symmetricLogTicks(drawing.scale, low, high, wanted)
                                          : linearTicks(low, high, wanted);
        },
        70);
    setTickRule(
        *plot->yAxis,
        [this](double low, double high, int wanted) {
            return drawing.isLogCount ? logarithmicTicks(low, high, wanted)
                                      : linearTicks(low, high, wanted, 1);
        },
        40);
    connect(plot, &QCustomPlot::mouseWheel, &self, [this](QWheelEvent* event) { wheel(event); });
    connect(plot, &QCustomPlot::mousePress, &self, [this](QMouseEvent* event) { press(event); });
    connect(plot, &QCustomPlot::mouseMove, &self, [this](QMouseEvent* event) { move(event); });
    connect(plot, &QCustomPlot::mouseRelease, &self, [this] { isDragging = false; });
    connect(plot, &QCustomPlot::mouseDoubleClick, &self, [this] { self.fit(); });
}

void HistogramPlot::Private::restyle()
{
    const auto language = VisualLanguage::of(self.palette());
    QFont small = self.font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    stylePlot(*plot, language, small);
    const auto paint = [](QCPGraph* graph, const QColor& line, const QColor& fill) {
        graph->setPen(QPen(line, 1.2));
        graph->setBrush(fill);
    };
    paint(negative, language.negative, language.faded(language.negative, 0.45));
    paint(positive, language.positive, language.faded(language.positive, 0.45));
    paint(marked, language.text, language.faded(language.text, 0.55));
    for (int i = 0; i < ghosts.size(); ++i) {
        const Qt::PenStyle style = i == 0 ? Qt::DashLine : Qt::DotLine;
        ghosts[i]->setPen(QPen(language.quietText, i == 0 ? 1.2 : 1.8, style));
    }
    head->setFont(small);
    QPalette quiet = self.palette();
    quiet.setColor(QPalette::WindowText, language.quietText);
    head->setPalette(quiet);
    plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::Private::redraw()
{
    // The bin that holds 0 is coloured on both sides of it: the same height twice.
    QVector<QCPGraphData> below, above;
    const auto& edges = drawing.bins.edges;
    for (std::size_t i = 0; i < drawing.bins.counts.size(); ++i) {
        const double count = static_cast<double>(drawing.bins.counts[i]);
        const double left = drawing.placeOf(edges[i]);
        const double right = drawing.placeOf(edges[i + 1]);
        if (left < 0) {
            below.append({ left, count });
            if (right >= 0 || i + 1 == drawing.bins.counts.size())
                below.append({ std::min(right, 0.0), count });
        }
        if (right > 0) {
            above.append({ std::max(left, 0.0), count });
            if (i + 1 == drawing.bins.counts.size())
                above.append({ right, count });
        }
    }
    negative->data()->set(below, true);
    positive->data()->set(above, true);
    for (QCPCurve* ghost : ghosts)
        plot->removePlottable(ghost);
    ghosts.clear();
    for (const GhostCurve& curve : drawing.ghosts) {
        auto* ghost = new QCPCurve(plot->xAxis, plot->yAxis);
        QVector<double> places, counts;
        for (const QPointF& point : curve.points) {
            places.append(point.x());
            counts.append(drawing.isLogCount ? std::max(point.y(), lowestLogCount) : point.y());
        }
        ghost->setData(places, counts);
        ghosts.append(ghost);
    }
    plot->yAxis->setScaleType(drawing.isLogCount ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    mark(-1, -1);
    restyle();
    self.fit();
}

QString HistogramPlot::Private::guideText() const
{
    QStringList labels;
    for (int i = 0; i < drawing.ghosts.size(); ++i)
        labels.append(
            (i == 0 ? QStringLiteral("‒ ‒ ") : QStringLiteral("····· ")) + drawing.ghosts[i].label);
    return labels.join(QStringLiteral("     "));
}

void HistogramPlot::Private::mark(int from, int to)
{
    first = std::min(from, to);
    last = std::max(from, to);
    QVector<QCPGraphData> bars;
    for (int i = first; first >= 0 && i <= last; ++i) {
        const auto bin = static_cast<std::size_t>(i);
        const double count = static_cast<double>(drawing.bins.counts[bin]);
        bars.append({ drawing.placeOf(drawing.bins.edges[bin]), count });
        if (i == last)
            bars.append({ drawing.placeOf(drawing.bins.edges[bin + 1]), count });
    }
    marked->data()->set(bars, true);
    const QString said = first >= 0 ? drawing.describe(first, last) : QString();
    head->setText(first >= 0 ? said : guideText());
    self.setAccessibleDescription(said);
    plot->replot(QCustomPlot::rpQueuedReplot);
}

int HistogramPlot::Private::binAtPixel(const QPointF& position) const
{
    return plot->axisRect()->rect().contains(position.toPoint())
        ? drawing.binAt(plot->xAxis->pixelToCoord(position.x()))
        : -1;
}

void HistogramPlot::Private::wheel(QWheelEvent* event)
{
    const double steps = event->angleDelta().y() / 120.0;
    plot->xAxis->scaleRange(
        std::pow(0.85, steps), plot->xAxis->pixelToCoord(event->position().x()));
    const QCPRange all(drawing.low(), drawing.high());
    if (plot->xAxis->range().size() >= all.size())
        return self.fit();
    plot->xAxis->setRange(plot->xAxis->range().bounded(all.lower, all.upper));
    event->accept();
    plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::Private::press(QMouseEvent* event)
{
    self.setFocus(Qt::MouseFocusReason);
    if (event->button() != Qt::LeftButton)
        return;
    const int bin = binAtPixel(event->position());
    isDragging = isChosen = bin >= 0;
    mark(bin, bin);
}

void HistogramPlot::Private::move(QMouseEvent* event)
{
    const int bin = binAtPixel(event->position());
    if (isDragging && bin >= 0) {
        // Marking keeps first <= last: the far end is the one that follows the pointer.
        mark(std::abs(bin - first) > std::abs(bin - last) ? last : first, bin);
    } else if (!isChosen || first == last) {
        isChosen = isDragging;
        mark(bin, bin);
    }
}

HistogramPlot::HistogramPlot(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(*this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(220, 150);
    showReason({});
    d->restyle();
}

HistogramPlot::~HistogramPlot() = default;

void HistogramPlot::setDrawing(const HistogramDrawing& drawing, const QString& name)
{
    d->drawing = drawing;
    setAccessibleName(tr("Histogram of %1").arg(name));
    d->redraw();
    d->stack->setCurrentWidget(d->plot);
}

void HistogramPlot::showReason(const QString& sentence)
{
    d->drawing = {};
    d->head->clear();
    d->reason->setText(sentence);
    setAccessibleName(sentence);
    d->stack->setCurrentWidget(d->reason);
}

void HistogramPlot::fit()
{
    const double low = d->drawing.low();
    const double high = d->drawing.high();
    d->plot->xAxis->setRange(low, high > low ? high : low + 1);
    d->plot->yAxis->setRange(d->drawing.isLogCount ? lowestLogCount : 0.0, d->drawing.topCount());
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

QString HistogramPlot::markedText() const
{
    return d->first < 0 ? QString() : d->drawing.describe(d->first, d->last);
}

void HistogramPlot::copy() const
{
    const QString text = d->first < 0 ? d->drawing.table() : markedText();
    if (!d->drawing.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void HistogramPlot::changeEvent(QEvent* event)
{
    if (d && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange))
        d->restyle();
    QWidget::changeEvent(event);
}

void HistogramPlot::keyPressEvent(QKeyEvent* event)
{
    const int bins = static_cast<int>(d->drawing.bins.counts.size());
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (event->key() == Qt::Key_0 && event->modifiers() == Qt::ControlModifier) {
        fit();
    } else if (bins > 0 && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
        const int step = event->key() == Qt::Key_Right ? 1 : -1;
        const int from = d->first < 0 ? bins / 2 : step > 0 ? d->last : d->first;
        const int to = std::clamp(from + step, 0, bins - 1);
        const bool extends = (event->modifiers() & Qt::ShiftModifier) != 0 && d->first >= 0;
        d->isChosen = true;
        d->mark(extends && step > 0 ? d->first : extends ? d->last : to, to);
    } else if (event->key() == Qt::Key_Escape && d->first >= 0) {
        d->isChosen = false;
        d->mark(-1, -1);
    } else {
        return QWidget::keyPressEvent(event);
    }
    event->accept();
}

void HistogramPlot::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason)
        d->mark(-1, -1);
}

} // namespace layerscope::views
