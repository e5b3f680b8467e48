#include "views/training_board.h"

#include "views/export_button.h"
#include "views/flow_layout.h"
#include "views/loss_sheet.h"
#include "views/number_text.h"
#include "views/picture_writer.h"
#include "views/pulse_grid.h"
#include "views/pulse_item_model.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QShortcut>
#include <QSlider>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

namespace layerscope::views {
namespace {

constexpr int updateMs = 90;
constexpr int usualSmoothing = 60; ///< percent, TensorBoard's default

} // namespace

TrainingBoard::TrainingBoard(QWidget* parent)
    : QWidget(parent)
    , m_pulse(new PulseItemModel(this))
    , m_pulseGrid(new PulseGrid(*m_pulse))
    , m_loss(new CurvePlot)
    , m_learningRate(new CurvePlot)
    , m_side(new QWidget)
    , m_upper(new QSplitter(Qt::Horizontal))
    , m_whole(new QSplitter(Qt::Vertical))
    , m_timer(new QTimer(this))
{
    m_loss->setTitle(tr("Loss"));
    m_learningRate->setTitle(tr("Learning rate"));
    m_learningRate->setMaximumHeight(150);
    m_metricLayout = new QVBoxLayout(m_side);
    m_metricLayout->setContentsMargins(8, 0, 0, 0);
    m_metricLayout->addWidget(m_learningRate);
    m_upper->addWidget(m_loss);
    m_upper->addWidget(m_side);
    m_upper->setStretchFactor(0, 3);
    m_upper->setStretchFactor(1, 2);
    m_upper->setChildrenCollapsible(false);
    m_upper->setHandleWidth(1);
    m_upper->setSizes({ 560, 440 });
    m_whole->addWidget(m_upper);
    m_whole->addWidget(m_pulseGrid);
    m_whole->setStretchFactor(0, 3);
    m_whole->setStretchFactor(1, 2);
    m_whole->setChildrenCollapsible(false);
    m_whole->setHandleWidth(1);
    m_pulseGrid->hide();
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 4);
    layout->setSpacing(4);
    layout->addWidget(m_whole, 1);
    layout->addWidget(makeControls());
    connectControls();
    m_timer->setSingleShot(true);
    m_timer->setInterval(updateMs);
    connect(m_timer, &QTimer::timeout, this, &TrainingBoard::redraw);
    for (CurvePlot* plot : { m_loss, m_learningRate })
        connect(plot, &CurvePlot::followingChanged, m_follow, &QCheckBox::setChecked);
    redraw();
}

QWidget* TrainingBoard::makeControls()
{
    auto* controls = new QWidget(this);
    auto* row = new FlowLayout(10, 4, controls);
    m_axis = new QComboBox(controls);
    m_axis->addItem(tr("epoch"), QVariant::fromValue(static_cast<int>(StepAxis::Epoch)));
    m_axis->addItem(tr("step"), QVariant::fromValue(static_cast<int>(StepAxis::Step)));
    m_axis->setAccessibleName(tr("Horizontal axis"));
    m_axis->setToolTip(tr("What the curves are drawn over"));
    m_smoothing = new QSlider(Qt::Horizontal, controls);
    m_smoothing->setRange(0, 99);
    m_smoothing->setValue(usualSmoothing);
    m_smoothing->setMaximumWidth(120);
    m_smoothing->setAccessibleName(tr("Smoothing"));
    m_smoothing->setToolTip(
        tr("Exponential moving average over batches; the raw curve stays pale behind it"));
    auto* label = new QLabel(tr("S&moothing"), controls);
    label->setBuddy(m_smoothing);
    auto* value = new QLabel(numberText(usualSmoothing / 100.0), controls);
    value->setMinimumWidth(value->fontMetrics().horizontalAdvance(QStringLiteral("0.00")));
    m_logarithm = new QCheckBox(tr("&Log loss"), controls);
    m_logarithm->setToolTip(tr("Loss axis in powers of ten (L)"));
    m_follow = new QCheckBox(tr("&Follow"), controls);
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Keep the newest point in sight"));
    m_layers = new QCheckBox(tr("Layer by la&yer"), controls);
    m_layers->setToolTip(
        tr("Gradient norm and update ratio of each layer; costs a little time in each step"));
    for (QWidget* widget : { static_cast<QWidget*>(m_axis), static_cast<QWidget*>(label),
             static_cast<QWidget*>(m_smoothing), static_cast<QWidget*>(value),
             static_cast<QWidget*>(m_logarithm), static_cast<QWidget*>(m_follow),
             static_cast<QWidget*>(m_layers), makeExportButton(controls) })
        row->addWidget(widget);
    connect(m_smoothing, &QSlider::valueChanged, this, [this, value](int percent) {
        value->setText(numberText(percent / 100.0));
        scheduleUpdate();
    });
    return controls;
}

QWidget* TrainingBoard::makeExportButton(QWidget* parent)
{
    auto* button = new ExportButton(parent);
    connect(button, &ExportButton::exportRequested, this, &TrainingBoard::exportRequested);
    return button;
}

void TrainingBoard::connectControls()
{
    connect(m_axis, &QComboBox::currentIndexChanged, this, &TrainingBoard::scheduleUpdate);
    connect(m_logarithm, &QCheckBox::toggled, m_loss, &CurvePlot::setLogarithmic);
    connect(m_follow, &QCheckBox::toggled, this, [this](bool follows) {
        for (CurvePlot* plot : allPlots())
            plot->setFollowing(follows);
    });
    connect(m_layers, &QCheckBox::toggled, this, [this](bool isWanted) {
        m_pulseGrid->setVisible(isWanted);
        m_whole->setSizes({ 2 * height() / 3, height() / 3 });
    });
    connect(m_layers, &QCheckBox::toggled, this, &TrainingBoard::pulseRequested);
    const auto addShortcut = [this](const QKeySequence& keys, const auto& run) {
        auto* shortcut
            = new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, run);
    };
    addShortcut(Qt::Key_L, [this] { m_logarithm->toggle(); });
    addShortcut(Qt::Key_S, [this] { m_smoothing->setFocus(Qt::ShortcutFocusReason); });
}

QList<CurvePlot*> TrainingBoard::allPlots() const
{
    return QList<CurvePlot*>{ m_loss, m_learningRate } + m_metrics;
}

void TrainingBoard::scheduleUpdate()
{
    if (!m_timer->isActive())
        m_timer->start();
}

bool TrainingBoard::isFollowing() const
{
    return m_follow->isChecked();
}

void TrainingBoard::redraw()
{
    const auto axis = static_cast<StepAxis>(m_axis->currentData().toInt());
    const double smoothing = m_smoothing->value() / 100.0;
    for (CurvePlot* plot : allPlots())
        plot->setStepTitle(m_axis->currentText());
    const QStringList metrics = m_curves.metrics();
    if (metrics.isEmpty()) {
        m_loss->showReason(tr("No loss yet.\nThis file holds no loss history, and nothing has been "
                              "trained: press Start."));
    } else {
        m_loss->setTitle(metrics.first() == QStringLiteral("loss") ? tr("Loss") : metrics.first());
        m_loss->setCurves(m_curves.curves(metrics.first(), axis, smoothing));
    }
    const auto rate = m_curves.learningRate(axis);
    m_learningRate->setVisible(!rate.isEmpty());
    m_learningRate->setCurves(rate);
    updateMetrics(axis, smoothing);
    m_side->setVisible(!rate.isEmpty() || metrics.size() > 1);
}

void TrainingBoard::updateMetrics(StepAxis axis, double smoothing)
{
    constexpr qsizetype mostMetrics = 4; ///< more would be too small to read
    const QStringList metrics = m_curves.metrics().mid(1, mostMetrics);
    while (m_metrics.size() < metrics.size()) {
        auto* plot = new CurvePlot(m_side);
        plot->setFollowing(m_follow->isChecked());
        plot->setStepTitle(m_axis->currentText());
        connect(plot, &CurvePlot::followingChanged, m_follow, &QCheckBox::setChecked);
        m_metricLayout->insertWidget(static_cast<int>(m_metrics.size()), plot, 1);
        m_metrics.append(plot);
    }
    for (qsizetype i = 0; i < m_metrics.size(); ++i) {
        m_metrics[i]->setVisible(i < metrics.size());
        if (i >= metrics.size())
            continue;
        m_metrics[i]->setTitle(metrics[i]);
        m_metrics[i]->setCurves(m_curves.curves(metrics[i], axis, smoothing));
    }
}

QByteArray TrainingBoard::exported(ExportFormat format) const
{
    const LossSheet sheet{ .title = tr("Training"),
        .history = m_curves.table(),
        .isLogarithmic = m_logarithm->isChecked() };
    if (sheet.isEmpty())
        return {};
    if (format == ExportFormat::Csv)
        return sheet.csv();
    return writePicture(format, sheet.size(), sheet.title,
        [&](QPainter& painter) { sheet.paint(painter, VisualLanguage::light()); });
}

} // namespace layerscope::views
