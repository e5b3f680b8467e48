#include "model/containers/npz.h"
#include "model/training/data_set.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace layerscope;
using namespace layerscope::training;

namespace {

template<class T> std::vector<T> valuesOf(const Tensor& tensor)
{
    const auto values = tensor.valuesAs<T>();
    return { values.begin(), values.end() };
}

DataSet dataSet(Tensor input, Tensor target)
{
    DataSet data;
    data.inputs.push_back(std::move(input));
    data.targets.push_back(std::move(target));
    return data;
}

Result<DataSet> fit(DataSet data, PartialShape input, PartialShape output, std::string loss)
{
    return fitToModel(std::move(data), { std::move(input) }, { std::move(output) }, { "in" },
        { "out" }, { std::move(loss) });
}

constexpr std::int64_t open = openDimension;

} // namespace

class tst_DataSet : public QObject
{
    Q_OBJECT

private slots:
    void readsTitlesAndTextTargetsOfCsv()
    {
        const auto data = read("length,width,kind\n1,2.5,rose\n3,-4e-1,daisy\r\n5,6,rose\n");
        QVERIFY2(data, data ? "" : data.error().sentence().c_str());
        QCOMPARE(data->inputs[0].shape(), Shape({ 3, 2 }));
        QCOMPARE(valuesOf<float>(data->inputs[0]),
            std::vector<float>({ 1.0F, 2.5F, 3.0F, -0.4F, 5.0F, 6.0F }));
        QCOMPARE(valuesOf<std::int64_t>(data->targets[0]), std::vector<std::int64_t>({ 1, 0, 1 }));
        QCOMPARE(data->classNames, std::vector<std::string>({ "daisy", "rose" }));
        QCOMPARE(data->name, std::string("data.csv"));
    }

    void readsNumbersWithoutTitles()
    {
        const auto data = read("1,2,0.5\n3,4,1.5\n");
        QVERIFY(data);
        QCOMPARE(data->rows(), std::int64_t(2));
        QCOMPARE(valuesOf<float>(data->targets[0]), std::vector<float>({ 0.5F, 1.5F }));
        QCOMPARE(
            *csvColumns(m_path), std::vector<std::string>({ "column 1", "column 2", "column 3" }));
    }

    void readsSemicolonsWithDecimalCommas()
    {
        const auto data = read("a;b;c\n1,5;2;0\n2,25;3;1\n");
        QVERIFY(data);
        QCOMPARE(valuesOf<float>(data->inputs[0]), std::vector<float>({ 1.5F, 2.0F, 2.25F, 3.0F }));
    }

    void readsTabs()
    {
        const auto data = read("\xEF\xBB\xBF"
                               "a\tb\n1\t0\n2\t1\n");
        QVERIFY(data);
        QCOMPARE(*csvColumns(m_path), std::vector<std::string>({ "a", "b" }));
    }

    void keepsSeparatorsAndQuotesInsideQuotes()
    {
        const auto data = read("x,\"the \"\"kind\"\", named\"\n1,\"a, b\"\n2,\"line\nbreak\"\n");
        QVERIFY2(data, data ? "" : data.error().sentence().c_str());
        QCOMPARE((*csvColumns(m_path))[1], std::string("the \"kind\", named"));
        QCOMPARE(data->classNames, std::vector<std::string>({ "a, b", "line\nbreak" }));
    }

    void choosesTargetColumnsByTitle()
    {
        const auto data = read("y1,x,y2\n1,2,3\n4,5,6\n", { "y2", "y1" });
        QVERIFY(data);
        QCOMPARE(valuesOf<float>(data->inputs[0]), std::vector<float>({ 2.0F, 5.0F }));
        QCOMPARE(data->targets[0].shape(), Shape({ 2, 2 }));
        QCOMPARE(valuesOf<float>(data->targets[0]), std::vector<float>({ 3, 1, 6, 4 }));
    }

    void saysWhatIsWrongWithATable_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("missing value") << QByteArray("a,b,c\n1,2,3\n4,,6\n")
                                       << QByteArray("Row 2 (line 3), column \"b\" is empty");
        QTest::newRow("text among features")
            << QByteArray("a,b\n1,2\nhello,3\n") << QByteArray("holds \"hello\"");
        QTest::newRow("uneven line")
            << QByteArray("a,b\n1,2\n1,2,3\n") << QByteArray("Line 3 has 3");
        QTest::newRow("open quote") << QByteArray("a,b\n1,\"2\n") << QByteArray("never closed");
        QTest::newRow("only titles") << QByteArray("a,b\n") << QByteArray("0 rows");
        QTest::newRow("nothing") << QByteArray("") << QByteArray("empty");
        QTest::newRow("one column") << QByteArray("a\n1\n2\n") << QByteArray("1 columns");
    }
    void saysWhatIsWrongWithATable()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, words);
        const auto data = read(text.toStdString());
        QVERIFY(!data);
        QVERIFY2(data.error().sentence().find(words.toStdString()) != std::string::npos,
            data.error().sentence().c_str());
        QVERIFY(data.error().sentence().find("data.csv") != std::string::npos);
    }

    void namesTheColumnsThereAre()
    {
        const auto data = read("a,b\n1,2\n", { "c" });
        QVERIFY(!data);
        QVERIFY(data.error().sentence().find("a, b") != std::string::npos);
    }

    void readsArraysByNumberAndByName()
    {
        const std::string path = m_folder.filePath("data.npz").toStdString();
        const Tensor one = Tensor::of<float>({ 2, 1 }, { 1, 2 });
        const Tensor two = Tensor::of<float>({ 2, 1 }, { 3, 4 });
        QVERIFY(containers::writeNpz(path,
            { { "x_1", two }, { "x_0", one }, { "y:value", two }, { "sample_weight", one } }));
        const auto data = loadDataSet({ .source = path });
        QVERIFY2(data, data ? "" : data.error().sentence().c_str());
        QVERIFY(data->inputs[0].identicalTo(one));
        QVERIFY(data->inputs[1].identicalTo(two));
        QVERIFY(data->inputNames.empty());
        QCOMPARE(data->targetNames, std::vector<std::string>({ "value" }));
        QVERIFY(data->sampleWeights.has_value());
        QVERIFY(containers::writeNpz(path, { { "images", one } }));
        const auto none = loadDataSet({ .source = path });
        QVERIFY(!none);
        QVERIFY(none.error().sentence().find("images") != std::string::npos);
    }

    void hasEveryBuiltInSet()
    {
        for (const BuiltinDataSet& facts : builtinDataSets()) {
            const auto data = loadDataSet({ .source = "builtin:" + facts.name });
            QVERIFY2(data, data ? "" : data.error().sentence().c_str());
            QCOMPARE(data->rows(), facts.rows);
            Shape shape = facts.inputShape;
            shape.insert(shape.begin(), facts.rows);
            QCOMPARE(data->inputs[0].shape(), shape);
            const bool isClass = data->targets[0].dtype() == DType::Int64;
            QCOMPARE(isClass, facts.classes > 0);
            if (isClass) {
                const auto classes = valuesOf<std::int64_t>(data->targets[0]);
                QCOMPARE(*std::max_element(classes.begin(), classes.end()),
                    std::int64_t(facts.classes - 1));
            }
            const auto again = loadDataSet({ .source = "builtin:" + facts.name });
            QVERIFY(again->inputs[0].identicalTo(data->inputs[0]));
        }
        QVERIFY(!loadDataSet({ .source = "builtin:nothing" }));
    }

    void givesRowsTheShapeOfTheModel()
    {
        std::vector<float> pixels(2 * 64, 0.5F);
        const Tensor classes = Tensor::of<std::int64_t>({ 2 }, { 1, 0 });
        const auto image = fit(dataSet(Tensor::of({ 2, 64 }, pixels), classes), { open, 8, 8, 1 },
            { open, 3 }, "sparse_categorical_crossentropy");
        QVERIFY2(image, image ? "" : image.error().sentence().c_str());
        QCOMPARE(image->inputs[0].shape(), Shape({ 2, 8, 8, 1 }));
        const auto flat = fit(dataSet(Tensor::of({ 2, 8, 8 }, pixels), classes), { open, 64 },
            { open, 3 }, "categorical_crossentropy");
        QVERIFY(flat);
        QCOMPARE(flat->inputs[0].shape(), Shape({ 2, 64 }));
        QCOMPARE(valuesOf<float>(flat->targets[0]), std::vector<float>({ 0, 1, 0, 1, 0, 0 }));
        const auto channel = fit(dataSet(Tensor::of({ 2, 8, 8 }, pixels), classes),
            { open, open, open, 1 }, { open, 3 }, "sparse_categorical_crossentropy");
        QVERIFY(channel);
        QCOMPARE(channel->inputs[0].shape(), Shape({ 2, 8, 8, 1 }));
    }

    void turnsOneHotRowsIntoClassNumbersForSparseLosses()
    {
        const auto data = fit(dataSet(Tensor::of<float>({ 2, 2 }, { 1, 2, 3, 4 }),
                                  Tensor::of<float>({ 2, 3 }, { 0, 0, 1, 1, 0, 0 })),
            { open, 2 }, { open, 3 }, "sparse_categorical_crossentropy");
        QVERIFY(data);
        QCOMPARE(valuesOf<std::int64_t>(data->targets[0]), std::vector<std::int64_t>({ 2, 0 }));
    }

    void saysWhatDoesNotFit_data()
    {
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("classOfRow1");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("input") << 5 << 0 << QByteArray("[None, 4]");
        QTest::newRow("class") << 4 << 7 << QByteArray("class 7");
    }
    void saysWhatDoesNotFit()
    {
        QFETCH(int, columns);
        QFETCH(int, classOfRow1);
        QFETCH(QByteArray, words);
        std::vector<float> values(static_cast<std::size_t>(2 * columns), 1.0F);
        const auto data = fit(dataSet(Tensor::of({ 2, columns }, values),
                                  Tensor::of<std::int64_t>({ 2 }, { classOfRow1, 0 })),
            { open, 4 }, { open, 3 }, "sparse_categorical_crossentropy");
        QVERIFY(!data);
        QCOMPARE(data.error().kind(), ErrorKind::ShapeMismatch);
        QVERIFY2(data.error().sentence().find(words.toStdString()) != std::string::npos,
            data.error().sentence().c_str());
    }

    void ordersNamedArraysAsTheModelDoes()
    {
        DataSet data
            = dataSet(Tensor::of<float>({ 1, 1 }, { 1 }), Tensor::of<float>({ 1, 1 }, { 0 }));
        data.inputs.push_back(Tensor::of<float>({ 1, 1 }, { 2 }));
        data.inputNames = { "b", "a" };
        const auto fitted = fitToModel(data, { { open, 1 }, { open, 1 } }, { { open, 1 } },
            { "a", "b" }, { "out" }, { "mse" });
        QVERIFY(fitted);
        QCOMPARE(valuesOf<float>(fitted->inputs[0]), std::vector<float>({ 2.0F }));
        data.inputNames = { "b", "c" };
        QVERIFY(!fitToModel(data, { { open, 1 }, { open, 1 } }, { { open, 1 } }, { "a", "b" },
            { "out" }, { "mse" }));
    }

private:
    Result<DataSet> read(const std::string& text, std::vector<std::string> targets = {})
    {
        m_path = m_folder.filePath("data.csv").toStdString();
        std::ofstream(m_path, std::ios::binary) << text;
        return loadDataSet({ .source = m_path.string(), .targetColumns = std::move(targets) });
    }

    QTemporaryDir m_folder;
    std::filesystem::path m_path;
};

QTEST_GUILESS_MAIN(tst_DataSet)
#include "tst_data_set.moc"
