#include "model/containers/expansion.h"
#include "model/containers/hdf5_check.h"
#include "model/containers/hdf5_library.h"

// Datasets: what they declare, where their values lie, reading and writing them.

namespace layerscope::containers {

using library::failure;

namespace {

/// Keeps a dataset by path and opens it when its values are asked for.
class Hdf5Source final : public StoredTensor::Source
{
public:
    Hdf5Source(std::shared_ptr<const MappedFile> file, std::shared_ptr<const Hdf5Damage> damage,
        std::string path, DType type, Shape shape)
        : m_file(std::move(file))
        , m_damage(std::move(damage))
        , m_path(std::move(path))
        , m_type(type)
        , m_shape(std::move(shape))
    {
    }

    Result<Tensor> load() const override
    {
        auto tensor = read();
        if (!tensor)
            return std::move(tensor).error().in(m_path);
        if (tensor->dtype() != m_type || tensor->shape() != m_shape)
            return Error(ErrorKind::Corrupt, "the file has changed since it was opened").in(m_path);
        return tensor;
    }

private:
    Result<Tensor> read() const
    {
        TRY(const Hdf5File file, Hdf5File::openAgain(*m_file, m_damage));
        TRY(const Hdf5Group root, file.root());
        TRY(const Hdf5Dataset dataset, root.dataset(m_path));
        return dataset.load();
    }

    std::shared_ptr<const MappedFile> m_file;
    std::shared_ptr<const Hdf5Damage> m_damage;
    std::string m_path;
    DType m_type;
    Shape m_shape;
};

/// The filter that this library does not have, by name; empty if it has all of them.
std::string missingFilter(hid_t properties)
{
    const int count = H5Pget_nfilters(properties);
    for (unsigned i = 0; count > 0 && i < static_cast<unsigned>(count); ++i) {
        unsigned flags = 0;
        std::size_t valueCount = 0;
        std::array<char, 128> name{};
        const H5Z_filter_t filter = H5Pget_filter2(
            properties, i, &flags, &valueCount, nullptr, name.size() - 1, name.data(), nullptr);
        if (filter < 0 || H5Zfilter_avail(filter) <= 0)
            return name[0] != '\0' ? std::string(name.data()) : "number " + std::to_string(filter);
    }
    return {};
}

/// Bytes of one chunk, as far as they can be told.
std::uint64_t chunkBytes(hid_t properties, std::size_t elementSize)
{
    std::array<hsize_t, H5S_MAX_RANK> lengths{};
    const int rank = H5Pget_chunk(properties, H5S_MAX_RANK, lengths.data());
    std::uint64_t bytes = elementSize;
    for (int i = 0; i < rank; ++i)
        if (__builtin_mul_overflow(bytes, lengths[static_cast<std::size_t>(i)], &bytes))
            return ~std::uint64_t{ 0 };
    return bytes;
}

std::string bytesText(std::uint64_t bytes)
{
    return std::to_string(bytes) + " bytes";
}

} // namespace

Result<Hdf5Dataset> Hdf5Dataset::wrap(Hdf5Id id, std::shared_ptr<const Hdf5Damage> damage)
{
    Hdf5Dataset dataset;
    dataset.m_id = std::move(id);
    dataset.m_damage = std::move(damage);
    const Hdf5Id space(H5Dget_space(dataset.m_id.get()));
    std::array<hsize_t, H5S_MAX_RANK> lengths{};
    const int rank = H5Sget_simple_extent_dims(space.get(), lengths.data(), nullptr);
    if (!space.isValid() || rank < 0)
        return failure(ErrorKind::Corrupt, "the dataset's shape cannot be read");
    for (int i = 0; i < rank; ++i) {
        const hsize_t length = lengths[static_cast<std::size_t>(i)];
        if (length > hsize_t{ 1 } << 62U)
            return Error(ErrorKind::Corrupt, "the dataset declares an impossible shape");
        dataset.m_shape.push_back(static_cast<std::int64_t>(length));
    }
    dataset.m_isNull = H5Sget_simple_extent_type(space.get()) == H5S_NULL;
    return dataset;
}

Result<DType> Hdf5Dataset::dtype() const
{
    library::prepare();
    const Hdf5Id type(H5Dget_type(m_id.get()));
    if (!type.isValid())
        return failure(ErrorKind::Corrupt, "the dataset's type cannot be read");
    return library::dtypeOf(type.get());
}

Hdf5Storage Hdf5Dataset::storage() const
{
    library::prepare();
    const Hdf5Id type(H5Dget_type(m_id.get()));
    return storageOf(type);
}

Hdf5Storage Hdf5Dataset::storageOf(const Hdf5Id& type) const
{
    Hdf5Storage storage;
    const std::size_t elementSize = type.isValid() ? H5Tget_size(type.get()) : 0;
    const auto count = elementCount(m_shape);
    if (m_isNull)
        storage.refusal = "it holds no values at all";
    else if (!count || elementSize == 0
        || static_cast<std::uint64_t>(*count) > (std::uint64_t{ 1 } << 60U) / elementSize)
        storage.refusal = "it declares an impossible shape " + toString(m_shape);
    const std::uint64_t declared
        = storage.refusal.empty() ? static_cast<std::uint64_t>(*count) * elementSize : 0;
    // An address is given for values that lie contiguously in this very file, and for no others:
    // nearly all datasets of Keras, which need no closer look.
    const haddr_t offset = H5Dget_offset(m_id.get());
    if (offset != HADDR_UNDEF) {
        storage.isContiguous = true;
        storage.offset = offset;
        storage.storedBytes = declared;
        if (const auto dtype = library::dtypeOf(type.get()); dtype)
            storage.isNative = library::isNative(type.get(), *dtype);
    } else {
        lookCloser(storage, declared, elementSize);
    }
    H5Eclear2(H5E_DEFAULT);
    return storage;
}

/// How values are stored that do not lie contiguously in the file.
void Hdf5Dataset::lookCloser(
    Hdf5Storage& storage, std::uint64_t declared, std::size_t elementSize) const
{
    const Hdf5Id properties(H5Dget_create_plist(m_id.get()));
    const H5D_layout_t layout
        = properties.isValid() ? H5Pget_layout(properties.get()) : H5D_LAYOUT_ERROR;
    const bool isExternal = properties.isValid() && H5Pget_external_count(properties.get()) > 0;
    storage.isElsewhere = isExternal || layout == H5D_VIRTUAL;
    storage.isContiguous = layout == H5D_CONTIGUOUS;
    if (isExternal)
        storage.refusal = "its values are said to lie in another file, which is not read";
    else if (layout == H5D_VIRTUAL)
        storage.refusal = "it is a virtual dataset over other files, which are not read";
    if (!storage.refusal.empty())
        return;
    if (layout == H5D_CONTIGUOUS && declared > 0) {
        storage.refusal = "it declares " + bytesText(declared) + " that were never written";
    } else if (layout == H5D_CONTIGUOUS) {
        const Hdf5Id type(H5Dget_type(m_id.get()));
        if (const auto dtype = library::dtypeOf(type.get()); dtype)
            storage.isNative = library::isNative(type.get(), *dtype);
    } else if (layout == H5D_CHUNKED) {
        storage.storedBytes = H5Dget_storage_size(m_id.get());
        const std::string missing = missingFilter(properties.get());
        const std::uint64_t needed = std::max(declared, chunkBytes(properties.get(), elementSize));
        if (!missing.empty())
            storage.refusal = "it is compressed with the filter " + missing
                + ", which is not available; save it again with gzip or without compression";
        else if (declared > 0 && unpacksToTooMuch(needed, storage.storedBytes))
            storage.refusal = "it declares " + bytesText(needed) + " but the file holds only "
                + bytesText(storage.storedBytes) + " of it";
    } else if (layout != H5D_COMPACT) {
        storage.refusal = "how it is stored cannot be read";
    }
}

Result<Tensor> Hdf5Dataset::load() const
{
    TRY(const DType type, dtype());
    const Hdf5Storage stored = storage();
    if (!stored.refusal.empty())
        return Error(ErrorKind::Unsupported, stored.refusal);
    const Hdf5Id fileType(H5Dget_type(m_id.get()));
    if (type == DType::String) {
        const Hdf5Id space(H5Dget_space(m_id.get()));
        TRY(auto texts,
            library::readTexts(
                fileType.get(), space.get(), ~std::uint64_t{ 0 }, [&](hid_t memory, void* buffer) {
                    return H5Dread(m_id.get(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
                }));
        return Tensor::ofStrings(m_shape, std::move(texts));
    }
    TRY(Tensor tensor, Tensor::zeros(type, m_shape));
    const Hdf5Id memory
        = type == DType::BFloat16 ? Hdf5Id(H5Tcopy(fileType.get())) : library::memoryType(type);
    if (tensor.count() > 0
        && H5Dread(m_id.get(), memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT,
               tensor.mutableBytes().data())
            < 0)
        return failure(ErrorKind::Corrupt, "the values cannot be read");
    return tensor;
}

Result<void> Hdf5Dataset::store(const Tensor& tensor)
{
    library::prepare();
    if (tensor.shape() != m_shape)
        return Error(ErrorKind::ShapeMismatch,
            "the dataset has shape " + toString(m_shape) + ", the new values "
                + toString(tensor.shape()));
    if (tensor.dtype() == DType::String)
        return Error(ErrorKind::Unsupported, "texts in datasets cannot be changed");
    if (tensor.count() == 0)
        return {};
    const Hdf5Id memory = library::memoryType(tensor.dtype());
    if (H5Dwrite(m_id.get(), memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, tensor.bytes().data())
        < 0)
        return failure(ErrorKind::NotWritable, "the values cannot be written");
    return {};
}

Result<StoredTensor> Hdf5Dataset::stored(
    const std::shared_ptr<const MappedFile>& file, const std::string& path) const
{
    library::prepare();
    const Hdf5Id fileType(H5Dget_type(m_id.get()));
    TRY(const DType type, library::dtypeOf(fileType.get()));
    const Hdf5Storage storage = storageOf(fileType);
    if (!storage.refusal.empty())
        return Error(ErrorKind::Unsupported, storage.refusal);
    if (type == DType::String) {
        const bool isVariable = H5Tis_variable_str(fileType.get()) > 0;
        const auto count = static_cast<std::uint64_t>(elementCount(m_shape).value_or(0));
        if (isVariable && count > 0 && !storage.isContiguous)
            return Error(ErrorKind::Unsupported, "it holds texts of varying length in pieces");
        if (isVariable && count > 0)
            TRY_DO(checkHdf5Texts(file->bytes(), storage.offset.value_or(0), count));
    }
    if (storage.isContiguous && storage.isNative)
        return file->storedTensorAt(type, m_shape, storage.offset.value_or(0));
    return StoredTensor(
        type, m_shape, std::make_shared<Hdf5Source>(file, m_damage, path, type, m_shape));
}

Result<Hdf5Dataset> Hdf5Group::reserve(
    std::string_view path, const Hdf5Id& type, const Hdf5Id& space)
{
    TRY(auto place, parentFor(path));
    auto& [parent, name] = place;
    const Hdf5Id properties(H5Pcreate(H5P_DATASET_CREATE));
    H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER);
    Hdf5Id id(H5Dcreate2(parent.m_id.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT,
        properties.get(), H5P_DEFAULT));
    if (!id.isValid())
        return failure(
            ErrorKind::NotWritable, "dataset '" + std::string(path) + "' cannot be made");
    return Hdf5Dataset::wrap(std::move(id));
}

Result<Hdf5Dataset> Hdf5Group::createDataset(std::string_view path, DType type, const Shape& shape)
{
    library::prepare();
    if (type == DType::String)
        return Error(ErrorKind::Unsupported, "texts cannot be written as a dataset");
    const std::vector<hsize_t> lengths(shape.begin(), shape.end());
    const Hdf5Id space(shape.empty()
            ? H5Screate(H5S_SCALAR)
            : H5Screate_simple(static_cast<int>(shape.size()), lengths.data(), nullptr));
    return reserve(path, library::memoryType(type), space);
}

Result<Hdf5Dataset> Hdf5Group::createDatasetLike(std::string_view path, const Hdf5Dataset& source)
{
    library::prepare();
    const Hdf5Id stored(H5Dget_type(source.m_id.get()));
    const Hdf5Id space(H5Dget_space(source.m_id.get()));
    return reserve(path, Hdf5Id(H5Tcopy(stored.get())), space);
}

Result<void> Hdf5Group::copyDataset(const Hdf5Dataset& source, std::string_view path)
{
    TRY(auto place, parentFor(path));
    auto& [parent, name] = place;
    if (H5Ocopy(source.m_id.get(), ".", parent.m_id.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT)
        < 0)
        return failure(
            ErrorKind::NotWritable, "dataset '" + std::string(path) + "' cannot be copied");
    return {};
}

} // namespace layerscope::containers
