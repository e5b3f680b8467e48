#include "model/containers/mapped_file.h"

#include <QtTest>

#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace layerscope;
using namespace layerscope::containers;
namespace fs = std::filesystem;

class tst_MappedFile : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    static void write(const fs::path& path, std::size_t floats)
    {
        std::vector<float> values(floats);
        for (std::size_t i = 0; i < floats; ++i)
            values[i] = static_cast<float>(i);
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(values.data()),
                static_cast<std::streamsize>(floats * sizeof(float)));
    }

private slots:
    void lendsItsBytesToTensors()
    {
        write(at("plain"), 100);
        const auto file = *MappedFile::open(at("plain"));
        const auto tensor = file->tensorAt(DType::Float32, { 2, 3 }, 40);
        QVERIFY(tensor);
        QCOMPARE(tensor->valuesAs<float>()[0], 10.0F);
        QVERIFY(tensor->bytes().data() == file->bytes().data() + 40); // borrowed, not copied
    }

    void copiesWhatIsNotAligned()
    {
        write(at("plain"), 100);
        const auto file = *MappedFile::open(at("plain"));
        const auto tensor = file->tensorAt(DType::Float32, { 3 }, 41);
        QVERIFY(tensor);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(tensor->bytes().data()) % 4, std::uintptr_t{ 0 });
        QVERIFY(std::ranges::equal(tensor->bytes(), file->bytes().subspan(41, 12)));
    }

    void copiesWhatIsNotAlignedInAPart()
    {
        write(at("plain"), 100);
        const auto whole = *MappedFile::open(at("plain"));
        const auto part = *MappedFile::part(whole, 42, 100); // as a member of an archive
        const auto tensor = part->tensorAt(DType::Float32, { 3 }, 4);
        QVERIFY(tensor);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(tensor->bytes().data()) % 4, std::uintptr_t{ 0 });
        QVERIFY(std::ranges::equal(tensor->bytes(), whole->bytes().subspan(46, 12)));
    }

    void refusesWhatLiesOutside()
    {
        write(at("plain"), 100);
        const auto file = *MappedFile::open(at("plain"));
        QVERIFY(file->storedTensorAt(DType::Float32, { 100 }, 0));
        QCOMPARE(
            file->storedTensorAt(DType::Float32, { 101 }, 0).error().kind(), ErrorKind::Corrupt);
        QVERIFY(!file->storedTensorAt(DType::Float32, { 1 }, 400));
        QVERIFY(!file->storedTensorAt(DType::Float32, { 1 }, ~std::uint64_t{ 0 } - 1));
        QVERIFY(!file->storedTensorAt(DType::Float32, { 1LL << 40, 1LL << 40 }, 0));
        QVERIFY(file->storedTensorAt(DType::Float32, { 0 }, 400));
    }

    void survivesBeingCutShort()
    {
        write(at("cut"), 100000);
        const auto file = *MappedFile::open(at("cut"));
        const auto early = *file->tensorAt(DType::Float32, { 100000 }, 0);
        const auto stored = *file->storedTensorAt(DType::Float32, { 100000 }, 0);
        fs::resize_file(at("cut"), 8);
        QVERIFY(file->hasShrunk());
        QCOMPARE(early.valuesAs<float>()[1], 1.0F);
        QCOMPARE(early.valuesAs<float>()[90000], 0.0F); // its page is gone: zeros, and no signal
        const auto late = stored.load();
        QVERIFY(!late);
        QVERIFY(QString::fromStdString(late.error().sentence()).contains("cut the file short"));
    }

    void outlivesTheNameOfItsFile()
    {
        write(at("old"), 10);
        const auto file = *MappedFile::open(at("old"));
        write(at("new"), 3);
        fs::rename(at("new"), at("old"));
        QVERIFY(!file->hasShrunk());
        QCOMPARE(file->tensorAt(DType::Float32, { 10 }, 0)->valuesAs<float>()[9], 9.0F);
        QCOMPARE(fs::file_size(file->pathOfDescriptor()), std::uintmax_t{ 40 });
    }

    void noticesAnotherWriter()
    {
        write(at("plain"), 10);
        const auto file = *MappedFile::open(at("plain"));
        QVERIFY(!file->isBeingWritten());
        const int other = ::open(at("plain").c_str(), O_RDWR | O_CLOEXEC);
        QCOMPARE(::flock(other, LOCK_EX), 0);
        QVERIFY(file->isBeingWritten());
        ::close(other);
        QVERIFY(!file->isBeingWritten());
    }

    void saysWhatCannotBeOpened()
    {
        QCOMPARE(MappedFile::open(at("absent")).error().kind(), ErrorKind::NotFound);
        QCOMPARE(MappedFile::open(at("")).error().kind(), ErrorKind::NotReadable);
        QCOMPARE(::mkfifo(at("pipe").c_str(), 0600), 0);
        QCOMPARE(MappedFile::open(at("pipe")).error().kind(), ErrorKind::NotReadable);
        write(at("empty"), 0);
        QCOMPARE((*MappedFile::open(at("empty")))->size(), std::uint64_t{ 0 });
    }
};

QTEST_GUILESS_MAIN(tst_MappedFile)
#include "tst_mapped_file.moc"
