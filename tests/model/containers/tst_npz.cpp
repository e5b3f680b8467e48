#include "model/containers/npy.h"
#include "model/containers/npz.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <sys/resource.h>

using namespace layerscope;
using namespace layerscope::containers;

namespace {

std::filesystem::path file(const char* name)
{
    return std::filesystem::path(TEST_DATA) / "numpy" / name;
}

template<class T> std::vector<T> valuesOf(const Tensor& tensor)
{
    const auto values = tensor.values<T>();
    return values ? std::vector<T>(values->begin(), values->end()) : std::vector<T>();
}

const std::vector<float> matrix = { 0, 0.25F, 0.5F, 0.75F, 1, 1.25F };

} // namespace

Q_DECLARE_METATYPE(ErrorKind)

class tst_Npz : public QObject
{
    Q_OBJECT

private slots:
    void readsRowMajorFloats_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("version 1") << "float32_c_order.npy";
        QTest::newRow("version 2") << "version_2.npy";
        QTest::newRow("version 3") << "version_3.npy";
    }
    void readsRowMajorFloats()
    {
        QFETCH(QString, name);
        const auto tensor = readNpy(file(name.toUtf8().constData()));
        QVERIFY(tensor);
        QCOMPARE(tensor->shape(), (Shape{ 2, 3 }));
        QCOMPARE(valuesOf<float>(*tensor), matrix);
    }

    void opensMembersInPlace()
    {
        for (const char* name : { "stored.npz", "deflated.npz" }) {
            const auto eager = readNpz(file(name));
            const auto lazy = openNpz(file(name));
            QVERIFY(isArchiveOfArrays(file(name)));
            QVERIFY(eager && lazy);
            QCOMPARE(lazy->size(), eager->size());
            for (std::size_t i = 0; i < eager->size(); ++i) {
                const auto& [wantedName, wanted] = (*eager)[i];
                const auto& [isName, is] = (*lazy)[i];
                QCOMPARE(isName, wantedName);
                QCOMPARE(is.dtype(), wanted.dtype());
                QCOMPARE(is.shape(), wanted.shape());
                const auto loaded = is.load();
                QVERIFY(loaded && loaded->identicalTo(wanted));
                if (std::string_view(name) == "deflated.npz")
                    QVERIFY(!is.extent());
            }
        }
        QVERIFY(!openNpz(file("truncated.npz")));
        QVERIFY(!openNpz(file("not_arrays.npz")));
    }

    void mapsWhatItWroteItself()
    {
        QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "w.npz";
        QVERIFY(writeNpz(path, std::vector<NamedTensor>{ { "a/b:0", Tensor::of({ 6 }, matrix) } }));
        const auto arrays = openNpz(path);
        QVERIFY(arrays);
        QCOMPARE(arrays->front().first, std::string("a/b:0"));
        QVERIFY(arrays->front().second.extent()); // in the file, not in memory
        QCOMPARE(valuesOf<float>(*arrays->front().second.load()), matrix);
    }

    void turnsFortranOrderIntoRowMajor()
    {
        const auto tensor = readNpy(file("float32_fortran_order.npy"));
        QVERIFY(tensor);
        QCOMPARE(tensor->shape(), (Shape{ 2, 3, 4 }));
        std::vector<float> expected(24);
        for (std::size_t i = 0; i < expected.size(); ++i)
            expected[i] = static_cast<float>(i);
        QCOMPARE(valuesOf<float>(*tensor), expected);
    }

    void swapsBigEndianNumbers()
    {
        const auto doubles = readNpy(file("float64_big_endian.npy"));
        QVERIFY(doubles);
        QCOMPARE(valuesOf<double>(*doubles),
            (std::vector<double>{ 1.5, -2.0, std::numeric_limits<double>::infinity() }));
        const auto shorts = readNpy(file("int16_big_endian_fortran.npy"));
        QVERIFY(shorts);
        QCOMPARE(
            valuesOf<std::int16_t>(*shorts), (std::vector<std::int16_t>{ 1, 2, 3, -4, 5, 600 }));
    }

    void swapsEachHalfOfComplexNumbers()
    {
        const auto little = readNpy(file("complex.npy"));
        const auto big = readNpy(file("complex_big_endian.npy"));
        QVERIFY(little && big);
        QCOMPARE(little->dtype(), DType::Complex64);
        QVERIFY(little->identicalTo(*big));
    }

    void readsOtherElementTypes()
    {
        const auto flags = readNpy(file("bool.npy"));
        QVERIFY(flags);
        QCOMPARE(flags->dtype(), DType::Bool);
        QCOMPARE(valuesOf<std::uint8_t>(*flags), (std::vector<std::uint8_t>{ 1, 0, 1 }));
        const auto halves = readNpy(file("half.npy"));
        QVERIFY(halves);
        QCOMPARE(halves->dtype(), DType::Float16);
        QCOMPARE(floatFromHalf(halves->valuesAs<std::uint16_t>()[1]), 65504.0F);
        QVERIFY(std::isnan(floatFromHalf(halves->valuesAs<std::uint16_t>()[2])));
    }

    void readsScalarsAndEmptyArrays()
    {
        const auto scalar = readNpy(file("scalar_int64.npy"));
        QVERIFY(scalar);
        QVERIFY(scalar->shape().empty());
        QCOMPARE(valuesOf<std::int64_t>(*scalar), (std::vector<std::int64_t>{ -7 }));
        const auto empty = readNpy(file("empty.npy"));
        QVERIFY(empty);
        QCOMPARE(empty->shape(), (Shape{ 0, 3 }));
    }

    void readsStringsAsUtf8()
    {
        const auto text = readNpy(file("text.npy"));
        QVERIFY(text);
        QCOMPARE(text->shape(), (Shape{ 2, 2 }));
        QCOMPARE(text->strings(),
            (std::vector<std::string>{ "a", "gr\xC3\xBC\xC3\x9F", "", "\xF0\x9F\x90\x8D" }));
        const auto bytes = readNpy(file("bytes.npy"));
        QVERIFY(bytes);
        QCOMPARE(bytes->strings(), (std::vector<std::string>{ "ab", "", "abcd" }));
        const auto big = readNpy(file("text_big_endian.npy"));
        QVERIFY(big);
        QCOMPARE(big->strings(), (std::vector<std::string>{ "x", "yz" }));
    }

    void readsHeadersThatOthersSpellDifferently()
    {
        const auto tensor = readNpy(file("other_spelling.npy"));
        QVERIFY(tensor);
        QCOMPARE(valuesOf<std::int32_t>(*tensor), (std::vector<std::int32_t>{ 1, 2 }));
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("pickled objects") << "pickle.npy" << ErrorKind::Unsupported;
        QTest::newRow("structured arrays") << "structured.npy" << ErrorKind::Unsupported;
        QTest::newRow("dates") << "dates.npy" << ErrorKind::Unsupported;
        QTest::newRow("a file cut off") << "short.npy" << ErrorKind::Corrupt;
        QTest::newRow("a shape beyond memory") << "shape_overflow.npy" << ErrorKind::Corrupt;
        QTest::newRow("a zip archive") << "stored.npz" << ErrorKind::WrongFormat;
        QTest::newRow("a file that is not there") << "nowhere.npy" << ErrorKind::NotFound;
    }
    void refuses()
    {
        QFETCH(QString, name);
        QFETCH(ErrorKind, kind);
        const auto tensor = readNpy(file(name.toUtf8().constData()));
        QVERIFY(!tensor);
        QCOMPARE(tensor.error().kind(), kind);
    }

    void survivesACutAnywhere()
    {
        const std::string whole = formatNpy(Tensor::of<float>({ 2, 3 }, matrix));
        for (std::size_t length = 0; length < whole.size(); ++length)
            QVERIFY(!parseNpy(std::as_bytes(std::span(whole.data(), length))));
    }

    void readsStoredArchiveInOrder()
    {
        const auto arrays = readNpz(file("stored.npz"));
        QVERIFY(arrays);
        QCOMPARE(arrays->size(), std::size_t{ 3 });
        QCOMPARE((*arrays)[0].first, std::string("input_0"));
        QCOMPARE((*arrays)[1].first, std::string("layer:model/dense:0:0"));
        QCOMPARE((*arrays)[2].first, std::string("gr\xC3\xBC\xC3\x9F"));
        QCOMPARE((*arrays)[2].second.shape(), (Shape{ 3, 2 }));
        QCOMPARE(valuesOf<float>((*arrays)[2].second),
            (std::vector<float>{ 0, 0.75F, 0.25F, 1, 0.5F, 1.25F }));
    }

    void readsDeflatedArchive()
    {
        const auto arrays = readNpz(file("deflated.npz"));
        QVERIFY(arrays);
        QCOMPARE((*arrays)[0].second.count(), std::int64_t{ 4096 });
        QCOMPARE((*arrays)[1].second.strings(), (std::vector<std::string>{ "a", "b" }));
    }

    void refusesArchive_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("cut off") << "truncated.npz" << ErrorKind::WrongFormat;
        QTest::newRow("wrong checksum") << "wrong_checksum.npz" << ErrorKind::Corrupt;
        QTest::newRow("no arrays in it") << "not_arrays.npz" << ErrorKind::WrongFormat;
        QTest::newRow("an .npy") << "bool.npy" << ErrorKind::WrongFormat;
        QTest::newRow("nothing there") << "nowhere.npz" << ErrorKind::NotFound;
        QTest::newRow("a folder") << "." << ErrorKind::WrongFormat;
    }
    void refusesArchive()
    {
        QFETCH(QString, name);
        QFETCH(ErrorKind, kind);
        const auto arrays = readNpz(file(name.toUtf8().constData()));
        QVERIFY(!arrays);
        QCOMPARE(arrays.error().kind(), kind);
    }

    /// Strings of no characters take nothing in the file: a header alone may claim any number.
    void takesFewStringsOfNoBytes()
    {
        const auto array = [](const std::string& count) {
            const std::string header
                = "{'descr': '|S0', 'fortran_order': False, 'shape': (" + count + ",), }\n";
            const std::string text = std::string("\x93NUMPY\x01\0", 8)
                + static_cast<char>(header.size()) + '\0' + header;
            return parseNpy(std::as_bytes(std::span(text)));
        };
        QVERIFY(array("3"));
        QCOMPARE(array("3")->strings().size(), std::size_t(3));
        QVERIFY(!array("2000000"));
    }

    /// An archive of 5 kB whose directory says of one member that it has 4 GB, packed and unpacked.
    void takesNoMemoryForAClaim()
    {
        struct rusage before = {};
        ::getrusage(RUSAGE_SELF, &before);
        const auto arrays
            = readNpz(TEST_DATA "/../fuzz/findings/numpy/stored_member_that_claims_4_gb");
        QVERIFY(!arrays);
        QCOMPARE(arrays.error().kind(), ErrorKind::Corrupt);
        struct rusage after = {};
        ::getrusage(RUSAGE_SELF, &after);
        QVERIFY(after.ru_maxrss - before.ru_maxrss < 100 * 1024); // kB
    }

    void writesBytesThatNumPyWrites()
    {
        QFile original(QString::fromStdString(file("float32_c_order.npy").string()));
        QVERIFY(original.open(QIODevice::ReadOnly));
        QCOMPARE(QByteArray::fromStdString(formatNpy(Tensor::of<float>({ 2, 3 }, matrix))),
            original.readAll());
        QFile text(QString::fromStdString(file("text.npy").string()));
        QVERIFY(text.open(QIODevice::ReadOnly));
        const auto strings
            = Tensor::ofStrings({ 2, 2 }, { "a", "gr\xC3\xBC\xC3\x9F", "", "\xF0\x9F\x90\x8D" });
        QCOMPARE(QByteArray::fromStdString(formatNpy(strings)), text.readAll());
    }

    void writesArchivesThatReadBack()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("out.npz").toStdString();
        const std::vector<NamedTensor> arrays = {
            { "a/b", Tensor::of<float>({ 2, 3 }, matrix) },
            { "scalar", Tensor::scalar<std::int64_t>(5) },
            { "words", Tensor::ofStrings({ 2 }, { "one", "" }) },
        };
        QVERIFY(writeNpz(path, arrays));
        const auto read = readNpz(path);
        QVERIFY(read);
        QCOMPARE(read->size(), arrays.size());
        for (std::size_t i = 0; i < arrays.size(); ++i) {
            QCOMPARE((*read)[i].first, arrays[i].first);
            QVERIFY((*read)[i].second.identicalTo(arrays[i].second));
        }
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1); // nothing left beside it
    }

    void writesAnArchiveOfNothing()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("none.npz").toStdString();
        QVERIFY(writeNpz(path, {}));
        const auto read = readNpz(path);
        QVERIFY(read);
        QVERIFY(read->empty());
    }

    void keepsTheOldFileWhenWritingFails()
    {
        const auto failed = writeNpz("/nonexistent/out.npz", { { "a", Tensor() } });
        QVERIFY(!failed);
        QCOMPARE(failed.error().kind(), ErrorKind::NotWritable);
    }

    void widensBFloat16()
    {
        auto brain = Tensor::of<float>({ 2 }, { 1.5F, -2.0F }).converted(DType::BFloat16);
        QVERIFY(brain);
        const std::string bytes = formatNpy(*brain);
        const auto read = parseNpy(std::as_bytes(std::span(bytes)));
        QVERIFY(read);
        QCOMPARE(valuesOf<float>(*read), (std::vector<float>{ 1.5F, -2.0F }));
    }
};

QTEST_GUILESS_MAIN(tst_Npz)
#include "tst_npz.moc"
