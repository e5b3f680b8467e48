// Runs every target on the files of folders named like it, in any build and with any compiler:
//
//   fuzz_replay FOLDER…          FOLDER/<target>/<file>, or FILE of a target: fuzz_replay --target
//   T FILE…
//
// A crash, an abort (too slow) or an exception (too much memory) fails the test; the last line
// tells which file it was.
#include "tests/fuzz/input.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <sys/resource.h>

// FUZZ_TARGETS is X(keras_h5) X(table) …
#define X(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
FUZZ_TARGETS
#undef X

namespace {

namespace fs = std::filesystem;

struct Target
{
    const char* name;
    int (*run)(const std::uint8_t* data, std::size_t size);
};

#define X(name) Target{ #name, fuzz_##name },
constexpr Target targets[] = { FUZZ_TARGETS };
#undef X

void replay(const Target& target, const fs::path& path)
{
    std::printf("%s %s\n", target.name, path.c_str());
    std::fflush(stdout);
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    const std::string bytes = std::move(text).str();
    target.run(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

/// What any honest small file needs, and no more. Sanitizers reserve address space of their own.
void limitMemory()
{
#if !defined(__SANITIZE_ADDRESS__)
    constexpr rlim_t mostBytes = 300U << 20U;
    const struct rlimit limit = { mostBytes, mostBytes };
    ::setrlimit(RLIMIT_DATA, &limit);
#endif
}

} // namespace

int main(int count, char** words)
{
    limitMemory();
    const bool single = count > 3 && std::strcmp(words[1], "--target") == 0;
    int files = 0;
    for (const Target& target : targets) {
        if (single) {
            for (int i = 3; std::strcmp(words[2], target.name) == 0 && i < count; ++i, ++files)
                replay(target, words[i]);
            continue;
        }
        for (int i = 1; i < count; ++i) {
            std::error_code none;
            for (const auto& entry :
                fs::directory_iterator(fs::path(words[i]) / target.name, none)) {
                replay(target, entry.path());
                ++files;
            }
        }
    }
    std::printf("%d inputs replayed\n", files);
    return files > 0 ? 0 : 1;
}
