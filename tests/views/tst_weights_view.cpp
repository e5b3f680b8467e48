#include "tests/views/view_test.h"
#include "views/histogram_card.h"
#include "views/histogram_grid.h"
#include "views/histogram_item_model.h"
#include "views/histogram_plot.h"
#include "views/weights_view.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

using namespace layerscope;
using namespace layerscope::views;

namespace {

Tensor normalTensor(Shape shape, double mean, double deviation)
{
    static QRandomGenerator generator(1);
    std::vector<float> values(static_cast<std::size_t>(*elementCount(shape)));
    for (float& value : values) {
        double sum = -6;
        for (int i = 0; i < 12; ++i)
            sum += generator.generateDouble();
        value = static_cast<float>(mean + deviation * sum);
    }
    return Tensor::of<float>(std::move(shape), values);
}

void addWeight(Network& network, Layer& layer, const std::string& name, Tensor value)
{
    layer.weights.push_back(network.weights.size());
    network.weights.push_back(
        { layer.name + '/' + name + ":0", layer.name + '/' + name, true, std::move(value) });
}

/// A convolution, and as many dense layers as asked for, with Adam's two slots for each weight.
std::shared_ptr<const Network> makeNetwork(int denseLayers = 2)
{
    auto network = std::make_shared<Network>();
    network->model.name = "emotion";
    network->model.kind = LayerKind::Sequential;
    Layer convolution;
    convolution.name = "conv2d_3";
    convolution.config
        = Json::parse(R"({"kernel_initializer": {"class_name": "GlorotUniform", "config": {}}})");
    addWeight(*network, convolution, "kernel", normalTensor({ 3, 3, 64, 128 }, 0.001, 0.03));
    addWeight(*network, convolution, "bias", normalTensor({ 128 }, 0.01, 0.02));
    network->model.layers.push_back(convolution);
    Layer flatten;
    flatten.name = "flatten";
    network->model.layers.push_back(flatten);
    for (int i = 0; i < denseLayers; ++i) {
        Layer dense;
        dense.name = "dense_" + std::to_string(i);
        addWeight(*network, dense, "kernel", normalTensor({ 16, 7 }, 0, 0.1));
        addWeight(*network, dense, "bias", *Tensor::zeros(DType::Float32, { 7 }));
        network->model.layers.push_back(dense);
    }
    OptimizerState adam;
    adam.className = "Adam";
    adam.iterations = 92494;
    for (std::size_t i = 0; i < network->weights.size(); ++i)
        for (const char* slot : { "momentum", "velocity" })
            adam.variables.push_back({ slot, slot, SlotRole::Slot, slot, i,
                normalTensor(network->weights[i].value.shape(), 0, 1e-4) });
    network->optimizer = adam;
    return network;
}

/// What the program does in the background.
void answer(WeightsView& view, const QList<StatisticsRequest>& requests)
{
    for (const StatisticsRequest& request : requests) {
        const auto index = request.source.index;
        const StoredTensor& value = request.source.kind == ValueSource::Kind::Weight
            ? view.network()->weights[index].value
            : view.network()->optimizer->variables[index].value;
        auto statistics = analysis::computeStatistics(*value.load(), { .bins = request.bins });
        view.setStatistics(request, std::make_shared<analysis::Statistics>(*statistics));
    }
}

QList<StatisticsRequest> lastRequests(const QSignalSpy& spy)
{
    return spy.isEmpty() ? QList<StatisticsRequest>()
                         : spy.last().at(0).value<QList<StatisticsRequest>>();
}

QList<HistogramCard*> shownCards(const WeightsView& view)
{
    auto cards = view.findChildren<HistogramCard*>();
    cards.removeIf([](const HistogramCard* card) { return card->isHidden(); });
    return cards;
}

} // namespace

class tst_WeightsView : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        view_test::ignoreMissingWindowManager();
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QApplication::setStyle(QStringLiteral("Fusion"));
        qRegisterMetaType<QList<StatisticsRequest>>();
    }

    void showsKernelAndBiasSideBySide()
    {
        WeightsView view;
        QSignalSpy asked(&view, &WeightsView::statisticsRequested);
        view.resize(900, 560);
        view.setNetwork(makeNetwork());
        view.selectLayer({ QStringLiteral("conv2d_3") });
        QVERIFY(view_test::showWindow(view));
        const auto requests = lastRequests(asked);
        QCOMPARE(requests.size(), 2);
        QCOMPARE(requests[0].source.index, std::size_t{ 0 });
        QCOMPARE(requests[0].bins, analysis::automaticBinCount);
        view.setProgress(3, 10, QStringLiteral("Reading conv2d_3/kernel"));
        view_test::takeScreenshot(view, QStringLiteral("weights-loading"));
        answer(view, requests);
        const auto cards = shownCards(view);
        QCOMPARE(cards.size(), 2);
        QCOMPARE(cards[0]->y(), cards[1]->y());
        view_test::takeScreenshot(view, QStringLiteral("weights-layer"));
        QTest::keyClick(&cards[0]->plot(), Qt::Key_Right);
        view_test::takeScreenshot(view, QStringLiteral("weights-marked"));
        view.setPalette(view_test::darkPalette());
        view_test::takeScreenshot(view, QStringLiteral("weights-layer-dark"));
    }

    /// What 1280x800 leaves at a scale of 200 % beside the tree.
    void fitsIntoASmallWindow()
    {
        WeightsView view;
        QSignalSpy asked(&view, &WeightsView::statisticsRequested);
        view.resize(400, 330);
        view.setNetwork(makeNetwork());
        view.selectLayer({ QStringLiteral("conv2d_3") });
        answer(view, lastRequests(asked));
        QVERIFY(view_test::showWindow(view));
        QVERIFY(view.width() <= 400);
        QCOMPARE(shownCards(view).at(0)->x(), shownCards(view).at(1)->x());
        view_test::takeScreenshot(view, QStringLiteral("weights-small"));
    }

    void asksForTheChosenNumberOfBins()
    {
        WeightsView view;
        QSignalSpy asked(&view, &WeightsView::statisticsRequested);
        view.setNetwork(makeNetwork());
        view.selectLayer({ QStringLiteral("dense_0") });
        auto* bins = view.findChild<QComboBox*>();
        QTest::keyClick(bins->lineEdit(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(bins->lineEdit(), QStringLiteral("77"));
        QTest::keyClick(bins->lineEdit(), Qt::Key_Return);
        QCOMPARE(lastRequests(asked).at(0).bins, 77);
        QTest::keyClick(bins->lineEdit(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(bins->lineEdit(), QStringLiteral("nonsense"));
        QTest::keyClick(bins->lineEdit(), Qt::Key_Return);
        QCOMPARE(lastRequests(asked).at(0).bins, analysis::automaticBinCount);
    }

    void showsOptimizerSlotsInsteadOfValues()
    {
        WeightsView view;
        QSignalSpy asked(&view, &WeightsView::statisticsRequested);
        view.setNetwork(makeNetwork());
        view.selectLayer({ QStringLiteral("conv2d_3") });
        for (QAbstractButton* button : view.findChildren<QAbstractButton*>())
            if (button->text() == QStringLiteral("velocity"))
                button->click();
        const auto requests = lastRequests(asked);
        QCOMPARE(requests.size(), 2);
        QVERIFY(requests[0].source.kind == ValueSource::Kind::OptimizerVariable);
        QCOMPARE(requests[0].source.index, std::size_t{ 1 });
    }

    void saysWhyThereIsNothing()
    {
        WeightsView view;
        const auto says = [&](const QString& part) {
            for (const QLabel* label : view.findChildren<QLabel*>())
                if (label->text().contains(part) && !label->isHidden())
                    return true;
            return false;
        };
        QVERIFY(says(QStringLiteral("Open a model")));
        view.setNetwork(makeNetwork());
        view.selectLayer({ QStringLiteral("flatten") });
        QVERIFY(says(QStringLiteral("\"flatten\" has no weights")));
        view.selectLayer({ QStringLiteral("dense_0") });
        view.setStatisticsFailed({ { ValueSource::Kind::Weight, 2 }, analysis::automaticBinCount },
            QStringLiteral("The file ends too early."));
        QVERIFY(says(QStringLiteral("ends too early")));
    }

    void paintsOnlyWhatIsVisibleOfThousands()
    {
        WeightsView view;
        QSignalSpy asked(&view, &WeightsView::statisticsRequested);
        view.resize(900, 560);
        view.setNetwork(makeNetwork(2000));
        view.setScope(WeightsView::Scope::AllLayers);
        QVERIFY(view_test::showWindow(view));
        QTRY_COMPARE(lastRequests(asked).size(), 4002);
        const auto requests = lastRequests(asked);
        auto* grid = view.findChild<HistogramGrid*>();
        QVERIFY(grid->visibleRows().second < 100);
        answer(view, requests.mid(0, 100));
        view_test::takeScreenshot(view, QStringLiteral("weights-all"));
        grid->verticalScrollBar()->setValue(grid->verticalScrollBar()->maximum());
        QTRY_COMPARE(lastRequests(asked).size(), 3902);
        QVERIFY(lastRequests(asked).at(0).source.index > 3000); // what is on screen comes first
        QSignalSpy activated(&view, &WeightsView::layerActivated);
        grid->setCurrentIndex(grid->model()->index(0, 0));
        QTest::keyClick(grid, Qt::Key_Return);
        QCOMPARE(activated.size(), 1);
        QCOMPARE(activated[0][0].toStringList(), QStringList{ QStringLiteral("conv2d_3") });
        view.setPalette(view_test::darkPalette());
        grid->verticalScrollBar()->setValue(0);
        view_test::takeScreenshot(view, QStringLiteral("weights-all-dark"));
    }

    void keepsEarlierFiguresUntilNewOnesCome()
    {
        WeightsView view;
        QSignalSpy asked(&view, &WeightsView::statisticsRequested);
        const auto network = makeNetwork();
        view.setNetwork(network);
        view.selectLayer({ QStringLiteral("dense_0") });
        answer(view, lastRequests(asked));
        auto* plot = &shownCards(view).at(0)->plot();
        const QString name = plot->accessibleName();
        view.setNetwork(std::make_shared<Network>(*network)); // the next snapshot
        QCOMPARE(plot->accessibleName(), name);
        QCOMPARE(lastRequests(asked).size(), 2);
    }

    void copiesABinAndTheWholeTable()
    {
        const auto tensor = Tensor::of<float>({ 5 }, std::vector<float>{ 0, 1, 1, 2, 4 });
        const auto statistics = analysis::computeStatistics(tensor, { .bins = 4 });
        HistogramPlot plot;
        plot.setDrawing(drawingOf(*statistics, {}), QStringLiteral("kernel"));
        QTest::keyClick(&plot, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text().count(u'\n'), 5);
        QTest::keyClick(&plot, Qt::Key_Left);
        QCOMPARE(plot.markedText(), QStringLiteral("1 to 2: 2 of 5 values, 40.0 %"));
        QTest::keyClick(&plot, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&plot, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(
            QApplication::clipboard()->text(), QStringLiteral("1 to 3: 3 of 5 values, 60.0 %"));
        QTest::keyClick(&plot, Qt::Key_Escape);
        QVERIFY(plot.markedText().isEmpty());
    }

    void hoverTellsTheBinExactly()
    {
        const auto tensor = Tensor::of<float>({ 5 }, std::vector<float>{ 0, 1, 1, 2, 4 });
        const auto statistics = analysis::computeStatistics(tensor, { .bins = 4 });
        HistogramPlot plot;
        plot.resize(400, 300);
        plot.setDrawing(drawingOf(*statistics, {}), QStringLiteral("kernel"));
        QVERIFY(view_test::showWindow(plot));
        QWidget* canvas = plot.childAt(200, 150);
        QTest::mouseMove(canvas, { 110, 150 });
        QTest::mouseMove(canvas, { 370, 150 });
        QTRY_COMPARE(plot.markedText(), QStringLiteral("3 to 4: 1 of 5 values, 20.0 %"));
    }

    void logAndSymlogAxesShowEveryValue()
    {
        WeightsView view;
        QSignalSpy asked(&view, &WeightsView::statisticsRequested);
        view.resize(900, 560);
        view.setNetwork(makeNetwork());
        view.selectLayer({ QStringLiteral("conv2d_3") });
        QVERIFY(view_test::showWindow(view));
        QTest::keyClick(&view, Qt::Key_L);
        const auto boxes = view.findChildren<QCheckBox*>();
        QVERIFY(boxes.at(0)->isChecked());
        boxes.at(1)->click();
        QCOMPARE(lastRequests(asked).at(0).bins, analysis::fineBinCount);
        answer(view, lastRequests(asked));
        view_test::takeScreenshot(view, QStringLiteral("weights-symlog"));
    }

    void exportsPicturesAndFigures()
    {
        WeightsView view;
        QSignalSpy asked(&view, &WeightsView::statisticsRequested);
        QVERIFY(view.exported(ExportFormat::Png).isEmpty());
        view.setNetwork(makeNetwork());
        view.selectLayer({ QStringLiteral("conv2d_3") });
        answer(view, lastRequests(asked));
        QVERIFY(view.exported(ExportFormat::Svg).contains("<svg"));
        QVERIFY(view.exported(ExportFormat::Pdf).startsWith("%PDF"));
        const QImage image = QImage::fromData(view.exported(ExportFormat::Png));
        QVERIFY(image.width() > 800);
        const auto lines = view.exported(ExportFormat::Csv).split('\n');
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines[1].startsWith("\"conv2d_3\",\"kernel\",\"[3, 3, 64, 128]\",float32,73728,"));
        const QString folder = qEnvironmentVariable("LAYERSCOPE_SCREENSHOTS");
        if (!folder.isEmpty())
            image.save(folder + QStringLiteral("/weights-exported.png"));
    }

    void itemModelIsSound()
    {
        HistogramItemModel model([](const ValueSource&) { return SharedStatistics(); },
            [](const ValueSource&) { return QString(); });
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto network = makeNetwork();
        model.setItems(weightItems(*network, {}, {}));
        QCOMPARE(model.rowCount(), 6);
        model.statisticsArrived({ ValueSource::Kind::Weight, 3 });
        model.setItems({});
    }

    void listsSharedAndLooseWeightsOnce()
    {
        auto network = std::make_shared<Network>(*makeNetwork(1));
        network->model.layers.push_back(network->model.layers[0]); // shared
        network->weights.push_back({ "scale:0", "scale", true, Tensor::scalar(1.0F) });
        const auto items = weightItems(*network, {}, {});
        QCOMPARE(items.size(), 5);
        QCOMPARE(items.last().name, QStringLiteral("scale"));
        QVERIFY(items.last().layerPath.isEmpty());
    }
};

QTEST_MAIN(tst_WeightsView)
#include "tst_weights_view.moc"
