#include "model/containers/mapped_file.h"

#include "model/containers/system_failure.h"

#include <array>
#include <bit>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <mutex>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace layerscope::containers {

namespace {

// A mapped page whose part of the file was cut off raises SIGBUS when it is touched. The handler
// puts a page of zeros there, so that the reader goes on, and notes it for hasShrunk(). What it
// does is one look into a table of atomics and one system call, which a signal handler may do.

struct Guard
{
    std::atomic<std::uintptr_t> begin{ 0 };
    std::atomic<std::uintptr_t> end{ 0 };
    std::atomic<bool> hit{ false };
};

std::array<Guard, 512> guards;
struct sigaction previousHandler;
std::uintptr_t pageSize = 4096;

void onBusError(int signal, siginfo_t* info, void* context)
{
    const auto address = std::bit_cast<std::uintptr_t>(info->si_addr);
    for (Guard& guard : guards) {
        const std::uintptr_t begin = guard.begin.load(std::memory_order_acquire);
        if (begin == 0 || address < begin || address >= guard.end.load(std::memory_order_acquire))
            continue;
        guard.hit.store(true, std::memory_order_release);
        const std::uintptr_t page = address & ~(pageSize - 1);
        if (::mmap(std::bit_cast<void*>(page), pageSize, PROT_READ,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
            != MAP_FAILED)
            return;
    }
    if ((previousHandler.sa_flags & SA_SIGINFO) != 0 && previousHandler.sa_sigaction != nullptr) {
        previousHandler.sa_sigaction(signal, info, context);
    } else { // not ours: what would have happened without us happens on return
        ::signal(SIGBUS, SIG_DFL);
    }
}

int guardMapping(std::span<const std::byte> bytes)
{
    static std::mutex mutex;
    static bool installed = false;
    const std::scoped_lock lock(mutex);
    if (!installed) {
        pageSize = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
        struct sigaction handler = {};
        handler.sa_sigaction = onBusError;
        handler.sa_flags = SA_SIGINFO;
        sigemptyset(&handler.sa_mask);
        ::sigaction(SIGBUS, &handler, &previousHandler);
        installed = true;
    }
    for (std::size_t i = 0; i < guards.size(); ++i) {
        if (guards[i].begin.load() != 0)
            continue;
        const auto begin = std::bit_cast<std::uintptr_t>(bytes.data());
        guards[i].hit = false;
        guards[i].end.store((begin + bytes.size() + pageSize - 1) & ~(pageSize - 1));
        guards[i].begin.store(begin, std::memory_order_release);
        return static_cast<int>(i);
    }
    return -1; // so many open files are mapped all the same, only unguarded
}

Error noRoomToUnpack()
{
    return { ErrorKind::OutOfMemory,
        "there is not enough memory to unpack this file; close other programs and try again" };
}

/// Bytes of the array, if it lies inside `file`.
Result<std::uint64_t> lengthInside(
    const MappedFile& file, DType type, const Shape& shape, std::uint64_t offset)
{
    const auto count = elementCount(shape);
    const std::uint64_t item = byteSize(type);
    if (!count || item == 0
        || (*count > 0
            && (offset > file.size()
                || static_cast<std::uint64_t>(*count) > (file.size() - offset) / item)))
        return Error(ErrorKind::Corrupt,
            "an array of shape " + toString(shape) + " is said to begin at byte "
                + std::to_string(offset) + ", but the file ends at byte "
                + std::to_string(file.size()));
    return static_cast<std::uint64_t>(*count) * item;
}

class MappedSource final : public StoredTensor::Source
{
public:
    MappedSource(
        std::shared_ptr<const MappedFile> file, DType type, Shape shape, std::uint64_t offset)
        : m_file(std::move(file))
        , m_type(type)
        , m_shape(std::move(shape))
        , m_offset(offset)
    {
    }

    Result<Tensor> load() const override { return m_file->tensorAt(m_type, m_shape, m_offset); }

    std::optional<FileExtent> extent() const override
    {
        if (!m_file->isOnDisk())
            return std::nullopt;
        const auto length
            = static_cast<std::uint64_t>(elementCount(m_shape).value_or(0)) * byteSize(m_type);
        return FileExtent{ m_file->path(), m_file->offsetInDescriptor() + m_offset, length };
    }

    std::optional<std::span<const std::byte>> bytes() const override
    {
        const auto length = lengthInside(*m_file, m_type, m_shape, m_offset);
        if (!length || m_file->hasShrunk())
            return std::nullopt;
        return m_file->bytes().subspan(m_offset, *length);
    }

private:
    std::shared_ptr<const MappedFile> m_file;
    DType m_type;
    Shape m_shape;
    std::uint64_t m_offset;
};

} // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path& path)
{
    std::shared_ptr<MappedFile> file(new MappedFile); // the constructor is private
    file->m_path = path;
    // Not blocking: a named pipe must not make us wait for a writer.
    file->m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file->m_descriptor < 0)
        return readError(errno);
    struct stat status = {};
    if (::fstat(file->m_descriptor, &status) != 0)
        return readError(errno);
    if (!S_ISREG(status.st_mode))
        return Error(ErrorKind::NotReadable,
            S_ISDIR(status.st_mode) ? "this is a folder, not a file"
                                    : "this is not an ordinary file");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > 0) {
        void* const address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file->m_descriptor, 0);
        if (address == MAP_FAILED)
            return readError(errno);
        file->m_bytes = { static_cast<const std::byte*>(address), size };
        file->m_guardSlot = guardMapping(file->m_bytes);
    }
    return std::shared_ptr<const MappedFile>(std::move(file));
}

Result<std::shared_ptr<const MappedFile>> MappedFile::part(
    const std::shared_ptr<const MappedFile>& whole, std::uint64_t offset, std::uint64_t length)
{
    if (offset > whole->size() || length > whole->size() - offset)
        return Error(ErrorKind::Corrupt, "a part of the file is said to lie behind its end");
    std::shared_ptr<MappedFile> file(new MappedFile);
    file->m_path = whole->path();
    file->m_bytes = whole->bytes().subspan(offset, length);
    file->m_descriptor = whole->descriptor();
    file->m_offset = whole->offsetInDescriptor() + offset;
    file->m_isOnDisk = whole->isOnDisk();
    file->m_whole = whole;
    return std::shared_ptr<const MappedFile>(std::move(file));
}

Result<std::shared_ptr<const MappedFile>> MappedFile::inMemory(const std::filesystem::path& path,
    std::uint64_t length, const std::function<Result<void>(std::span<std::byte>)>& fill)
{
    // A file that has no name, so that whoever reads through a descriptor can do so here, too.
    std::shared_ptr<MappedFile> file(new MappedFile);
    file->m_path = path;
    file->m_isOnDisk = false;
    file->m_descriptor = ::memfd_create("unpacked", MFD_CLOEXEC);
    if (file->m_descriptor < 0)
        return noRoomToUnpack();
    if (length == 0)
        return std::shared_ptr<const MappedFile>(std::move(file));
    if (length > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max())
        || ::ftruncate(file->m_descriptor, static_cast<off_t>(length)) != 0)
        return noRoomToUnpack();
    void* const address
        = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, file->m_descriptor, 0);
    if (address == MAP_FAILED)
        return noRoomToUnpack();
    file->m_bytes = { static_cast<const std::byte*>(address), length };
    TRY_DO(fill({ static_cast<std::byte*>(address), length }));
    return std::shared_ptr<const MappedFile>(std::move(file));
}

MappedFile::~MappedFile()
{
    if (m_whole)
        return; // which owns everything
    if (m_guardSlot >= 0)
        guards[static_cast<std::size_t>(m_guardSlot)].begin.store(0, std::memory_order_release);
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

std::filesystem::path MappedFile::pathOfDescriptor() const
{
    return "/proc/self/fd/" + std::to_string(m_descriptor);
}

bool MappedFile::hasShrunk() const
{
    if (m_whole)
        return m_whole->hasShrunk();
    if (m_guardSlot >= 0 && guards[static_cast<std::size_t>(m_guardSlot)].hit.load())
        return true;
    struct stat status = {};
    return ::fstat(m_descriptor, &status) != 0
        || static_cast<std::uint64_t>(status.st_size) < m_bytes.size();
}

bool MappedFile::isBeingWritten() const
{
    if (::flock(m_descriptor, LOCK_SH | LOCK_NB) != 0)
        return errno == EWOULDBLOCK;
    ::flock(m_descriptor, LOCK_UN);
    return false;
}

Result<Tensor> MappedFile::tensorAt(DType type, const Shape& shape, std::uint64_t offset) const
{
    TRY(const std::uint64_t length, lengthInside(*this, type, shape, offset));
    if (length == 0)
        return Tensor::zeros(type, shape);
    if (hasShrunk())
        return Error(ErrorKind::Corrupt,
            "another program has cut the file short since it was opened; open it again")
            .in(m_path.filename().string());
    const auto part = m_bytes.subspan(offset, length);
    // The address counts: a part of a file, as a member of an archive, may itself begin anywhere.
    if (std::bit_cast<std::uintptr_t>(part.data()) % byteSize(type) != 0)
        return Tensor::fromBytes(type, shape, part);
    return Tensor::borrowed(type, shape, part, shared_from_this());
}

Result<StoredTensor> MappedFile::storedTensorAt(DType type, Shape shape, std::uint64_t offset) const
{
    TRY_DO([&]() -> Result<void> {
        TRY([[maybe_unused]] const auto length, lengthInside(*this, type, shape, offset));
        return {};
    }());
    auto source = std::make_shared<MappedSource>(shared_from_this(), type, shape, offset);
    return StoredTensor(type, std::move(shape), std::move(source));
}

Result<std::string> textOfFile(const std::filesystem::path& path, std::uint64_t longest)
{
    TRY(const auto file, MappedFile::open(path));
    if (file->size() > longest)
        return Error(ErrorKind::OutOfMemory, "it is far too long for its purpose")
            .in(path.filename().string());
    return std::string(reinterpret_cast<const char*>(file->bytes().data()), file->size());
}

} // namespace layerscope::containers
