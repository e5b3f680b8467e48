// Saving where the file system says no: full, read-only, out of quota, failing, or unable to
// exchange folders. The old file is as it was, nothing is left behind, and the error is a sentence.
#include "tests/robust/program.h"
#include "tests/robust/saved_files.h"

#include <QtTest>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <functional>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace layerscope;
using namespace layerscope::robust;

namespace {

/// Runs `work` in a process of its own: its words (empty when all is well), or "cannot". They come
/// back through memory, since the child may not be able to write any more.
std::string inChild(const std::function<std::string()>& work)
{
    constexpr std::size_t most = 4096;
    void* const shared
        = ::mmap(nullptr, most, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return "there is no memory";
    auto* const text = static_cast<char*>(shared);
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string words = work();
        words.copy(text, most - 1);
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    std::string words(text);
    ::munmap(shared, most);
    return WIFEXITED(status) ? words : words + " (ended by a signal)";
}

/// Goes where mounting is allowed to everybody, or to root.
bool mayMount()
{
    if (::geteuid() == 0)
        return ::unshare(CLONE_NEWNS) == 0
            && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    return ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
}

bool mountTmpfs(const fs::path& folder, std::uintmax_t bytes, unsigned long flags = 0)
{
    const std::string options = "size=" + std::to_string(bytes);
    return ::mount("tmpfs", folder.c_str(), "tmpfs", flags, options.c_str()) == 0;
}

/// From now on the system call `number` fails with `code` in this process.
bool letFail(std::initializer_list<long> numbers, int code)
{
    std::vector<struct sock_filter> filter{ BPF_STMT(
        BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)) };
    for (const long number : numbers) {
        filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, std::uint32_t(number), 0, 1));
        filter.push_back(BPF_STMT(
            BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (std::uint32_t(code) & SECCOMP_RET_DATA)));
    }
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    const struct sock_fprog program = { static_cast<unsigned short>(filter.size()), filter.data() };
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        && ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

std::uintmax_t bytesOf(const std::map<std::string, std::string>& files)
{
    std::uintmax_t bytes = 0;
    for (const auto& [name, content] : files)
        bytes += (content.size() + 4095) / 4096 * 4096;
    return bytes;
}

/// What is wrong about a failed save, or nothing.
std::string faultOf(const Error& error, const fs::path& target,
    const std::map<std::string, std::string>& old, const std::string& word)
{
    const std::string sentence = error.sentence();
    if (error.kind() != ErrorKind::NotWritable)
        return "another kind of error: " + sentence;
    if (sentence.find(word) == std::string::npos || sentence.find("; ") == std::string::npos)
        return "the sentence does not say what is wrong and what to do: " + sentence;
    if (sentence.find('\n') != std::string::npos || sentence.size() > 300)
        return "more than a sentence: " + sentence;
    if (contentsOf(target) != old)
        return "the old file has changed";
    const auto leftovers = leftoversIn(target.parent_path(), target.filename().string());
    if (!leftovers.empty())
        return "something was left behind: " + leftovers.front();
    return {};
}

} // namespace

class tst_FullDisk : public QObject
{
    Q_OBJECT

    QTemporaryDir m_temporary;
    std::vector<Saved> m_saved;
    fs::path m_source;

    void addRows() const
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_saved.size(); ++i)
            QTest::newRow(m_saved[i].format.c_str()) << int(i);
    }
    /// A folder that holds the old file alone.
    fs::path folderWithOld(const Saved& model) const
    {
        const fs::path folder = fs::path(m_temporary.path().toStdString()) / "folder";
        fs::remove_all(folder);
        fs::create_directory(folder);
        copySaved(m_source / model.name, folder / model.name);
        return folder;
    }

    /// Saves in a child for which `prepare` has made that impossible.
    std::string failing(const Saved& model, const std::function<bool(const fs::path&)>& prepare,
        const std::string& word) const
    {
        const fs::path folder = folderWithOld(model);
        const auto old = contentsOf(folder / model.name);
        return inChild([&]() -> std::string {
            const Network network = changed(model.network);
            if (!prepare(folder))
                return "cannot";
            const auto report
                = formats::saveNetwork(network, folder / model.name, { .format = model.format });
            return report ? "the save went through"
                          : faultOf(report.error(), folder / model.name, old, word);
        });
    }

    static void report(const std::string& words)
    {
        if (words == "cannot")
            QSKIP("not allowed here");
        QVERIFY2(words.empty(), words.c_str());
    }

private slots:
    void initTestCase()
    {
        m_source = fs::path(m_temporary.path().toStdString()) / "source";
        fs::create_directory(m_source);
        m_saved = inEveryFormat(m_source);
        QVERIFY(!m_saved.empty());
    }

    void keepsTheOldFileOnAFullDisk_data() { addRows(); }
    void keepsTheOldFileOnAFullDisk()
    {
        QFETCH(int, index);
        const Saved& model = m_saved[std::size_t(index)];
        const fs::path folder = folderWithOld(model);
        report(inChild([&]() -> std::string {
            const Network network = changed(model.network);
            const auto old = contentsOf(folder / model.name);
            const fs::path disk = folder / model.name;
            const fs::path place = folder.parent_path() / "disk";
            fs::create_directories(place);
            if (!mayMount())
                return "cannot";
            int failures = 0;
            // Steps of a page up to twice what the new file takes, room for folders included.
            const std::uintmax_t most = 2 * bytesOf(old) + 40 * 4096;
            for (std::uintmax_t room = 0; room < most; room += 4096) {
                if (!mountTmpfs(place, bytesOf(old) + 16 * 4096))
                    return "cannot";
                copySaved(disk, place / model.name);
                const std::uintmax_t taken = bytesOf(old) + room;
                if (::mount(nullptr, place.c_str(), nullptr, MS_REMOUNT,
                        ("size=" + std::to_string(taken)).c_str())
                    != 0) {
                    ::umount2(place.c_str(), MNT_DETACH);
                    continue; // folders take room as well
                }
                const auto report
                    = formats::saveNetwork(network, place / model.name, { .format = model.format });
                const std::string fault = report
                    ? std::string()
                    : faultOf(report.error(), place / model.name, old, "disk is");
                failures += report ? 0 : 1;
                const bool isNew = report && contentsOf(place / model.name) != old;
                ::umount2(place.c_str(), MNT_DETACH);
                if (!fault.empty())
                    return std::to_string(room) + " bytes free: " + fault;
                if (report)
                    return failures < 3 ? "hardly any save failed"
                        : isNew         ? ""
                                        : "the new file is the old one";
            }
            return "the save never went through";
        }));
    }

    void theProgramSaysThatTheDiskIsFull_data() { addRows(); }
    void theProgramSaysThatTheDiskIsFull()
    {
        QFETCH(int, index);
        const Saved& model = m_saved[std::size_t(index)];
        const fs::path folder = folderWithOld(model);
        report(inChild([&]() -> std::string {
            const fs::path place = folder.parent_path() / "disk";
            fs::create_directories(place);
            if (!mayMount() || !mountTmpfs(place, 3 * 4096))
                return "cannot";
            const Run run = runProgram({ "convert", (folder / model.name).string(),
                                           (place / "new").string(), "--to", model.format },
                folder);
            // What is odd about the model may stand before it.
            const QByteArray last = run.err.trimmed().split('\n').constLast();
            const bool isSentence = last.startsWith("layerscope: ") && last.contains("disk is");
            if (run.status != 1 || !isSentence)
                return "exit status " + std::to_string(run.status) + ": " + run.err.toStdString();
            return fs::is_empty(place) ? "" : "something was left behind";
        }));
    }

    void keepsTheOldFileInAReadOnlyFolder_data() { addRows(); }
    void keepsTheOldFileInAReadOnlyFolder()
    {
        QFETCH(int, index);
        report(failing(
            m_saved[std::size_t(index)],
            [](const fs::path& folder) {
                return mayMount()
                    && ::mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) == 0
                    && ::mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY,
                           nullptr)
                    == 0;
            },
            "write-protected"));
    }

    void keepsTheOldFileOutOfQuota_data() { addRows(); }
    void keepsTheOldFileOutOfQuota()
    {
        QFETCH(int, index);
        report(failing(
            m_saved[std::size_t(index)],
            [](const fs::path&) {
                return letFail(
                    { SYS_write, SYS_pwrite64, SYS_writev, SYS_pwritev, SYS_copy_file_range,
                        SYS_ftruncate, SYS_sendfile, SYS_fallocate },
                    EDQUOT);
            },
            "quota"));
    }

    void keepsTheOldFileOnAFailingDisk_data() { addRows(); }
    void keepsTheOldFileOnAFailingDisk()
    {
        QFETCH(int, index);
        report(failing(
            m_saved[std::size_t(index)],
            [](const fs::path&) {
                return letFail({ SYS_fsync, SYS_fdatasync }, EIO);
            },
            "failure"));
    }

    void keepsTheOldFileWhereFilesMayNotBeSoLarge_data() { addRows(); }
    void keepsTheOldFileWhereFilesMayNotBeSoLarge()
    {
        QFETCH(int, index);
        report(failing(
            m_saved[std::size_t(index)],
            [](const fs::path&) {
                std::signal(SIGXFSZ, SIG_IGN); // as the program does
                const struct rlimit limit = { 6000, 6000 };
                return ::setrlimit(RLIMIT_FSIZE, &limit) == 0;
            },
            "larger than"));
    }

    void replacesAFolderWhereFoldersCannotBeExchanged_data() { addRows(); }
    void replacesAFolderWhereFoldersCannotBeExchanged()
    {
        QFETCH(int, index);
        const Saved& model = m_saved[std::size_t(index)];
        const fs::path folder = folderWithOld(model);
        const auto old = contentsOf(folder / model.name);
        report(inChild([&]() -> std::string {
            const Network network = changed(model.network);
            if (!letFail({ SYS_renameat2 }, EINVAL))
                return "cannot";
            const auto report
                = formats::saveNetwork(network, folder / model.name, { .format = model.format });
            if (!report)
                return report.error().sentence();
            return contentsOf(folder / model.name) != old ? "" : "the old file is still there";
        }));
        QVERIFY(leftoversIn(folder, model.name).empty());
    }
};

QTEST_GUILESS_MAIN(tst_FullDisk)
#include "tst_full_disk.moc"
