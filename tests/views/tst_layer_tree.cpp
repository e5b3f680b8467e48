#include "tests/views/view_test.h"
#include "views/layer_filter.h"
#include "views/layer_item_model.h"
#include "views/layer_tree.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTreeView>

using namespace layerscope;
using namespace layerscope::views;

namespace {

Layer makeLayer(Network& network, const std::string& name, const std::string& className,
    const std::vector<Shape>& shapes)
{
    Layer layer;
    layer.name = name;
    layer.className = className;
    for (const Shape& shape : shapes) {
        layer.weights.push_back(network.weights.size());
        network.weights.push_back(
            { name + "/w:0", name + "/w", true, *Tensor::zeros(DType::Float32, shape) });
    }
    return layer;
}

/// Two layers, and a nested model that uses the first one again.
std::shared_ptr<Network> makeNetwork()
{
    auto network = std::make_shared<Network>();
    Layer& model = network->model;
    model.name = "whole";
    model.className = "Functional";
    model.kind = LayerKind::Functional;
    const Layer shared = makeLayer(*network, "shared", "Dense", { { 10, 20 }, { 20 } });
    Layer frozen = makeLayer(*network, "frozen", "Conv2D", { { 3, 3, 4, 8 } });
    network->weights.back().trainable = false;
    Layer inner;
    inner.name = "inner";
    inner.className = "Sequential";
    inner.kind = LayerKind::Sequential;
    inner.layers
        = { shared, makeLayer(*network, "norm", "BatchNormalization", { { 20 }, { 20 } }) };
    model.layers = { shared, frozen, inner };
    return network;
}

void appendText(
    const QAbstractItemModel& model, const QModelIndex& parent, int depth, QStringList& lines)
{
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        QStringList cells;
        for (int column = 0; column < model.columnCount(parent); ++column)
            cells.append(index.siblingAtColumn(column).data().toString());
        lines.append(QString(depth, u' ') + cells.join(u'|'));
        appendText(model, index, depth + 1, lines);
    }
}

QStringList textOf(const QAbstractItemModel& model)
{
    QStringList lines;
    appendText(model, {}, 0, lines);
    return lines;
}

} // namespace

class tst_LayerTree : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void listsNestedLayersWithTheirParameters();
    void countsASharedWeightOnce();
    void keepsRowsWhenOnlyValuesChange();
    void findsLayersByPath();
    void saysUnknownWhereNoShapeIsKnown();
    void filterMatches_data();
    void filterMatches();
    void showsTheModelsAroundAMatch();
    void saysWhatItDoesNotUnderstand();
    void selectsByMouseAndByPath();
    void showsAThousandLayersAtOnce();
};

void tst_LayerTree::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    view_test::ignoreMissingWindowManager();
}

void tst_LayerTree::listsNestedLayersWithTheirParameters()
{
    LayerItemModel model;
    const QAbstractItemModelTester tester(
        &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setNetwork(makeNetwork());
    model.setOutputShapes(
        { { "shared", { openDimension, 20 } }, { "inner/norm", { openDimension, 20 } } });
    const QStringList expected{
        QStringLiteral("whole|Functional|?|548|partly"),
        QStringLiteral(" shared|Dense|(None, 20)|220|yes"),
        QStringLiteral(" frozen|Conv2D|?|288|no"),
        QStringLiteral(" inner|Sequential|?|260|yes"),
        QStringLiteral("  shared|Dense|?|220|yes"),
        QStringLiteral("  norm|BatchNormalization|(None, 20)|40|yes"),
    };
    QCOMPARE(textOf(model), expected);
}

void tst_LayerTree::countsASharedWeightOnce()
{
    LayerItemModel model;
    model.setNetwork(makeNetwork());
    // 220 + 288 + 40, although "shared" stands in two places
    QCOMPARE(model.index(0, 0).data(LayerItemModel::ParametersRole).toLongLong(), 548);
}

void tst_LayerTree::keepsRowsWhenOnlyValuesChange()
{
    LayerItemModel model;
    const QAbstractItemModelTester tester(
        &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setNetwork(makeNetwork());
    const QPersistentModelIndex inner(
        model.indexOf({ QStringLiteral("inner"), QStringLiteral("norm") }));
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    auto trained = makeNetwork();
    trained->weights[0].value = Tensor::of<float>({ 10, 20 }, std::vector<float>(200, 1.0F));
    model.setNetwork(trained);
    QCOMPARE(resets.size(), 0);
    QVERIFY(inner.isValid());
    auto other = makeNetwork();
    other->model.layers.pop_back();
    model.setNetwork(other);
    QCOMPARE(resets.size(), 1);
    QVERIFY(!inner.isValid());
}

void tst_LayerTree::findsLayersByPath()
{
    LayerItemModel model;
    model.setNetwork(makeNetwork());
    const QStringList path{ QStringLiteral("inner"), QStringLiteral("shared") };
    const QModelIndex index = model.indexOf(path);
    QCOMPARE(index.data(LayerItemModel::PathRole).toStringList(), path);
    QVERIFY(!model.indexOf({ QStringLiteral("nothing") }).isValid());
    QCOMPARE(model.indexOf({}), model.index(0, 0));
}

void tst_LayerTree::saysUnknownWhereNoShapeIsKnown()
{
    LayerItemModel model;
    model.setNetwork(makeNetwork());
    const QModelIndex cell
        = model.indexOf({ QStringLiteral("frozen") }).siblingAtColumn(LayerItemModel::OutputShape);
    QCOMPARE(cell.data().toString(), QStringLiteral("…")); // not known yet
    model.setOutputShapes({});
    QCOMPARE(cell.data().toString(), QStringLiteral("?"));
    QVERIFY(cell.data(Qt::ToolTipRole).toString().contains(QStringLiteral("Conv2D")));
}

void tst_LayerTree::filterMatches_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("matches");
    QTest::newRow("nothing typed") << QString() << true;
    QTest::newRow("part of the name") << QStringLiteral("CONV") << true;
    QTest::newRow("part of the type") << QStringLiteral("2d") << true;
    QTest::newRow("another word") << QStringLiteral("dense") << false;
    QTest::newRow("two words must both hold") << QStringLiteral("conv block_9") << false;
    QTest::newRow("the type is whole") << QStringLiteral("type:Conv") << false;
    QTest::newRow("the type") << QStringLiteral("type:conv2d") << true;
    QTest::newRow("a wildcard crosses slashes") << QStringLiteral("name:block*conv?") << true;
    QTest::newRow("more than a million") << QStringLiteral("params>1e6") << true;
    QTest::newRow("more than 2M") << QStringLiteral("params>2M") << false;
    QTest::newRow("at most") << QStringLiteral("params<=1500k") << true;
    QTest::newRow("exactly") << QStringLiteral("params=1500000") << true;
    QTest::newRow("trained") << QStringLiteral("trainable:yes") << true;
    QTest::newRow("NaN") << QStringLiteral("nan:true") << false;
    QTest::newRow("turned around") << QStringLiteral("-type:Dropout") << true;
    QTest::newRow("still being typed") << QStringLiteral("type:") << true;
    QTest::newRow("quoted") << QStringLiteral("\"conv 1\"") << false;
}

void tst_LayerTree::filterMatches()
{
    QFETCH(QString, filter);
    QFETCH(bool, matches);
    const LayerFilter::Facts facts{ QStringLiteral("block_3/conv1"), QStringLiteral("Conv2D"),
        1500000, true, false };
    const LayerFilter parsed(filter);
    QVERIFY(parsed.problem().isEmpty());
    QCOMPARE(parsed.matches(facts), matches);
}

void tst_LayerTree::showsTheModelsAroundAMatch()
{
    LayerItemModel model;
    model.setNetwork(makeNetwork());
    LayerFilterModel filtered;
    const QAbstractItemModelTester tester(
        &filtered, QAbstractItemModelTester::FailureReportingMode::QtTest);
    filtered.setSourceModel(&model);
    filtered.setFilter(LayerFilter(QStringLiteral("norm")));
    QStringList names;
    for (const QString& line : textOf(filtered))
        names.append(line.section(u'|', 0, 0));
    const QStringList expected{ QStringLiteral("whole"), QStringLiteral(" inner"),
        QStringLiteral("  norm") };
    QCOMPARE(names, expected);
    model.setFinite(3, false); // a weight of norm
    filtered.setFilter(LayerFilter(QStringLiteral("nan:true type:BatchNormalization")));
    QCOMPARE(textOf(filtered).size(), 3);
}

void tst_LayerTree::saysWhatItDoesNotUnderstand()
{
    const LayerFilter filter(QStringLiteral("conv params>many"));
    QCOMPARE(filter.problem(), QStringLiteral("params>many"));
    QVERIFY(!filter.matches({}));
}

void tst_LayerTree::selectsByMouseAndByPath()
{
    LayerTree tree;
    tree.resize(500, 300);
    tree.setNetwork(makeNetwork());
    QVERIFY(view_test::showWindow(tree));
    auto* view = tree.findChild<QTreeView*>();
    QSignalSpy selected(&tree, &LayerTree::layerSelected);
    const QModelIndex root = view->model()->index(0, 0);
    const QModelIndex row = view->model()->index(1, 0, root);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(row).center());
    QCOMPARE(selected.last().first().toStringList(), QStringList{ QStringLiteral("frozen") });
    QTest::keyClick(view, Qt::Key_Down);
    QCOMPARE(selected.last().first().toStringList(), QStringList{ QStringLiteral("inner") });
    const QStringList path{ QStringLiteral("inner"), QStringLiteral("norm") };
    tree.selectLayer(path);
    QCOMPARE(tree.selectedLayer(), path);
    view_test::takeScreenshot(tree, QStringLiteral("layer_tree"));
}

void tst_LayerTree::showsAThousandLayersAtOnce()
{
    auto network = std::make_shared<Network>();
    network->model.name = "deep";
    network->model.kind = LayerKind::Sequential;
    for (int i = 0; i < 1000; ++i)
        network->model.layers.push_back(
            makeLayer(*network, "dense_" + std::to_string(i), "Dense", { { 4, 4 }, { 4 } }));
    LayerTree tree;
    tree.resize(500, 300);
    tree.setNetwork(network);
    QVERIFY(view_test::showWindow(tree));
    auto* view = tree.findChild<QTreeView*>();
    QCOMPARE(view->model()->rowCount(view->model()->index(0, 0)), 1000);
    QVERIFY(tree.totals().contains(QStringLiteral("1000")));
}

QTEST_MAIN(tst_LayerTree)
#include "tst_layer_tree.moc"
