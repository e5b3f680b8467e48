#include "model/containers/safetensors.h"

#include <QtTest>

#include <fstream>

using namespace layerscope;
using namespace layerscope::containers;

class tst_Safetensors : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path at(const char* name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

    /// A file with this header and `dataBytes` bytes 0, 1, 2 … behind it.
    std::filesystem::path file(const std::string& header, std::size_t dataBytes) const
    {
        const auto path = at("made.safetensors");
        std::ofstream out(path, std::ios::binary);
        for (unsigned i = 0; i < 8; ++i)
            out.put(static_cast<char>(header.size() >> 8U * i));
        out << header;
        for (std::size_t i = 0; i < dataBytes; ++i)
            out.put(static_cast<char>(i));
        return path;
    }

private slots:
    /// The bytes of this file follow the format's README, not our writer.
    void readsWhatTheFormatDescribes()
    {
        const auto path = file(R"({"__metadata__":{"format":"pt"},)"
                               R"("b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},)"
                               R"("a":{"dtype":"U8","shape":[2,2],"data_offsets":[0,4]}})",
            8);
        QVERIFY(looksLikeSafetensors(path));
        const auto content = readSafetensors(path);
        QVERIFY2(content, content ? "" : content.error().sentence().c_str());
        QCOMPARE(content->arrays.size(), std::size_t{ 2 });
        QCOMPARE(content->arrays[0].name, std::string("b"));
        QCOMPARE(content->arrays[0].value.dtype(), DType::BFloat16);
        QCOMPARE(content->arrays[1].value.shape(), (Shape{ 2, 2 }));
        QCOMPARE(content->metadata.size(), std::size_t{ 1 });
        QCOMPARE(content->metadata[0].second, std::string("pt"));
        const auto values = content->arrays[1].value.load();
        QVERIFY(values);
        QCOMPARE(values->valuesAs<std::uint8_t>()[3], std::uint8_t{ 3 });
        const auto extent = content->arrays[1].value.extent();
        QVERIFY(extent); // mapped in place
        QCOMPARE(extent->length, std::uint64_t{ 4 });
    }

    void refusesDamage_data()
    {
        QTest::addColumn<QString>("header");
        QTest::addColumn<int>("bytes");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* header, int bytes, const char* says) {
            QTest::newRow(name) << header << bytes << says;
        };
        row("cut short", R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})", 12,
            "cut short");
        row("gap",
            R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}})",
            6, "where byte 2 is due");
        row("overlap",
            R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
            6, "where byte 4 is due");
        row("rest", R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 5,
            "belong to no array");
        row("shape and bytes differ", R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})",
            8, "does not take the bytes");
        row("shape overflows",
            R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}})", 8,
            "does not take the bytes");
        row("name twice",
            R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
            2, "occurs twice");
        row("key twice", R"({"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}})", 1,
            "occurs twice");
        row("nested", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":{"y":1}}})", 1,
            "nested deeper");
        row("lists in lists", R"({"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}})", 1,
            "list where none belongs");
        row("negative", R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", 1,
            "impossible length");
        row("three offsets", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}})", 1,
            "too many");
        row("no type", R"({"a":{"shape":[1],"data_offsets":[0,1]}})", 1, "lacks dtype");
        row("unknown type", R"({"a":{"dtype":"Q3","shape":[1],"data_offsets":[0,1]}})", 1,
            "'Q3' cannot be read");
        row("no JSON", R"({"a":{"dtype")", 0, "no JSON");
        row("metadata no text", R"({"__metadata__":{"a":1}})", 0, "wrong type");
    }
    void refusesDamage()
    {
        QFETCH(QString, header);
        QFETCH(int, bytes);
        QFETCH(QString, says);
        const auto content
            = readSafetensors(file(header.toStdString(), static_cast<std::size_t>(bytes)));
        QVERIFY(!content);
        const QString said = QString::fromStdString(content.error().sentence());
        QVERIFY2(said.contains(says), qPrintable(said));
    }

    void refusesAHeaderBeyondTheFile()
    {
        const auto path = at("long.safetensors");
        std::ofstream(path, std::ios::binary) << std::string("\x40\x42\x0f\0\0\0\0\0{\"a\"", 12);
        QVERIFY(looksLikeSafetensors(path));
        const auto content = readSafetensors(path);
        QVERIFY(!content);
        QVERIFY(content.error().message().find("cut short") != std::string::npos);
        std::ofstream(path, std::ios::binary) << "{\"class_name\": \"Sequential\"}";
        QVERIFY(!looksLikeSafetensors(path));
    }

    void writesAlignedAndInOrder()
    {
        SafetensorsContent content;
        content.metadata = { { "format", "tf" } };
        content.arrays = { { "odd", Tensor::of<std::uint8_t>({ 3 }, { 1, 2, 3 }), "" },
            { "wide", Tensor::of<double>({ 2 }, { 0.5, -1 }), "" },
            { "none", Tensor::of<float>({ 0, 4 }, {}), "" },
            { "f8", Tensor::of<std::uint8_t>({ 2 }, { 9, 8 }), "F8_E4M3" },
            { "scalar", Tensor::scalar<std::int64_t>(7), "" } };
        const auto path = at("written.safetensors");
        const auto written = writeSafetensors(path, content, {});
        QVERIFY2(written, written ? "" : written.error().sentence().c_str());
        const auto read = readSafetensors(path);
        QVERIFY2(read, read ? "" : read.error().sentence().c_str());
        QCOMPARE(read->arrays.size(), content.arrays.size());
        for (std::size_t i = 0; i < content.arrays.size(); ++i) {
            QCOMPARE(read->arrays[i].name, content.arrays[i].name);
            const auto before = content.arrays[i].value.load();
            const auto after = read->arrays[i].value.load();
            QVERIFY(before && after && before->identicalTo(*after));
            if (const auto extent = read->arrays[i].value.extent())
                QCOMPARE(extent->offset % byteSize(after->dtype()), std::uint64_t{ 0 });
        }
        QCOMPARE(read->arrays[3].type, std::string("F8_E4M3"));
    }

    void refusesWhatItCannotHold()
    {
        SafetensorsContent texts;
        texts.arrays = { { "words", Tensor::ofStrings({ 1 }, { "a" }), "" } };
        const auto failed = writeSafetensors(at("texts.safetensors"), texts, {});
        QVERIFY(!failed);
        QCOMPARE(failed.error().kind(), ErrorKind::Unsupported);
        SafetensorsContent twice;
        twice.arrays = { { "a", Tensor(), "" }, { "a", Tensor(), "" } };
        QVERIFY(!writeSafetensors(at("twice.safetensors"), twice, {}));
        QVERIFY(!std::filesystem::exists(at("twice.safetensors")));
    }
};

QTEST_GUILESS_MAIN(tst_Safetensors)
#include "tst_safetensors.moc"
