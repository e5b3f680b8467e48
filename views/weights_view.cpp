#include "views/weights_view.h"

#include "views/histogram_card.h"
#include "views/histogram_grid.h"
#include "views/histogram_item_model.h"
#include "views/histogram_sheet.h"
#include "views/number_text.h"
#include "views/picture_writer.h"
#include "views/weights_controls.h"

#include <QGridLayout>
#include <QLabel>
#include <QProgressBar>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace layerscope::views {
namespace {

/// More weights than these are shown as small multiples: cards would have to be scrolled for long.
constexpr qsizetype mostCards = 8;
constexpr int gridBins = 40;
constexpr int settleMs = 60; ///< scrolling asks for what is on screen once it slows down

QString optimizerSentence(const Network& network)
{
    if (!network.optimizer)
        return WeightsView::tr("No optimizer state in this file");
    const QString name = QString::fromStdString(network.optimizer->className);
    return network.optimizer->iterations ? WeightsView::tr("Optimizer: %1, step %2")
                                               .arg(name, countText(*network.optimizer->iterations))
                                         : WeightsView::tr("Optimizer: %1").arg(name);
}

} // namespace

size_t qHash(const ValueSource& source, size_t seed)
{
    return qHashMulti(seed, static_cast<int>(source.kind), source.index);
}

size_t qHash(const StatisticsRequest& request, size_t seed)
{
    return qHashMulti(seed, request.source, request.bins);
}

class WeightsView::Private
{
public:
    explicit Private(WeightsView& owner);

    /// Decides what is shown, from the network, the selection and the controls.
    void rebuild();
    void showCards();
    void placeCards();
    void updateCards();
    void request();

    int wantedBins() const;
    StatisticsRequest requestFor(const WeightItem& item) const;
    SharedStatistics find(const ValueSource& source) const;
    HistogramSheet sheet() const;
    QString reasonForNothing() const;

    WeightsView& self;
    std::shared_ptr<const Network> network;
    QStringList path;
    QList<WeightItem> items;
    bool isGrid = false;

    QHash<StatisticsRequest, SharedStatistics> arrived;
    QHash<StatisticsRequest, QString> failed;
    QHash<StatisticsRequest, SharedStatistics> earlier; ///< of the network before: until new come
    QList<StatisticsRequest> asked;

    HistogramItemModel* model = nullptr;
    QStackedWidget* stack = nullptr;
    QScrollArea* scroll = nullptr;
    QWidget* cardHolder = nullptr;
    QGridLayout* cardLayout = nullptr;
    QList<HistogramCard*> cards;
    HistogramGrid* grid = nullptr;
    QLabel* empty = nullptr;
    WeightsControls* controls = nullptr;
    QProgressBar* progress = nullptr;
    QTimer* settle = nullptr;
};

WeightsView::Private::Private(WeightsView& owner)
    : self(owner)
    , model(new HistogramItemModel([this](const ValueSource& source) { return find(source); },
          [this](const ValueSource& source) {
              return failed.value({ source, wantedBins() });
          },
          &owner))
    , stack(new QStackedWidget(&owner))
    , scroll(new QScrollArea(stack))
    , cardHolder(new QWidget)
    , cardLayout(new QGridLayout(cardHolder))
    , grid(new HistogramGrid(stack))
    , empty(new QLabel(stack))
    , controls(new WeightsControls(&owner))
    , progress(new QProgressBar(&owner))
    , settle(new QTimer(&owner))
{
    scroll->setWidget(cardHolder);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setBackgroundRole(QPalette::Base);
    cardLayout->setContentsMargins(12, 8, 12, 8);
    cardLayout->setHorizontalSpacing(24);
    cardLayout->setVerticalSpacing(16);
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    empty->setMargin(24);
    grid->setHistogramModel(model);
    for (QWidget* page : { static_cast<QWidget*>(empty), static_cast<QWidget*>(scroll),
             static_cast<QWidget*>(grid) })
        stack->addWidget(page);
    progress->setMaximumHeight(16);
    progress->setTextVisible(true);
    QSizePolicy keepsRoom = progress->sizePolicy();
    keepsRoom.setRetainSizeWhenHidden(true); // nothing jumps when a job begins or ends
    progress->setSizePolicy(keepsRoom);
    progress->hide();
    auto* layout = new QVBoxLayout(&self);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(stack, 1);
    layout->addWidget(progress);
    layout->addWidget(controls);
    settle->setSingleShot(true);
    settle->setInterval(settleMs);
}

int WeightsView::Private::wantedBins() const
{
    if (controls->options().isSymmetricLog)
        return analysis::fineBinCount;
    return isGrid && controls->bins() == analysis::automaticBinCount ? gridBins : controls->bins();
}

StatisticsRequest WeightsView::Private::requestFor(const WeightItem& item) const
{
    return { item.source, wantedBins() };
}

SharedStatistics WeightsView::Private::find(const ValueSource& source) const
{
    const StatisticsRequest key{ source, wantedBins() };
    const auto found = arrived.constFind(key);
    return found != arrived.constEnd() ? *found : earlier.value(key);
}

QString WeightsView::Private::reasonForNothing() const
{
    if (!network)
        return WeightsView::tr("Open a model to see its weights.");
    if (network->weights.empty())
        return WeightsView::tr("This model has no weights.");
    if (!controls->slot().isEmpty())
        return WeightsView::tr("The optimizer keeps no \"%1\" for this layer: its weights are not "
                               "trained.")
            .arg(controls->slot());
    return WeightsView::tr("\"%1\" has no weights.\nSelect another layer, or show all layers.")
        .arg(path.isEmpty() ? QString() : path.last());
}

void WeightsView::Private::rebuild()
{
    const bool isWhole = controls->scope() == Scope::AllLayers;
    items = network ? weightItems(*network, isWhole ? QStringList() : path, controls->slot())
                    : QList<WeightItem>();
    isGrid = isWhole || items.size() > mostCards;
    controls->setEnabled(network != nullptr);
    if (items.isEmpty()) {
        empty->setText(reasonForNothing());
        model->setItems({});
        stack->setCurrentWidget(empty);
    } else if (isGrid) {
        grid->setOptions(controls->options());
        model->setItems(items);
        stack->setCurrentWidget(grid);
    } else {
        showCards();
        stack->setCurrentWidget(scroll);
    }
    request();
}

void WeightsView::Private::showCards()
{
    while (cards.size() < items.size())
        cards.append(new HistogramCard(cardHolder));
    for (int i = 0; i < cards.size(); ++i) {
        cards[i]->setVisible(i < items.size());
        if (i >= items.size())
            continue;
        WeightItem item = items[i];
        if (item.layerPath != path) // of several layers: which one
            item.name = item.layerText() + QStringLiteral(" / ") + item.name;
        cards[i]->setItem(item);
    }
    placeCards();
    updateCards();
}

void WeightsView::Private::placeCards()
{
    constexpr int leastWidth = 280; // of two cards beside each other
    const int columns = items.size() > 1 && self.width() >= 2 * leastWidth ? 2 : 1;
    for (int i = 0; i < cards.size(); ++i) {
        cardLayout->removeWidget(cards[i]);
        if (i < items.size())
            cardLayout->addWidget(cards[i], i / columns, i % columns);
    }
    cardLayout->setColumnStretch(0, 1);
    cardLayout->setColumnStretch(1, columns > 1 ? 1 : 0);
    cardLayout->setHorizontalSpacing(columns > 1 ? 24 : 0);
}

void WeightsView::Private::updateCards()
{
    for (int i = 0; i < items.size(); ++i) {
        const auto failure = failed.constFind(requestFor(items[i]));
        if (failure != failed.constEnd())
            cards[i]->setFailure(*failure);
        else
            cards[i]->setStatistics(find(items[i].source), controls->options());
    }
}

void WeightsView::Private::request()
{
    QList<StatisticsRequest> wanted;
    const auto add = [&](qsizetype from, qsizetype to) {
        for (qsizetype i = from; i <= to && i < items.size(); ++i) {
            const StatisticsRequest one = requestFor(items[i]);
            if (!arrived.contains(one) && !failed.contains(one))
                wanted.append(one);
        }
    };
    if (isGrid) {
        const auto [first, last] = grid->visibleRows();
        add(first, last);
        add(last + 1, items.size() - 1);
        add(0, first - 1);
    } else {
        add(0, items.size() - 1);
    }
    progress->setVisible(!wanted.isEmpty() && !progress->isHidden());
    // What has arrived since does not make it another list.
    asked.removeIf([&](const StatisticsRequest& one) {
        return arrived.contains(one) || failed.contains(one);
    });
    if (wanted == asked)
        return;
    asked = wanted;
    emit self.statisticsRequested(wanted);
}

HistogramSheet WeightsView::Private::sheet() const
{
    HistogramSheet sheet;
    if (!network)
        return sheet;
    const QString name = QString::fromStdString(network->model.name);
    const bool isWhole = controls->scope() == Scope::AllLayers || path.isEmpty();
    sheet.title = isWhole ? name : name + QStringLiteral(" / ") + path.join(QStringLiteral(" / "));
    sheet.options = controls->options();
    for (const WeightItem& item : items)
        sheet.entries.append({ item, find(item.source) });
    return sheet;
}

WeightsView::WeightsView(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(*this))
{
    setAccessibleName(tr("Weights"));
    connect(d->controls, &WeightsControls::slotChanged, this, [this] { d->rebuild(); });
    connect(d->controls, &WeightsControls::binsChanged, this, [this] { d->rebuild(); });
    connect(d->controls, &WeightsControls::scopeChanged, this, [this] { d->rebuild(); });
    connect(d->controls, &WeightsControls::optionsChanged, this, [this] {
        d->grid->setOptions(d->controls->options());
        if (!d->isGrid)
            d->updateCards();
    });
    connect(d->controls, &WeightsControls::exportRequested, this, &WeightsView::exportRequested);
    connect(d->grid, &HistogramGrid::visibleRowsChanged, d->settle, qOverload<>(&QTimer::start));
    connect(d->settle, &QTimer::timeout, this, [this] { d->request(); });
    connect(d->grid, &QListView::activated, this, [this](const QModelIndex& index) {
        emit layerActivated(index.data(HistogramItemModel::LayerPathRole).toStringList());
    });
    auto* logarithm
        = new QShortcut(Qt::Key_L, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(logarithm, &QShortcut::activated, d->controls, &WeightsControls::toggleLogCount);
    d->rebuild();
}

WeightsView::~WeightsView() = default;

void WeightsView::setNetwork(std::shared_ptr<const Network> network)
{
    if (network == d->network)
        return;
    // The next snapshot of a training run looks much like this one: no flicker in between. Another
    // model has other weights, and its figures must not appear beside these.
    const bool isSameModel = network && d->network
        && network->weights.size() == d->network->weights.size()
        && network->architecture.text() == d->network->architecture.text()
        && network->file.path == d->network->file.path;
    for (auto one = d->arrived.cbegin(); isSameModel && one != d->arrived.cend(); ++one)
        d->earlier.insert(one.key(), one.value());
    if (!isSameModel)
        d->earlier.clear();
    d->arrived.clear();
    d->failed.clear();
    d->asked.clear();
    d->network = std::move(network);
    if (d->network && !hasLayer(*d->network, d->path))
        d->path.clear();
    d->controls->setOptimizer(d->network ? optimizerSentence(*d->network) : QString(),
        d->network ? optimizerSlots(*d->network) : QStringList());
    d->rebuild();
}

const std::shared_ptr<const Network>& WeightsView::network() const
{
    return d->network;
}

void WeightsView::selectLayer(const QStringList& path)
{
    if (path == d->path)
        return;
    d->path = path;
    if (d->controls->scope() == Scope::SelectedLayer)
        d->rebuild();
}

void WeightsView::setStatistics(const StatisticsRequest& request, SharedStatistics statistics)
{
    d->arrived.insert(request, std::move(statistics));
    d->failed.remove(request);
    if (request.bins != d->wantedBins())
        return;
    if (d->isGrid)
        d->model->statisticsArrived(request.source);
    else
        for (int i = 0; i < d->items.size(); ++i)
            if (d->items[i].source == request.source)
                d->cards[i]->setStatistics(d->find(request.source), d->controls->options());
    d->settle->start();
}

void WeightsView::setStatisticsFailed(const StatisticsRequest& request, const QString& why)
{
    d->failed.insert(request, why);
    if (d->isGrid)
        d->model->statisticsArrived(request.source);
    else
        d->updateCards();
    d->settle->start();
}

void WeightsView::setProgress(qint64 done, qint64 total, const QString& what)
{
    constexpr int resolution = 1000;
    d->progress->setVisible(!d->asked.isEmpty() && (total == 0 || done < total));
    d->progress->setRange(0, total > 0 ? resolution : 0);
    d->progress->setValue(total > 0 ? static_cast<int>(resolution * done / total) : 0);
    d->progress->setFormat(what);
    d->progress->setAccessibleName(what);
}

WeightsView::Scope WeightsView::scope() const
{
    return d->controls->scope();
}
void WeightsView::setScope(Scope scope)
{
    d->controls->setScope(scope);
}

void WeightsView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (!d->isGrid && !d->items.isEmpty())
        d->placeCards();
}

QByteArray WeightsView::exported(ExportFormat format) const
{
    const HistogramSheet sheet = d->sheet();
    if (sheet.entries.isEmpty())
        return {};
    if (format == ExportFormat::Csv)
        return sheet.csv();
    return writePicture(format, sheet.size(), sheet.title,
        [&](QPainter& painter) { sheet.paint(painter, VisualLanguage::light()); });
}

} // namespace layerscope::views
