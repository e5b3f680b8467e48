#include "model/containers/hdf5.h"

#include "model/containers/hdf5_check.h"
#include "model/containers/hdf5_driver.h"

// Files and groups.

namespace layerscope::containers {

using library::failure;

namespace {

constexpr std::array<unsigned char, 8> signature{ 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n' };

std::string lastPart(std::string_view path)
{
    return std::string(path.substr(path.rfind('/') + 1));
}

/// Cuts the first part off `rest`; nothing when no part is left. Doubled slashes count as one, as
/// they do in HDF5.
Result<std::string> nextPart(std::string_view& rest)
{
    rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
    const std::size_t end = std::min(rest.find('/'), rest.size());
    std::string part(rest.substr(0, end));
    rest.remove_prefix(end);
    if (part == "." || part == ".." || part.find('\0') != std::string::npos)
        return Error(
            ErrorKind::InvalidArgument, "the path has a part '" + part + "', which is not a name");
    return part;
}

Hdf5LinkKind kindOf(H5L_type_t type)
{
    switch (type) {
    case H5L_TYPE_HARD:
        return Hdf5LinkKind::Hard;
    case H5L_TYPE_SOFT:
        return Hdf5LinkKind::Soft;
    case H5L_TYPE_EXTERNAL:
        return Hdf5LinkKind::External;
    default:
        return Hdf5LinkKind::Other;
    }
}

/// The object `name` of `group`, if a hard link leads to it.
Result<Hdf5Id> openPart(hid_t group, const std::string& name, const Hdf5Damage* damage)
{
    H5L_info_t info = {};
    if (H5Lget_info(group, name.c_str(), &info, H5P_DEFAULT) < 0) {
        H5Eclear2(H5E_DEFAULT);
        return Error(ErrorKind::NotFound, "there is no '" + name + "' in the file");
    }
    if (kindOf(info.type) != Hdf5LinkKind::Hard)
        return Error(ErrorKind::Unsupported,
            "'" + name
                + (kindOf(info.type) == Hdf5LinkKind::External
                        ? "' is a link to another file, which is not followed"
                        : "' is a symbolic link, which is not followed"));
    if (auto error = damage != nullptr ? damage->ofObject(info.u.address) : std::nullopt)
        return *std::move(error);
    Hdf5Id object(H5Oopen(group, name.c_str(), H5P_DEFAULT));
    if (!object.isValid())
        return failure(ErrorKind::Corrupt, "'" + name + "' cannot be opened");
    return object;
}

herr_t collectLink(hid_t, const char* name, const H5L_info_t* info, void* target)
{
    static_cast<std::vector<Hdf5Link>*>(target)->push_back({ name, kindOf(info->type) });
    return 0;
}

/// Access to files: the plain driver, and no locks, which network folders may not have.
Hdf5Id accessProperties()
{
    Hdf5Id properties(H5Pcreate(H5P_FILE_ACCESS));
    H5Pset_fapl_sec2(properties.get());
    H5Pset_file_locking(properties.get(), false, true);
    return properties;
}

std::uint64_t littleEndian(std::span<const std::byte> bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < std::min(bytes.size(), std::size_t{ 8 }); ++i)
        value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    return value;
}

} // namespace

Result<Hdf5Id> Hdf5Group::open(std::string_view path) const
{
    library::prepare();
    H5Iinc_ref(m_id.get());
    Hdf5Id current(m_id.get());
    std::string_view rest = path;
    while (true) {
        TRY(const std::string part, nextPart(rest));
        if (part.empty())
            return current;
        if (H5Iget_type(current.get()) != H5I_GROUP)
            return Error(ErrorKind::WrongFormat, "a part of the path is not a group");
        TRY(Hdf5Id next, openPart(current.get(), part, m_damage.get()));
        current = std::move(next);
    }
}

Result<Hdf5Group> Hdf5Group::group(std::string_view path) const
{
    auto id = open(path);
    if (id && H5Iget_type(id->get()) != H5I_GROUP)
        id = Error(ErrorKind::WrongFormat, "this is not a group");
    if (!id)
        return std::move(id).error().in(std::string(path));
    return Hdf5Group(std::move(*id), m_damage);
}

Result<Hdf5Dataset> Hdf5Group::dataset(std::string_view path) const
{
    auto id = open(path);
    if (id && H5Iget_type(id->get()) != H5I_DATASET)
        id = Error(ErrorKind::WrongFormat, "this is not a dataset");
    if (!id)
        return std::move(id).error().in(std::string(path));
    return Hdf5Dataset::wrap(std::move(*id), m_damage);
}

bool Hdf5Group::has(std::string_view path) const
{
    return open(path).hasValue();
}

Result<std::vector<Hdf5Link>> Hdf5Group::links() const
{
    library::prepare();
    std::vector<Hdf5Link> found;
    if (H5Literate(m_id.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collectLink, &found) < 0)
        return failure(ErrorKind::Corrupt, "the list of a group's members cannot be read");
    return found;
}

Result<Hdf5Group> Hdf5Group::createGroup(std::string_view path)
{
    library::prepare();
    H5Iinc_ref(m_id.get());
    Hdf5Id current(m_id.get());
    std::string_view rest = path;
    while (true) {
        TRY(const std::string part, nextPart(rest));
        if (part.empty())
            return Hdf5Group(std::move(current));
        Hdf5Id next;
        if (H5Lexists(current.get(), part.c_str(), H5P_DEFAULT) > 0) {
            TRY(next, openPart(current.get(), part, m_damage.get()));
        } else {
            next = Hdf5Id(
                H5Gcreate2(current.get(), part.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
        }
        if (!next.isValid())
            return failure(
                ErrorKind::NotWritable, "group '" + std::string(path) + "' cannot be made");
        if (H5Iget_type(next.get()) != H5I_GROUP)
            return Error(ErrorKind::NotWritable,
                "'" + std::string(path) + "' cannot be a group: '" + part
                    + "' is a dataset already");
        current = std::move(next);
    }
}

Result<std::pair<Hdf5Group, std::string>> Hdf5Group::parentFor(std::string_view path)
{
    library::prepare();
    const std::size_t slash = path.rfind('/');
    const bool isHere = slash == std::string_view::npos;
    TRY(Hdf5Group parent, createGroup(isHere ? std::string_view() : path.substr(0, slash)));
    return std::pair(std::move(parent), lastPart(path));
}

Result<void> Hdf5Group::linkTo(const Hdf5Object& object, const std::string& name)
{
    library::prepare();
    if (H5Olink(object.m_id.get(), m_id.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT) < 0)
        return failure(ErrorKind::NotWritable, "link '" + name + "' cannot be made");
    return {};
}

Result<void> Hdf5Group::copyLink(const Hdf5Group& source, const std::string& name)
{
    library::prepare();
    H5L_info_t info = {};
    if (H5Lget_info(source.m_id.get(), name.c_str(), &info, H5P_DEFAULT) < 0
        || (info.type != H5L_TYPE_SOFT && info.type != H5L_TYPE_EXTERNAL)
        || info.u.val_size > 65536)
        return failure(ErrorKind::Unsupported, "link '" + name + "' cannot be copied");
    std::vector<char> value(info.u.val_size + 1, '\0');
    if (H5Lget_val(source.m_id.get(), name.c_str(), value.data(), info.u.val_size, H5P_DEFAULT) < 0)
        return failure(ErrorKind::Corrupt, "link '" + name + "' cannot be read");
    herr_t made = -1;
    if (info.type == H5L_TYPE_SOFT) {
        made = H5Lcreate_soft(value.data(), m_id.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    } else {
        const char* file = nullptr;
        const char* object = nullptr;
        if (H5Lunpack_elink_val(value.data(), info.u.val_size, nullptr, &file, &object) >= 0)
            made = H5Lcreate_external(
                file, object, m_id.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    }
    if (made < 0)
        return failure(ErrorKind::NotWritable, "link '" + name + "' cannot be made");
    return {};
}

Result<void> Hdf5Group::remove(const std::string& name)
{
    library::prepare();
    if (H5Ldelete(m_id.get(), name.c_str(), H5P_DEFAULT) < 0)
        return failure(ErrorKind::NotWritable, "'" + name + "' cannot be removed");
    return {};
}

Result<Hdf5File> Hdf5File::open(const MappedFile& file)
{
    TRY(Hdf5Damage damage, checkHdf5Structure(file.bytes()));
    return openAgain(
        file, damage.isEmpty() ? nullptr : std::make_shared<const Hdf5Damage>(std::move(damage)));
}

std::vector<std::string> Hdf5File::damage() const
{
    std::vector<std::string> words;
    if (m_damage) {
        for (const auto& [address, what] : m_damage->objects)
            words.push_back(what);
        for (const auto& [place, what] : m_damage->attributes)
            words.push_back("attribute '" + place.second + "': " + what);
    }
    return words;
}

Result<Hdf5File> Hdf5File::openAgain(
    const MappedFile& file, std::shared_ptr<const Hdf5Damage> damage)
{
    library::prepare();
    const Hdf5Id access = library::accessTo(file);
    Hdf5Id id(H5Fopen(file.path().c_str(), H5F_ACC_RDONLY, access.get()));
    if (!id.isValid())
        return failure(ErrorKind::Corrupt, "the HDF5 file is damaged and cannot be opened");
    return Hdf5File(std::move(id), std::move(damage));
}

Result<Hdf5File> Hdf5File::create(const std::filesystem::path& path)
{
    library::prepare();
    const Hdf5Id access = accessProperties();
    Hdf5Id id(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()));
    if (!id.isValid())
        return failure(ErrorKind::NotWritable, "the HDF5 file cannot be made")
            .in(path.filename().string());
    return Hdf5File(std::move(id));
}

Result<Hdf5File> Hdf5File::edit(const std::filesystem::path& path)
{
    TRY(const auto mapped, MappedFile::open(path));
    TRY(Hdf5Damage damage, checkHdf5Structure(mapped->bytes()));
    library::prepare();
    const Hdf5Id access = accessProperties();
    Hdf5Id id(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get()));
    if (!id.isValid())
        return failure(ErrorKind::NotWritable, "the HDF5 file cannot be opened for writing")
            .in(path.filename().string());
    return Hdf5File(std::move(id),
        damage.isEmpty() ? nullptr : std::make_shared<const Hdf5Damage>(std::move(damage)));
}

Result<Hdf5Group> Hdf5File::root() const
{
    library::prepare();
    Hdf5Id id(H5Gopen2(m_id.get(), "/", H5P_DEFAULT));
    if (!id.isValid())
        return failure(ErrorKind::Corrupt, "the HDF5 file is damaged: its root cannot be opened");
    return Hdf5Group(std::move(id), m_damage);
}

Result<void> Hdf5File::close()
{
    library::prepare();
    if (H5Fflush(m_id.get(), H5F_SCOPE_LOCAL) < 0)
        return failure(ErrorKind::NotWritable, "the HDF5 file cannot be written to the end");
    m_id = Hdf5Id();
    return {};
}

std::optional<std::uint64_t> findHdf5Signature(std::span<const std::byte> bytes)
{
    for (std::uint64_t offset = 0; offset + signature.size() <= bytes.size();
         offset = offset == 0 ? 512 : offset * 2)
        if (std::memcmp(bytes.data() + offset, signature.data(), signature.size()) == 0)
            return offset;
    return std::nullopt;
}

// Superblock, versions 0 and 1        versions 2 and 3
//    8  version                           8  version
//   13  bytes of an address               9  bytes of an address
//   24  (28 in version 1) base address   12  base address
//       free-space address                   extension address
//       end of file                          end of file
// HDF5 File Format Specification 3.0, II.A
std::optional<std::uint64_t> declaredHdf5Length(std::span<const std::byte> bytes)
{
    const auto begin = findHdf5Signature(bytes);
    if (!begin || bytes.size() - *begin < 48)
        return std::nullopt;
    const auto block = bytes.subspan(*begin);
    const unsigned version = std::to_integer<unsigned>(block[8]);
    if (version > 3)
        return std::nullopt;
    const std::size_t addressBytes = std::to_integer<std::size_t>(block[version < 2 ? 13 : 9]);
    const std::size_t addresses = version == 0 ? 24 : version == 1 ? 28 : 12;
    const std::size_t end = addresses + 2 * addressBytes;
    if (addressBytes == 0 || addressBytes > 8 || block.size() < end + addressBytes)
        return std::nullopt;
    // A block that was put before the file later is not counted in.
    const std::uint64_t base = littleEndian(block.subspan(addresses, addressBytes));
    return littleEndian(block.subspan(end, addressBytes)) + *begin - std::min(base, *begin);
}

} // namespace layerscope::containers
