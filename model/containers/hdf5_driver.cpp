#include "model/containers/hdf5_driver.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

// A read-only "virtual file driver" of HDF5 over a descriptor. HDF5's own drivers open by name, but
// the name may lead to another file by now: to the one that was saved over it.

namespace layerscope::containers::library {

namespace {

/// What the access properties carry; HDF5 copies it byte by byte.
struct DriverInfo
{
    int descriptor = -1;
    std::uint64_t begin = 0; ///< of the HDF5 file in the file of the descriptor
    std::uint64_t size = 0;
};

struct OpenFile
{
    H5FD_t base; // must come first: HDF5 knows no more of this
    int descriptor;
    haddr_t begin;
    haddr_t endOfAddresses;
    haddr_t size;
};

OpenFile& fileOf(H5FD_t* base)
{
    return *reinterpret_cast<OpenFile*>(base);
}
const OpenFile& fileOf(const H5FD_t* base)
{
    return *reinterpret_cast<const OpenFile*>(base);
}

H5FD_t* openFile(const char*, unsigned, hid_t properties, haddr_t)
{
    const auto* info = static_cast<const DriverInfo*>(H5Pget_driver_info(properties));
    if (info == nullptr)
        return nullptr;
    const int descriptor = ::fcntl(info->descriptor, F_DUPFD_CLOEXEC, 0);
    if (descriptor < 0)
        return nullptr;
    return &(new OpenFile{ {}, descriptor, info->begin, 0, info->size })->base;
}

herr_t closeFile(H5FD_t* base)
{
    OpenFile* const file = &fileOf(base);
    ::close(file->descriptor);
    delete file;
    return 0;
}

herr_t features(const H5FD_t*, unsigned long* flags)
{
    *flags = H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE;
    return 0;
}

haddr_t endOfAddresses(const H5FD_t* base, H5FD_mem_t)
{
    return fileOf(base).endOfAddresses;
}

herr_t setEndOfAddresses(H5FD_t* base, H5FD_mem_t, haddr_t address)
{
    fileOf(base).endOfAddresses = address;
    return 0;
}

haddr_t endOfFile(const H5FD_t* base, H5FD_mem_t)
{
    return fileOf(base).size;
}

herr_t readBytes(H5FD_t* base, H5FD_mem_t, hid_t, haddr_t address, size_t length, void* buffer)
{
    const OpenFile& file = fileOf(base);
    if (address > file.size || length > file.size - address)
        return -1;
    auto* target = static_cast<char*>(buffer);
    address += file.begin;
    while (length > 0) {
        const ssize_t count = ::pread(file.descriptor, target, length, static_cast<off_t>(address));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return -1;
        target += count;
        address += static_cast<haddr_t>(count);
        length -= static_cast<size_t>(count);
    }
    return 0;
}

herr_t refuseToWrite(H5FD_t*, H5FD_mem_t, hid_t, haddr_t, size_t, const void*)
{
    return -1;
}

hid_t driver()
{
    static const hid_t registered = [] {
        static H5FD_class_t description = {};
        description.name = "layerscope";
        description.maxaddr = (haddr_t{ 1 } << 62U) - 1;
        description.fc_degree = H5F_CLOSE_WEAK;
        description.fapl_size = sizeof(DriverInfo);
        description.open = openFile;
        description.close = closeFile;
        description.query = features;
        description.get_eoa = endOfAddresses;
        description.set_eoa = setEndOfAddresses;
        description.get_eof = endOfFile;
        description.read = readBytes;
        description.write = refuseToWrite;
        static constexpr H5FD_mem_t oneList[] = H5FD_FLMAP_SINGLE;
        std::ranges::copy(oneList, description.fl_map);
        return H5FDregister(&description);
    }();
    return registered;
}

} // namespace

Hdf5Id accessTo(const MappedFile& file)
{
    prepare();
    Hdf5Id properties(H5Pcreate(H5P_FILE_ACCESS));
    const DriverInfo info{ file.descriptor(), file.offsetInDescriptor(), file.size() };
    if (H5Pset_driver(properties.get(), driver(), &info) < 0)
        return {};
    return properties;
}

} // namespace layerscope::containers::library
