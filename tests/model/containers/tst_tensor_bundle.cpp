#include "model/containers/bundle_slices.h"
#include "model/containers/byte_order.h"
#include "model/containers/crc32c.h"
#include "model/containers/table_blocks.h"
#include "model/containers/tensor_bundle.h"
#include "model/core/json.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace layerscope;
using namespace layerscope::containers;

namespace {

std::string hashOf(const Tensor& tensor)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (tensor.dtype() == DType::String) {
        for (std::size_t i = 0; i < tensor.strings().size(); ++i)
            hash.addData(QByteArray(i == 0 ? "" : "\0", i == 0 ? 0 : 1)
                + QByteArray::fromStdString(tensor.strings()[i]));
    } else {
        hash.addData(QByteArray(reinterpret_cast<const char*>(tensor.bytes().data()),
            static_cast<qsizetype>(tensor.bytes().size())));
    }
    return hash.result().toHex().left(16).toStdString();
}

std::span<const std::byte> bytesOf(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

} // namespace

/// Witnesses: checksums of RFC 3720, keys and hashes that TensorFlow itself recorded.
class tst_TensorBundle : public QObject
{
    Q_OBJECT

private slots:
    void computesTheChecksumOfTheStandard()
    {
        QCOMPARE(crc32c(bytesOf("123456789")), 0xE3069283U);
        QCOMPARE(crc32c(bytesOf("6789"), crc32c(bytesOf("12345"))), 0xE3069283U);
    }

    void readsEveryArrayOfRealCheckpoints_data()
    {
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QString>("index");
        int rows = 0;
        QDirIterator cases(QStringLiteral(SHARED_CORPUS), { "expected.json" }, QDir::Files,
            QDirIterator::Subdirectories);
        while (cases.hasNext()) {
            const QString expected = cases.next();
            if (expected.contains("/bad/") || expected.contains("/logs/"))
                continue;
            std::ifstream file(expected.toStdString());
            const Json facts = Json::parse(file, nullptr, false);
            if (!facts.is_object() || !facts.contains("files"))
                continue;
            for (const auto& [name, content] : facts["files"].items())
                if (content.contains("tensors")) {
                    ++rows;
                    QTest::newRow((expected + name.c_str()).toUtf8().constData())
                        << expected << QString::fromStdString(name);
                }
        }
        if (rows == 0)
            QTest::newRow("no corpus") << QString() << QString();
    }
    void readsEveryArrayOfRealCheckpoints()
    {
        QFETCH(QString, expected);
        QFETCH(QString, index);
        if (expected.isEmpty())
            QSKIP("the corpus is not here");
        std::ifstream file(expected.toStdString());
        const Json facts = Json::parse(file);
        const auto prefix = std::filesystem::path(expected.toStdString()).parent_path()
            / index.toStdString().substr(0, static_cast<std::size_t>(index.size()) - 6);
        QVERIFY(TensorBundle::isAt(prefix));
        const auto bundle = TensorBundle::open(prefix);
        QVERIFY2(bundle, bundle ? "" : bundle.error().sentence().c_str());
        for (const auto& row : facts["files"][index.toStdString()]["tensors"]) {
            const auto key = row[0].get<std::string>();
            const auto stored = bundle->tensor(key);
            QVERIFY2(stored, (key + (stored ? "" : stored.error().sentence())).c_str());
            const auto value = stored->load();
            QVERIFY2(value, key.c_str());
            QCOMPARE(Json(value->shape()), Json(row[2].get<std::vector<std::int64_t>>()));
            if (row[3].is_string())
                QCOMPARE(hashOf(*value), row[3].get<std::string>());
        }
    }

    void readsBackWhatItWrites()
    {
        const QTemporaryDir folder;
        const std::filesystem::path prefix = folder.path().toStdString() + "/ckpt";
        std::vector<std::pair<std::string, StoredTensor>> tensors;
        for (int i = 0; i < 3000; ++i) // several index blocks
            tensors.emplace_back(
                "layer/" + std::to_string(i), Tensor::scalar<float>(static_cast<float>(i)));
        tensors.emplace_back("text", Tensor::ofStrings({ 2 }, { "one", std::string(300, 'x') }));
        tensors.emplace_back("empty", *Tensor::zeros(DType::Float64, { 0, 4 }));
        QVERIFY(writeTensorBundle(prefix, tensors));
        const auto bundle = TensorBundle::open(prefix);
        QVERIFY(bundle);
        QCOMPARE(bundle->entries().size(), tensors.size());
        for (const auto& [key, tensor] : tensors) {
            const auto stored = bundle->tensor(key);
            QVERIFY(stored);
            QVERIFY(stored->load()->identicalTo(*tensor.load()));
        }
    }

    void refusesAnIndexCutAnywhere()
    {
        const QTemporaryDir folder;
        const std::filesystem::path prefix = folder.path().toStdString() + "/ckpt";
        QVERIFY(writeTensorBundle(
            prefix, { { "a", Tensor::scalar<float>(1) }, { "b", Tensor::scalar<float>(2) } }));
        const auto index = prefix.string() + ".index";
        const auto whole = std::filesystem::file_size(index);
        for (auto size = whole; size-- > 0;) {
            std::filesystem::resize_file(index, size);
            const auto bundle = TensorBundle::open(prefix);
            QVERIFY(!bundle);
            QVERIFY(!bundle.error().message().empty());
        }
    }

    /// LevelDB takes memory for a block before anybody looks whether there is one.
    void seesBlocksThatLieOutside()
    {
        const QTemporaryDir folder;
        const std::filesystem::path prefix = folder.path().toStdString() + "/ckpt";
        QVERIFY(writeTensorBundle(prefix, { { "a", Tensor::scalar<float>(1) } }));
        QFile file(QString::fromStdString(prefix.string() + ".index"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray sound = file.readAll();
        const auto lieInside = [](const QByteArray& table) {
            return tableBlocksLieInside(
                bytesOf({ table.data(), static_cast<std::size_t>(table.size()) }));
        };
        QVERIFY(lieInside(sound));
        // The footer begins with offset and size of the index of metadata, then of the index.
        const qsizetype footer = sound.size() - 48;
        QByteArray large = sound;
        large.replace(footer, 12, QByteArray("\0\x80\x80\x80\x80\x80\x20\0\0\0\0\0", 12));
        QVERIFY(!lieInside(large));
        QVERIFY(!lieInside(QByteArray()));
        auto numbers = bytesOf({ sound.data() + footer, 40 });
        QVERIFY(takeVarint(numbers) && takeVarint(numbers));
        const auto index = static_cast<qsizetype>(*takeVarint(numbers));
        // Its only entry: lengths of the key and of the handle in a byte each, the key, the handle.
        const qsizetype handle = index + 3 + sound[index + 1];
        QCOMPARE(sound[handle], '\0');
        QByteArray entry = sound;
        entry[handle] = '\x7F'; // it begins at 127 and would end behind the file
        QVERIFY(sound.size() < 192);
        QVERIFY(!lieInside(entry));
    }

    void refusesAShardThatIsTooShort()
    {
        const QTemporaryDir folder;
        const std::filesystem::path prefix = folder.path().toStdString() + "/ckpt";
        QVERIFY(writeTensorBundle(prefix, { { "a", *Tensor::zeros(DType::Float32, { 100 }) } }));
        std::filesystem::resize_file(prefix.string() + ".data-00000-of-00001", 399);
        const auto bundle = TensorBundle::open(prefix);
        QVERIFY(bundle);
        const auto stored = bundle->tensor("a");
        QVERIFY(!stored);
        QCOMPARE(stored.error().kind(), ErrorKind::Corrupt);
    }
};

QTEST_GUILESS_MAIN(tst_TensorBundle)
#include "tst_tensor_bundle.moc"
