// Saving is a transaction: a program that is killed while it saves leaves the old file or the new
// one, never something in between.
#include "tests/robust/saved_files.h"

#include <QtTest>

#include <chrono>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace layerscope;
using namespace layerscope::robust;

namespace {

constexpr int kills = 200;

/// Saves in a process of its own, which is killed `after` it began; whether it had ended before.
bool saveAndKill(const Network& network, const fs::path& target, const std::string& format,
    std::chrono::microseconds after)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(formats::saveNetwork(network, target, { .format = format }) ? 0 : 1);
    std::this_thread::sleep_for(after); // the moment of the kill, not something waited for
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status);
}

bool haveSameWeights(const Network& a, const Network& b)
{
    return std::ranges::equal(a.weights, b.weights, [](const Weight& left, const Weight& right) {
        const auto first = left.value.load();
        const auto second = right.value.load();
        return first && second && first->identicalTo(*second);
    });
}

/// The shortest of three.
std::chrono::microseconds durationOfSaving(
    const Network& network, const fs::path& target, const std::string& format)
{
    auto shortest = std::chrono::microseconds::max();
    for (int i = 0; i < 3; ++i) {
        const auto began = std::chrono::steady_clock::now();
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(formats::saveNetwork(network, target, { .format = format }) ? 0 : 1);
        int status = 0;
        ::waitpid(child, &status, 0);
        shortest = std::min(shortest,
            std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::steady_clock::now() - began));
    }
    return shortest;
}

bool isHidden(const std::string& name)
{
    return name.starts_with(".layerscope-");
}

/// As if everything in `folder` had been written two hours ago.
void makeOld(const fs::path& folder)
{
    struct timespec twoHoursAgo[2] = {};
    twoHoursAgo[0].tv_sec = twoHoursAgo[1].tv_sec = std::time(nullptr) - 7200;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        ::utimensat(AT_FDCWD, entry.path().c_str(), twoHoursAgo, AT_SYMLINK_NOFOLLOW);
}

} // namespace

class tst_Kill : public QObject
{
    Q_OBJECT

    QTemporaryDir m_temporary;
    std::vector<Saved> m_saved;

private slots:
    void initTestCase()
    {
        fs::create_directory(fs::path(m_temporary.path().toStdString()) / "source");
        m_saved = inEveryFormat(fs::path(m_temporary.path().toStdString()) / "source");
        QVERIFY(!m_saved.empty());
    }

    void leavesTheOldFileOrTheNewOne_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_saved.size(); ++i)
            QTest::newRow(m_saved[i].format.c_str()) << int(i);
    }
    void leavesTheOldFileOrTheNewOne()
    {
        QFETCH(int, index);
        const Saved& saved = m_saved[std::size_t(index)];
        const fs::path folder = fs::path(m_temporary.path().toStdString()) / saved.format;
        fs::create_directory(folder);
        const fs::path target = folder / saved.name;
        const fs::path original
            = fs::path(m_temporary.path().toStdString()) / "source" / saved.name;
        const Network network = changed(saved.network);

        copySaved(original, target);
        const auto old = contentsOf(target);
        const auto duration = durationOfSaving(network, target, saved.format);
        const auto fresh = contentsOf(target);
        QVERIFY(fresh != old);

        std::minstd_rand random(20);
        std::uniform_real_distribution<double> moment(0, 1.1);
        int olds = 0, news = 0, midway = 0;
        for (int i = 0; i < kills; ++i) {
            fs::remove_all(folder);
            fs::create_directory(folder);
            copySaved(original, target);
            const auto after = std::chrono::microseconds(
                std::int64_t(moment(random) * double(duration.count())));
            if (!saveAndKill(network, target, saved.format, after))
                ++midway;
            const auto now = contentsOf(target);
            if (now == old) {
                ++olds;
            } else if (now == fresh) {
                ++news;
            } else { // not byte for byte what another save wrote: every tensor has to be there
                const auto opened = formats::openNetwork(target);
                QVERIFY2(opened, opened ? "" : opened.error().sentence().c_str());
                const bool isOld = haveSameWeights(*opened, saved.network);
                QVERIFY(isOld || haveSameWeights(*opened, network));
                ++(isOld ? olds : news);
            }
            for (const std::string& name : leftoversIn(folder, saved.name))
                QVERIFY2(isHidden(name), name.c_str());
        }
        qInfo("%s: %d kills in %lld us: %d while saving, old %d, new %d", saved.format.c_str(),
            kills, static_cast<long long>(duration.count()), midway, olds, news);
        QVERIFY(midway > kills / 10);

        // What the kills left is removed by a later save.
        for (int i = 0; i < kills && leftoversIn(folder, saved.name).empty(); ++i)
            saveAndKill(network, target, saved.format, duration / 3);
        makeOld(folder);
        QVERIFY(formats::saveNetwork(saved.network, target, { .format = saved.format }));
        QVERIFY(leftoversIn(folder, saved.name).empty());
    }
};

QTEST_GUILESS_MAIN(tst_Kill)
#include "tst_kill.moc"
