#include "model/containers/zip_archive.h"
#include "model/containers/zip_writer.h"

#include <QtTest>

#include <fstream>
#include <zlib.h>

using namespace layerscope;
using namespace layerscope::containers;
namespace fs = std::filesystem;

namespace {

const fs::path archiveOfKeras = fs::path(TEST_DATA) / "model_mlp/keras3.15/model.keras";

std::string contentOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(file), {} };
}

void put(const fs::path& path, const std::string& content)
{
    std::ofstream(path, std::ios::binary) << content;
}

std::string deflated(const std::string& text)
{
    z_stream stream = {};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()), '\0');
    std::string input = text;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::span<const std::byte> bytesOf(const std::string& text)
{
    return { reinterpret_cast<const std::byte*>(text.data()), text.size() };
}

Result<ZipArchive> openAt(const fs::path& path)
{
    return ZipArchive::open(*MappedFile::open(path));
}

} // namespace

class tst_ZipArchive : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    /// Three members: a text, a packed text, a large one.
    fs::path sample() const
    {
        const fs::path path = at("sample.zip");
        auto writer = *ZipWriter::create(path);
        static_cast<void>(writer.add("a.json", "{\"a\": 1}"));
        const std::string text(5000, 'x');
        ZipEntry entry;
        entry.name = "packed.txt";
        entry.method = 8;
        entry.size = text.size();
        entry.checksum = crc32(bytesOf(text));
        const std::string packed = deflated(text);
        entry.packedSize = packed.size();
        static_cast<void>(writer.addPacked(entry, bytesOf(packed)));
        static_cast<void>(writer.add("folder/b.bin", std::string(300, '\7')));
        static_cast<void>(writer.finish());
        return path;
    }

private slots:
    void readsWhatPythonWrote()
    {
        const auto archive = openAt(archiveOfKeras);
        QVERIFY(archive);
        QCOMPARE(archive->entries().size(), std::size_t{ 3 });
        QCOMPARE(archive->entries()[0].name, std::string("metadata.json"));
        const auto text = archive->text(*archive->find("metadata.json"), 1000);
        QVERIFY(text);
        QVERIFY(text->starts_with("{\"keras_version\": \"3.15.1\""));
        QVERIFY(archive->oddities().empty());
    }

    void readsStoredMembersInPlace()
    {
        const auto archive = *openAt(archiveOfKeras);
        const ZipEntry& entry = *archive.find("model.weights.h5");
        const auto file = *archive.file(entry);
        QVERIFY(file->isOnDisk());
        QCOMPARE(file->offsetInDescriptor(), entry.offset);
        QCOMPARE(file->bytes().data(), archive.mapped()->bytes().data() + entry.offset);
        QVERIFY(archive.checkStored(entry, {}));
        const auto stored = *file->storedTensorAt(DType::UInt8, { 4 }, 8);
        QCOMPARE(stored.extent()->offset, entry.offset + 8);
    }

    void unpacksIntoMemory()
    {
        const auto archive = *openAt(sample());
        const ZipEntry& entry = *archive.find("packed.txt");
        QCOMPARE(*archive.text(entry, 10000), std::string(5000, 'x'));
        const auto file = *archive.file(entry);
        QVERIFY(!file->isOnDisk());
        QCOMPARE(file->size(), std::uint64_t{ 5000 });
        QCOMPARE(file->bytes()[4999], std::byte{ 'x' });
        QVERIFY(!file->storedTensorAt(DType::UInt8, { 4 }, 0)->extent());
        QCOMPARE(archive.text(entry, 4999).error().kind(), ErrorKind::OutOfMemory);
    }

    void writesWhatItReads()
    {
        const auto archive = *openAt(sample());
        QCOMPARE(*archive.text(*archive.find("a.json"), 100), std::string("{\"a\": 1}"));
        QCOMPARE(*archive.text(*archive.find("folder/b.bin"), 1000), std::string(300, '\7'));
    }

    void alignsLargeMembersAndNeverLooksLikeHdf5()
    {
        for (const std::size_t length : { 0U, 1U, 900U, 950U, 4000U }) {
            auto writer = *ZipWriter::create(at("aligned.zip"));
            QVERIFY(writer.add("first", std::string(length, ' ')));
            const auto offset = writer.begin("large", 4);
            QVERIFY(offset);
            QCOMPARE(*offset % 64, std::uint64_t{ 0 });
            QVERIFY(*offset < 512 || (*offset & (*offset - 1)) != 0);
            std::fstream file(at("aligned.zip"), std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(static_cast<std::streamoff>(*offset));
            file << "abcd";
            file.close();
            QVERIFY(writer.end(crc32(bytesOf("abcd"))));
            QVERIFY(writer.finish());
            const auto archive = openAt(at("aligned.zip"));
            QVERIFY(archive);
            QCOMPARE(*archive->text(*archive->find("large"), 10), std::string("abcd"));
        }
    }

    void countsIn64BitsWhereItMust()
    {
        constexpr std::uint64_t size = 0x1'0000'0010;
        auto writer = *ZipWriter::create(at("huge.zip"));
        const auto offset = writer.begin("huge", size);
        QVERIFY(offset);
        fs::resize_file(at("huge.zip"), *offset + size); // a hole, which takes no room
        QVERIFY(writer.end(0));
        QVERIFY(writer.add("behind", "text"));
        QVERIFY(writer.finish());
        const auto archive = openAt(at("huge.zip"));
        QVERIFY(archive);
        QCOMPARE(archive->find("huge")->size, size);
        QCOMPARE(archive->find("huge")->offset, *offset);
        QCOMPARE(*archive->text(*archive->find("behind"), 10), std::string("text"));
        fs::remove(at("huge.zip"));
    }

    void refusesEveryTruncation()
    {
        const std::string whole = contentOf(sample());
        for (std::size_t length = 0; length < whole.size(); ++length) {
            put(at("cut.zip"), whole.substr(0, length));
            if (length == 0)
                continue; // an empty file cannot be mapped
            QVERIFY2(!openAt(at("cut.zip")), std::to_string(length).c_str());
        }
    }

    void survivesEveryFlippedByte()
    {
        const std::string whole = contentOf(sample());
        for (std::size_t i = 0; i < whole.size(); ++i) {
            std::string damaged = whole;
            damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
            put(at("flipped.zip"), damaged);
            const auto archive = openAt(at("flipped.zip"));
            if (!archive)
                continue;
            for (const ZipEntry& entry : archive->entries())
                if (const auto text = archive->text(entry, 1U << 20U);
                    text && entry.name == "a.json")
                    QCOMPARE(*text, std::string("{\"a\": 1}")); // or it is refused
        }
    }

    void refusesTwoMembersOfOneName()
    {
        auto writer = *ZipWriter::create(at("twice.zip"));
        QVERIFY(writer.add("a", "1"));
        QVERIFY(writer.add("a", "2"));
        QVERIFY(writer.finish());
        QCOMPARE(openAt(at("twice.zip")).error().kind(), ErrorKind::Corrupt);
    }

    void marksNamesThatLeadOut()
    {
        const std::vector<std::string> names{ "../up", "/root", "a/../../b", "a\\b", "c:x", "fine",
            "a..b" };
        auto writer = *ZipWriter::create(at("names.zip"));
        for (const std::string& name : names)
            QVERIFY(writer.add(name, "x"));
        QVERIFY(writer.finish());
        const auto archive = *openAt(at("names.zip"));
        for (const ZipEntry& entry : archive.entries())
            QCOMPARE(entry.isUnsafe, entry.name != "fine" && entry.name != "a..b");
    }

    void refusesBombs()
    {
        const std::string zeros(70U << 20U, '\0');
        const std::string packed = deflated(zeros);
        ZipEntry entry;
        entry.name = "bomb";
        entry.method = 8;
        entry.size = zeros.size();
        entry.packedSize = packed.size();
        entry.checksum = crc32(bytesOf(zeros));
        auto writer = *ZipWriter::create(at("bomb.zip"));
        QVERIFY(writer.addPacked(entry, bytesOf(packed)));
        QVERIFY(writer.finish());
        const auto archive = *openAt(at("bomb.zip"));
        QCOMPARE(archive.file(archive.entries()[0]).error().kind(), ErrorKind::OutOfMemory);
        QCOMPARE(
            archive.text(archive.entries()[0], 1U << 30U).error().kind(), ErrorKind::OutOfMemory);
    }

    void refusesLiesAboutSizes()
    {
        for (const std::uint64_t size : { 4999U, 5001U, 1U }) {
            const std::string packed = deflated(std::string(5000, 'x'));
            ZipEntry entry;
            entry.name = "lie";
            entry.method = 8;
            entry.size = size;
            entry.packedSize = packed.size();
            auto writer = *ZipWriter::create(at("lie.zip"));
            QVERIFY(writer.addPacked(entry, bytesOf(packed)));
            QVERIFY(writer.finish());
            const auto archive = *openAt(at("lie.zip"));
            QCOMPARE(archive.file(archive.entries()[0]).error().kind(), ErrorKind::Corrupt);
        }
    }

    void readsPastWhatStandsBefore()
    {
        put(at("prefixed.zip"), "#!/bin/sh\n" + contentOf(sample()));
        const auto archive = openAt(at("prefixed.zip"));
        QVERIFY(archive);
        QCOMPARE(archive->prefixLength(), std::uint64_t{ 10 });
        QCOMPARE(*archive->text(*archive->find("a.json"), 100), std::string("{\"a\": 1}"));
    }

    void comparesTheChecksum()
    {
        std::string whole = contentOf(archiveOfKeras);
        const auto archive = *openAt(archiveOfKeras);
        whole[archive.find("model.weights.h5")->offset + 5000] ^= 1;
        put(at("changed.keras"), whole);
        const auto changed = *openAt(at("changed.keras"));
        QCOMPARE(changed.checkStored(*changed.find("model.weights.h5"), {}).error().kind(),
            ErrorKind::Corrupt);
    }
};

QTEST_GUILESS_MAIN(tst_ZipArchive)
#include "tst_zip_archive.moc"
