#pragma once

#include <QByteArray>

#include <array>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

/// Runs the program itself and measures it.
namespace layerscope::robust {

struct Run
{
    int status = -1; ///< exit status; -1 where a signal ended it
    QByteArray out, err;
    double seconds = 0; ///< of processor time: the machine may be busy with other things
    long kilobytes = 0; ///< the most it had in memory
};

/// `layerscope WORDS…` in `folder`, with `limit` seconds of processor time at most.
inline Run runProgram(
    const std::vector<std::string>& words, const std::filesystem::path& folder, rlim_t limit = 10)
{
    std::array<std::array<int, 2>, 2> pipes{};
    if (::pipe(pipes[0].data()) != 0 || ::pipe(pipes[1].data()) != 0)
        return {};
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(pipes[0][1], STDOUT_FILENO);
        ::dup2(pipes[1][1], STDERR_FILENO);
        for (const auto& ends : pipes)
            for (const int end : ends)
                ::close(end);
        const struct rlimit seconds = { limit, limit };
        ::setrlimit(RLIMIT_CPU, &seconds);
        if (::chdir(folder.c_str()) != 0)
            ::_exit(126);
        std::vector<char*> arguments{ const_cast<char*>(PROGRAM) };
        for (const std::string& word : words)
            arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        ::execv(PROGRAM, arguments.data());
        ::_exit(127);
    }
    Run run;
    ::close(pipes[0][1]);
    ::close(pipes[1][1]);
    // The second pipe holds what a sentence takes; the first may be long.
    const std::array<std::pair<int, QByteArray*>, 2> streams{ std::pair(pipes[0][0], &run.out),
        std::pair(pipes[1][0], &run.err) };
    for (const auto& [end, bytes] : streams) {
        std::array<char, 65536> block{};
        for (ssize_t n = 0; (n = ::read(end, block.data(), block.size())) > 0;)
            bytes->append(block.data(), n);
        ::close(end);
    }
    int status = 0;
    struct rusage usage = {};
    ::wait4(child, &status, 0, &usage);
    run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    const auto inSeconds
        = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) * 1e-6; };
    run.seconds = inSeconds(usage.ru_utime) + inSeconds(usage.ru_stime);
    run.kilobytes = usage.ru_maxrss;
    return run;
}

} // namespace layerscope::robust
