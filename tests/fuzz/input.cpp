#include "tests/fuzz/input.h"

#include "model/containers/crc32c.h"

#include <leveldb/env.h>
#include <leveldb/options.h>
#include <leveldb/table_builder.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sys/time.h>
#include <unistd.h>

namespace layerscope::fuzz {

namespace fs = std::filesystem;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr int mostSeconds = 10;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr int mostSeconds = 10;
#else
constexpr int mostSeconds = 2;
#endif
#else
constexpr int mostSeconds = 2;
#endif

struct Folder
{
    fs::path path;
    Folder()
    {
        std::error_code none;
        const fs::path memory = "/dev/shm";
        path = (fs::is_directory(memory, none) ? memory : fs::temp_directory_path())
            / ("layerscope-fuzz-" + std::to_string(::getpid()));
        fs::create_directories(path);
    }
    ~Folder()
    {
        std::error_code none;
        fs::remove_all(path, none);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

void stop(int)
{
    std::abort(); // the fuzzer keeps the input and prints where it was
}

void setTimer(int seconds)
{
    struct itimerval timer = {};
    timer.it_value.tv_sec = seconds;
    ::setitimer(ITIMER_PROF, &timer, nullptr);
}

std::uint32_t crc32(std::string_view bytes)
{
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    return ~crc;
}

template<class T> void append(std::string& out, T value)
{
    std::array<char, sizeof(T)> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    out.append(bytes.data(), bytes.size());
}

/// What local and central header share, from "version needed" to "length of the extra field".
std::string zipFields(const std::string& name, std::string_view bytes)
{
    std::string out;
    append<std::uint16_t>(out, 20); // version
    append<std::uint32_t>(out, 0); // flags, stored
    append<std::uint32_t>(out, 0x21U << 16U); // 1 January 1980
    append(out, crc32(bytes));
    append(out, static_cast<std::uint32_t>(bytes.size()));
    append(out, static_cast<std::uint32_t>(bytes.size()));
    append(out, static_cast<std::uint16_t>(name.size()));
    append<std::uint16_t>(out, 0);
    return out;
}

class StringFile final : public leveldb::WritableFile
{
public:
    leveldb::Status Append(const leveldb::Slice& data) override
    {
        bytes.append(data.data(), data.size());
        return leveldb::Status::OK();
    }
    leveldb::Status Close() override { return leveldb::Status::OK(); }
    leveldb::Status Flush() override { return leveldb::Status::OK(); }
    leveldb::Status Sync() override { return leveldb::Status::OK(); }

    std::string bytes;
};

} // namespace

std::vector<std::string_view> split(std::string_view text, std::string_view mark)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(mark);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + mark.size());
    }
}

std::string_view textOf(const std::uint8_t* data, std::size_t size)
{
    return { reinterpret_cast<const char*>(data), size };
}

const fs::path& scratch()
{
    static const Folder folder;
    return folder.path;
}

fs::path write(const std::string& name, std::string_view bytes)
{
    const fs::path path = scratch() / name;
    if (path.parent_path() != scratch())
        fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path;
}

std::string zipOf(const std::vector<std::pair<std::string, std::string_view>>& members)
{
    std::string archive;
    std::string directory;
    for (const auto& [name, bytes] : members) {
        directory += std::string("PK\1\2\x14\0", 6) + zipFields(name, bytes);
        append<std::uint64_t>(directory, 0); // comment, disk, internal attributes, …
        append<std::uint16_t>(directory, 0); // … external attributes
        append(directory, static_cast<std::uint32_t>(archive.size()));
        directory += name;
        archive += std::string("PK\3\4") + zipFields(name, bytes) + name;
        archive += bytes;
    }
    const auto begin = static_cast<std::uint32_t>(archive.size());
    archive += directory + std::string("PK\5\6\0\0\0\0", 8);
    append(archive, static_cast<std::uint16_t>(members.size()));
    append(archive, static_cast<std::uint16_t>(members.size()));
    append(archive, static_cast<std::uint32_t>(directory.size()));
    append(archive, begin);
    append<std::uint16_t>(archive, 0);
    return archive;
}

std::string bundleIndexOf(std::string_view part)
{
    if (part.find(valueMark) == std::string_view::npos)
        return std::string(part);
    StringFile file;
    leveldb::Options options;
    options.compression = leveldb::kNoCompression;
    leveldb::TableBuilder table(options, &file);
    std::string last;
    bool isFirst = true;
    for (const std::string_view entry : split(part, entryMark)) {
        const std::size_t at = entry.find(valueMark);
        if (at == std::string_view::npos)
            continue;
        const std::string key(entry.substr(0, at));
        const std::string_view value = entry.substr(at + valueMark.size());
        if (!isFirst && key <= last)
            continue;
        table.Add(key, leveldb::Slice(value.data(), value.size()));
        last = key;
        isFirst = false;
    }
    table.Finish();
    return file.bytes;
}

Limits::Limits()
{
    static const bool isReady = std::signal(SIGPROF, stop) != SIG_ERR;
    if (isReady)
        setTimer(mostSeconds);
}

Limits::~Limits()
{
    setTimer(0);
    for (const auto& entry : fs::directory_iterator(scratch()))
        fs::remove_all(entry.path());
}

} // namespace layerscope::fuzz
