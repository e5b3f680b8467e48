#include "model/containers/hdf5_check.h"
#include "model/containers/hdf5_library.h"

// Attributes: JSON texts and name lists. Keras writes texts as variable-length strings flagged
// ASCII (they are UTF-8), lists of names either so or, where they are long, in parts of fixed
// length.

namespace layerscope::containers {

using library::failure;

namespace {

constexpr std::uint64_t anyLength = ~std::uint64_t{ 0 };
constexpr std::size_t mostListBytes = 64512; // Keras's HDF5_OBJECT_HEADER_LIMIT
constexpr std::size_t mostListParts = 65536;

Result<void> makeAttribute(
    hid_t object, const std::string& name, hid_t type, hid_t space, const void* data)
{
    library::prepare();
    if (H5Aexists(object, name.c_str()) > 0 && H5Adelete(object, name.c_str()) < 0)
        return failure(ErrorKind::NotWritable, "attribute '" + name + "' cannot be replaced");
    const Hdf5Id attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT));
    if (!attribute.isValid() || (data != nullptr && H5Awrite(attribute.get(), type, data) < 0))
        return failure(ErrorKind::NotWritable, "attribute '" + name + "' cannot be written");
    return {};
}

/// One part of a name list: fixed length, padded with NULs.
Result<void> writeNames(hid_t object, const std::string& name, std::span<const std::string> names)
{
    if (names.empty()) { // what Keras writes for an empty list
        const hsize_t none = 0;
        const Hdf5Id space(H5Screate_simple(1, &none, nullptr));
        return makeAttribute(object, name, H5T_IEEE_F64LE, space.get(), nullptr);
    }
    std::size_t width = 1;
    for (const std::string& item : names)
        width = std::max(width, item.size());
    std::vector<char> buffer(width * names.size());
    for (std::size_t i = 0; i < names.size(); ++i)
        std::ranges::copy(names[i], buffer.begin() + static_cast<std::ptrdiff_t>(i * width));
    const Hdf5Id type(H5Tcopy(H5T_C_S1));
    H5Tset_size(type.get(), width);
    H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
    const hsize_t count = names.size();
    const Hdf5Id space(H5Screate_simple(1, &count, nullptr));
    return makeAttribute(object, name, type.get(), space.get(), buffer.data());
}

herr_t collectName(hid_t, const char* name, const H5A_info_t*, void* target)
{
    static_cast<std::vector<std::string>*>(target)->emplace_back(name);
    return 0;
}

} // namespace

/// An invalid id where there is none of that name.
Result<Hdf5Id> Hdf5Object::openAttribute(const std::string& name) const
{
    library::prepare();
    if (auto error = m_damage ? m_damage->ofAttribute(address(), name) : std::nullopt)
        return (*std::move(error)).in("attribute '" + name + "'");
    if (H5Aexists(m_id.get(), name.c_str()) <= 0)
        return Hdf5Id();
    return Hdf5Id(H5Aopen(m_id.get(), name.c_str(), H5P_DEFAULT));
}

Result<std::vector<std::string>> Hdf5Object::attributeNames() const
{
    library::prepare();
    std::vector<std::string> names;
    if (H5Aiterate2(m_id.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collectName, &names) < 0)
        return failure(ErrorKind::Corrupt, "the list of attributes cannot be read");
    return names;
}

bool Hdf5Object::hasAttribute(const std::string& name) const
{
    library::prepare();
    const bool found = H5Aexists(m_id.get(), name.c_str()) > 0;
    H5Eclear2(H5E_DEFAULT);
    return found;
}

Result<std::vector<std::string>> Hdf5Object::texts(const std::string& name) const
{
    TRY(const Hdf5Id attribute, openAttribute(name));
    if (!attribute.isValid())
        return failure(ErrorKind::NotFound, "there is no attribute '" + name + "'");
    const Hdf5Id type(H5Aget_type(attribute.get()));
    const Hdf5Id space(H5Aget_space(attribute.get()));
    if (!type.isValid() || !space.isValid())
        return failure(ErrorKind::Corrupt, "attribute '" + name + "' cannot be read");
    if (H5Sget_simple_extent_npoints(space.get()) == 0)
        return std::vector<std::string>();
    if (H5Tget_class(type.get()) != H5T_STRING)
        return Error(
            ErrorKind::WrongFormat, "attribute '" + name + "' holds numbers where text belongs");
    auto texts = library::readTexts(
        type.get(), space.get(), anyLength, [&](hid_t memoryType, void* buffer) {
            return H5Aread(attribute.get(), memoryType, buffer);
        });
    if (!texts)
        return std::move(texts).error().in("attribute '" + name + "'");
    return texts;
}

Result<std::string> Hdf5Object::text(const std::string& name) const
{
    TRY(auto found, texts(name));
    if (found.size() != 1)
        return Error(ErrorKind::WrongFormat,
            "attribute '" + name + "' holds " + std::to_string(found.size())
                + " texts where one belongs");
    return std::move(found.front());
}

bool Hdf5Object::hasNameList(const std::string& name) const
{
    return hasAttribute(name) || hasAttribute(name + "0");
}

Result<std::vector<std::string>> Hdf5Object::nameList(const std::string& name) const
{
    if (hasAttribute(name))
        return texts(name);
    if (!hasAttribute(name + "0"))
        return Error(ErrorKind::NotFound, "there is no attribute '" + name + "'");
    std::vector<std::string> all;
    for (std::size_t part = 0; part < mostListParts; ++part) {
        const std::string partName = name + std::to_string(part);
        if (!hasAttribute(partName))
            break;
        TRY(auto names, texts(partName));
        std::ranges::move(names, std::back_inserter(all));
    }
    return all;
}

Result<void> Hdf5Object::setText(
    const std::string& name, const std::string& text, Hdf5Charset charset)
{
    library::prepare();
    H5T_cset_t set = charset == Hdf5Charset::Utf8 ? H5T_CSET_UTF8 : H5T_CSET_ASCII;
    TRY(const Hdf5Id old, openAttribute(name));
    if (old.isValid()) {
        const Hdf5Id oldType(H5Aget_type(old.get()));
        if (H5Tget_class(oldType.get()) == H5T_STRING)
            set = H5Tget_cset(oldType.get());
    }
    const Hdf5Id type(H5Tcopy(H5T_C_S1));
    H5Tset_size(type.get(), H5T_VARIABLE);
    H5Tset_cset(type.get(), set);
    const Hdf5Id space(H5Screate(H5S_SCALAR));
    const char* const pointer = text.c_str();
    return makeAttribute(m_id.get(), name, type.get(), space.get(), &pointer);
}

Result<void> Hdf5Object::setNameList(const std::string& name, const std::vector<std::string>& names)
{
    std::size_t width = 1;
    for (const std::string& item : names)
        width = std::max(width, item.size());
    if (width > mostListBytes)
        return Error(ErrorKind::Unsupported,
            "the name '" + names.front().substr(0, 40) + "…' is too long for an HDF5 attribute");
    for (const std::string& old : { name, name + "0" })
        for (std::size_t part = 0; hasAttribute(old == name ? name : name + std::to_string(part));
             ++part)
            TRY_DO(removeAttribute(old == name ? name : name + std::to_string(part)));
    if (width * names.size() <= mostListBytes)
        return writeNames(m_id.get(), name, names);

    // numpy.array_split: the first (count mod parts) parts have one name more.
    std::size_t parts = 2;
    while ((names.size() + parts - 1) / parts * width > mostListBytes)
        ++parts;
    std::span<const std::string> rest(names);
    for (std::size_t part = 0; part < parts; ++part) {
        const std::size_t length = names.size() / parts + (part < names.size() % parts ? 1 : 0);
        TRY_DO(writeNames(m_id.get(), name + std::to_string(part), rest.first(length)));
        rest = rest.subspan(length);
    }
    return {};
}

Result<void> Hdf5Object::removeAttribute(const std::string& name)
{
    library::prepare();
    if (H5Adelete(m_id.get(), name.c_str()) < 0)
        return failure(ErrorKind::NotWritable, "attribute '" + name + "' cannot be removed");
    return {};
}

Result<void> Hdf5Object::copyAttributesOf(const Hdf5Object& other)
{
    TRY(const auto names, other.attributeNames());
    for (const std::string& name : names) {
        TRY(const Hdf5Id source, other.openAttribute(name));
        if (!source.isValid())
            return failure(ErrorKind::Corrupt, "attribute '" + name + "' cannot be read");
        const Hdf5Id stored(H5Aget_type(source.get()));
        const Hdf5Id type(H5Tcopy(stored.get()));
        const Hdf5Id space(H5Aget_space(source.get()));
        if (H5Tdetect_class(type.get(), H5T_REFERENCE) > 0)
            continue; // it points into the old file and would mean nothing in the new one
        const hssize_t count = H5Sget_simple_extent_npoints(space.get());
        const std::size_t size = H5Tget_size(type.get());
        if (count < 0
            || static_cast<std::uint64_t>(count) > (256U << 20U) / std::max(size, std::size_t{ 1 }))
            return Error(ErrorKind::OutOfMemory, "attribute '" + name + "' is absurdly large");
        std::vector<char> buffer(static_cast<std::size_t>(count) * size);
        if (count > 0 && H5Aread(source.get(), type.get(), buffer.data()) < 0)
            return failure(ErrorKind::Corrupt, "attribute '" + name + "' cannot be read");
        const auto made = makeAttribute(
            m_id.get(), name, type.get(), space.get(), count > 0 ? buffer.data() : nullptr);
        if (count > 0
            && (H5Tdetect_class(type.get(), H5T_VLEN) > 0
                || H5Tdetect_class(type.get(), H5T_STRING) > 0))
            H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, buffer.data());
        TRY_DO(made);
    }
    return {};
}

std::uint64_t Hdf5Object::address() const
{
    library::prepare();
    H5O_info_t info = {};
    H5Oget_info2(m_id.get(), &info, H5O_INFO_BASIC);
    return info.addr;
}

} // namespace layerscope::containers
