#include "model/formats/diagnosis.h"
#include "model/formats/format.h"

#include <QtTest>

#include <fstream>
#include <set>

using namespace layerscope;
using namespace layerscope::formats;
namespace fs = std::filesystem;

class tst_Open : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    static QString sentence(const fs::path& path)
    {
        const auto network = openNetwork(path);
        return network ? "opened" : QString::fromStdString(network.error().sentence());
    }

private slots:
    void saysWhatAFileIsInstead_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QByteArray& content, const char* says) {
            QTest::newRow(name) << content << says;
        };
        row("Git LFS",
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab\nsize 102853048\n",
            "Git LFS pointer, not the model itself; the real file has 102,853,048 bytes");
        row("web page", "\n<!DOCTYPE html><html><head><title>404</title>", "web page");
        row("web page with mark", "\xEF\xBB\xBF<HTML>", "web page");
        row("empty", "", "empty");
        row("PNG", QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), "PNG picture");
        row("text", "hello, model\nsecond line",
            "text file, not a model; it begins with \"hello, model\"");
        row("architecture", R"({"class_name": "Sequential", "config": {}})", "without any weights");
        row("JSON", R"({"a": 1})", "JSON text");
        row("pickle", QByteArray("\x80\x04\x95\x10\0\0\0\0\0\0\0", 11), "pickle");
        row("zip", QByteArray("PK\x03\x04\x14\0\0\0\0\0", 10) + "readme.txt", "zip archive");
        row("NumPy", QByteArray("\x93NUMPY\x01\0", 8), "NumPy array");
        row("gzip", QByteArray("\x1f\x8b\x08\0\0\0\0\0", 8), "gzip");
        row("damaged signature", QByteArray("xHDF\r\n\x1a\n\0\0\0\0\0\0", 14),
            "first bytes are damaged");
        row("four bytes", "\x89HDF", "only the first 4 bytes");
        row("signature alone", "\x89HDF\r\n\x1a\n", "cut short");
        row("bytes", QByteArray("\x01\x02\x03\xff\xfe", 5), "begins with the bytes 01 02 03 FF FE");
    }
    void saysWhatAFileIsInstead()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        std::ofstream(at("model.h5"), std::ios::binary).write(content.data(), content.size());
        const QString said = sentence(at("model.h5"));
        QVERIFY2(said.contains(says), qPrintable(said));
        QVERIFY(said.startsWith("model.h5: "));
        QVERIFY(!said.contains('\n'));
    }

    void namesSimilarFilesNearby()
    {
        std::ofstream(at("model_v2.h5")) << "x";
        const QString said = sentence(at("model_v3.h5"));
        QVERIFY2(said.contains("nothing at this path; nearby: model_v2.h5"), qPrintable(said));
        QVERIFY(sentence(at("quite_another_name.h5")).contains("check the spelling"));
        QVERIFY(sentence(at("no/such/model.h5")).contains("nor a folder"));
        QCOMPARE(openNetwork(at("model_v3.h5")).error().kind(), ErrorKind::NotFound);
    }

    void saysWhatAFolderHolds()
    {
        fs::create_directories(at("folder"));
        QVERIFY(sentence(at("folder")).contains("folder, and no saved model"));
        std::ofstream(at("folder/weights.h5")) << "x";
        QVERIFY(sentence(at("folder")).contains("open a file in it: weights.h5"));
    }

    void saysWhenAFileMayNotBeRead()
    {
        std::ofstream(at("secret.h5")) << "x";
        fs::permissions(at("secret.h5"), fs::perms::none);
        if (std::ifstream(at("secret.h5")).is_open())
            QSKIP("this user may read everything");
        QVERIFY(sentence(at("secret.h5")).contains("no permission"));
        QCOMPARE(openNetwork(at("secret.h5")).error().kind(), ErrorKind::NotReadable);
    }

    void opensByContentAndNotByName()
    {
        fs::copy_file(TEST_DATA "/model_mlp/keras2.15/model.h5", at("picture.png"));
        QCOMPARE(sentence(at("picture.png")), QString("opened"));
    }

    void choosesTheFormatByTheSuffix()
    {
        const Network network = *openNetwork(TEST_DATA "/model_mlp/keras2.15/model.h5");
        QCOMPARE(*formatForSuffix(network, "x.h5"), std::string("h5-keras2"));
        QCOMPARE(*formatForSuffix(network, "x.hdf5"), std::string("h5-keras2"));
        const auto unknown = formatForSuffix(network, "x.docx");
        QVERIFY(!unknown);
        QVERIFY(QString::fromStdString(unknown.error().sentence()).contains(".h5"));
    }

    void groupsDigits()
    {
        QCOMPARE(withThousands(0), std::string("0"));
        QCOMPARE(withThousands(999), std::string("999"));
        QCOMPARE(withThousands(1000), std::string("1,000"));
        QCOMPARE(withThousands(102853048), std::string("102,853,048"));
    }

    void everyFormatHasItsTable()
    {
        std::set<std::string_view> names;
        for (const ModelFormat* format : allFormats()) {
            QVERIFY(!format->title.empty());
            QVERIFY(format->recognise != nullptr);
            QVERIFY(format->read != nullptr);
            for (const std::string_view name : format->names)
                QVERIFY2(names.insert(name).second, std::string(name).c_str());
        }
        QVERIFY(names.contains("h5"));
    }
};

QTEST_GUILESS_MAIN(tst_Open)
#include "tst_open.moc"
