#include "model/containers/hdf5.h"

#include <QtTest>

#include <fstream>

using namespace layerscope;
using namespace layerscope::containers;

namespace {

const std::filesystem::path data = TEST_DATA "/hdf5";

std::shared_ptr<const MappedFile> mapped(const char* name)
{
    return *MappedFile::open(data / name);
}

Hdf5Group rootOf(const std::shared_ptr<const MappedFile>& file)
{
    return *Hdf5File::open(*file)->root();
}

std::string asText(const Tensor& tensor)
{
    std::string text;
    const auto doubles = tensor.converted(DType::Float64);
    if (!doubles)
        return doubles.error().sentence();
    for (const double value : doubles->valuesAs<double>())
        text += (text.empty() ? "" : " ") + QByteArray::number(value).toStdString();
    return text;
}

const std::string numbers = "-1 -0.5 0 0.5 1 1.5 2 2.5 3 3.5 4 4.5"; // 0.5 k - 1
const std::string wholeNumbers = "-1 0 0 0 1 1 2 2 3 3 4 4";

} // namespace

class tst_Hdf5 : public QObject
{
    Q_OBJECT

private slots:
    void readsNumbersHoweverTheyAreStored_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("dtype");
        QTest::addColumn<bool>("mapped");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, DType type, bool isMapped, const std::string& text) {
            QTest::newRow(name) << name << int(type) << isMapped << QString::fromStdString(text);
        };
        row("float32", DType::Float32, true, numbers);
        row("float64", DType::Float64, true, numbers);
        row("float16", DType::Float16, true, numbers);
        row("bfloat16", DType::BFloat16, true, numbers);
        row("big_endian", DType::Float32, false, numbers);
        row("big_endian_64", DType::Float64, false, numbers);
        row("chunked", DType::Float32, false, numbers);
        row("gzip", DType::Float32, false, numbers);
        row("compact", DType::Float32, false, numbers);
        row("deep/er/still", DType::Float32, true, numbers);
        row("int8", DType::Int8, true, wholeNumbers);
        row("int64", DType::Int64, true, wholeNumbers);
        row("big_endian_int", DType::Int32, false, wholeNumbers);
        row("bool", DType::Bool, true, "0 0 0 1 1 1 1 1 1 1 1 1");
        row("scalar", DType::Int64, true, "7");
        row("empty", DType::Float32, true, "");
    }
    void readsNumbersHoweverTheyAreStored()
    {
        QFETCH(QString, name);
        QFETCH(int, dtype);
        QFETCH(bool, mapped);
        QFETCH(QString, expected);
        const auto file = ::mapped("values.h5");
        const auto dataset = rootOf(file).dataset(name.toStdString());
        QVERIFY(dataset);
        const auto stored = dataset->stored(file, name.toStdString());
        QVERIFY2(stored, stored ? "" : stored.error().sentence().c_str());
        QCOMPARE(int(stored->dtype()), dtype);
        QCOMPARE(stored->extent().has_value(), mapped);
        const auto tensor = stored->load();
        QVERIFY(tensor);
        QCOMPARE(tensor->shape(), stored->shape());
        QCOMPARE(QString::fromStdString(asText(*tensor)), expected);
    }

    void readsComplexNumbersAndTexts()
    {
        const auto file = mapped("values.h5");
        const auto complex = rootOf(file).dataset("complex64")->stored(file, "complex64")->load();
        QCOMPARE(complex->dtype(), DType::Complex64);
        float second[2] = {}; // real and imaginary part of -0.5
        std::memcpy(second, complex->bytes().data() + 8, 8);
        QCOMPARE(second[0], -0.5F);
        QCOMPARE(second[1], 0.0F);
        using Texts = std::vector<std::string>;
        QCOMPARE(
            rootOf(file).dataset("texts")->load()->strings(), (Texts{ "one", "zwei", "três" }));
        QCOMPARE(rootOf(file).dataset("fixed_texts")->load()->strings(), (Texts{ "one", "two" }));
    }

    void findsNumbersBehindAUserBlock()
    {
        const auto file = mapped("user_block.h5");
        QCOMPARE(findHdf5Signature(file->bytes()), std::uint64_t{ 512 });
        QCOMPARE(declaredHdf5Length(file->bytes()), file->size());
        const auto stored = rootOf(file).dataset("numbers")->stored(file, "numbers");
        QVERIFY(stored->extent());
        QCOMPARE(asText(*stored->load()), numbers);
    }

    void readsTheNewestLayout()
    {
        const auto file = mapped("latest.h5");
        QCOMPARE(declaredHdf5Length(file->bytes()), file->size());
        const Hdf5Group root = rootOf(file);
        QCOMPARE(*root.text("model"), std::string("text"));
        QCOMPARE(root.attributeNames()->size(), std::size_t{ 21 });
        QCOMPARE(root.group("many")->links()->size(), std::size_t{ 20 });
        QCOMPARE(asText(*root.dataset("many/07")->load()), std::string("12"));
        QCOMPARE(asText(*root.dataset("numbers")->load()), numbers);
    }

    void refusesWhatIsNoArrayOfThisFile_data()
    {
        QTest::addColumn<QString>("says");
        QTest::newRow("soft") << "symbolic link";
        QTest::newRow("external") << "link to another file";
        QTest::newRow("group/up/soft") << "symbolic link";
        QTest::newRow("compound") << "compound";
        QTest::newRow("enum") << "enumeration";
        QTest::newRow("reference") << "references";
        QTest::newRow("lists") << "varying length";
        QTest::newRow("nothing") << "no values";
        QTest::newRow("lzf") << "filter lzf";
        QTest::newRow("elsewhere") << "another file";
        QTest::newRow("virtual") << "virtual dataset";
        QTest::newRow("huge") << "impossible shape";
        QTest::newRow("huge_chunks") << "declares";
        QTest::newRow("bomb") << "declares";
        QTest::newRow("unwritten") << "never written";
        QTest::newRow("group") << "not a dataset";
        QTest::newRow("missing") << "no 'missing'";
        QTest::newRow("inside/more") << "not a group";
        QTest::newRow("../inside") << "'..'";
        QTest::newRow("group/./inner") << "'.'";
    }
    void refusesWhatIsNoArrayOfThisFile()
    {
        QFETCH(QString, says);
        const auto file = mapped("odd.h5");
        const std::string path = QTest::currentDataTag();
        const auto stored = [&]() -> Result<StoredTensor> {
            TRY(const auto dataset, rootOf(file).dataset(path));
            return dataset.stored(file, path);
        }();
        QVERIFY(!stored);
        const auto sentence = QString::fromStdString(stored.error().sentence());
        QVERIFY2(sentence.contains(says), qPrintable(sentence));
    }

    void followsHardLinksInCircles()
    {
        const Hdf5Group root = rootOf(mapped("odd.h5"));
        QCOMPARE(asText(*root.dataset("group/up/group/up/group/inner")->load()), numbers);
        QCOMPARE(root.group("group/up")->address(), root.address());
    }

    void readsTextsOfEveryKind_data()
    {
        QTest::addColumn<QString>("expected");
        QTest::newRow("variable_ascii") << R"({"a": 1})";
        QTest::newRow("variable_utf8") << "é{}";
        for (const char* kind : { "terminated_ascii", "terminated_utf8", "null_padded_ascii",
                 "null_padded_utf8", "space_padded_ascii", "space_padded_utf8" })
            QTest::newRow(kind) << "abc";
        QTest::newRow("long") << QString(100000, 'x');
    }
    void readsTextsOfEveryKind()
    {
        QFETCH(QString, expected);
        const auto text = rootOf(mapped("texts.h5")).text(QTest::currentDataTag());
        QVERIFY2(text, text ? "" : text.error().sentence().c_str());
        QCOMPARE(QString::fromStdString(*text), expected);
    }

    void readsListsOfNames()
    {
        using Names = std::vector<std::string>;
        const Hdf5Group root = rootOf(mapped("texts.h5"));
        QCOMPARE(*root.nameList("several"), (Names{ "a", "bc" }));
        QCOMPARE(*root.nameList("variable_names"), (Names{ "dense", "dense_1" }));
        QCOMPARE(*root.nameList("no_names"), Names()); // float64, shape (0,)
        const auto chunked = root.nameList("layer_names");
        QCOMPARE(chunked->size(), std::size_t{ 2200 });
        QCOMPARE(chunked->back(), std::string("layer_with_a_rather_long_name_02199"));
        QVERIFY(!root.hasNameList("weight_names"));
        QCOMPARE(root.nameList("weight_names").error().kind(), ErrorKind::NotFound);
        QCOMPARE(root.text("number").error().kind(), ErrorKind::WrongFormat);
        QCOMPARE(root.text("several").error().kind(), ErrorKind::WrongFormat);
    }

    void splitsLongListsAsKerasDoes()
    {
        QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "names.h5";
        std::vector<std::string> names;
        for (int i = 0; i < 5000; ++i) // 34 bytes each
            names.push_back(QString("a_name_of_four_and_thirty_letter%1")
                                .arg(i % 100, 2, 10, QChar('0'))
                                .toStdString());
        {
            auto file = Hdf5File::create(path);
            auto root = file->root();
            QVERIFY(root->setNameList("list", { "first" })); // is replaced
            QVERIFY(root->setNameList("list", names));
            QVERIFY(root->setNameList("none", {}));
            QVERIFY(root->setText("text", std::string(200000, 'y')));
            root = Hdf5Group(*file->root());
        }
        const auto file = *MappedFile::open(path);
        const Hdf5Group root = rootOf(file);
        QVERIFY(!root.hasAttribute("list"));
        QCOMPARE(root.texts("list0")->size(), std::size_t{ 1667 }); // numpy.array_split(5000, 3)
        QCOMPARE(root.texts("list1")->size(), std::size_t{ 1667 });
        QCOMPARE(root.texts("list2")->size(), std::size_t{ 1666 });
        QCOMPARE(*root.nameList("list"), names);
        QCOMPARE(root.nameList("none")->size(), std::size_t{ 0 });
        QCOMPARE(root.text("text")->size(), std::size_t{ 200000 });
    }

    void writesArraysThatAreReadBack()
    {
        QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "new.h5";
        const Tensor values = Tensor::of<float>({ 2, 2 }, { 1, 2, 3, 4 });
        {
            auto file = Hdf5File::create(path);
            auto root = file->root();
            QVERIFY(root->createDataset("a/b/values", DType::Float32, { 2, 2 })->store(values));
            QVERIFY(root->createDataset("scalar", DType::Int64, {})
                        ->store(Tensor::scalar<std::int64_t>(5)));
            QVERIFY(root->createDataset("wide", DType::Float64, { 2, 2 })->store(values));
            QVERIFY(!root->createDataset("a/b/values/c", DType::Float32, {}));
            QCOMPARE(root->dataset("a/b/values")->store(Tensor::scalar<float>(1)).error().kind(),
                ErrorKind::ShapeMismatch);
        }
        const auto file = *MappedFile::open(path);
        const Hdf5Group root = rootOf(file);
        QVERIFY(root.dataset("a/b/values")->load()->identicalTo(values));
        QCOMPARE(asText(*root.dataset("scalar")->load()), std::string("5"));
        QCOMPARE(asText(*root.dataset("wide")->load()), std::string("1 2 3 4"));
    }

    void readsOnWhenTheFileIsRenamedAway()
    {
        QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "values.h5";
        std::filesystem::copy_file(data / "values.h5", path);
        const auto file = *MappedFile::open(path);
        const auto plain = *rootOf(file).dataset("float32")->stored(file, "float32");
        const auto packed = *rootOf(file).dataset("gzip")->stored(file, "gzip");
        std::filesystem::remove(path);
        std::ofstream(path) << "something else";
        QCOMPARE(asText(*plain.load()), numbers);
        QCOMPARE(asText(*packed.load()), numbers);
    }

    void refusesDamagedFiles()
    {
        QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "cut.h5";
        std::filesystem::copy_file(data / "values.h5", path);
        std::filesystem::resize_file(path, 5000);
        const auto file = *MappedFile::open(path);
        QCOMPARE(Hdf5File::open(*file).error().kind(), ErrorKind::Corrupt);
        QVERIFY(declaredHdf5Length(file->bytes()) > file->size());
    }
};

QTEST_GUILESS_MAIN(tst_Hdf5)
#include "tst_hdf5.moc"
