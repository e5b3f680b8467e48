#include "model/containers/atomic_file.h"

#include <QtTest>

#include <fstream>

using namespace layerscope;
using namespace layerscope::containers;
namespace fs = std::filesystem;

class tst_AtomicFile : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    static std::string read(const fs::path& path)
    {
        std::ifstream file(path);
        return { std::istreambuf_iterator<char>(file), {} };
    }
    static std::span<const std::byte> bytes(const std::string& text)
    {
        return std::as_bytes(std::span(text));
    }
    std::size_t entries() const
    {
        return static_cast<std::size_t>(std::distance(
            fs::directory_iterator(m_folder.path().toStdString()), fs::directory_iterator()));
    }

private slots:
    void replacesTheTargetOnlyWhenCommitted()
    {
        std::ofstream(at("file")) << "old";
        {
            auto file = *AtomicFile::create(at("file"));
            QVERIFY(file.write(bytes("new")));
            QCOMPARE(read(at("file")), std::string("old"));
            QVERIFY(file.commit());
            QCOMPARE(read(at("file")), std::string("new"));
        }
        QCOMPARE(read(at("file")), std::string("new"));
        QCOMPARE(entries(), std::size_t{ 1 });
    }

    void leavesNothingBehindWhenAbandoned()
    {
        std::ofstream(at("file")) << "old";
        {
            auto file = *AtomicFile::create(at("file"));
            QVERIFY(file.write(bytes("half")));
        }
        QCOMPARE(read(at("file")), std::string("old"));
        QCOMPARE(entries(), std::size_t{ 1 });
    }

    void keepsPermissionsAndFollowsLinks()
    {
        std::ofstream(at("file")) << "old";
        fs::permissions(at("file"), fs::perms(0640));
        fs::create_symlink("file", at("link"));
        auto file = *AtomicFile::create(at("link"));
        QVERIFY(file.write(bytes("new")));
        QVERIFY(file.commit());
        QVERIFY(fs::is_symlink(at("link")));
        QCOMPARE(read(at("file")), std::string("new"));
        QCOMPARE(int(fs::status(at("file")).permissions()), 0640);
        fs::remove(at("link"));
    }

    void refusesFoldersAndMissingFolders()
    {
        QCOMPARE(AtomicFile::create(m_folder.path().toStdString()).error().kind(),
            ErrorKind::NotWritable);
        const auto missing = AtomicFile::create(at("no/such/file"));
        QVERIFY(!missing);
        QVERIFY(QString::fromStdString(missing.error().sentence()).contains("there is no folder"));
    }
};

QTEST_GUILESS_MAIN(tst_AtomicFile)
#include "tst_atomic_file.moc"
