#include "model/formats/format.h"
#include "tests/views/view_test.h"
#include "views/inspector.h"
#include "views/property_item_model.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QLabel>
#include <QTreeView>

using namespace layerscope;
using namespace layerscope::views;

class tst_Inspector : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void tellsHowParametersAreCounted();
    void showsConfigurationInFileOrder();
    void putsFiguresBelowTheirWeight();
    void listsOptimizerVariablesOfALayer();
    void shortensLongLists();
    void copiesTheExactValue();
    void followsFromModelToLayer();

private:
    std::shared_ptr<const Network> m_network;
    QStringList m_convolution; ///< path of the first Conv2D
};

namespace {

const Property* find(const std::vector<Property>& properties, const QString& name)
{
    for (const Property& property : properties)
        if (property.name == name)
            return &property;
    return nullptr;
}

QModelIndex rowNamed(const QAbstractItemModel* model, const QString& name)
{
    return model
        ->match(model->index(0, 0), Qt::DisplayRole, name, 1, Qt::MatchExactly | Qt::MatchRecursive)
        .value(0);
}

} // namespace

void tst_Inspector::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    view_test::ignoreMissingWindowManager();
    auto opened = formats::openNetwork(TEST_DATA "/cnn_batch_normalization/keras2.15/model.h5");
    QVERIFY(opened);
    m_network = std::make_shared<const Network>(*std::move(opened));
    for (const Layer& layer : m_network->model.layers)
        if (layer.className == "Conv2D" && m_convolution.isEmpty())
            m_convolution = { QString::fromStdString(layer.name) };
    QVERIFY(!m_convolution.isEmpty());
}

void tst_Inspector::tellsHowParametersAreCounted()
{
    const auto sections = propertiesOfLayer(*m_network, m_convolution, {});
    const Property* facts = find(sections, QStringLiteral("Facts"));
    QVERIFY(facts);
    const Property* parameters = find(facts->children, QStringLiteral("Parameters"));
    QVERIFY(parameters);
    const Layer& layer = *findLayer(*m_network, m_convolution).layer;
    std::int64_t count = 0;
    for (const WeightIndex index : layer.weights)
        count += m_network->weights[index].value.count();
    QCOMPARE(parameters->exact, QString::number(count));
    QVERIFY2(parameters->value.contains(u'='), qPrintable(parameters->value));
}

void tst_Inspector::showsConfigurationInFileOrder()
{
    const auto sections = propertiesOfLayer(*m_network, m_convolution, {});
    const Property* configuration = find(sections, QStringLiteral("Configuration"));
    QVERIFY(configuration);
    std::size_t place = 0;
    for (const auto& [key, value] : findLayer(*m_network, m_convolution).layer->config.items())
        QCOMPARE(configuration->children[place++].name, QString::fromStdString(key));
}

void tst_Inspector::putsFiguresBelowTheirWeight()
{
    PropertyItemModel model;
    const QAbstractItemModelTester tester(
        &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setProperties(propertiesOfLayer(*m_network, m_convolution, {}));
    const WeightIndex first = findLayer(*m_network, m_convolution).layer->weights.front();
    const ValueSource source{ ValueSource::Kind::Weight, first };
    analysis::Statistics statistics;
    statistics.mean = 0.1 + 0.2;
    model.setChildren(source, propertiesOf(statistics));
    const QModelIndex mean
        = rowNamed(&model, QStringLiteral("Mean")).siblingAtColumn(PropertyItemModel::Value);
    QCOMPARE(mean.data().toString(), QStringLiteral("0.3"));
    QCOMPARE(
        mean.data(PropertyItemModel::ExactRole).toString(), QStringLiteral("0.30000000000000004"));
    statistics.mean = 2;
    model.setChildren(source, propertiesOf(statistics)); // training goes on
    QCOMPARE(mean.data().toString(), QStringLiteral("2"));
}

void tst_Inspector::listsOptimizerVariablesOfALayer()
{
    QVERIFY(m_network->optimizer);
    const auto sections = propertiesOfLayer(*m_network, m_convolution, {});
    const Property* state = find(sections, QStringLiteral("Optimizer state"));
    QVERIFY(state);
    for (const Property& variable : state->children) {
        QVERIFY(variable.source);
        QCOMPARE(variable.source->kind, ValueSource::Kind::OptimizerVariable);
    }
    QVERIFY(!state->children.empty());
}

void tst_Inspector::shortensLongLists()
{
    Json words = Json::array();
    for (int i = 0; i < 100000; ++i)
        words.push_back("word " + std::to_string(i));
    const Property property = propertyOfJson(QStringLiteral("vocabulary"), words);
    QVERIFY(property.children.size() < 1000);
    QCOMPARE(property.children.back().name, QStringLiteral("…"));
}

void tst_Inspector::copiesTheExactValue()
{
    Inspector inspector;
    inspector.resize(320, 600);
    inspector.setNetwork(m_network);
    QVERIFY(view_test::showWindow(inspector));
    auto* tree = inspector.findChild<QTreeView*>();
    const QModelIndex row = rowNamed(tree->model(), QStringLiteral("Parameters"));
    QVERIFY(row.isValid());
    tree->scrollTo(row);
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(row).center());
    QTest::keyClick(tree, Qt::Key_C, Qt::ControlModifier);
    std::int64_t count = 0;
    for (const Weight& weight : m_network->weights)
        count += weight.value.count();
    QCOMPARE(QApplication::clipboard()->text(), QString::number(count));
}

void tst_Inspector::followsFromModelToLayer()
{
    Inspector inspector;
    inspector.resize(320, 600);
    inspector.setNetwork(m_network);
    inspector.selectLayer(m_convolution);
    QVERIFY(view_test::showWindow(inspector));
    const QList<QLabel*> labels = inspector.findChildren<QLabel*>();
    const auto says = [&](const QString& text) {
        return std::any_of(labels.begin(), labels.end(),
            [&](const QLabel* label) { return label->text() == text; });
    };
    QVERIFY(says(m_convolution[0]));
    QVERIFY(says(QStringLiteral("Conv2D")));
    view_test::takeScreenshot(inspector, QStringLiteral("inspector"));
}

QTEST_MAIN(tst_Inspector)
#include "tst_inspector.moc"
