#include "views/curve_style.h"
#include "views/loss_sheet.h"
#include "views/network_picture.h"

#include <QGuiApplication>
#include <QtTest>

#include <cmath>

using namespace layerscope;
using namespace layerscope::views;

namespace {

Network makeNetwork()
{
    Network network;
    network.model.name = "mlp";
    network.model.kind = LayerKind::Sequential;
    Layer dense;
    dense.name = "dense";
    dense.className = "Dense";
    for (const char* name : { "kernel", "bias" }) {
        dense.weights.push_back(network.weights.size());
        network.weights.push_back({ name, name, true,
            Tensor::of<float>({ 2, 3 }, std::vector<float>{ -0.5, -0.1F, 0, 0.2F, 0.3F, 0.6F }) });
    }
    network.model.layers.push_back(dense);
    network.history
        = Json::parse(R"({"loss": [2.3, 1.1, 0.7, 0.5], "accuracy": [0.2, 0.5, 0.7, 0.8],
        "val_loss": [2.2, 1.3, 0.9, 0.85], "learning_rate": [0.01, 0.01, 0.001, 0.001]})");
    return network;
}

} // namespace

class tst_NetworkPicture : public QObject
{
    Q_OBJECT

private slots:
    void drawsEverySubjectInEveryFormat()
    {
        const Network network = makeNetwork();
        const QString folder = qEnvironmentVariable("LAYERSCOPE_SCREENSHOTS");
        int number = 0;
        for (const auto subject :
            { PictureSubject::Histograms, PictureSubject::Loss, PictureSubject::Summary }) {
            const auto png = drawNetwork(network, subject, ExportFormat::Png);
            QVERIFY(png);
            const QImage image = QImage::fromData(*png);
            QVERIFY(image.width() > 300 && image.height() > 100);
            if (!folder.isEmpty())
                image.save(folder + QStringLiteral("/picture-%1.png").arg(++number));
            const auto svg = drawNetwork(network, subject, ExportFormat::Svg);
            QVERIFY(svg && svg->contains("<svg"));
            const auto pdf = drawNetwork(network, subject, ExportFormat::Pdf);
            QVERIFY(pdf && pdf->startsWith("%PDF") && pdf->contains("%%EOF"));
            QVERIFY(drawNetwork(network, subject, ExportFormat::Csv));
        }
    }

    void saysWhatIsMissing()
    {
        Network empty;
        const auto loss = drawNetwork(empty, PictureSubject::Loss, ExportFormat::Png);
        QVERIFY(!loss && loss.error().kind() == ErrorKind::InvalidArgument);
        empty.history = Json::parse(R"({"loss": ["NaN", "NaN"]})");
        QVERIFY(!drawNetwork(empty, PictureSubject::Loss, ExportFormat::Svg));
        QVERIFY(!drawNetwork(empty, PictureSubject::Histograms, ExportFormat::Pdf));
    }

    void drawsMoreWeightsThanFitAsSmallOnes()
    {
        Network network = makeNetwork();
        for (int i = 0; i < 300; ++i) {
            network.model.layers[0].weights.push_back(network.weights.size());
            network.weights.push_back(network.weights[0]);
        }
        const auto png = drawNetwork(network, PictureSubject::Histograms, ExportFormat::Png);
        QVERIFY(png);
        const QImage image = QImage::fromData(*png);
        QVERIFY(image.width() > 1500 && image.height() > 5'000);
    }

    void writesCurvesAsATableInTheCLocale()
    {
        const LossSheet sheet{ .title = {},
            .history = { { "loss", { 0, 1, 0 }, { 1.5, NAN, 0.25 } }, { "a,b", { 1 }, { 3 } } } };
        QCOMPARE(sheet.csv(), QByteArray("epoch,loss,\"a,b\"\n0,1.5,nan\n1,nan,3\n2,0.25,nan\n"));
    }

    void recognisesBothSidesOfAMetric()
    {
        const auto validation = identify(QStringLiteral("val_loss"));
        QVERIFY(validation.isValidation && validation.isLoss());
        QCOMPARE(identify(QStringLiteral("run 1/validation/epoch_loss")),
            (CurveIdentity{ QStringLiteral("loss"), QStringLiteral("run 1"), true }));
        QCOMPARE(identify(QStringLiteral("train/epoch_learning_rate")).isLearningRate(), true);
        QVERIFY(!identify(QStringLiteral("evaluation_loss_vs_iterations")).isLoss());
    }

    /// 0.6 is TensorBoard's default; figures by its formula, worked out by hand.
    void smoothsAsTensorBoardDoes()
    {
        const auto curve = smoothed({ 1, 2, NAN, 4 }, 0.6);
        QVERIFY(std::abs(curve[0] - 1) < 1e-12);
        QVERIFY(std::abs(curve[1] - (0.6 * 0.4 + 0.8) / 0.64) < 1e-12);
        QVERIFY(std::isnan(curve[2]));
        QVERIFY(std::abs(curve[3] - (0.6 * (0.6 * 0.4 + 0.8) + 1.6) / 0.784) < 1e-12);
        QCOMPARE(smoothed({ 5, 5, 5 }, 0.9)[2], 5.0);
        QCOMPARE(smoothed({ 1, 2 }, 0), (std::vector<double>{ 1, 2 }));
    }

    void goesOnWhereAnAppendedLogBeginsAgain()
    {
        QCOMPARE(continuedSteps({ 0, 1, 0, 1, 2 }), (std::vector<double>{ 0, 1, 2, 3, 4 }));
        QCOMPARE(continuedSteps({ 3, 7, 7 }), (std::vector<double>{ 3, 7, 7 }));
    }

    void decimationKeepsEndsAndExtremes()
    {
        std::vector<double> steps, values;
        for (int i = 0; i < 100'000; ++i) {
            steps.push_back(i);
            values.push_back(std::sin(i * 0.001));
        }
        values[54'321] = 99;
        values[54'322] = -99;
        decimate(steps, values, 800);
        QVERIFY(steps.size() <= 3300);
        QVERIFY(std::is_sorted(steps.begin(), steps.end()));
        QCOMPARE(steps.front(), 0.0);
        QCOMPARE(steps.back(), 99'999.0);
        QCOMPARE(*std::max_element(values.begin(), values.end()), 99.0);
        QCOMPARE(*std::min_element(values.begin(), values.end()), -99.0);
    }
};

/// Without widgets, as the command line draws.
int main(int argc, char** argv)
{
    const QGuiApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    tst_NetworkPicture test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_network_picture.moc"
