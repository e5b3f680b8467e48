#include "model/containers/leftovers.h"

#include <QtTest>

#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace layerscope::containers;
namespace fs = std::filesystem;

class tst_Leftovers : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path at(const std::string& name) const
    {
        return fs::path(m_folder->path().toStdString()) / name;
    }

    static void makeOld(const fs::path& path)
    {
        struct timespec twoHoursAgo[2] = {};
        twoHoursAgo[0].tv_sec = twoHoursAgo[1].tv_sec = std::time(nullptr) - 7200;
        ::utimensat(AT_FDCWD, path.c_str(), twoHoursAgo, AT_SYMLINK_NOFOLLOW);
    }
    fs::path oldFolder(const std::string& name) const
    {
        fs::create_directory(at(name));
        std::ofstream(at(name) / "model.h5") << "half";
        makeOld(at(name) / "model.h5");
        makeOld(at(name));
        return at(name);
    }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void removesWhatNobodyWritesAnyMore()
    {
        oldFolder(".layerscope-0123abcd");
        std::ofstream(at(".layerscope-00000000")) << "half";
        makeOld(at(".layerscope-00000000"));
        removeLeftovers(at(""));
        QVERIFY(fs::is_empty(at("")));
    }

    void keepsWhatIsClaimed()
    {
        const fs::path folder = oldFolder(".layerscope-0123abcd");
        const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
        claim(descriptor);
        removeLeftovers(at(""));
        QVERIFY(fs::exists(folder / "model.h5"));
        ::close(descriptor);
        removeLeftovers(at(""));
        QVERIFY(!fs::exists(folder));
    }

    void keepsWhatWasWrittenLately()
    {
        const fs::path folder = oldFolder(".layerscope-0123abcd");
        std::ofstream(folder / "model.h5") << "a little more";
        makeOld(folder);
        removeLeftovers(at(""));
        QVERIFY(fs::exists(folder / "model.h5"));
    }

    void keepsOtherNames()
    {
        for (const char* name : { ".layerscope-0123abcg", ".layerscope-0123abc",
                 ".layerscope-0123abcde", "layerscope-0123abcd", ".layerscope", "model.h5" })
            oldFolder(name);
        removeLeftovers(at(""));
        QCOMPARE(std::distance(fs::directory_iterator(at("")), fs::directory_iterator()), 6);
    }

    void followsNoLink()
    {
        const fs::path precious = oldFolder("precious");
        fs::create_directory_symlink(precious, at(".layerscope-0123abcd"));
        makeOld(at(".layerscope-0123abcd"));
        const fs::path folder = oldFolder(".layerscope-00000001");
        fs::create_directory_symlink(precious, folder / "inside");
        makeOld(folder / "inside");
        makeOld(folder);
        removeLeftovers(at(""));
        QVERIFY(fs::exists(precious / "model.h5"));
        QVERIFY(!fs::exists(folder));
    }

    void namesAreTheirs()
    {
        const fs::path name = temporaryName(at(""));
        QVERIFY(name != temporaryName(at("")));
        oldFolder(name.filename().string());
        removeLeftovers(at(""));
        QVERIFY(!fs::exists(name));
    }
};

QTEST_GUILESS_MAIN(tst_Leftovers)
#include "tst_leftovers.moc"
